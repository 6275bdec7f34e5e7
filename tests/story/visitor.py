"""Somebody in front of a browser, who looks at every page that they open."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ADDRESS = re.compile(r"^https?://[^/]+")


class Visitor:
    """A browser context. Every look at a page checks that it is whole, accessible and fits the screen."""

    def __init__(self, context: Any, base: str, axe: Path | None) -> None:
        self.context, self.base, self.axe = context, base.replace("127.0.0.1", "localhost"), axe
        self.page = context.new_page()
        self.complaints: list[str] = []
        self.page.on(
            "console",
            self._hear,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _hear(self, message: Any) -> None:
        # A form that comes back with what is wrong is a 422, which Chromium reports like any failed load.
        if message.type == "error" and "status of 422" not in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> None:
        response = self.page.goto(self.base + path)
        assert response is not None
        assert response.status < 400, f"{path} → {response.status}"
        self.look()

    @property
    def path(self) -> str:
        return ADDRESS.sub("", self.page.url)

    def look(self) -> None:
        """Check the page: no console error, axe finds nothing, no sideways scrolling. Keep a picture."""
        self._picture()
        assert self.page.title(), f"{self.path} has no title"
        assert self.complaints == [], f"{self.path}: {self.complaints}"
        if self.axe is None:
            return
        self.page.evaluate(self.axe.read_text() + "; undefined")
        found = self.page.evaluate("tags => axe.run(document, {runOnly: tags})", STANDARDS)
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]] == [], (
            self.path
        )
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.path} scrolls {wide} px sideways"

    def _picture(self) -> None:
        folder = Path(settings.DATA_DIR) / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        name = (
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", self.path.split("?")[0].strip("/")).replace("/", "_")
            or "home"
        )
        width = self.page.viewport_size["width"]
        self.page.screenshot(
            path=str(folder / f"{name}-{width}{'' if self.axe else '-nojs'}.png"), full_page=True
        )

    def click(self, name: str, *, role: str = "", look: bool = True) -> None:
        """Press what is called so (a button or a link) and look at what comes."""
        target = (
            self.page.get_by_role(role, name=name)
            if role
            else self.page.get_by_role("button", name=name).or_(self.page.get_by_role("link", name=name))
        )
        target.first.click()
        self.page.wait_for_load_state("load")
        if look:
            self.look()

    def fill(self, label: str, value: str) -> None:
        self.page.get_by_label(label).first.fill(value)

    def sees(self, text: str) -> None:
        assert text in self.page.inner_text("body"), f"“{text}” is not on {self.path}"
