// Fills an empty [data-suggest-from] with a web name made from another field, until somebody types there.
// Without this script the server suggests the same when the form is sent.

const plain = (text) =>
  text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9\s-]/g, "").trim().replace(/[\s-]+/g, "-").slice(0, 40).replace(/^-|-$/g, "");

for (const field of document.querySelectorAll("[data-suggest-from]")) {
  const source = document.getElementById(field.dataset.suggestFrom);
  let untouched = field.value === "";
  field.addEventListener("input", () => { untouched = field.value === ""; });
  source?.addEventListener("input", () => { if (untouched) field.value = plain(source.value); });
}
