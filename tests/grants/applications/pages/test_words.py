"""Residents read these pages: plain words, at most eighth grade."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.grants.cycles.questions.test_words import grade

FOLDERS = ["grants/applications", "grants/cycles/public"]
WORDS = re.compile(
    r'{% translate "([^"]+)" %}|_\("([^"]+)"\)|{% blocktranslate[^%]*%}(.*?){% endblocktranslate %}',
    re.DOTALL,
)
LETTERS = sorted(Path(settings.BASE_DIR, "templates/grants/applications/notices").glob("*.en.txt"))


def sentences(folder):
    for path in sorted(Path(settings.BASE_DIR, "templates", folder).glob("*.html")):
        for found in WORDS.finditer(path.read_text()):
            text = re.sub(r"{[{%].*?[%}]}", "it", next(part for part in found.groups() if part)).strip()
            if len(text.split()) > 3:
                yield text if text[-1] in ".?!:" else f"{text}."


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_residents_read_is_plain(folder):
    text = " ".join(sentences(folder))

    assert len(text.split()) > 200
    assert grade(text) <= 8


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: path.name)
def test_what_residents_get_by_mail_is_plain(path):
    text = re.sub(r"{[{%].*?[%}]}", " ", path.read_text())

    assert grade(text) <= 8
