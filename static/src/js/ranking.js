// The ranking: money left as rows are ticked. Without this script “Recalculate” does the same on the server.
// Ticks and typed amounts survive sorting and filtering in this tab.

const form = document.querySelector("[data-ranking]");
if (form) begin(form);

function begin(ranking) {
  const stored = `lyb-ranking-${ranking.dataset.cycle}`;
  const format = new Intl.NumberFormat(document.documentElement.lang, { style: "currency", currency: ranking.dataset.currency, trailingZeroDisplay: "stripIfInteger" });
  const unit = 10 ** format.resolvedOptions().maximumFractionDigits;
  const rows = [...ranking.querySelectorAll("tr:has([data-row-check])")].map((row) => ({
    row,
    box: row.querySelector("[data-row-check]"),
    amount: row.querySelector(".ranking__amount"),
  }));

  let shown = ""; // ticks

  function minorUnits(text) {
    const plain = text.trim().replace(/^\$\s*/, "");
    if (!/^(\d{1,3}(,\d{3})+|\d+)(\.\d+)?$/.test(plain)) return null;
    return Math.round(Number(plain.replaceAll(",", "")) * unit);
  }

  function show() {
    const picked = rows.filter(({ box }) => box.checked);
    let sum = 0;
    for (const { box, amount } of rows) {
      const cents = minorUnits(amount.value);
      if (box.checked) sum += cents ?? 0;
      if (box.checked && !cents) amount.setAttribute("aria-invalid", "true");
      else amount.removeAttribute("aria-invalid");
    }
    const left = Number(ranking.dataset.available) - sum;
    const count = ranking.querySelector("[data-ranking-count]");
    count.textContent = (picked.length === 1 ? count.dataset.one : count.dataset.many).replace("{count}", picked.length);
    ranking.querySelector("[data-ranking-sum]").textContent = format.format(sum / unit);
    const rest = ranking.querySelector("[data-ranking-left]");
    rest.textContent = format.format(left / unit);
    rest.classList.toggle("is-short", left < 0);
    ranking.querySelector("[data-ranking-bar]").classList.toggle("is-active", picked.length > 0);
    for (const { row, box } of rows) row.classList.toggle("is-ticked", box.checked);
    const ticks = picked.map(({ box }) => box.value).join();
    if (ticks !== shown) ranking.dispatchEvent(new Event("ticks", { bubbles: true })); // the map shows them
    shown = ticks;
  }

  function keep() {
    const kept = Object.fromEntries(rows.filter(({ box }) => box.checked).map(({ box, amount }) => [box.value, amount.value]));
    const before = read();
    for (const { box } of rows) delete before[box.value]; // rows that a filter hides keep their tick
    sessionStorage.setItem(stored, JSON.stringify({ ...before, ...kept }));
  }

  function read() {
    try {
      return JSON.parse(sessionStorage.getItem(stored)) ?? {};
    } catch {
      return {};
    }
  }

  const kept = read();
  if ("whole" in ranking.dataset) {
    // What has no box here was decided: its tick must not come back should the offer be taken back.
    const open = new Set(rows.map(({ box }) => box.value));
    for (const key of Object.keys(kept)) if (!open.has(key)) delete kept[key];
    sessionStorage.setItem(stored, JSON.stringify(kept));
  }
  for (const { box, amount } of rows) {
    if (box.checked || !(box.value in kept)) continue;
    box.checked = true;
    amount.value = kept[box.value];
  }
  ranking.addEventListener("input", (event) => {
    const own = rows.find(({ amount }) => amount === event.target);
    if (own) own.box.checked = own.amount.value.trim() !== "";
    show();
    keep();
  });
  show();
}
