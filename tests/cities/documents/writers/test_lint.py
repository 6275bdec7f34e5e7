"""Only the writers write files for people: a cell written elsewhere could be a live formula."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[4]
FLOORS = ("cities", "residents", "grants", "projects", "config")
WRITERS = {"csv", "xlsxwriter", "openpyxl", "typst", "pandas", "xlwt"}


def sources() -> Iterator[Path]:
    for floor in FLOORS:
        yield from (ROOT / floor).rglob("*.py")


def offences(source: str, name: str) -> list[str]:
    # The measurement compares the writers with bare ones that neutralise nothing; their files are thrown away.
    if name.startswith("cities/documents/writers/") or name == "config/bench/exports.py":
        return []
    found = []
    for node in ast.walk(ast.parse(source)):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            modules = [node.module or ""]
        found += [f"{name}: {module}" for module in modules if module.split(".")[0] in WRITERS]
    return found


def test_only_the_writers_write_tables_and_pages():
    assert [o for path in sources() for o in offences(path.read_text(), str(path.relative_to(ROOT)))] == []


@pytest.mark.parametrize(
    "planted", ["import csv", "from csv import writer", "import xlsxwriter", "import typst"]
)
def test_the_lint_finds_a_planted_import(planted):
    assert offences(planted, "grants/payments/documents.py") != []


def test_a_rooms_own_module_of_that_name_is_let_alone():
    assert offences("from .csv import write_csv", "grants/payments/documents.py") == []
