// Finding: reads the index that site/reader_index.py writes, and answers a state with stories.
// Nothing leaves the browser: every file asked for is a file of this site.
"use strict";

(() => {
  const root = document.getElementById("search").dataset.index;

  // --- files: scripts, because a page opened from disk may load nothing else ---

  const waiting = new Map();
  const files = new Map();
  window.jianbao = (kind, count, data) => waiting.get(`${kind}/${count}`)?.(data);

  function load(kind, count = 0) {
    const key = `${kind}/${count}`;
    if (!files.has(key)) {
      files.set(key, new Promise((resolve, reject) => {
        const script = document.createElement("script");
        waiting.set(key, resolve);
        script.src = root + (kind === "meta" ? "meta.js" : `${key}.js`);
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

  const stories = (text) => {
    let doc = -1;
    return numbers(text).map((gap) => (doc += gap + 1));
  };

  function shardOf(token) {
    let hash = 2166136261;
    for (const char of token) hash = Math.imul(hash ^ char.codePointAt(0), 0x9E3779B1) >>> 0;
    return (hash >>> 16) % meta.shards;
  }

  // --- what the index says about all stories ---

  let meta;

  async function open() {
    if (meta) return meta;
    const data = await load("meta");
    const [from, to] = data.fold.map((s) => Array.from(s));
    const column = ([combos, text]) => numbers(text).map((n) => combos[n]);
    let start = 0;
    meta = {
      ...data,
      fold: new Map(from.map((c, i) => [c, to[i]])),
      texts: numbers(data.texts).map((gap) => (start += gap)),
      place: column(data.place), theme: column(data.theme),
      source: column(data.source), week: column(data.week),
      placeName: new Map(data.places.map(([code, name]) => [code, name])),
      themeName: new Map(data.themes),
    };
    return meta;
  }

  function fold(text) {
    let out = "";
    for (const char of text) out += meta.fold.get(char) ?? char;
    return out;
  }

  const terms = (query) => [...new Set(
    fold(query.replace(/[\u00ad\u200b-\u200f\u2060-\u206f\ufeff]/g, "")).split(/\s+/).filter(Boolean))];

  // --- finding ---

  // The lists of one token: [rest, headline], as written.
  async function lists(kind, token) {
    const shard = await load(kind, shardOf(token));
    const [rest = "", head = ""] = Object.hasOwn(shard, token) ? shard[token].split(" ") : [];
    return [rest, head];
  }

  function both(a, b) {
    const out = [];
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i] === b[j]) { out.push(a[i]); i++; j++; } else if (a[i] < b[j]) i++; else j++;
    }
    return out;
  }

  function either(a, b) {
    const out = [];
    for (let i = 0, j = 0; i < a.length || j < b.length;) {
      if (j === b.length || a[i] < b[j]) out.push(a[i++]);
      else { if (a[i] === b[j]) i++; out.push(b[j++]); }
    }
    return out;
  }

  // The positions of a token in the wanted stories, which are all in its list. An odd number is the
  // first position in the next story; what follows are gaps.
  function positions(docs, text, wanted) {
    const out = wanted.map(() => []);
    let at = -1, want = -1, place = 0, value = 0;
    for (let i = 0; i < text.length; i++) {
      const digit = VALUE[text.charCodeAt(i)];
      value = value * BASE + (digit < BASE ? digit : digit - BASE);
      if (digit >= BASE) continue;
      if (value & 1) {
        at++;
        place = 0;
        if (docs[at] === wanted[want + 1]) want++;
      }
      place += value >> 1;
      if (docs[at] === wanted[want]) out[want].push(place);
      value = 0;
    }
    return out;
  }

  // All stories with a string: {all, head}, ascending. Strings of up to two characters are lists of
  // the index; longer ones are covered by pairs, which must stand side by side. Where few stories are
  // left their texts tell, which will be shown anyway; where many are, the positions.
  const FEW = 10;

  async function holders(term) {
    const chars = Array.from(term);
    if (chars.length <= 2) {
      const [rest, head] = (await lists("s", term)).map(stories);
      return { all: either(rest, head), head };
    }
    const offsets = [];
    for (let i = 0; i + 1 < chars.length; i += 2) offsets.push(i);
    if (chars.length % 2) offsets.push(chars.length - 2);
    const tokens = offsets.map((i) => chars[i] + chars[i + 1]);
    const listed = await Promise.all(tokens.map((token) => lists("s", token)));
    const fields = await Promise.all([0, 1].map(async (field) => {
      const docs = listed.map((pair) => stories(pair[field]));
      const wanted = docs.reduce(both);
      if (wanted.length <= FEW) {
        const texts = await Promise.all(wanted.map(textOf));
        return wanted.filter((_, n) => (field ? [texts[n].headline] : texts[n].lines).some((line) => fold(line).includes(term)));
      }
      const placed = await Promise.all(tokens.map((token) => lists("p", token)));
      const found = placed.map((pair, i) => positions(docs[i], pair[field], wanted));
      return wanted.filter((_, n) => found[0][n].some((start) =>
        found.every((where, i) => where[n].includes(start + offsets[i]))));
    }));
    return { all: either(fields[0], fields[1]), head: fields[1] };
  }

  const FACETS = ["place", "theme", "source", "week"];

  // A state → {hits (best first), facets: {name: Map(value → count)}, head, any (without filters)}.
  async function find(state) {
    await open();
    const wanted = terms(state.q);
    let all = Array.from({ length: meta.docs }, (_, i) => i), head = [];
    if (wanted.length) {
      const found = await Promise.all(wanted.map(holders));
      all = found.map((f) => f.all).reduce(both);
      head = found.map((f) => f.head).reduce(both);
    }
    const passes = FACETS.map((name) => {
      const value = state[name];
      return value ? (doc) => meta[name][doc].includes(value) : () => true;
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
        for (const value of meta[name][doc]) facets[name].set(value, (facets[name].get(value) ?? 0) + 1);
      });
    }
    hits.reverse();
    const titled = new Set(head);
    const first = hits.filter((doc) => titled.has(doc));
    const best = state.sort === "date" ? hits : [...first, ...hits.filter((doc) => !titled.has(doc))];
    return { hits: best, head: first.length, facets, any: all.length, terms: wanted };
  }

  async function textOf(doc) {
    let low = 0, high = meta.texts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (meta.texts[middle] <= doc) low = middle; else high = middle - 1;
    }
    const [id, day, headline, text] = (await load("t", low))[doc - meta.texts[low]];
    return { doc, id, day, headline, lines: text ? text.split("\n") : [] };
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
