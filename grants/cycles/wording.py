"""The call's own words in the city's other languages.

Form and self-check carry their translations beside each question. What else a call says to residents (its name, what
it is for, what it pays) is translated word for word in ``Cycle.translations``: per language, the words given for a
text. Looked up by the text itself, so that a changed text is shown as it is until somebody translates it anew.
"""

from .models import Cycle
from .parts import MATCH_KINDS
from .questions.forms import words


def public_texts(cycle: Cycle) -> list[str]:
    """Return what a call says to residents outside of its form, each text once, in the order of its page."""
    terms, budget = cycle.award_terms, cycle.budget
    match = budget["match_required"] or {}
    texts = [
        cycle.name,
        cycle.purpose,
        *(category["label"] for category in budget["categories"]),
        *budget["disallowed"],
        *(words(kind) for kind in match.get("may_be") or () if kind not in MATCH_KINDS),
        match.get("note") or "",
        *(text for paper in cycle.attachments for text in (paper["label"], paper["when"] or "")),
        *terms["conditions"],
        *(service["label"] for service in terms["city_services"]),
    ]
    return list(dict.fromkeys(text for text in texts if text))


def missing_texts(cycle: Cycle, language: str) -> list[str]:
    """Return the texts that have no words in a language yet."""
    said = cycle.translations.get(language, {})
    return [text for text in public_texts(cycle) if text not in said]
