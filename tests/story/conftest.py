"""The product as people meet it: a live server, a real worker, headless Chromium, axe on every page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.story.visitor import Visitor

ROOT = Path(settings.BASE_DIR)
AXE = ROOT / "node_modules/axe-core/axe.min.js"


@pytest.fixture(scope="module")
def chromium():
    executable = shutil.which("chromium") or shutil.which("google-chrome") or shutil.which("chromium-browser")
    if executable is None:
        pytest.skip(
            "No Chromium was found on this machine, so the story was not walked through in a browser."
        )
    if not AXE.exists() or not (ROOT / "static/dist").exists():
        pytest.skip("The theme is not built (make setup), so the story was not walked through in a browser.")
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread, which Django takes for an asynchronous context.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable,
            args=[
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
                "--disable-background-networking",
            ],
        )
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def worker(transactional_db, tmp_path):
    """A real Celery worker beside the live server, and an empty mailbox."""
    shutil.rmtree(Path(settings.DATA_DIR) / "mail", ignore_errors=True)
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "config",
            "worker",
            "--pool=solo",
            "-Q",
            "codes,notices,documents",
            "--beat",
            "--schedule",
            str(tmp_path / "beat"),
            "--loglevel=WARNING",
        ],
        cwd=ROOT,
        env=os.environ.copy(),
        stdout=subprocess.DEVNULL,
        stderr=(tmp_path / "worker.log").open("w"),
    )
    yield process
    process.terminate()
    process.wait(timeout=20)


@pytest.fixture
def visit(chromium, live_server, worker):
    """Make visitors: ``visit(width=360, javascript=False)``. Each has a browser context of its own."""
    visitors: list[Visitor] = []

    def make(*, width: int = 360, javascript: bool = True, language: str = "en-US") -> Visitor:
        context = chromium.new_context(
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale=language,
            reduced_motion="reduce",
        )
        visitors.append(Visitor(context, live_server.url, AXE if javascript else None))
        return visitors[-1]

    yield make
    for visitor in visitors:
        visitor.context.close()
