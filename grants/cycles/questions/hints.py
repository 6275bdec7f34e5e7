"""Help that follows from the definition: limits in words, and what a phone may fill in by itself."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .definition import Json, Kind, Question
from .money import cents_of_decimal, money_text
from .types.dates import day_of, day_text
from .types.numbers import decimal_of, number_text

_OTHER_PERSON = re.compile(
    r"president|leader|alt|sponsor|partner|owner|second|agent|fiduciary|signer", re.IGNORECASE
)
_TOKENS = (
    (Kind.EMAIL, re.compile(r""), "email"),
    (Kind.PHONE, re.compile(r""), "tel"),
    (Kind.SHORT_TEXT, re.compile(r"^(contact|your|applicant)?_?(full_)?name$|^contact_person$"), "name"),
    (
        Kind.SHORT_TEXT,
        re.compile(r"^(group|organi[sz]ation|association|legal_name)(_name)?$"),
        "organization",
    ),
    (Kind.SHORT_TEXT, re.compile(r"website"), "url"),
)


def autocomplete_of(question: Question) -> str:
    """Return the browser's name for the applicant's own data, nothing for other people's."""
    if _OTHER_PERSON.search(question.key):
        return ""
    return next((t for kind, key, t in _TOKENS if kind == question.type and key.search(question.key)), "")


def limits_hint(question: Question, currency: str, language: str) -> str:
    """Return the question's limits as a sentence; nothing where it has none (counters tell words)."""
    builders: dict[Kind, Callable[[], str]] = {
        Kind.NUMBER: lambda: _between(_number(question.min), _number(question.max)),
        Kind.MONEY: lambda: _amounts(question, currency, language),
        Kind.DATE: lambda: _days(question),
        Kind.MULTI_CHOICE: lambda: _choices(_int(question.min) or 0, _int(question.max)),
        Kind.FILE: lambda: _files(_int(question.min) or 0, _int(question.max)),
        Kind.TABLE: lambda: _rows(question),
        Kind.PEOPLE: lambda: _rows(question),
    }
    build = builders.get(question.type)
    return build() if build else ""


def _amounts(question: Question, currency: str, language: str) -> str:
    cents = (cents_of_decimal(question.min), cents_of_decimal(question.max))
    least, most = (None if c is None else money_text(c, currency, language) for c in cents)
    return _between(least, most)


def _between(least: str | None, most: str | None) -> str:
    if least is not None and most is not None:
        return _("From %(least)s to %(most)s.") % {"least": least, "most": most}
    if most is not None:
        return _("%(most)s at most.") % {"most": most}
    return _("%(least)s or more.") % {"least": least} if least is not None else ""


def _days(question: Question) -> str:
    first, last = day_of(question.min), day_of(question.max)
    if first and last:
        return _("From %(least)s to %(most)s.") % {"least": day_text(first), "most": day_text(last)}
    if last:
        return _("On %(day)s or earlier.") % {"day": day_text(last)}
    return _("On %(day)s or later.") % {"day": day_text(first)} if first else ""


def _choices(least: int, most: int | None) -> str:
    if most is None:
        return (
            _("Choose all that apply.") if least <= 1 else _("Choose %(least)s or more.") % {"least": least}
        )
    if least > 1:
        return _("Choose %(least)s to %(most)s.") % {"least": least, "most": most}
    return _("Choose up to %(most)s.") % {"most": most}


def _files(least: int, most: int | None) -> str:
    if least == most and most:
        return ngettext("%(count)s file.", "%(count)s files.", most) % {"count": most}
    if least > 1:
        return _("%(least)s files or more.") % {"least": least}
    return ngettext("Up to %(most)s file.", "Up to %(most)s files.", most) % {"most": most} if most else ""


def _rows(question: Question) -> str:
    least, most = question.min_rows or 0, question.max_rows
    is_people = question.type == Kind.PEOPLE
    if least > 1 and least == most:
        return (_("%(count)s people.") if is_people else _("%(count)s lines.")) % {"count": least}
    if least > 1:
        return (_("At least %(count)s people.") if is_people else _("At least %(count)s lines.")) % {
            "count": least
        }
    if most:
        return (_("Up to %(count)s people.") if is_people else _("Up to %(count)s lines.")) % {"count": most}
    return ""


def _number(value: Json) -> str | None:
    number: Decimal | None = decimal_of(value)
    return None if number is None else number_text(number)


def _int(value: Json) -> int | None:
    return None if value is None else int(value)
