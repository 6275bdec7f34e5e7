// City settings: show a color as it will be used while it is being chosen. The server works out the shades.

const preview = document.querySelector("[data-accent-preview]");
const input = document.querySelector("input[data-accent]");
let waiting;

function show(accent) {
  for (const [name, value] of Object.entries(accent.shades)) preview.style.setProperty(`--${name}`, value);
  preview.querySelector("[data-accent-kept]").hidden = accent.is_changed;
  preview.querySelector("[data-accent-changed]").hidden = !accent.is_changed;
  preview.querySelector("[data-accent-used]").textContent = accent.used;
  for (const ratio of preview.querySelectorAll("[data-accent-ratio]")) ratio.textContent = accent.used_ratio;
}

async function ask() {
  const response = await fetch(`${preview.dataset.url}?${new URLSearchParams({ color: input.value })}`);
  if (response.ok) show(await response.json());
}

if (preview && input) {
  input.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => ask().catch(() => {}), 150);
  });
  for (const button of document.querySelectorAll("[data-without-script]")) button.hidden = true;
}
