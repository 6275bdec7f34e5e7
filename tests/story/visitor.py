"""Somebody in front of a browser, who looks at every page that they open."""

import os
import re
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Error, expect

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ADDRESS = re.compile(r"^https?://[^/]+")


class Visitor:
    """A browser context. Every look at a page checks that it is whole, accessible and fits the screen."""

    def __init__(self, context: Any, base: str, axe: Path | None) -> None:
        self.context, self.base, self.axe = context, base.replace("127.0.0.1", "localhost"), axe
        if axe:
            context.add_init_script(path=axe)  # sent once, not at each look
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
        """Check the page: no console error, axe finds nothing, no sideways scrolling.

        With ``LYB_PICTURES`` in the environment, a picture of each is kept in the data directory.
        """
        for last in (False, False, True):
            try:
                return self._look()
            except Error as gone:
                # A form that saves first leaves its page a moment after the click: what comes then is what counts.
                if last or "context was destroyed" not in str(gone):
                    raise
                self.page.wait_for_load_state("load")
        return None

    def _look(self) -> None:
        if os.environ.get("LYB_PICTURES"):
            self._picture()
        expect(self.page).to_have_title(re.compile(r"\S"))  # waits: the page before may still be leaving
        assert self.complaints == [], f"{self.path}: {self.complaints}"
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, f"{self.path} scrolls {wide} px sideways"
        if self.axe is None:
            return
        found = self.page.evaluate(
            "tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']})", STANDARDS
        )
        assert [(v["id"], [n["html"][:160] for n in v["nodes"][:3]]) for v in found["violations"]] == [], (
            self.path
        )

    def _picture(self) -> None:
        folder = Path(settings.DATA_DIR) / "pictures"
        folder.mkdir(parents=True, exist_ok=True)
        name = (
            re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", self.path.split("?")[0].strip("/")).replace("/", "_")
            or "home"
        )
        width = self.page.viewport_size["width"]
        self.page.screenshot(
            path=str(folder / f"{name}-{width}{'' if self.axe else '-nojs'}.jpg"),
            full_page=True,
            type="jpeg",
            quality=70,
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

    def press(self, name: str) -> None:
        self.click(name, role="button")

    def press_twice(self, name: str) -> None:
        """Press a button, then send the same form once more: the key in it makes that harmless."""
        address, fields = self.page.get_by_role("button", name=name).first.evaluate(
            "button => [(button.hasAttribute('formaction') ? button.formAction : button.form.action),"
            " [...new FormData(button.form, button)]]"
        )
        self.press(name)
        again = self.context.request.post(address, form=dict(fields), max_redirects=0)
        assert again.status == 302, (address, again.status)

    def put(self, **values: str) -> None:
        """Fill inputs by their names."""
        for name, value in values.items():
            self.page.locator(f'main [name="{name}"]').first.fill(value)

    def tick(self, name: str, value: str = "") -> None:
        """Choose a radio button or tick a box, by its label as a person does."""
        which = f'main input[name="{name}"]' + (f'[value="{value}"]' if value else ":not([type=hidden])")
        key = self.page.locator(which).first.get_attribute("id")
        self.page.locator(f'label[for="{key}"]').first.click()

    def status_of(self, path: str, form: dict[str, str] | None = None) -> int:
        """Ask for a page, or send a form with this person's token, without going there."""
        if form is None:
            return int(self.context.request.get(self.base + path, max_redirects=0).status)
        token = next(c["value"] for c in self.context.cookies() if c["name"] == "csrftoken")
        answer = self.context.request.post(
            self.base + path, form=form, headers={"X-CSRFToken": token}, max_redirects=0
        )
        return int(answer.status)

    def file(self, path: str) -> bytes:
        answer = self.context.request.get(self.base + path)
        assert answer.ok, (path, answer.status)
        return bytes(answer.body())

    def sees(self, text: str) -> None:
        assert text in self.page.inner_text("body"), f"“{text}” is not on {self.path}"
