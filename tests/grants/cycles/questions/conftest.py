"""A page of questions in a real browser, under a strict policy."""

import json
import mimetypes
from pathlib import Path

import pytest
from django.conf import settings

from tests.browser import DIST
from tests.grants.cycles.samples import drawn

ORIGIN = "http://localhost"  # never reached; a secure origin, so that the browser may tell where it is
SOURCE = Path(settings.BASE_DIR, "static/src/js")
AREAS_ADDRESS = "/riverton/areas.json"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'"
)


@pytest.fixture
def show(chromium):
    """Open a page of questions; it fails on anything the console complains of."""
    pages, complaints = [], []

    def open_page(bounds, width=320, areas=None, **options):
        html = _page("".join(map(drawn, bounds)))
        if areas:
            html = html.replace("data-location-map ", f'data-location-map data-areas="{AREAS_ADDRESS}" ')
        page = chromium.new_page(viewport={"width": width, "height": 900}, reduced_motion="reduce", **options)
        pages.append(page)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.route("**/*", lambda route: _answer(route, html, areas))
        page.goto(f"{ORIGIN}/form/", wait_until="load")
        return page

    yield open_page
    for page in pages:
        page.context.close()
    assert complaints == []


def _page(questions):
    return (
        "<!doctype html><html lang=en><head><title>Form</title><link rel=stylesheet href=/static/css/lyb.css>"
        "<script type=module src=/js/conditions.js></script><script type=module src=/js/rows.js></script></head>"
        f"<body class=rhythm-resident><main id=main><h1>Form</h1><form>{questions}</form></main></body></html>"
    )


def _answer(route, html, areas):
    path = route.request.url.removeprefix(ORIGIN)
    name = path.removeprefix("/static").lstrip("/")
    if path == "/form/":
        headers = {"Content-Security-Policy": POLICY}
        route.fulfill(body=html, content_type="text/html; charset=utf-8", headers=headers)
        return
    if path == AREAS_ADDRESS:
        route.fulfill(body=json.dumps(areas), content_type="application/json")
        return
    source = SOURCE / name.removeprefix("js/")
    file = source if name.startswith("js/") and source.is_file() else DIST / name
    if file.is_file():
        route.fulfill(body=file.read_bytes(), content_type=mimetypes.guess_type(file.name)[0] or "text/plain")
    else:
        route.fulfill(status=200, body="", content_type="text/css")
