"use strict";
/* The desk's own script. Every action is a form and works without it; with it, forms are sent in the
   background and the page is exchanged in place, text saves itself, and the keyboard does the rest. */

const main = () => document.getElementById("main");
const status = () => document.getElementById("said");
const offline = document.getElementById("offline");
const QUIET = { "X-Jianbao-Quiet": "1" };

/* --- sending a form without leaving the page --- */

let busy = Promise.resolve();

function send(form, button) {
  const data = new FormData(form, button);
  busy = busy.then(() => exchange(form.getAttribute("action"), data, button)).catch((error) => {
    console.error(error);
    warn("编辑台没有应答，这一步没有做成。请重新运行 jianbao desk 后再试。");
  });
  return busy;
}

async function exchange(action, data, button) {
  const answer = await fetch(action, data ? { method: "POST", body: data } : {});
  const text = await answer.text();
  const next = new DOMParser().parseFromString(text, "text/html");
  const fresh = next.getElementById("main");
  if (!fresh) throw new Error("no page");
  const place = remember(button);
  main().replaceWith(document.adoptNode(fresh));
  document.title = next.title;
  const address = new URL(answer.url);
  address.searchParams.delete("said");
  address.searchParams.delete("about");
  if (answer.ok) history.replaceState(null, "", address);
  restore(place);
  prepare();
}

function remember(button) {
  const row = button?.closest("[data-row]");
  const rows = [...document.querySelectorAll("[data-row]")];
  return {
    y: scrollY,
    top: row?.getBoundingClientRect().top,
    row: row?.id,
    next: rows[rows.indexOf(row) + 1]?.id,
    id: button?.id,
    name: button && [button.name, button.value],
    open: [...document.querySelectorAll("details[open][id]")].map((one) => one.id),
  };
}

function restore(place) {
  for (const id of place.open) document.getElementById(id)?.setAttribute("open", "");
  const row = document.getElementById(place.row) || document.getElementById(place.next);
  const same = document.getElementById(place.id)
    || (row && [...row.querySelectorAll("button")].find((one) => one.checkVisibility() && one.name === place.name?.[0] && one.value === place.name[1]));
  if (row) {
    scrollBy(0, row.getBoundingClientRect().top - place.top);
    mark(row, !same);
    (same || row).focus({ preventScroll: true });
  } else {
    scrollTo(0, place.y);
    (same || main()).focus({ preventScroll: true });
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.hasAttribute("data-quiet")) {
    event.preventDefault();
    send(form, event.submitter);
  } else if (form.hasAttribute("data-saves")) {
    event.preventDefault();
    save(form);
  }
  if (form.dataset.keep) forget(`keep:${form.dataset.keep}`);
  if (form.dataset.forget) forget(form.dataset.forget);
});

/* --- text that saves itself: to the desk on each pause, and here until the desk has it --- */

const PAUSE = 700;
const timers = new Map();

const keyOf = (form) => `draft:${form.getAttribute("action")}`;
const fieldsOf = (form) => [...form.elements].filter((one) => one.matches("textarea, input:not([type=hidden]), select") && one.name);
const readFields = (form) => Object.fromEntries(fieldsOf(form).map((one) => [one.name, one.value]));

function keep(key, value) { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* a full or closed storage keeps nothing */ } }
function kept(key) { try { return JSON.parse(localStorage.getItem(key)); } catch { return null; } }
function forget(key) { try { localStorage.removeItem(key); } catch { /* nothing was there */ } }

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.hasAttribute("data-saves")) {
    keep(keyOf(form), { base: form.elements.base?.value, fields: readFields(form) });
    tell(form, "waiting", "正在输入…");
    clearTimeout(timers.get(form));
    timers.set(form, setTimeout(() => save(form), PAUSE));
  } else if (form?.dataset.keep) {
    keep(`keep:${form.dataset.keep}`, readFields(form));
  }
});

