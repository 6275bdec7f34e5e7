"""What Django says about a form, in our words: the catalogue in locale/en wins over Django's own."""

import re
from pathlib import Path

import pyphen
import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po
from django import forms
from django.conf import settings
from django.utils.translation import gettext, ngettext

LOCALE = Path(settings.BASE_DIR, "locale/en/LC_MESSAGES")
DJANGO = Path(forms.__file__).parents[1] / "conf/locale/en/LC_MESSAGES/django.po"
HOLE = re.compile(r"%\(\w+\)[a-z]")
HYPHENS = pyphen.Pyphen(lang="en_US", left=1, right=1)

with (LOCALE / "django.po").open("rb") as source:
    OURS = [message for message in read_po(source) if message.id]

compiled = pytest.mark.skipif(
    not (LOCALE / "django.mo").exists(), reason="Translations are not compiled: make setup."
)


class Form(forms.Form):
    name = forms.CharField(max_length=5)
    email = forms.EmailField()
    kind = forms.ChoiceField(choices=[("a", "A")])
    count = forms.IntegerField(max_value=3)
    day = forms.DateField()
    letter = forms.FileField()


def every_id(message):
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def every_text(message):
    return (message.string,) if isinstance(message.string, str) else tuple(message.string)


@compiled
def test_an_empty_form_is_asked_for_politely():
    errors = {name: error[0] for name, error in Form({}).errors.items()}

    assert errors == dict.fromkeys(
        ("name", "email", "kind", "count", "day", "letter"), "Please fill this in."
    )


@compiled
def test_what_is_wrong_is_said_with_an_example():
    typed = {"name": "Rosalind", "email": "rosa", "kind": "z", "count": "9", "day": "soon"}

    errors = {name: error[0] for name, error in Form(typed).errors.items()}

    assert errors == {
        "name": "Write 5 letters at most. There are 8 now.",
        "email": "Write a full e-mail address, like name@example.org.",
        "kind": "“z” is not in the list. Please choose from the list.",
        "count": "Write 3 or less.",
        "day": "Write a date, like 2026-04-27 or 04/27/2026.",
        "letter": "Please fill this in.",
    }


@compiled
def test_what_is_compiled_is_what_is_written():
    with (LOCALE / "django.mo").open("rb") as product:
        held = {every_id(message): every_text(message) for message in read_mo(product) if message.id}

    assert held == {every_id(message): every_text(message) for message in OURS}
    assert gettext("Enter a number.") == "Write a number, like 12 or 12.5."
    one, many = next(message.id for message in OURS if isinstance(message.id, tuple))
    assert ngettext(one, many, 2) != many


def test_every_sentence_that_is_replaced_is_still_said_by_django():
    with DJANGO.open("rb") as source:
        theirs = {text for message in read_po(source) for text in every_id(message)}

    assert [text for message in OURS for text in every_id(message) if text not in theirs] == []


def test_no_sentence_asks_for_a_value_that_django_does_not_give():
    for message in OURS:
        given = set(HOLE.findall(" ".join(every_id(message))))
        assert set(HOLE.findall(" ".join(every_text(message)))) <= given, message.id


def test_they_are_said_at_a_reading_grade_of_eight_or_less():
    texts = [
        re.sub(r"\S+@\S+|https?://\S+", "name", HOLE.sub("five", t)) for m in OURS for t in every_text(m)
    ]
    words = re.findall(r"[A-Za-z']+", " ".join(texts))
    sentences = sum(len(re.findall(r"[.!?](?:\s|$)", text)) for text in texts)
    syllables = sum(HYPHENS.inserted(word).count("-") + 1 for word in words)

    assert 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59 <= 8
