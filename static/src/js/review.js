// Save a score sheet through the API while it is typed, and show the total. Without this script "Save" does it.
// Words and addresses come from the form (templates/grants/reviews/sheet_form.html).

import { submitForm } from "./submitting.js";

const QUIET = 600; // ms without typing before a save
const SLOWEST = 30000; // ms between tries, at most

const form = document.querySelector("form[data-review]");
const note = form?.querySelector("[data-saved-note]");
const total = form?.querySelector("[data-total]");
const dirty = new Set(); // names of inputs that changed since the last save began
let timer = 0;
let tries = 0;
let running = null;
let stopped = false;
let leaving = false;

function say(state, text) {
  note.dataset.save = state;
  note.textContent = text ?? "";
}

function valueOf(name) {
  if (name.startsWith("gates.")) {
    const chosen = form.querySelector(`input[name="${CSS.escape(name)}"]:checked`);
    return chosen ? chosen.value === "yes" : null;
  }
  const input = form.elements[name];
  return input.type === "checkbox" ? input.checked : input.value;
}

/** Put the changed inputs into the shape of the API: {scores: {impact: "20"}, comment: "…"}. */
function changes(names) {
  const body = { version: Number(form.elements.version.value) };
  for (const name of names) {
    const [part, ...rest] = name.split(".");
    if (rest.length) (body[part] ??= {})[rest.join(".")] = valueOf(name);
    else body[part] = valueOf(name);
  }
  return body;
}

function later(pause = QUIET) {
  clearTimeout(timer);
  timer = setTimeout(() => {
    running = (running ?? Promise.resolve()).then(save);
  }, pause);
}

async function save() {
  if (stopped || leaving || !dirty.size) return;
  const names = [...dirty];
  dirty.clear();
  say("saving", form.dataset.saving);
  const response = await fetch(form.dataset.review, {
    method: "PATCH",
    credentials: "same-origin",
    keepalive: true,
    headers: { Accept: "application/json", "Content-Type": "application/json", "X-CSRFToken": form.elements.csrfmiddlewaretoken.value },
    body: JSON.stringify(changes(names)),
  }).catch(() => null);
  const body = response ? await response.json().catch(() => ({})) : {};
  if (response?.ok) saved(body);
  else refused(response?.status ?? 0, body, names);
}

function saved(body) {
  tries = 0;
  form.elements.version.value = body.version;
  total.textContent = body.total;
  say("saved", form.dataset.saved);
  if (dirty.size) later();
}

function refused(status, body, names) {
  for (const name of names) dirty.add(name);
  if (status === 0 || status === 429 || status >= 500) {
    tries += 1;
    say("waiting", form.dataset.waiting);
    later(Math.min(SLOWEST, 500 * 2 ** tries));
  } else if (status === 401) {
    stopped = true;
    say("failed", form.dataset.signedOut);
  } else if (status === 409) {
    stopped = true;
    say("conflict", body.code === "conflict" ? form.dataset.conflict : body.detail);
  } else {
    say("failed", body.detail ?? form.dataset.failed);
  }
}

function typed(event) {
  const { name } = event.target;
  if (!name || name === "version" || name === "csrfmiddlewaretoken") return;
  dirty.add(name);
  later();
}

/** Let a save under way end first, so that the page sends the newest version. */
async function send(event) {
  if (leaving || !running) {
    leaving = true;
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation(); // another script counts how often a form is sent
  clearTimeout(timer);
  await running.catch(() => {});
  leaving = true;
  submitForm(form, event.submitter);
}

if (form) {
  form.addEventListener("input", typed);
  document.addEventListener("submit", (event) => event.target === form && send(event), true);
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("online", () => dirty.size && later(0));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && dirty.size) event.preventDefault();
  });
}