function tell(form, state, words) {
  const line = form.querySelector(".saved") || document.querySelector(`.saved[data-for="${form.id}"]`);
  if (line) { line.dataset.state = state; line.textContent = words; }
}

let saving = Promise.resolve();

function save(form) {
  clearTimeout(timers.get(form));
  saving = saving.then(() => saveNow(form));
  return saving;
}

async function saveNow(form) {
  const sent = JSON.stringify(readFields(form));
  let answer;
  try {
    answer = await fetch(form.getAttribute("action"), { method: "POST", body: new FormData(form), headers: QUIET });
  } catch {
    tell(form, "failed", "没有保存到工作区：编辑台没有应答。文字已留在本浏览器，会自动重试。");
    warn("编辑台没有应答，可能已关闭。请重新运行 jianbao desk；文字留在本浏览器，接通后自动保存。");
    timers.set(form, setTimeout(() => save(form), 3000));
    return;
  }
  if (answer.status === 409 && answer.headers.get("x-jianbao-conflict")) {
    tell(form, "failed", "这一处刚被别人改过。");
    form.removeAttribute("data-saves");
    form.submit(); /* the page that shows both texts */
    return;
  }
  if (!answer.ok) {
    tell(form, "failed", `没有保存：${await answer.text()}`);
    return;
  }
  const facts = await answer.json();
  warn("");
  if (form.elements.base) form.elements.base.value = facts.base;
  const now = JSON.stringify(readFields(form));
  if (now === sent) { forget(keyOf(form)); tell(form, "saved", facts.words); }
  else { keep(keyOf(form), { base: facts.base, fields: readFields(form) }); }
  if (facts.diff !== undefined) show("diff", facts.diff);
  if (facts.findings !== undefined) show("findings", facts.findings);
  if (facts.steps !== undefined) show("steps", facts.steps);
}

function show(id, text) {
  const old = document.getElementById(id);
  const fresh = new DOMParser().parseFromString(text, "text/html").getElementById(id);
  if (old && fresh) old.replaceWith(document.adoptNode(fresh));
}

function warn(words) {
  offline.textContent = words;
  offline.hidden = !words;
}

/* Text that an earlier, lost window had typed comes back, and is saved as if typed now. */
function recover(form) {
  const draft = kept(keyOf(form));
  if (!draft && typedEarly(form)) { save(form); return; }
  if (!draft || JSON.stringify(draft.fields) === JSON.stringify(readFields(form))) { forget(keyOf(form)); return; }
  for (const one of fieldsOf(form)) if (one.name in draft.fields) one.value = draft.fields[one.name];
  if (form.elements.base && draft.base) form.elements.base.value = draft.base;
  tell(form, "waiting", "已找回上次没有保存的文字。");
  save(form);
}

/* Whether somebody types in a slow page already, before this script was there to hear it. */
function typedEarly(form) {
  return document.activeElement?.form === form && fieldsOf(form).some((one) => "defaultValue" in one && one.value !== one.defaultValue);
}

addEventListener("pagehide", () => {
  for (const form of document.querySelectorAll("form[data-saves]")) {
    if (kept(keyOf(form))) navigator.sendBeacon?.(form.getAttribute("action"), new FormData(form));
  }
});

/* --- the keyboard --- */

const typing = (target) => target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
const keysOn = () => { try { return localStorage.getItem("keys") !== "off"; } catch { return true; } };
const GO = { t: "/tray", i: "/issue", f: "/coverage", l: "/sources", d: "/import", s: "/search", h: "/help" };
let going = 0;

function rows() { return [...document.querySelectorAll("[data-row]")]; }
function at() { return document.activeElement.closest?.("[data-row]") || document.querySelector("[data-row][data-at]"); }

function mark(row, focus) {
  for (const one of document.querySelectorAll("[data-row][data-at]")) one.removeAttribute("data-at");
  if (!row) return;
  row.setAttribute("data-at", "");
  if (focus) { row.focus({ preventScroll: true }); row.scrollIntoView({ block: "nearest" }); }
}

