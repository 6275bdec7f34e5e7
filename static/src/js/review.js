// Save a score sheet through the API while it is typed, and show the total. Without this script "Save" does it.
// Words and addresses come from the form (templates/grants/reviews/sheet_form.html).

import { isReachable, pause, PATIENCE, send, token } from "./network.js";
import { submitForm } from "./submitting.js";

const QUIET = 600; // ms without typing before a save
const SLOWEST = 30000; // ms between tries, at most

const form = document.querySelector("form[data-review]");
const note = form?.querySelector("[data-saved-note]");
const total = form?.querySelector("[data-total]");
const dirty = new Set(); // names of inputs that changed since the last save began
const unfit = new Map(); // name → why the server can't take it: it waits until it is typed anew
let sent = null; // {names, body} of a save without an answer yet: should it be lost, the very same goes again
let timer = 0;
let tries = 0;
let running = Promise.resolve();
let stopped = false;
let leaving = false;
let isWaiting = false; // the page goes on by itself once it can

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

function later(time = QUIET) {
  clearTimeout(timer);
  timer = setTimeout(goOn, time);
}

/** Save one after the other: two at once would outrun each other's versions. */
function goOn() {
  running = running.then(save);
  return running;
}

function begin() {
  const names = [...dirty];
  dirty.clear();
  return { names, body: JSON.stringify(changes(names)) };
}

async function save() {
  if (stopped || leaving || !(sent || dirty.size)) return;
  sent ??= begin();
  say("saving", form.dataset.saving);
  const response = await send(form.dataset.review, {
    method: "PATCH",
    keepalive: sent.body.length < 60000, // browsers refuse longer ones
    headers: { "Content-Type": "application/json" },
    body: sent.body,
  }).catch(() => null);
  const body = response ? await response.json().catch(() => ({})) : {};
  if (response?.ok) saved(body);
  else refused(response?.status ?? 0, body);
}

function isUnsaved() {
  return sent !== null || dirty.size + unfit.size > 0;
}

function saved(body) {
  sent = null;
  tries = 0;
  form.elements.version.value = body.version;
  total.textContent = body.total;
  if (unfit.size) say("failed", [...unfit.values()].join(" "));
  else say("saved", form.dataset.saved);
  if (dirty.size) later();
}

function refused(status, body) {
  if (status === 0 || status === 429 || status >= 500) return tryAgain();
  if (status === 401) return say("failed", form.dataset.signedOut); // signed in again elsewhere, the next letter saves it
  for (const name of sent.names) dirty.add(name);
  sent = null;
  if (status === 400 && setApart(body)) {
    say("failed", [...unfit.values()].join(" "));
    if (dirty.size) later(0);
  } else if (status === 409) {
    stopped = true;
    say("conflict", body.code === "conflict" ? form.dataset.conflict : body.detail);
  } else {
    say("failed", body.detail ?? form.dataset.failed);
  }
}

/** Keep what was refused by its name from holding up the rest. Returns whether there was something. */
function setApart(body) {
  for (const name of dirty) {
    const [part, ...rest] = name.split(".");
    const sentences = rest.length ? body[part]?.[rest.join(".")] : body[part];
    if (!sentences) continue;
    dirty.delete(name);
    unfit.set(name, `${form.elements[name].labels[0].textContent.trim()}: ${[sentences].flat().join(" ")}`);
  }
  return unfit.size > 0;
}

function tryAgain() {
  tries += 1;
  say("waiting", form.dataset.waiting);
  later(Math.min(SLOWEST, 500 * 2 ** tries));
}

function typed(event) {
  const { name } = event.target;
  if (!name || name === "version" || name === "csrfmiddlewaretoken") return;
  unfit.delete(name);
  dirty.add(name);
  later();
}

/** Let a save end first, so that the page sends the newest version, but no longer than a person waits. */
async function sendPage(event) {
  if (event.target !== form) return;
  if (leaving || !(sent || !navigator.onLine)) return leave();
  event.preventDefault();
  event.stopImmediatePropagation(); // another script counts how often a form is sent
  if (isWaiting) return;
  isWaiting = true;
  const isReady = await canGo();
  isWaiting = false;
  if (!isReady) return;
  leave();
  submitForm(form, event.submitter);
}

function leave() {
  clearTimeout(timer);
  form.elements.csrfmiddlewaretoken.value = token();
  leaving = true;
  setTimeout(() => (leaving = false), PATIENCE);
}

/** Whether the page may go: without a network the sheet is better than the browser's error. */
async function canGo() {
  clearTimeout(timer);
  await Promise.race([goOn(), pause(PATIENCE)]);
  if ((navigator.onLine && !sent) || (await isReachable())) return true;
  say("waiting", form.dataset.offline);
  later(SLOWEST);
  return false;
}

if (form) {
  if ("unsaved" in form.dataset) {
    // Drawn with what was typed because saving it was refused: none of it is stored.
    for (const { name } of form.querySelectorAll("[data-field] [name]")) dirty.add(name);
    say("failed", form.dataset.failed);
  }
  form.addEventListener("input", typed);
  document.addEventListener("submit", sendPage, true);
  window.addEventListener("pageshow", () => (leaving = false));
  window.addEventListener("online", () => isUnsaved() && later(0));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && isUnsaved()) event.preventDefault();
  });
}
