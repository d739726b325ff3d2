// Finding: reads the index that site/reader_index.py writes, and answers a state with stories.
// Nothing leaves the browser: every file asked for is a file of this site.
"use strict";

(() => {
  const root = document.getElementById("search").dataset.index;

  // --- files: scripts, because a page opened from disk may load nothing else ---

  const waiting = new Map();
  const files = new Map();
  window.jianbao = (kind, count, data) => waiting.get(`${kind}/${count}`)?.(data);

  function load(kind, count, address = `${kind}/${count}.js`) {
    const key = `${kind}/${count}`;
    if (!files.has(key)) {
      files.set(key, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(key, resolve);
        script.src = `search/${address}`;
        script.onload = () => { script.remove(); reject(new Error(key)); };
        script.onerror = () => { script.remove(); files.delete(key); reject(new Error(key)); };
        document.head.append(script);
      }));
    }
    return files.get(key);
  }

  // --- numbers in base 45, tokens to files ---

  const DIGITS = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i))
    .filter((c) => !'"\\<>'.includes(c)).join("");
  const BASE = DIGITS.length / 2;
  const VALUE = new Uint8Array(128);
  Array.from(DIGITS).forEach((c, i) => { VALUE[c.charCodeAt(0)] = i; });

  function numbers(text) {
    const out = [];
    let value = 0;
    for (let i = 0; i < text.length; i++) {
      const digit = VALUE[text.charCodeAt(i)];
      value = value * BASE + (digit < BASE ? digit : digit - BASE);
      if (digit < BASE) { out.push(value); value = 0; }
    }
    return out;
  }

  // An ascending list, written as gaps less one.
  function list(text) {
    const out = numbers(text);
    for (let i = 0, at = -1; i < out.length; i++) out[i] = at += out[i] + 1;
    return out;
  }

  function fileOf(token, files) {
    let hash = 2166136261;
    for (const char of token) hash = Math.imul(hash ^ char.codePointAt(0), 0x9E3779B1) >>> 0;
    return ((hash >>> 12) % (files / 2)) * 2 + token.codePointAt(0) % 2;
  }

  // --- what the index says about all stories ---

  const SLOT = 512, HEAD = 64;
  let meta, columns;

  async function open() {
    if (meta) return meta;
    const data = await load("meta", 0, `${root}/meta.js`);
    const [from, to] = data.fold.map((s) => Array.from(s));
    meta = {
      ...data,
      parts: data.parts.map(([name, first, docs, s, c, p, texts], i) => {
        const owner = [], start = [], head = new Map(data.heads[i]);
        numbers(data.slots[i]).forEach((slots, doc) => {
          start.push(owner.length * SLOT);
          while (slots--) owner.push(doc);
        });
        return { name, first, docs, s, c, p, texts, owner, start, head };
      }),
      fold: new Map(from.map((c, i) => [c, to[i]])),
      placeName: new Map(data.places.map(([code, name]) => [code, name])),
      themeName: new Map(data.themes.map(([slug, name]) => [slug, name])),
    };
    return meta;
  }

  // County, theme, source and week of every story, read when somebody filters.
  async function properties() {
    if (columns) return columns;
    const parts = await Promise.all(meta.parts.map(({ name }) => load(`${name}/facets`, 0, `${name}/facets.js`)));
    columns = Object.fromEntries(FACETS.map((facet, at) =>
      [facet, parts.flatMap((part) => numbers(part[at][1]).map((n) => part[at][0][n]))]));
    return columns;
  }

  function fold(text) {
    let out = "";
    for (const char of text) out += meta.fold.get(char) ?? char;
    return out;
  }

  const terms = (query) => [...new Set(
    fold(query.replace(/[\u00ad\u200b-\u200f\u2060-\u206f\ufeff]/g, "")).split(/\s+/).filter(Boolean))];

  // --- finding ---

  // What a file says about a token: two lists as written, or nothing.
  async function entry(part, kind, token) {
    const shard = await load(`${part.name}/${kind}`, fileOf(token, part[kind]));
    const mark = `\x7f${Array.from(token).length > 1 ? "" : " "}${token}`;
    const at = shard.indexOf(mark);
    if (at < 0) return ["", ""];
    const end = shard.indexOf("\x7f", at + 1);
    return [...shard.slice(at + mark.length, end < 0 ? undefined : end).split(" "), ""];
  }

  // The stories of a token, those with it in the headline, and, for rare pairs, the places.
  async function listed(part, token) {
    const kind = /^[\u3400-\uf8ff\u{10000}-\u{10ffff}a-z0-9]{2}$/u.test(token) ? "s" : "c";
    const [first, second] = await entry(part, kind, token);
    return first || !second ? { all: list(first), head: list(second) } : placed(part, list(second));
  }

  function placesIn(part, docs, text) {
    let at = -1;
    return numbers(text).map((value) => part.start[docs[at += value & 1]] + (value >> 1));
  }

  function placed(part, places) {
    const all = [], head = [];
    for (const place of places) {
      const doc = part.owner[Math.floor(place / SLOT)];
      if (all.at(-1) !== doc) all.push(doc);
      if (place - part.start[doc] < (part.head.get(doc) ?? HEAD) && head.at(-1) !== doc) head.push(doc);
    }
    return { all, head, places };
  }

  function both(a, b) {
    const out = [];
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i] === b[j]) { out.push(a[i]); i++; j++; } else if (a[i] < b[j]) i++; else j++;
    }
    return out;
  }

  // All stories of a part with a string: {all, head}, ascending. A string of more than two characters
  // is covered by pairs, which must stand side by side. Where few stories are left their texts tell,
  // which will be shown anyway; where many are, the places.
  async function holders(part, term) {
    const chars = Array.from(term);
    if (chars.length <= 2) return listed(part, term);
    const offsets = [];
    for (let i = 0; i + 1 < chars.length; i += 2) offsets.push(i);
    if (chars.length % 2) offsets.push(chars.length - 2);
    const pairs = offsets.map((i) => chars[i] + chars[i + 1]);
    const found = await Promise.all(pairs.map((pair) => listed(part, pair)));
    const wanted = found.map(({ all }) => all).reduce(both);
    if (!wanted.length) return { all: [], head: [] };
    const missing = found.some(({ places }) => !places);
    if (missing && wanted.length <= meta.few) {
      const has = (line) => fold(line).includes(term);
      const texts = await Promise.all(wanted.map((doc) => textOf(part.first + doc)));
      const head = wanted.filter((_, n) => has(texts[n].headline));
      return { all: wanted.filter((doc, n) => head.includes(doc) || texts[n].lines.some(has)), head };
    }
    const rows = await Promise.all(found.map(async ({ places }, i) =>
      places ?? placesIn(part, found[i].all, (await entry(part, "p", pairs[i]))[0])));
    const shortest = rows.reduce((best, row, i) => (row.length < rows[best].length ? i : best), 0);
    const sets = rows.map((row, i) => (i === shortest ? null : new Set(row)));
    return placed(part, rows[shortest].map((place) => place - offsets[shortest])
      .filter((start) => sets.every((set, i) => !set || set.has(start + offsets[i]))));
  }

  const FACETS = ["place", "theme", "source", "week"];

  // A state → {hits (best first), head, any (without filters), facets: {name: Map(value → count)}}.
  // Facets are counted when they are wanted or one of them filters: they cost a file of their own.
  async function find(state, counted = true) {
    await open();
    const wanted = terms(state.q);
    const [answers, column] = await Promise.all([
      Promise.all(meta.parts.map((part) => Promise.all(wanted.map((term) => holders(part, term))))),
      counted || FACETS.some((name) => state[name]) ? properties() : null,
    ]);
    const joined = (of) => answers.flatMap((found, i) => found.map((f) => f[of]).reduce(both).map((doc) => meta.parts[i].first + doc));
    const all = wanted.length ? joined("all") : Array.from({ length: meta.docs }, (_, i) => i);
    const head = wanted.length ? joined("head") : [];
    const { hits, facets } = column ? sift(state, all, column) : { hits: all };
    hits.reverse();
    const titled = new Set(head);
    const first = hits.filter((doc) => titled.has(doc));
    const best = state.sort === "date" ? hits : [...first, ...hits.filter((doc) => !titled.has(doc))];
    return { hits: best, head: first.length, facets, any: all.length, terms: wanted };
  }

  function sift(state, all, column) {
    const passes = FACETS.map((name) => {
      const value = state[name];
      return value ? (doc) => column[name][doc].includes(value) : () => true;
    });
    const facets = Object.fromEntries(FACETS.map((name) => [name, new Map()]));
    const hits = [];
    for (const doc of all) {
      const missed = passes.map((pass) => !pass(doc));
      const misses = missed.reduce((sum, miss) => sum + miss, 0);
      if (!misses) hits.push(doc);
      FACETS.forEach((name, i) => {
        // A facet counts what the other filters leave, so that one may change one's mind in it.
        if (misses - missed[i]) return;
        for (const value of column[name][doc]) facets[name].set(value, (facets[name].get(value) ?? 0) + 1);
      });
    }
    return { hits, facets };
  }

  async function textOf(doc) {
    const part = meta.parts.findLast(({ first }) => first <= doc);
    const at = doc - part.first;
    const file = await load(`${part.name}/t`, Math.floor(at / part.texts));
    const [id, day, headline, source, tags, text] = file[at % part.texts];
    return { doc, id, day, headline, source, tags, lines: text ? text.split("\n") : [] };
  }

  // Where the strings stand in a text, merged: [[from, to], …].
  function spans(text, wanted) {
    const folded = fold(text), found = [];
    for (const term of wanted)
      for (let at = folded.indexOf(term); at >= 0; at = folded.indexOf(term, at + 1)) found.push([at, at + term.length]);
    found.sort((a, b) => a[0] - b[0]);
    return found.reduce((out, [from, to]) => {
      const before = out.at(-1);
      if (before && from <= before[1]) before[1] = Math.max(before[1], to); else out.push([from, to]);
      return out;
    }, []);
  }

  Object.assign(window.jianbao, { FACETS, open, find, textOf, spans, terms });
})();
