// Finding: reads the index that site/reader_index.py writes, and answers a state with stories.
// Nothing leaves the browser: every file asked for is a file of this site.
"use strict";

(() => {
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
        script.fetchPriority = "high";
        script.onload = () => { script.remove(); reject(new Error(key)); };
        script.onerror = () => { script.remove(); files.delete(key); reject(new Error(key)); };
        document.head.append(script);
      }));
    }
    return files.get(key);
  }

  // --- bits in base 64 (site/reader_bits.py) ---

  const NODE_K = [0, 1, 2, 3, 4, 5, 6, 8];
  const riceK = (universe, chosen) => Math.max(0, 31 - Math.clz32(Math.floor(universe * 61 / (64 * (chosen || 1)))));

  // Small integers throughout: 24 bits at a time, of which 17 are sure.
  class Bits {
    constructor(text) {
      const data = atob(text);
      this.data = new Uint8Array(data.length + 3);
      for (let i = 0; i < data.length; i++) this.data[i] = data.charCodeAt(i);
      this.end = data.length * 8;
      this.at = 0;
    }
    top(at) {
      const { data } = this, byte = at >> 3;
      return (data[byte] << 16 | data[byte + 1] << 8 | data[byte + 2]) << (at & 7) & 0xFFFFFF;
    }
    bits(n) {
      const { at } = this;
      if (at >= this.end && n) throw new Error("bits");
      if (n > 17) return this.bits(17) * 2 ** (n - 17) + this.bits(n - 17);
      this.at = at + n;
      return this.top(at) >> 24 - n;
    }
    bit() { return this.bits(1); }
    gamma() { let n = 0; while (!this.bit()) n++; return 2 ** n + this.bits(n); }
    gaps(count, k) {
      const { end } = this, out = [], step = 2 ** k;
      for (let at = this.at, last = -1; out.length < count; at = this.at) {
        for (let ones = 17; ones === 17; at += ones) {
          if (at >= end) throw new Error("bits");
          ones = Math.min(17, Math.clz32(~this.top(at) & 0xFFFFFF) - 8);
          last += ones * step;
        }
        this.at = at + 1;
        last += this.bits(k) + 1;
        out.push(last);
      }
      return out;
    }
    subset(universe) {
      const some = this.gamma() - 1;
      if (!some || some === universe) return whole(some);
      if (2 * some <= universe) return this.gaps(some, riceK(universe, some));
      const out = [];
      let next = 0;
      for (const missing of [...this.gaps(universe - some, riceK(universe, universe - some)), universe]) {
        while (next < missing) out.push(next++);
        next++;
      }
      return out;
    }
    list() { const count = this.gamma(); return this.gaps(count, NODE_K[this.bits(3)]); }
    // What may follow a string, by mixed bits of the character (site/reader_strings.py).
    tree(size, few) {
      const count = this.gamma() - 1;
      if (!count) return null;
      const width = this.bits(4) + 1;
      const nodes = new Map();
      for (const code of this.gaps(count, riceK(2 ** width, count))) nodes.set(code, null);
      for (const code of nodes.keys()) nodes.set(code, this.node(size, few));
      return (char) => nodes.get((char.charCodeAt(0) * 0x9E3D & 0xFFFF) >> (16 - width));
    }
    node(size, few) {
      const first = this.bit();
      const kind = size === 3 ? (first ? this.bit() ? "missing" : "all" : "few") : first ? this.bit() ? "missing" : "few" : "all";
      const list = kind === "all" ? [] : this.list();
      if (kind === "few" && list.length <= few) return { kind, list };
      const heads = this.bit() ? this.bit() ? this.list() : [] : null;
      return { kind, list, heads, tree: this.tree(size + 1, few) };
    }
  }

  function whole(n) {
    const out = [];
    for (let i = 0; i < n; i++) out.push(i);
    return out;
  }
  const pick = (from, at) => at.map((n) => from[n]).filter((x) => x !== undefined);

  // --- numbers in base 45 ---

  const DIGITS = Array.from({ length: 94 }, (_, i) => String.fromCharCode(0x21 + i))
    .filter((c) => !'"\\<>'.includes(c)).join("");
  const BASE = DIGITS.length / 2;

  function numbers(text) {
    const out = [];
    let value = 0;
    for (const char of text) {
      const digit = DIGITS.indexOf(char);
      value = value * BASE + digit % BASE;
      if (digit < BASE) { out.push(value); value = 0; }
    }
    return out;
  }

  // --- what the index says about all stories ---

  let meta, columns;

  function open() {
    if (meta) return meta;
    const data = JSON.parse(document.getElementById("index").textContent);
    const folded = new Map(), named = (code) => `\\u${code.toString(16).padStart(4, "0")}`;
    let ranges = "";
    for (const [first, many, step, added] of data.fold) {
      for (let n = 0; n < many; n++) folded.set(String.fromCharCode(first + n * step), String.fromCharCode(first + n * step + added));
      ranges += `${named(first)}-${named(first + (many - 1) * step)}`;
    }
    meta = {
      ...data,
      parts: data.parts.map(([name, first, docs, bits]) => ({ name, first, docs, bits, shards: new Map() })),
      folded,
      foldable: RegExp(`[${ranges}]`, "g"),
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

  const fold = (text) => text.replace(meta.foldable, (char) => meta.folded.get(char) ?? char);

  const terms = (query) => [...new Set(
    fold(query.replace(/[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]/g, "")).split(/\s+/).filter(Boolean))];

  // --- finding ---

  // A shard's entries, by what its number leaves over of a token's, and the loose numbers of rare tokens.
  // The entries follow one another, so they are read as far as one is asked for.
  async function shard(part, number) {
    if (part.shards.has(number)) return part.shards.get(number);
    const bits = new Bits(await load(`${part.name}/s`, number));
    const names = bits.bits(5), count = bits.gamma() - 1;
    const loose = bits.gaps(count, riceK(part.docs * 2 ** names, count));
    const own = bits.gamma() - 1, lefts = bits.gaps(own, riceK(2 ** (32 - part.bits), own)), read = [];
    const entry = (left) => {
      const at = lefts.indexOf(left);
      while (read.length <= at) {
        const all = bits.subset(part.docs);
        read.push({ all, head: pick(all, bits.subset(all.length)), tree: bits.tree(3, meta.few) });
      }
      return read[at];
    };
    part.shards.set(number, { names, loose, entry });
    return part.shards.get(number);
  }

  // A character's or pair's {all, head, tree}; of a rare one {maybe}: stories that may have it.
  async function token(part, chars) {
    let code = 0;
    for (const char of chars) {
      const point = char.codePointAt(0);
      code = code << 16 | (point < 0x10000 ? point : 0xD800 | point & 0x7FF);
    }
    code = Math.imul(code, 0x9E3779B1);
    code = Math.imul(code ^ code >>> 15, 0x85EBCA77);
    code = (code ^ code >>> 13) >>> 0;
    const { names, loose, entry } = await shard(part, code >>> 32 - part.bits);
    const left = code % 2 ** (32 - part.bits), from = left % 2 ** names * part.docs;
    return (chars.every((char) => char.length === 1) && entry(left)) ||
      { maybe: loose.map((n) => n - from).filter((n) => n >= 0 && n < part.docs) };
  }

  function both(a, b) {
    const out = [];
    for (let i = 0, j = 0; i < a.length && j < b.length;) {
      if (a[i] === b[j]) { out.push(a[i]); i++; j++; } else if (a[i] < b[j]) i++; else j++;
    }
    return out;
  }

  // What the lists tell of a string: {all, head}, ascending, which is so; with ``doubt``, a story, if
  // that one has the string; ``open``: stories that may have it. Of a long string every other pair is
  // read first: where few stories have them all, the texts tell.
  async function listed(part, term) {
    const chars = Array.from(term), pairs = [], last = chars.length - 2;
    if (last < 1) {
      const found = await token(part, chars);
      return found.all ? found : { open: found.maybe };
    }
    for (const step of last > 2 ? [2, 1] : [1]) {
      await Promise.all(chars.slice(1).map(async (char, i) => {
        if (i % step === 0 || i === last) pairs[i] ??= await token(part, [chars[i], char]);
      }));
      const read = Object.values(pairs);
      const left = read.map(({ all, maybe }) => all ?? maybe).reduce(both);
      if (left.length <= meta.few || read.some(({ maybe }) => maybe)) return { open: left };
      if (step === 1) return pieced(chars, pairs, left);
    }
  }

  // Trees end at marks that end a clause: what lies between them is found alone, and the texts tell.
  function pieced(chars, pairs, left) {
    const marks = chars.flatMap((char, i) => (",。;:!?".includes(char) ? [i] : []));
    if (!marks.length) return joined(chars, pairs, left);
    let from = 0;
    for (const mark of [...marks, chars.length]) {
      if (mark - from > 2) {
        const { all, open } = joined(chars.slice(from, mark), pairs.slice(from, mark - 1), left);
        left = both(left, all ?? open);
      }
      from = mark + 1;
    }
    return { open: left };
  }

  // Strings of three characters from the pairs, of four from these, and so on. What has many
  // candidates and no node occurs nowhere.
  function joined(chars, level, left) {
    for (let size = 3; level.length > 1 && size <= meta.most; size++) {
      const next = [];
      for (let i = 0; i + 1 < level.length; i++) {
        const [start, end] = [level[i], level[i + 1]];
        const candidates = both(start.all, end.all);
        if (candidates.length <= meta.few) return { open: both(left, candidates) };
        const node = start.tree?.(chars[i + size - 1]);
        if (!node) return NOWHERE;
        const { kind, list, heads, tree } = node, gone = new Set(list);
        const all = kind === "few" ? pick(candidates, list) : candidates.filter((_, n) => !gone.has(n));
        if (all.length <= meta.few) return { open: both(left, all) };
        const head = both(both(start.head, end.head), all);
        next.push({ all, head: heads ? pick(head, heads) : head, tree });
      }
      level = next;
    }
    if (level.length > 1) return { open: level.map(({ all }) => all).reduce(both) };
    // A string that occurs nowhere may look like another; one text tells, best one that will be shown.
    const [{ all, head }] = level;
    return { all, head, doubt: head.at(-1) ?? all.at(-1) };
  }

  const NOWHERE = { all: [], head: [] };

  // What is so: {all, head} of a part's stories with a string.
  async function settled(part, term, { all, head, open, doubt }) {
    const read = open ?? (doubt === undefined ? [] : [doubt]);
    const texts = await Promise.all(read.map((doc) => textOf(part.first + doc)));
    const has = (line) => fold(line).includes(term);
    const titled = texts.map(({ headline }) => has(headline));
    const found = texts.map(({ lines }, n) => titled[n] || lines.some(has));
    if (!open) return found.every(Boolean) ? { all, head } : NOWHERE;
    return { all: open.filter((_, n) => found[n]), head: open.filter((_, n) => titled[n]) };
  }

  const FACETS = ["place", "theme", "source", "week"];

  // A state → {hits (best first), head, any (without filters), facets: {name: Map(value → count)}}.
  // Facets are counted when they are wanted or one of them filters: they cost a file of their own.
  // The texts of the first ``shown`` hits are asked for as early as the lists name them.
  async function find(state, { counted = true, shown = 0 } = {}) {
    open();
    const wanted = terms(state.q);
    const each = (tell) => Promise.all(meta.parts.map((part, i) =>
      Promise.all(wanted.map((term, n) => tell(part, term, i, n)))));
    const [lists, column] = await Promise.all([
      each(listed),
      counted || FACETS.some((name) => state[name]) ? properties() : null,
    ]);
    const early = ranked(state, wanted, lists, column);
    for (const doc of early.hits.slice(0, shown)) textOf(doc).catch(() => {});
    const sure = lists.flat().every(({ open, doubt }) => !open && doubt === undefined);
    return sure ? early : ranked(state, wanted, await each((part, term, i, n) => settled(part, term, lists[i][n])), column);
  }

  // What is found, best first. Where texts are still to tell, all that may be found.
  function ranked(state, wanted, lists, column) {
    const joined = (of) => lists.flatMap((found, i) => found.map(of).reduce(both).map((doc) => meta.parts[i].first + doc));
    const all = wanted.length ? joined(({ all, open }) => all ?? open) : whole(meta.docs);
    const head = wanted.length ? joined(({ head }) => head ?? []) : [];
    const { hits, facets } = column ? sift(state, all, column) : { hits: [...all] };
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
    const at = doc % meta.block, [name, each] = meta.texts[Math.floor(doc / meta.block)];
    const file = await load(`${name}/t`, Math.floor(at / each));
    const [id, day, tags, sourced, text] = file[at % each];
    const [headline, ...lines] = unpacked(text).split("\n");
    const named = tags.split(" ").filter(Boolean).map((tag) => meta.placeName.get(tag) ?? meta.themeName.get(tag) ?? tag);
    return { doc, id, day, headline, source: sourced ? lines.at(-1) : "", tags: named, lines };
  }

  // Rows and columns of GB 2312, and other characters after a tilde (site/reader_texts.py).
  const NAMES = Array.from({ length: 93 }, (_, i) => String.fromCharCode(0x21 + i))
    .filter((c) => !'"\\<'.includes(c)).join("") + "áéíó";
  const PLACE = new Map(Array.from(NAMES, (char, n) => [char, 0xA1 + n]));
  const GB = new TextDecoder("gbk");

  function unpacked(text) {
    return text.replace(/~(.)|([^~]+)/gsu, (_, other, rows) =>
      other ?? GB.decode(Uint8Array.from(rows, (char) => PLACE.get(char))));
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