function step(by) {
  const all = rows();
  const now = all.indexOf(at());
  mark(all[now < 0 ? 0 : Math.min(all.length - 1, Math.max(0, now + by))], true);
}

function press(row, name) {
  const target = row?.querySelector(`[data-key="${name}"]`);
  if (!target) return false;
  if (target.tagName === "SUMMARY") {
    target.parentElement.open = !target.parentElement.open;
    if (target.parentElement.open) target.parentElement.querySelector("div button")?.focus();
  } else target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  const text = typing(event.target);
  if ((event.ctrlKey || event.metaKey) && event.key === "s") {
    const form = document.querySelector("form[data-saves]");
    if (form) { event.preventDefault(); save(form); }
    return;
  }
  if (event.key === "Escape") {
    const menu = event.target.closest("details.menu[open]");
    if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
    return;
  }
  if (event.altKey && !event.ctrlKey) {
    const moves = { ArrowUp: "up", ArrowDown: "down" };
    const turns = { PageDown: "next", PageUp: "prev" };
    if (moves[event.key] && press(at(), moves[event.key])) event.preventDefault();
    const turn = turns[event.key] && document.querySelector(`a[rel=${turns[event.key]}], .steps a[data-turn=${turns[event.key]}]`);
    if (turn) { event.preventDefault(); turn.click(); }
    return;
  }
  if (event.ctrlKey || event.metaKey || text || !keysOn()) return;
  if (Date.now() - going < 1500 && GO[event.key]) { event.preventDefault(); location.href = GO[event.key]; return; }
  going = event.key === "g" ? Date.now() : 0;
  const inMenu = event.target.closest("details.menu[open] > div");
  const keys = {
    "?": () => { location.href = "/help"; },
    "/": () => { const q = document.getElementById("q"); if (q) q.focus(); else location.href = "/search"; },
    u: () => document.querySelector("[data-undo]")?.click(),
    n: () => document.querySelector("[data-next]")?.click(),
    j: () => step(1), k: () => step(-1),
    ArrowDown: () => (rows().length ? step(1) : false), ArrowUp: () => (rows().length ? step(-1) : false),
    s: () => press(at(), "choose"), h: () => press(at(), "hold"), x: () => press(at(), "reject"),
    o: () => press(at(), "open"), e: () => press(at(), "edit"),
    Enter: () => event.target.hasAttribute("data-row") && (press(at(), "open") || press(at(), "edit")),
  };
  if (inMenu && !["?", "Enter"].includes(event.key)) {
    const items = [...inMenu.querySelectorAll("button")];
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (move) { event.preventDefault(); items[(items.indexOf(document.activeElement) + move + items.length) % items.length].focus(); }
    return;
  }
  const action = keys[event.key];
  if (action && action() !== false && event.key !== "Enter") event.preventDefault();
});

document.addEventListener("focusin", (event) => { const row = event.target.closest?.("[data-row]"); if (row) mark(row, false); });
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  const turn = event.target.closest("a[data-quiet-link]");
  if (turn && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    busy = busy.then(() => exchange(turn.href, null, turn)).catch(() => { location.href = turn.href; });
  }
  const over = event.target.closest("a[data-forget]");
  if (over) forget(over.dataset.forget);
  const copy = event.target.closest("[data-copy]");
  if (copy) copyFrom(copy);
  const check = event.target.closest("#keys-on");
  if (check) { try { localStorage.setItem("keys", check.checked ? "on" : "off"); } catch { /* stays on */ } }
});

/* --- order by drag --- */

