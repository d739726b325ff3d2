// On every page: the key that leads to the search.
"use strict";

document.addEventListener("keydown", (event) => {
  const { target, ctrlKey, metaKey, altKey } = event;
  const typing = target.matches("input, textarea, select, [contenteditable]");
  const ask = document.querySelector("[data-ask]");
  if (!ask || event.key !== "/" || ctrlKey || metaKey || altKey || typing) return;
  event.preventDefault();
  ask.focus();
  ask.select();
});
