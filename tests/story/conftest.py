"""The product as people meet it: a live server, a real worker, headless Chromium, axe on every page."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from tests.browser import AXE
from tests.story.visitor import Visitor

ROOT = Path(settings.BASE_DIR)


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
            "celery,codes,notices,documents",
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
