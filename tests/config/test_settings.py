"""Production refuses to start with what only a demonstration may have."""

import os
import subprocess
import sys

import pytest

STRONG = "x" * 60


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "import config.settings"],
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_production_starts_without_the_demo_and_with_a_strong_secret():
    assert start(LYB_ENV="production", LYB_SECRET_KEY=STRONG).returncode == 0


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"LYB_DEMO": "1", "LYB_SECRET_KEY": STRONG}, "LYB_DEMO must be off"),
        ({}, "LYB_SECRET_KEY must be"),
        ({"LYB_SECRET_KEY": "short"}, "LYB_SECRET_KEY must be"),
    ],
)
def test_production_refuses_to_start(environment, words):
    refused = start(LYB_ENV="production", **environment)

    assert refused.returncode != 0
    assert words in refused.stderr
