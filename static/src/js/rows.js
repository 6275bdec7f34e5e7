// Add and remove the rows of a table without a page reload. Without this script the same buttons post the form.

import { questionOf } from "./questions.js";

const NEW_ROW = "__row__";
const NUMBER = "__number__";

document.addEventListener("click", (event) => {
  const button = event.target.closest('button[name="add_row"], button[name="remove_row"]');
  const rows = button?.closest("[data-rows]");
  if (!rows) return;
  event.preventDefault();
  if (button.name === "add_row") add(rows, { focus: true });
  else remove(rows, button.closest("[data-row]"));
});

/** Append an empty row and go to its first input. */
export function add(rows, { focus = false } = {}) {
  const list = rows.querySelector("[data-rows-list]");
  const html = rows.querySelector("template[data-row-template]").innerHTML;
  list.insertAdjacentHTML("beforeend", html.replaceAll(NEW_ROW, nextId(list)));
  const row = list.lastElementChild;
  settle(rows, "added");
  if (focus) row.querySelector("input:not([type=hidden]), textarea, select")?.focus();
  return row;
}

/** Take a row away; the last one leaves an empty row behind. */
export function remove(rows, row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  const shown = next ?? add(rows);
  settle(rows, "removed");
  shown.querySelector('button[name="remove_row"]').focus();
}

/** One more than every number used so far, so that a removed row's id is not taken again on this page. */
function nextId(list) {
  const used = [...list.children].map((row) => Number(/^r(\d+)$/.exec(row.dataset.row)?.[1] ?? 0));
  const next = Math.max(Number(list.dataset.highest ?? 0), ...used) + 1;
  list.dataset.highest = String(next);
  return `r${next}`;
}

/** Number the rows anew, offer the button while rows may be added, say what happened. */
function settle(rows, what) {
  const list = [...rows.querySelectorAll("[data-rows-list] > [data-row]")];
  const pattern = rows.querySelector("template[data-row-template]").content.querySelector("[data-row-name]").textContent;
  for (const [index, row] of list.entries()) {
    for (const name of row.querySelectorAll("[data-row-name]")) name.textContent = pattern.replace(NUMBER, index + 1);
  }
  const most = Number(rows.dataset.most ?? 0);
  rows.querySelector('button[name="add_row"]').hidden = most > 0 && list.length >= most;
  const status = rows.querySelector("[data-rows-status]");
  if (status) status.textContent = status.dataset[what];
  questionOf(rows)?.dispatchEvent(new CustomEvent("question:change", { bubbles: true }));
}
