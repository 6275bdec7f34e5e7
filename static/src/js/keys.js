// A queue by keyboard: j and k move, x selects, Enter opens, / searches, ? explains.
// Single keys can be switched off on this device (WCAG 2.1.4).

const STORED = "lyb-keys-off";
const dialog = document.querySelector("[data-keys-dialog]");
const opener = document.querySelector("[data-keys-open]");
const rows = [...document.querySelectorAll("[data-queue] tbody tr")];
let at = -1;

function isOn() {
  return localStorage.getItem(STORED) === null;
}

function isTyping(target) {
  return target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]") !== null;
}

function move(step) {
  if (rows.length === 0) return;
  rows[at]?.classList.remove("is-at");
  at = Math.min(Math.max(at + step, 0), rows.length - 1);
  rows[at].classList.add("is-at");
  rows[at].querySelector("[data-row-link], th a, a")?.focus();
  rows[at].scrollIntoView({ block: "nearest" });
}

function select() {
  rows[at]?.querySelector("[data-row-check]")?.click();
}

const deeds = {
  j: () => move(1),
  k: () => move(-1),
  x: select,
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => dialog.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog.open || isTyping(event.target)) return;
  if (!isOn() || !(event.key in deeds)) return;
  event.preventDefault();
  deeds[event.key]();
});

// Tab and mouse move the mark too, so that x always means the row one is in.
document.addEventListener("focusin", (event) => {
  const row = rows.indexOf(event.target.closest("[data-queue] tbody tr"));
  if (row < 0) return;
  rows[at]?.classList.remove("is-at");
  at = row;
  rows[at].classList.add("is-at");
});

const box = dialog.querySelector("[data-keys-on]");
box.checked = isOn();
box.addEventListener("change", () => (box.checked ? localStorage.removeItem(STORED) : localStorage.setItem(STORED, "off")));
opener.hidden = false;
opener.addEventListener("click", () => dialog.showModal());
