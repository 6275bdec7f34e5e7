// Save each answer through the API as its field is left. Without this script the buttons below save the page.
// The words come from the page (templates/grants/applications/apply_words.html), in its language.

import { isReachable, pause, PATIENCE, send, token } from "./network.js";
import { questionOf, readAnswer, showProblems } from "./questions.js";
import { submitForm } from "./submitting.js";

export { send, token } from "./network.js";

const PAUSE = 4000; // ms of quiet after which a long text is saved though nobody left it
const SLOWEST = 30000; // ms between tries, at most

const form = document.querySelector("form[data-apply]");
const words = document.querySelector("template[data-apply-words]")?.dataset ?? {};
const note = form?.querySelector("[data-page-note]");
const answers = new Map(); // wrapper → {saved, lost, tries, timer, chain, pending, state}; lost: sent, and never answered
const files = new Set(); // of files under way: promises of whether each was taken
let leaving = false;
let isWaiting = false; // the page goes on by itself once it can
let isSignedOut = false;

function entryOf(wrapper) {
  if (!answers.has(wrapper)) answers.set(wrapper, { saved: "", lost: null, tries: 0, timer: 0, chain: Promise.resolve(), pending: 0, state: "" });
  return answers.get(wrapper);
}

/** Do one thing at a time to an answer: saves and uploads would else outrun each other's versions. */
export function queue(wrapper, task) {
  const entry = entryOf(wrapper);
  entry.pending += 1;
  entry.chain = entry.chain.then(task, task).finally(() => {
    entry.pending -= 1;
  });
  return entry.chain;
}

/** Do a file's turn; `task` returns whether the file was taken. The page is not sent before its end. */
export function queueFile(wrapper, task) {
  const taken = queue(wrapper, task).catch(() => false);
  files.add(taken);
  taken.finally(() => files.delete(taken));
}

/** Remember what the server holds now. */
export function settle(wrapper, version) {
  wrapper.dataset.version = String(version);
  const field = wrapper.querySelector(`input[name="v.${CSS.escape(wrapper.dataset.question)}"]`);
  if (field) field.value = String(version);
  remember();
}

/** Note with this page's place in the browser's history which versions its text is written against. */
function remember() {
  const versions = Object.fromEntries(questions().map((wrapper) => [wrapper.dataset.question, Number(wrapper.dataset.version)]));
  history.replaceState({ ...history.state, versions }, "");
}

function questions() {
  return [...form.querySelectorAll("[data-question]")];
}

/** The answer as the page was drawn, whatever was typed since: attributes keep it. */
function asDrawn(wrapper) {
  const copy = document.createElement("template");
  copy.innerHTML = wrapper.outerHTML;
  return JSON.stringify(readAnswer(copy.content.firstElementChild));
}

/**
 * On the way back the page is fetched anew, and then the browser puts in what was typed here before. Such text is
 * newer than what it was written against, not than what is stored now: it goes with the version of then (0: unknown).
 */
function saveRestored(versions) {
  for (const wrapper of questions()) {
    const entry = entryOf(wrapper);
    if (entry.timer || entry.pending || wrapper.dataset.type === "file") continue; // somebody types already
    if (JSON.stringify(readAnswer(wrapper)) === entry.saved) continue;
    settle(wrapper, versions[wrapper.dataset.question] ?? 0);
    change(wrapper);
  }
}

export function say(wrapper, state, text) {
  const slot = wrapper.querySelector("[data-saved]");
  entryOf(wrapper).state = state;
  if (!slot) return;
  slot.classList.add("save-note");
  slot.dataset.save = state;
  slot.replaceChildren(text ?? "");
}

function change(wrapper) {
  if (!wrapper || wrapper.hidden || wrapper.dataset.type === "file") return;
  clearTimeout(entryOf(wrapper).timer);
  queue(wrapper, () => save(wrapper));
}

/**
 * What was never answered goes once more before what was typed since: it may be saved, and then it is taken again
 * whatever its version, while anything newer would be a conflict with oneself.
 */
