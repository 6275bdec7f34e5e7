// Setup: show only the fields that belong to what was chosen (`data-when="type number money"`, `*` for anything).
// Without this script all of them are there.

function fits(part, selects) {
  const [name, ...values] = part.dataset.when.split(" ");
  const chosen = selects.find((select) => select.dataset.switch === name)?.value ?? "";
  return values.includes("*") ? chosen !== "" : values.includes(chosen);
}

for (const form of document.querySelectorAll("[data-switched]")) {
  const selects = [...form.querySelectorAll("[data-switch]")];
  const show = () => {
    for (const part of form.querySelectorAll("[data-when]")) part.hidden = !fits(part, selects);
  };
  form.addEventListener("change", show);
  show();
}