let dragged = null;
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("[data-drag]");
  if (!dragged) return;
  dragged.setAttribute("data-dragged", "");
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.id);
});
document.addEventListener("dragover", (event) => {
  const over = event.target.closest?.("[data-drag]");
  if (dragged && over) {
    event.preventDefault();
    clearDrag();
    if (over !== dragged) over.setAttribute(below(event, over) ? "data-after" : "data-before", "");
  }
  const drop = event.target.closest?.("[data-drop]");
  if (!dragged && drop) { event.preventDefault(); drop.setAttribute("data-over", ""); }
});
document.addEventListener("dragleave", (event) => { event.target.closest?.("[data-drop]")?.removeAttribute("data-over"); });
document.addEventListener("drop", (event) => {
  const over = event.target.closest?.("[data-drag]");
  if (dragged && over && over !== dragged) {
    event.preventDefault();
    const form = document.getElementById("reorder");
    over[below(event, over) ? "after" : "before"](dragged);
    form.elements.ids.value = [...document.querySelectorAll("[data-drag]")].map((one) => one.dataset.drag).join(" ");
    form.requestSubmit();
  }
  const drop = event.target.closest?.("[data-drop]");
  if (!dragged && drop && event.dataTransfer.files.length) {
    event.preventDefault();
    drop.removeAttribute("data-over");
    drop.querySelector("input[type=file]").files = event.dataTransfer.files;
  }
});
document.addEventListener("dragend", () => { dragged?.removeAttribute("data-dragged"); dragged = null; clearDrag(); });
function below(event, over) { const box = over.getBoundingClientRect(); return event.clientY > box.top + box.height / 2; }
function clearDrag() { for (const one of document.querySelectorAll("[data-before], [data-after]")) { one.removeAttribute("data-before"); one.removeAttribute("data-after"); } }

/* --- the WeChat text onto the clipboard, as it will be pasted --- */

async function copyFrom(button) {
  const line = document.getElementById("copied");
  try {
    const answer = await fetch(button.dataset.copy, { headers: QUIET });
    if (!answer.ok) throw new Error(await answer.text());
    const text = await answer.text();
    if (!copied(text, plainText(text))) throw new Error("浏览器没有准许");
    line.textContent = "已复制，可以到公众号后台粘贴。";
  } catch (error) {
    line.textContent = `没有复制成功（${error.message}）。请用“打开预览”，全选后复制。`;
  }
}

/* By the copy event: the newer way parses the text first, and the policy would take its styles away. */
function copied(html, plain) {
  let given = false;
  document.addEventListener("copy", (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/html", html);
    event.clipboardData.setData("text/plain", plain);
    given = true;
  }, { once: true });
  return document.execCommand("copy") && given;
}

/* Without a parser: one would apply the text's inline styles, which the desk's policy forbids. */
function plainText(text) {
  const named = { amp: "&", lt: "<", gt: ">", quot: '"', "#34": '"', "#39": "'", nbsp: " " };
  return text.replace(/<\/(p|section|h\d|li)>|<br>/g, "\n").replace(/<[^>]*>/g, "")
    .replace(/&(#?\w+);/g, (all, name) => named[name] ?? all).replace(/\n\s*\n/g, "\n").trim();
}

/* --- at the start, and after each exchange --- */

function prepare() {
  for (const form of document.querySelectorAll("form[data-saves]")) recover(form);
  for (const one of document.querySelectorAll("[data-drag]")) one.setAttribute("draggable", "true");
  const check = document.getElementById("keys-on");
  if (check) check.checked = keysOn();
  const fold = document.querySelector("details[data-fold]");
  if (fold && innerWidth < 1024) fold.open = false;
  for (const form of document.querySelectorAll("form[data-keep]")) {
    const before = kept(`keep:${form.dataset.keep}`);
    if (before) for (const one of fieldsOf(form)) if (one.type !== "file" && !one.value && before[one.name]) one.value = before[one.name];
  }
  if (!at() && rows()[0]) mark(rows()[0], false);
  const found = location.hash.match(/^#at-(\w+)-(\d+)-(\d+)$/);
  const field = found && document.getElementById(found[1]);
  if (field) { field.focus(); field.setSelectionRange?.(units(field.value, found[2]), units(field.value, found[3])); }
}

/* Places are counted in characters; a field counts rare ones twice. */
function units(text, characters) { return [...text].slice(0, Number(characters)).join("").length; }

prepare();
