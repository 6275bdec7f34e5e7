"""Spanish is complete: whoever adds a string adds its translation."""

import ast
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils.translation.template import templatize

FLOORS = ("cities", "config", "grants", "projects", "residents")
MARKS = dict.fromkeys(("_", "_now", "gettext", "gettext_lazy")) | dict.fromkeys(
    ("ngettext", "ngettext_lazy"), (1, 2)
)
MARKED = re.compile(r"""\bn?(?:gettext|_)\((u?(?:'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"))""")
CATALOG = Path(settings.BASE_DIR, "locale/es/LC_MESSAGES/django.po")


@pytest.fixture(scope="module")
def catalog():
    with CATALOG.open("rb") as file:
        return read_po(file, locale="es")


def test_every_string_of_the_catalog_is_translated(catalog):
    untranslated = [
        message.id
        for message in catalog
        if message.id and not all([message.string] if isinstance(message.string, str) else message.string)
    ]

    assert untranslated == []


def test_nothing_in_the_catalog_is_a_guess(catalog):
    assert [message.id for message in catalog if message.id and message.fuzzy] == []


def test_translations_keep_their_placeholders(catalog):
    wrong = [(message.id, [str(error) for error in errors]) for message, errors in catalog.check() if errors]

    assert wrong == []


def strings_of_code():
    """Return the strings to translate, with where each stands; of several forms, the first."""
    for floor in FLOORS:
        for path in Path(settings.BASE_DIR, floor).rglob("*.py"):
            if "migrations" in path.parts:
                continue
            with path.open("rb") as file:
                for line, words, _comments, _context in extract("python", file, MARKS):
                    yield words if isinstance(words, str) else words[0], f"{path.name}:{line}"


def strings_of_templates():
    for path in Path(settings.BASE_DIR, "templates").rglob("*.*"):
        for literal in MARKED.findall(templatize(path.read_text())):
            yield ast.literal_eval(literal), path.name


@pytest.mark.parametrize("strings", [strings_of_code, strings_of_templates])
def test_every_string_of_the_pages_is_in_the_catalog(catalog, strings):
    found = list(strings())

    assert len(found) > 1_000
    assert [(words, place) for words, place in found if words and catalog.get(words) is None] == []
