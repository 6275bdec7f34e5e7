// One question on the page: read what is typed as the API takes it, show what the server says about it.
// The markup is templates/grants/cycles/questions/question.html.

/** The wrapper around an element, or null. */
export function questionOf(element) {
  return element.closest("[data-question]");
}

/** What is typed in a question, in the shape that the API's cleaning takes. Nothing typed is null or empty. */
export function readAnswer(wrapper) {
  const name = `q.${wrapper.dataset.question}`;
  switch (wrapper.dataset.type) {
    case "table":
    case "people":
      return [...wrapper.querySelectorAll("[data-rows-list] > [data-row]")].map((row) => ({
        _id: row.dataset.row,
        ...collect(row, `${name}.${row.dataset.row}`),
      }));
    case "multi_choice":
    case "file":
      return collect(wrapper, name)[""] ?? [];
    case "date_range":
    case "address":
    case "location":
    case "signature":
      return collect(wrapper, name);
    default:
      return collect(wrapper, name)[""] ?? null;
  }
}

/** Gather the inputs below a name: "q.site.address" under "q.site" becomes {address: …}, the name itself "". */
function collect(root, name) {
  const found = {};
  for (const input of root.querySelectorAll("input[name], textarea[name], select[name]")) {
    if (input.type === "file" || !(input.name === name || input.name.startsWith(`${name}.`))) continue;
    const path = input.name.slice(name.length + 1).split(".");
    put(found, path, input);
  }
  return found;
}

function put(found, path, input) {
  const last = path.at(-1);
  if (last === "_rows") return;
  const holder = path.slice(0, -1).reduce((part, key) => (part[key] ??= {}), found);
  if (input.closest("[data-file]")) {
    (holder[last] ??= []).push(input.value);
  } else if (input.type === "checkbox" && last === "agreed") {
    holder[last] = input.checked;
  } else if (input.type === "checkbox") {
    holder[last] ??= [];
    if (input.checked) holder[last].push(input.value);
  } else if (input.type !== "radio") {
    holder[last] = input.value;
  } else if (input.checked) {
    holder[last] = input.value;
  }
}

/** Show the problems that the API found: [{sentence, place: ["r1", "amount"]}]. None clears them. */
export function showProblems(wrapper, problems) {
  const name = `q.${wrapper.dataset.question}`;
  for (const group of wrapper.querySelectorAll("[data-field]")) {
    const mine = problems.filter((problem) => [name, ...(problem.place ?? [])].join(".") === group.dataset.field);
    mark(group, mine.map((problem) => problem.sentence));
  }
}

/** Put the sentences above the inputs of one field, tied to them for screen readers. */
function mark(group, sentences) {
  const id = group.dataset.field.replaceAll(".", "-");
  const target = group.tagName === "FIELDSET" ? group : group.querySelector(`#${CSS.escape(id)}`);
  let box = group.querySelector(`#${CSS.escape(id)}_error`);
  group.classList.toggle("usa-form-group--error", sentences.length > 0);
  target?.classList.toggle("usa-input--error", sentences.length > 0 && target.matches("input, textarea"));
  describe(target, `${id}_error`, sentences.length > 0);
  if (!sentences.length) return box?.remove();
  if (!box) {
    box = document.createElement("div");
    box.className = "usa-error-message";
    box.id = `${id}_error`;
    const before = group.querySelector(`#${CSS.escape(id)}_helptext`) ?? group.querySelector("legend, label");
    before.after(box);
  }
  box.replaceChildren(...sentences.map(paragraph));
}

function paragraph(sentence) {
  const line = document.createElement("p");
  line.textContent = sentence;
  return line;
}

function describe(target, id, isOn) {
  if (!target) return;
  const ids = new Set((target.getAttribute("aria-describedby") ?? "").split(/\s+/).filter(Boolean));
  ids[isOn ? "add" : "delete"](id);
  if (ids.size) target.setAttribute("aria-describedby", [...ids].join(" "));
  else target.removeAttribute("aria-describedby");
  if (target.matches("input, textarea, select")) {
    if (isOn) target.setAttribute("aria-invalid", "true");
    else target.removeAttribute("aria-invalid");
  }
}
