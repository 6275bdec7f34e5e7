// Every page: one send per form, errors in sight, counters, copy buttons. All of it is optional.

const LONG_ENOUGH = 8000; // ms after which a form may be sent again, should the answer never come

function sendOnce(form) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent || isTooMuch(form)) {
      event.preventDefault();
      return;
    }
    form.dataset.sent = "yes";
    form.setAttribute("aria-busy", "true");
    if (!carriesFiles(form)) setTimeout(() => release(form), LONG_ENOUGH);
  });
}

// Photos take minutes on a slow phone, and pressing again would begin from nothing.
function carriesFiles(form) {
  return filesOf(form).length > 0;
}

function filesOf(form) {
  return [...form.elements].flatMap((input) => [...(input.files ?? [])]);
}

// Said before minutes of sending, not after them.
function isTooMuch(form) {
  const note = form.querySelector("[data-most-bytes]");
  if (!note) return false;
  const bytes = filesOf(form).reduce((sum, file) => sum + file.size, 0);
  note.hidden = bytes <= Number(note.dataset.mostBytes);
  if (!note.hidden) note.focus();
  return !note.hidden;
}

function release(form) {
  delete form.dataset.sent;
  form.removeAttribute("aria-busy");
}

function count(text, unit) {
  return unit === "words" ? (text.trim().match(/\S+/g) ?? []).length : [...text].length;
}

// The sentences come from the page, in its language.
function addCounter(input) {
  const unit = input.dataset.maxWords ? "words" : "chars";
  const limit = Number(unit === "words" ? input.dataset.maxWords : input.dataset.maxChars);
  const note = document.createElement("p");
  note.className = "counter";
  note.setAttribute("aria-live", "polite");
  input.after(note);
  let waiting;
  const show = () => {
    const left = limit - count(input.value, unit);
    const words = document.body.dataset[`${unit}${left < 0 ? "Over" : "Left"}`] ?? "{count}";
    note.textContent = words.replace("{count}", String(Math.abs(left)));
    note.classList.toggle("counter--over", left < 0);
  };
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(show, 300); // a screen reader would otherwise speak at every key
  });
  show();
}

function addCopy(button) {
  if (!navigator.clipboard) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.lastChild.textContent = button.dataset.copied;
  });
}

function countSelected(bar) {
  const note = bar.querySelector("[data-bulk-count]");
  const before = note.textContent;
  const boxes = () => document.querySelectorAll(`[data-row-check][form="${bar.id}"]:checked`).length;
  document.addEventListener("change", (event) => {
    if (!event.target.matches?.("[data-row-check]")) return;
    const number = boxes();
    const words = number === 1 ? note.dataset.one : note.dataset.many.replace("{count}", String(number));
    note.textContent = number ? words : before;
    bar.classList.toggle("is-active", number > 0);
  });
}

for (const form of document.querySelectorAll("form")) {
  if (form.method === "post") sendOnce(form);
  // Our own sentences stand next to the field; the browser's bubbles do not stay.
  if (form.querySelector("[data-field]")) form.noValidate = true;
}
document.querySelector("[data-error-summary]")?.focus();
document.querySelectorAll("[data-max-words], [data-max-chars]").forEach(addCounter);
document.querySelectorAll("[data-copy]").forEach(addCopy);
document.querySelectorAll("[data-bulk]").forEach(countSelected);
const releaseAll = () => document.querySelectorAll("form[data-sent]").forEach(release);
window.addEventListener("pageshow", releaseAll);
window.navigation?.addEventListener("navigateerror", releaseAll); // somebody pressed the browser's “stop”
