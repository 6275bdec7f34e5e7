"""Spanish is complete: whoever adds a string adds its translation."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

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
