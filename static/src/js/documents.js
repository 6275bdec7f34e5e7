// A document that is being made: ask the API how far it is, move the bar, and draw the page anew once it ended.
// Without this script a link draws the page anew.

const PAUSE = 1000;
const LONGEST_PAUSE = 15_000;
const UNDER_WAY = new Set(["waiting", "running"]);

export async function follow(place, pause = PAUSE) {
  const bar = place.querySelector("progress");
  const words = place.querySelector("[data-progress-text]");
  for (let wait = pause; ; ) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const answer = await ask(place.dataset.document);
    if (answer === null) {
      wait = Math.min(wait * 2, LONGEST_PAUSE);
      continue;
    }
    if (!UNDER_WAY.has(answer.status)) return answer;
    wait = pause;
    bar.value = answer.progress;
    words.textContent = answer.words;
  }
}

async function ask(address) {
  try {
    const response = await fetch(address, { headers: { Accept: "application/json" } });
    return response.ok ? await response.json() : null;
  } catch {
    return null;
  }
}

for (const place of document.querySelectorAll("[data-document]")) {
  for (const link of place.querySelectorAll("[data-without-script]")) link.hidden = true;
  follow(place).then(() => window.location.reload());
}
