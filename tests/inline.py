"""Finds in a page what the content security policy would refuse: script and style that stand in the HTML itself."""

from html.parser import HTMLParser

DATA = {"application/json", "application/ld+json", "importmap"}


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "script" and not given.get("src") and given.get("type") not in DATA:
            self.found.append("<script> without src")
        if tag == "style" and not given.get("nonce"):
            self.found.append("<style> without nonce")
        self.found += [f"<{tag} {name}>" for name in given if name == "style" or name.startswith("on")]
        self.found += [
            f"<{tag} {name}=javascript:>"
            for name, value in given.items()
            if (value or "").strip().lower().startswith("javascript:")
        ]


def inline_parts(html: str) -> list[str]:
    """Return what stands inline, in the order of the page."""
    reader = _Reader()
    reader.feed(html)
    return reader.found
