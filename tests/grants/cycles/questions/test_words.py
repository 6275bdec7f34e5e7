"""Sentences for residents: plain enough to be read by everybody."""

import ast
import re
from pathlib import Path

import pyphen
from django.conf import settings

FOLDER = Path(settings.BASE_DIR, "grants/cycles/questions")
GRADE = 8
HYPHENS = pyphen.Pyphen(lang="en_US", left=1, right=1)


def sentences():
    """Every text that the engine may say, from its own source."""
    found = set()
    for path in FOLDER.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {
                "_",
                "ngettext",
                "gettext_noop",
            }:
                found |= {arg.value for arg in node.args if isinstance(arg, ast.Constant)}
    return sorted(found)


def grade(text):
    """The Flesch-Kincaid grade, syllables told by hyphenation (textstat needs a dictionary from the net)."""
    words = re.findall(r"[A-Za-z']+", re.sub(r"%\(\w+\)s", "5", text))
    syllables = sum(HYPHENS.inserted(word).count("-") + 1 for word in words)
    ends = max(len(re.findall(r"[.!?:](?:\s|$)", text)), 1)
    return 0.39 * len(words) / ends + 11.8 * syllables / len(words) - 15.59


def test_the_engine_says_quite_a_lot():
    assert len(sentences()) > 80


def test_it_is_said_at_a_reading_grade_of_eight_or_less():
    told = [text for text in sentences() if text.endswith(".")]
    longer = [text for text in told if len(text.split()) >= 8]

    assert grade(" ".join(told)) <= GRADE / 2
    assert [(round(grade(text), 1), text) for text in longer if grade(text) > GRADE] == []


def test_hard_words_would_be_noticed():
    assert (
        grade("Notwithstanding administrative prerequisites, insufficient documentation is inadmissible.")
        > GRADE
    )
