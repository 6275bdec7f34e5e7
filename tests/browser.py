"""The browser that the suite looks at pages with."""

import os
import shutil

import pytest

from tests.services import ROOT

AXE = ROOT / "node_modules/axe-core/axe.min.js"
DIST = ROOT / "static/dist"
NAMES = ("chromium", "google-chrome", "chromium-browser")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def chromium():
    """A headless Chromium; without one, or without the built theme, the test is skipped.

    For a module, not for the whole run: Playwright keeps an event loop running in this thread, and what is
    asynchronous by itself could not be tested beside it.
    """
    executable = next(filter(None, map(shutil.which, NAMES)), None)
    if executable is None:
        pytest.skip("No Chromium was found on this machine, so this was not tried in a browser.")
    if not AXE.exists() or not DIST.exists():
        pytest.skip("The theme is not built (make setup), so this was not tried in a browser.")
    from playwright.sync_api import sync_playwright

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setitem(os.environ, "DJANGO_ALLOW_ASYNC_UNSAFE", "1")  # Django takes that loop for its own
        browser = playwright.chromium.launch(executable_path=executable, args=QUIET)
        yield browser
        browser.close()
