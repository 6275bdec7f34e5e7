// One key for a link or button of this page (data-shortcut="n"), off where keys are switched off on this device (keys.js).
// And the rest of a split: how much of a receipt is not eligible, while it is typed.

const STORED = "lyb-keys-off";

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || localStorage.getItem(STORED) !== null) return;
  if (event.target.closest("input, textarea, select, [contenteditable]")) return;
  const link = document.querySelector(`[data-shortcut="${CSS.escape(event.key)}"]`);
  const button = document.querySelector(`[data-shortcut-for="${CSS.escape(event.key)}"]`)?.closest("form")?.querySelector("button");
  if (!link && !button) return;
  event.preventDefault();
  if (link) link.click();
  else button.focus(); // a decision takes a second key: Enter
});

const split = document.querySelector("[data-split]");
const typed = split?.querySelector("#part_accepted_cents");
const rest = split?.querySelector("[data-split-rest]");

typed?.addEventListener("input", () => {
  const amount = Number(typed.value.replaceAll(",", "").replace("$", ""));
  const left = Number(split.dataset.split) / 100 - amount;
  rest.hidden = !(typed.value.trim() && left >= 0);
  rest.querySelector("[data-split-cents]").textContent = left.toFixed(2);
});
