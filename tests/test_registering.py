"""What registers itself is known in every process: a worker loads no page and would otherwise not know it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NAMES = {"naming.py", "sentences.py", "waiting.py", "receivers.py", "verifying.py"}
DECORATED = re.compile(r"^@(renders|document|waits|check)\(", re.MULTILINE)
BASES = {"cities/interface/waiting.py", "cities/audit/sentences.py"}


def registering():
    """Module names of everything that registers itself when it is imported."""
    for floor in ("cities", "residents", "grants", "projects"):
        for path in sorted((ROOT / floor).rglob("*.py")):
            place = str(path.relative_to(ROOT))
            if "verification/" in place or place in BASES:
                continue  # asked for by ``verify`` itself, or what others register with
            if path.name in NAMES or DECORATED.search(path.read_text()):
                yield place.removesuffix(".py").replace("/", ".")


@pytest.fixture(scope="module")
def loaded():
    """What a process knows that has set Django up and nothing else."""
    said = subprocess.run(
        [sys.executable, "-c", "import django, sys; django.setup(); print(*sys.modules, sep='\\n')"],
        cwd=ROOT,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "config.settings"},
        capture_output=True,
        text=True,
        check=True,
    )
    return set(said.stdout.splitlines())


def test_a_process_that_loads_no_page_knows_all_that_registers_itself(loaded):
    wanted = set(registering())

    assert len(wanted) > 30
    assert "grants.applications.notices" in wanted
    assert wanted - loaded == set()
