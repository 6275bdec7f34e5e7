// On a narrow screen the navigation folds behind a button; without scripts it simply stands there.

const narrow = window.matchMedia("(max-width: 48rem)");

function fold(nav) {
  const toggle = nav.querySelector("[data-nav-toggle]");
  const set = (open) => {
    nav.dataset.nav = open ? "open" : "closed";
    toggle.setAttribute("aria-expanded", String(open));
  };
  toggle.hidden = false;
  toggle.addEventListener("click", () => set(nav.dataset.nav === "closed"));
  nav.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !narrow.matches) return;
    set(false);
    toggle.focus();
  });
  set(false);
}

document.querySelectorAll("[data-nav]").forEach(fold);
