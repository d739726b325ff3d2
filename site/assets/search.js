// The search page. Finding itself is find.js, which stands before this in one file.
"use strict";

(() => {
  const page = document.getElementById("search");
  const { FACETS, open, find, textOf, spans, terms } = window.jianbao;
  const limit = Number(page.dataset.limit);

  // --- showing ---

  const $ = (id) => document.getElementById(id);
  const [input, status, hitList, facetBox, sortBox, more] =
    ["q", "found", "hits", "facets", "sort", "more"].map($);
  const refine = $("refine"), narrow = matchMedia("(max-width: 899px)");
  const STEP = 10, SOON = 5;
  const KEYS = ["q", "place", "theme", "source", "week", "sort"];
  let turn = 0, state = {}, count = STEP, meta, counting = false;

  function el(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) if (value !== null) node.setAttribute(key, value);
    node.append(...children);
    return node;
  }

  function marked(text, found, from = 0, to = text.length) {
    const out = [];
    let at = from;
    for (const [start, end] of found) {
      if (end <= from || start >= to) continue;
      out.push(text.slice(at, Math.max(start, from)), el("mark", {}, text.slice(Math.max(start, from), Math.min(end, to))));
      at = Math.min(end, to);
    }
    return [...out, text.slice(at, to)];
  }

  // Up to two windows round what was found, or the beginning of the lead.
  function excerpt(lines, wanted) {
    const best = lines.map((line, n) => ({ line, n, found: spans(line, wanted) }))
      .filter((l) => l.found.length).sort((a, b) => b.found.length - a.found.length || a.n - b.n).slice(0, 2)
      .sort((a, b) => a.n - b.n);
    if (!best.length) best.push({ line: lines[0] ?? "", found: [] });
    const width = 96 / best.length;
    let cut = false;
    return [...best.flatMap(({ line, found }, n) => {
      const first = found[0]?.[0] ?? 0;
      let from = first + 12 > width ? Math.max(0, first - 24) : 0;
      let to = Math.min(line.length, from + Math.max(width, (found[0]?.[1] ?? 0) - from + 12));
      if (/[\udc00-\udfff]/.test(line[from] ?? "")) from--;
      if (/[\udc00-\udfff]/.test(line[to] ?? "")) to++;
      const gap = cut || from ? "……" : n ? " " : "";
      cut = to < line.length;
      return [gap, ...marked(line, found, from, to)];
    }), cut ? "……" : ""];
  }

  const address = (next) => {
    const query = new URLSearchParams(KEYS.filter((k) => next[k]).map((k) => [k, next[k]])).toString();
    return query ? `?${query}` : location.pathname.split("/").at(-1);
  };
  const link = (changes, attributes, ...children) =>
    el("a", { href: address({ ...state, ...changes }), "data-go": "", ...attributes }, ...children);
  const zhDay = (day) => (day ? day.replace(/^(\d+)-0?(\d+)-0?(\d+)$/, "$1年$2月$3日") : "日期不详");
  const zhWeek = (week) => (week === "undated" ? "日期不详" : week.replace(/^(\d+)-W0?(\d+)$/, "$1年第$2周"));

  function hit({ id, day, headline, source, tags, lines }, wanted) {
    const facts = [el("span", {}, zhDay(day)),
      ...(source ? [el("span", {}, ...marked(source, spans(source, wanted)))] : []), ...tags.map((text) => el("span", {}, text))];
    // The source stands among the facts, and is quoted from there only.
    const told = lines.filter((line) => line !== source);
    return el("li", { class: "line" },
      el("h2", {}, el("a", { href: `story/${id}.html` }, ...marked(headline, spans(headline, wanted)))),
      el("p", { class: "lead" }, ...excerpt(told, wanted)),
      el("p", { class: "meta" }, ...facts));
  }

  function option(name, value, label, n, children = []) {
    const on = state[name] === value;
    return el("li", {}, link({ [name]: on ? "" : value }, { "aria-current": on ? "true" : null }, el("span", {}, label), el("b", {}, `${n}`)), ...children);
  }

  function placeOptions(counts) {
    const rows = meta.places.filter(([code]) => counts.has(code) || code === state.place);
    const options = ([code, name], children) => option("place", code, name, counts.get(code) ?? 0, children);
    const cities = rows.filter((row) => !row[2]);
    return cities.map((city) => {
      const inside = rows.filter((row) => row[2] === city[0]);
      const open = cities.length === 1 || state.place === city[0] || inside.some((row) => row[0] === state.place);
      return options(city, open && inside.length ? [el("ul", {}, ...inside.map((row) => options(row)))] : []);
    });
  }

  function counted(name, counts, label, newest) {
    const rows = [...counts];
    if (state[name] && !counts.has(state[name])) rows.push([state[name], 0]);
    rows.sort((a, b) => newest ? (a[0] < b[0] ? 1 : -1) : b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
    return rows.map(([value, n]) => option(name, value, label(value), n));
  }

  function showFacets(facets) {
    const groups = {
      place: ["地区", placeOptions(facets.place)],
      theme: ["主题", counted("theme", facets.theme, (v) => meta.themeName.get(v) ?? v)],
      week: ["周次", counted("week", facets.week, zhWeek, true)],
      source: ["来源", counted("source", facets.source, (v) => v)],
    };
    for (const [name, [label, options]] of Object.entries(groups)) {
      let box = facetBox.querySelector(`[data-facet=${name}]`);
      if (!box) {
        box = el("details", { "data-facet": name }, el("summary", {}, label), el("ul"));
        box.open = !narrow.matches;
        facetBox.append(box);
      }
      box.lastChild.replaceChildren(...options);
      box.hidden = !options.length;
      box.classList.toggle("on", Boolean(state[name]));
    }
  }

  function showBar(result) {
    const chosen = FACETS.filter((name) => state[name]).map((name) => {
      const label = { place: meta.placeName, theme: meta.themeName }[name]?.get(state[name]) ?? (name === "week" ? zhWeek(state[name]) : state[name]);
      return link({ [name]: "" }, { class: "chosen", "aria-label": `去掉筛选：${label}` }, label, el("i", { "aria-hidden": "true" }, "×"));
    });
    const order = result.terms.length && result.hits.length > 1 ? [
      link({ sort: "" }, { "aria-current": state.sort === "date" ? null : "true" }, "标题优先"),
      link({ sort: "date" }, { "aria-current": state.sort === "date" ? "true" : null }, "最新在前")] : [];
    sortBox.replaceChildren(el("span", { class: "chips" }, ...chosen, ...named(result)), el("span", { class: "orders" }, ...order));
  }

  // Somebody who types the name of a place or theme may want all of it, named in the text or not.
  function named(result) {
    if (result.terms.length !== 1 || result.terms[0].length < 2) return [];
    const rows = [...meta.places.map(([code, name, , n]) => ["place", code, name, n]), ...meta.themes.map(([slug, name, n]) => ["theme", slug, name, n])];
    return rows.filter(([, , name]) => name.includes(result.terms[0])).slice(0, 3).map(([facet, value, name, n]) =>
      link({ q: "", place: "", theme: "", source: "", week: "", [facet]: value }, { class: "also" }, `归入“${name}”的 ${n} 篇`));
  }

  function say(result) {
    const quoted = result.terms.length ? `含有${terms(state.q).map((t) => `“${t}”`).join("和")}的` : "";
    const titled = result.head && result.head < result.hits.length ? `，其中标题里有的 ${result.head} 篇` : "";
    return result.terms.length || FACETS.some((f) => state[f])
      ? `在 ${meta.docs} 篇中找到${quoted}报道 ${result.hits.length} 篇${titled}。`
      : `共 ${meta.docs} 篇，最近的在前。`;
  }

  // When nothing is found: no filter, one string of several, or the longest beginning and end that occur.
  async function suggestions(result) {
    if (result.any) {
      const bare = { place: "", theme: "", source: "", week: "" };
      return [link(bare, {}, `去掉筛选，可见 ${result.any} 篇`)];
    }
    const tries = async (words) => {
      for (const q of words) {
        const found = (await find({ ...state, q }, { counted: false })).hits.length;
        if (found) return [link({ q }, {}, `${q}（${found}）`)];
      }
      return [];
    };
    if (result.terms.length > 1) return (await Promise.all(result.terms.slice(0, 4).map((q) => tries([q])))).flat();
    const chars = Array.from(result.terms[0] ?? "").slice(0, 16);
    const lengths = chars.map((_, i) => chars.length - i).filter((n) => n >= 2);
    const heads = await tries(lengths.map((n) => chars.slice(0, n).join("")));
    return [...heads, ...await tries(lengths.map((n) => chars.slice(-n).join("")))];
  }

  async function empty(result) {
    const ideas = await suggestions(result);
    const ways = [["counties.html", "区县"], ["themes.html", "主题"], ["archive.html", "往期"]].map(([href, word]) => el("a", { href }, word));
    return el("li", { class: "empty" },
      el("p", {}, ideas.length ? "没有符合的报道。可以试试：" : "没有符合的报道。请换一个更短的词，或检查错别字。"),
      ...(ideas.length ? [el("p", { class: "ideas" }, ...ideas)] : []),
      el("p", {}, "也可以按", ...ways.flatMap((a, i) => [i ? "、" : "", a]), "浏览。"));
  }

  async function show() {
    const mine = ++turn;
    hitList.setAttribute("aria-busy", "true");
    try {
      if (state.q.length > limit) {
        status.textContent = `检索词超过 ${limit} 字，请缩短。`;
        hitList.replaceChildren(); sortBox.replaceChildren();
        refine.hidden = more.hidden = true;
        return;
      }
      meta = open();
      const filtered = FACETS.some((name) => state[name]);
      // Who asks for words gets results first; who comes to browse, or filters already, sees all.
      if (filtered || !(state.q || mine > 1 || narrow.matches)) refine.open = true;
      counting = refine.open;
      const result = await find(state, { counted: counting, shown: count });
      const rows = result.hits.slice(0, count).map(async (doc) => hit(await textOf(doc), result.terms));
      for (const row of rows) row.catch(() => {}); // told below, or of no interest any more
      // The first screen as soon as it is there, unless what was there is only added to.
      const soon = await Promise.all(rows.length ? rows.slice(0, count > STEP ? count : SOON) : [empty(result)]);
      if (mine !== turn) return;
      if (hitList.firstChild) hitList.style.minHeight = `${hitList.offsetHeight}px`;
      hitList.replaceChildren(...soon);
      refine.hidden = !result.any;
      if (result.facets) showFacets(result.facets);
      showBar(result);
      status.textContent = say(result);
      document.title = state.q ? `${state.q} · ${title}` : title;
      performance.mark("first");
      const rest = await Promise.all(rows.slice(soon.length));
      if (mine !== turn) return;
      hitList.append(...rest);
      more.hidden = result.hits.length <= count;
      performance.mark("shown");
    } catch (error) {
      if (mine === turn) failed(error);
    } finally {
      if (mine === turn) {
        hitList.removeAttribute("aria-busy");
        hitList.style.minHeight = "";
      }
    }
  }

  function failed(error) {
    console.warn(error.message);
    status.textContent = "检索文件没有读到，本站可能刚刚更新过。";
    hitList.replaceChildren(el("li", { class: "empty" }, el("a", { href: location.href }, "请重新载入本页")));
    more.hidden = true;
  }

  // --- the address carries the state ---

  const title = document.title;
  let typed = false, timer = 0;

  function read() {
    const given = new URLSearchParams(location.search);
    state = Object.fromEntries(KEYS.map((key) => [key, given.get(key)?.trim() ?? ""]));
    count = history.state?.count ?? STEP;
    if (document.activeElement !== input || input.value.trim() !== state.q) input.value = state.q;
    show();
  }

  function go(next, push) {
    state = next;
    count = STEP;
    history[push ? "pushState" : "replaceState"](null, "", address(state));
    show();
  }

  function typedOn() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      const q = input.value.trim();
      if (q === state.q) return;
      go({ ...state, q }, !typed);
      typed = true;
    }, 150);
  }

  input.addEventListener("input", (event) => { if (!event.isComposing) typedOn(); });
  input.addEventListener("compositionend", typedOn);
  input.addEventListener("change", () => { typed = false; });
  input.form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(timer);
    typed = false;
    const q = input.value.trim();
    if (q !== state.q) go({ ...state, q }, true);
  });
  page.addEventListener("click", (event) => {
    const target = event.target.closest("a[data-go]");
    if (!target || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    typed = false;
    history.pushState(null, "", target.getAttribute("href"));
    read();
  });
  refine.addEventListener("toggle", () => { if (refine.open && !counting) show(); });
  more.addEventListener("click", async () => {
    const from = count;
    count += STEP;
    history.replaceState({ count }, "");
    await show();
    hitList.children[from]?.querySelector("a").focus();
  });
  window.addEventListener("popstate", () => { typed = false; read(); });

  page.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const links = [...hitList.querySelectorAll("h2 a")];
    const at = links.indexOf(document.activeElement);
    if (event.key === "Escape") {
      event.preventDefault();
      if (document.activeElement === input) { input.value = ""; typedOn(); } else input.focus();
    } else if (event.key === "ArrowDown" && (at >= 0 || document.activeElement === input)) {
      event.preventDefault();
      links[Math.min(at + 1, links.length - 1)]?.focus();
    } else if (event.key === "ArrowUp" && at >= 0) {
      event.preventDefault();
      (at ? links[at - 1] : input).focus();
    }
  });

  read();
})();
