"""``docs/security.md`` names proofs: each must exist, and each threat must have its row."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
PAGE = ROOT / "docs" / "security.md"
PROOF = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+)(?:\[([\w -]+)\])?)?`")
ROW = re.compile(r"\| (\d+|–) \|")
THREATS = 29


def missing(text: str) -> list[str]:
    """Return the proofs that a text names and nobody finds."""
    gone = []
    for path, test, case in PROOF.findall(text):
        file = ROOT / path
        if not file.exists():
            gone.append(path)
        elif test and test not in {
            node.name for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.FunctionDef)
        }:
            gone.append(f"{path}::{test}")
        elif case and case not in cases(path, test):
            gone.append(f"{path}::{test}[{case}]")
    return gone


def cases(path: str, test: str) -> set[str]:
    """Return the names of a test's cases, which are one parameter of texts."""
    module = import_module(path.removesuffix(".py").replace("/", "."))
    marks = getattr(getattr(module, test), "pytestmark", [])
    return {case for mark in marks if mark.name == "parametrize" for case in mark.args[1]}


def test_every_proof_that_the_page_names_exists():
    text = PAGE.read_text()

    assert len(PROOF.findall(text)) == text.count("`tests/") > THREATS
    assert missing(text) == []


def test_every_threat_has_its_row():
    numbers = [int(found) for found in re.findall(r"^\| (\d+) \|", PAGE.read_text(), re.MULTILINE)]

    assert numbers == list(range(1, THREATS + 1))


def test_covered_stands_alone_and_partly_says_what_is_missing():
    states = [
        line.split(" | ")[-1].removesuffix(" |") for line in PAGE.read_text().splitlines() if ROW.match(line)
    ]

    assert len(states) > THREATS
    assert [
        state for state in states if state != "covered" and not state.startswith(("partly: ", "not yet: "))
    ] == []


@pytest.mark.parametrize(
    "planted",
    [
        "tests/test_rights.py::test_of_nothing",
        "tests/test_of_nothing.py",
        "tests/cities/audit/test_protections.py::test_the_walls_stand[nothing]",
        "tests/test_security_page.py::test_every_threat_has_its_row[nothing]",
    ],
)
def test_the_checker_finds_a_proof_that_is_gone(planted):
    assert missing(f"`{planted}`") == [planted]
