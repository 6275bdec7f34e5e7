// Show and hide questions while typing, as the server does when saving (grants/cycles/questions/conditions.py).
// Inputs of a hidden question are disabled: they are not posted, so the server keeps their stored answer.

import { readAnswer } from "./questions.js";

/** Judge every condition on the page anew, in the form's order. */
export function refresh(root = document) {
  const seen = new Map();
  for (const wrapper of root.querySelectorAll("[data-question]")) {
    const condition = wrapper.dataset.shownWhen && JSON.parse(wrapper.dataset.shownWhen);
    const other = condition && seen.get(condition.question);
    // The other question may stand on an earlier page: then the server has decided already.
    if (other) setVisible(wrapper, !other.hidden && holds(condition, other));
    else if (wrapper.hidden) setVisible(wrapper, false);
    seen.set(wrapper.dataset.question, wrapper);
  }
}

/** Whether the answer now in a question fulfils a condition. */
export function holds(condition, wrapper) {
  const type = wrapper.dataset.type;
  const value = filled(readAnswer(wrapper), type);
  if (value === null) return false;
  if (condition.op === "in") return [condition.value].flat().some((wanted) => equal(type, value, wanted));
  if (condition.op === "eq") return equal(type, value, condition.value);
  const [mine, limit] = [measure(type, value), measureLimit(type, condition.value)];
  if (mine === null || limit === null) return false;
  return condition.op === "gte" ? mine >= limit : mine <= limit;
}

function equal(type, value, wanted) {
  if (Array.isArray(value) && type === "multi_choice") {
    return Array.isArray(wanted) ? same(value, wanted) : value.includes(wanted);
  }
  if (["money", "number", "date"].includes(type)) {
    const mine = measure(type, value);
    return mine !== null && mine === measureLimit(type, wanted);
  }
  if (type === "yes_no") return (value === "true") === wanted;
  return value === wanted;
}

function same(mine, theirs) {
  return mine.length === new Set(theirs).size && theirs.every((one) => mine.includes(one));
}

/** The answer, or null where nothing was filled in. */
function filled(value, type) {
  if (value === null || value === "") return null;
  if (type === "table" || type === "people") {
    const rows = value.filter((row) => Object.entries(row).some(([key, cell]) => key !== "_id" && hasText(cell)));
    return rows.length ? rows : null;
  }
  return Array.isArray(value) && !value.length ? null : value;
}

function hasText(cell) {
  if (Array.isArray(cell)) return cell.length > 0;
  return cell && typeof cell === "object" ? Object.values(cell).some(hasText) : Boolean(cell);
}

function measure(type, value) {
  if (Array.isArray(value)) return value.length;
  if (type === "date") return day(value);
  return type === "money" || type === "number" ? number(value) : null;
}

function measureLimit(type, value) {
  return type === "date" ? day(String(value)) : number(String(value));
}

function number(text) {
  const plain = text.replace(/^\s*\$|,(?=\d{3})|\s/g, "");
  return /^-?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : null;
}

function day(text) {
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text.slice(0, 10)) : NaN;
  return Number.isNaN(time) ? null : time;
}

function setVisible(wrapper, isVisible) {
  const changed = wrapper.hidden === isVisible;
  wrapper.hidden = !isVisible;
  for (const input of wrapper.querySelectorAll("input, textarea, select, button")) input.disabled = !isVisible;
  if (changed) wrapper.dispatchEvent(new CustomEvent("question:visibility", { bubbles: true, detail: { isVisible } }));
}

if (document.querySelector("[data-shown-when]")) {
  for (const event of ["input", "change", "question:change"]) {
    document.addEventListener(event, (happened) => {
      if (happened.target.closest("[data-question]")) refresh();
    });
  }
  refresh();
}