async function save(wrapper) {
  const entry = entryOf(wrapper);
  const newest = JSON.stringify(readAnswer(wrapper));
  const typed = entry.lost ?? newest;
  if (typed === entry.saved || entry.state === "conflict" || leaving) return;
  const slow = setTimeout(() => say(wrapper, "saving", words.saving), 400);
  let response;
  try {
    response = await send(`${form.dataset.answers}${wrapper.dataset.question}/`, {
      method: "PUT",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ value: JSON.parse(typed), version: Number(wrapper.dataset.version) }),
      keepalive: typed.length < 60000,
    });
  } catch {
    response = null; // no network: try again
  } finally {
    clearTimeout(slow);
  }
  const status = response?.status ?? 0;
  const body = response ? await response.json().catch(() => ({})) : {};
  if (status === 0 || status >= 500) entry.lost = typed;
  else if (![401, 429].includes(status)) entry.lost = null;
  if (response?.ok) saved(wrapper, typed, body);
  else if (typed === newest || entry.lost !== null) refused(wrapper, status, body);
  if (typed !== newest && entry.lost === null) await save(wrapper);
}

function saved(wrapper, typed, body) {
  const entry = entryOf(wrapper);
  entry.saved = typed;
  entry.tries = 0;
  settle(wrapper, body.version);
  showProblems(wrapper, body.problems);
  say(wrapper, "saved", words.saved);
  if (JSON.stringify(readAnswer(wrapper)) !== typed) later(wrapper, PAUSE);
  if (!isSignedOut) return;
  isSignedOut = false; // signed in again in another tab: what was refused meanwhile goes, too
  for (const other of answers.keys()) change(other);
}

function refused(wrapper, status, body) {
  if (status === 0 || status === 429 || status >= 500) return tryAgain(wrapper);
  if (status === 401) return signedOut(wrapper);
  if (body.code === "conflict") return showConflict(wrapper, body);
  if (body.problems) showProblems(wrapper, body.problems);
  say(wrapper, "failed", body.code === "closed" ? body.detail : (body.detail ?? words.failed));
}

function tryAgain(wrapper) {
  const entry = entryOf(wrapper);
  entry.tries += 1;
  say(wrapper, "waiting", words.waiting);
  later(wrapper, Math.min(SLOWEST, 500 * 2 ** entry.tries) * (0.75 + Math.random() / 2));
}

function later(wrapper, pause) {
  const entry = entryOf(wrapper);
  clearTimeout(entry.timer);
  entry.timer = setTimeout(() => change(wrapper), pause);
}

/** The page itself is sent: the server keeps it and shows it again after signing in. */
export function signedOut(wrapper) {
  isSignedOut = true;
  const button = document.createElement("button");
  button.type = "submit";
  button.className = "usa-button usa-button--unstyled";
  button.textContent = words.signIn;
  const note = document.createDocumentFragment();
  note.append(`${words.signedOut} `, button);
  say(wrapper, "failed", note);
}

function showConflict(wrapper, body) {
  wrapper.querySelector("[data-conflict]")?.remove();
  say(wrapper, "conflict", "");
  const panel = document.createElement("div");
  panel.className = "usa-alert usa-alert--warning usa-alert--slim";
  panel.dataset.conflict = "";
  panel.setAttribute("role", "alert");
  const inner = document.createElement("div");
  inner.className = "usa-alert__body";
  const when = body.written_at ? new Date(body.written_at).toLocaleString(document.documentElement.lang) : "";
  inner.append(
    line(words.conflict, ""),
    line(words.theirs, `${body.theirs_text || words.empty} (${[body.written_by, when].filter(Boolean).join(", ")})`),
    line(words.yours, body.yours_text || words.empty),
    choice(words.keepMine, () => keepMine(wrapper, panel, body.version)),
    choice(words.takeTheirs, () => takeTheirs(wrapper)),
  );
  panel.append(inner);
  wrapper.prepend(panel);
}

function line(label, text) {
  const paragraph = document.createElement("p");
  paragraph.className = "usa-alert__text";
  const strong = document.createElement("strong");
  strong.textContent = label;
  paragraph.append(strong, ` ${text}`);
  return paragraph;
}

function choice(label, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "usa-button usa-button--outline";
  button.textContent = label;
  button.addEventListener("click", act);
  return button;
}

function keepMine(wrapper, panel, version) {
  panel.remove();
  settle(wrapper, version);
  entryOf(wrapper).state = "";
  change(wrapper);
  focusOn(wrapper);
}

/** The button that was pressed is gone, and with it the place on the page of who uses the keyboard. */
function focusOn(wrapper) {
  wrapper.querySelector('input:not([type="hidden"]), textarea, select')?.focus();
}

/** Let the server draw the question anew: it knows how, whatever the type. */
async function takeTheirs(wrapper) {
  const page = await send(location.pathname, { headers: { Accept: "text/html" } }).catch(() => null);
  const fresh = page?.ok && new DOMParser().parseFromString(await page.text(), "text/html");
  const drawn = fresh && fresh.querySelector(`[data-question="${CSS.escape(wrapper.dataset.question)}"]`);
  if (!drawn) return say(wrapper, "conflict", words.notLoaded);
  answers.delete(wrapper);
  wrapper.replaceWith(drawn);
  entryOf(drawn).saved = JSON.stringify(readAnswer(drawn));
  remember();
  say(drawn, "saved", words.saved);
  drawn.dispatchEvent(new CustomEvent("question:change", { bubbles: true }));
  focusOn(drawn);
}

function isUnsaved(wrapper) {
  const entry = answers.get(wrapper);
  if (!entry || wrapper.hidden) return false;
  if (entry.pending > 0 || wrapper.dataset.type === "file") return entry.pending > 0;
  return entry.lost !== null || JSON.stringify(readAnswer(wrapper)) !== entry.saved;
}

/** Wait for what is under way, so that no file is lost and the page's own versions are the newest when it is sent. */
async function sendPage(event) {
  if (event.target !== form) return;
  if (leaving || !(isWaiting || pending().length || cut().length || !navigator.onLine)) return leave();
  event.preventDefault();
  event.stopImmediatePropagation(); // another script counts how often a form is sent
  if (isWaiting) return;
  isWaiting = true;
  const isReady = await everythingSent();
  isWaiting = false;
  if (!isReady) return;
  leave();
  submitForm(form, event.submitter);
}

function leave() {
  form.elements.csrfmiddlewaretoken.value = token();
  leaving = true;
  setTimeout(() => (leaving = false), PATIENCE);
}

function pending() {
  return [...answers.values()].filter((entry) => entry.pending > 0);
}

/** The answers of which nobody knows whether they are saved: mostly they found no network. */
function cut() {
  return [...answers.keys()].filter((wrapper) => answers.get(wrapper).lost !== null && !wrapper.hidden);
}

/** Whether the page may go: a file that was refused has just said so, and without a network the form is better than an error. */
async function everythingSent() {
  let isTaken = true;
  if (files.size) tell("saving", words.sending);
  while (files.size) isTaken = (await Promise.all(files)).every(Boolean) && isTaken;
  tell("", "");
  if (!isTaken) return false;
  cut().forEach(change);
  await Promise.race([Promise.allSettled(pending().map((entry) => entry.chain)), pause(PATIENCE)]);
  if ((navigator.onLine && !cut().length) || (await isReachable())) return true;
  tell("waiting", words.offline);
  return false;
}

/** Say next to the buttons what holds the page. */
function tell(state, text) {
  note.dataset.save = state;
  note.textContent = text;
}

if (form) {
  const before = history.state?.versions ?? {};
  for (const wrapper of questions()) entryOf(wrapper).saved = asDrawn(wrapper);
  form.addEventListener("change", (event) => change(questionOf(event.target)));
  form.addEventListener("question:change", (event) => change(questionOf(event.target)));
  form.addEventListener("input", (event) => {
    const wrapper = questionOf(event.target);
    if (wrapper && event.target.type !== "file") later(wrapper, PAUSE);
  });
  document.addEventListener("submit", sendPage, true);
  window.addEventListener("online", () => {
    if (!isWaiting) tell("", "");
    answers.forEach((entry, wrapper) => entry.state === "waiting" && change(wrapper));
  });
  window.addEventListener("pageshow", (event) => {
    leaving = false;
    if (!event.persisted) saveRestored(before); // some browsers restore late
  });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && [...answers.keys()].some(isUnsaved)) event.preventDefault();
  });
  saveRestored(before);
  remember();
}
