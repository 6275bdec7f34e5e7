"""Move a call from the past to now.

All known dates move by one number of whole weeks: weekdays stay, so does the hour on the city's clocks (the
offset follows the season). Words that mention dates can't be moved; they are told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from grants.cycles.questions import Json

from .dates import local_day, moved, places, read_date
from .errors import pointer
from .reading import CallFile

DAYS_TO_CLOSE = 7
"""The close comes to lie 7 to 13 days ahead: the one whole number of weeks that does it."""

ANCHORS = (
    ("opens_at", -6, "the opening lies at most six days back"),
    (
        "project_starts",
        49,
        "projects start seven weeks or more ahead, which leaves time to apply and to decide",
    ),
    ("decision_by", 35, "the decision lies five weeks or more ahead"),
    ("project_ends", 140, "projects end twenty weeks or more ahead"),
)
"""Without a known close: the first known date, and how many days ahead of today it comes to lie, at least."""

_WRITTEN_DATE = re.compile(
    r"\b(?:19|20)\d\d-\d\d-\d\d\b|\b(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.? \d{1,2}\b"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b.*\b(?:19|20)\d\d\b"
)


@dataclass(frozen=True, slots=True)
class Shifted:
    """The moved call, by how many weeks, and what somebody should know about it."""

    call: CallFile
    weeks: int
    notes: tuple[str, ...]


def shift(call: CallFile, today: date) -> Shifted:
    """Move all known dates so that the call closes 7 to 13 days after ``today`` (in the city's zone).

    Where the close is unknown, the first known of opening, project start, decision and project end is the
    anchor. A call without any date stays as it is.
    """
    weeks, reason = _weeks(call, today)
    new = call.copy()
    skipped = []
    for place in list(places(new.data)):
        text = moved(place.text, weeks, new.zone)
        place.write(text)
        if "T" in text and text[11:19] != place.text[11:19] and _same_offset(place.text, call):
            skipped.append(f"{pointer(place.path)}: the clocks skip this hour on that day; it is now {text}.")
    return Shifted(
        new, weeks, (*([reason] if reason else []), *_opening_note(new, today), *skipped, *_word_notes(call))
    )


def _weeks(call: CallFile, today: date) -> tuple[int, str]:
    close = local_day(call.data["cycle"]["closes_at"], call.zone)
    if close:
        return _weeks_until(close, today + timedelta(days=DAYS_TO_CLOSE)), ""
    for key, ahead, words in ANCHORS:
        day = local_day(call.data["cycle"][key], call.zone)
        if day:
            weeks = _weeks_until(day, today + timedelta(days=ahead))
            return weeks, f"The close is unknown, so dates were moved until {words}."
    return 0, "No date of the cycle is known, so no date was moved."


def _weeks_until(day: date, earliest: date) -> int:
    """Return the number of weeks that brings ``day`` to ``earliest`` or to one of the six days after."""
    return -((day - earliest).days // 7)


def _opening_note(call: CallFile, today: date) -> tuple[str, ...]:
    opens = call.dates.opens_at
    if opens is None or opens.astimezone(call.zone).date() <= today:
        return ()
    return (f"After moving, the call opens in the future: {call.data['cycle']['opens_at']}.",)


def _same_offset(text: str, call: CallFile) -> bool:
    """Return whether a printed time is the city's own; one printed in another zone changes its hour anyway."""
    moment = read_date(text)
    return moment is not None and "T" in text and moved(text, 0, call.zone) == text


def _word_notes(call: CallFile) -> Iterator[str]:
    """Tell the texts that mention dates: they keep their old words."""
    for path, text in _texts(call.data):
        if _WRITTEN_DATE.search(text):
            yield f"{pointer(path)}: these words mention a date, which was not moved: “{text}”"
    yield f"/cycle/year stays {call.data['cycle']['year']}, and so does the name “{call.data['cycle']['name']}”."


def _texts(data: Json) -> Iterator[tuple[tuple[str | int, ...], str]]:
    if data["cycle"]["purpose"]:
        yield ("cycle", "purpose"), data["cycle"]["purpose"]
    for n, item in enumerate(data["eligibility"]):
        yield ("eligibility", n, "label"), item["label"]
        yield ("eligibility", n, "must", "words"), item["must"]["words"]
    for s, section in enumerate(data["sections"]):
        for q, question in enumerate(section["questions"]):
            yield ("sections", s, "questions", q, "label"), question["label"]
            yield ("sections", s, "questions", q, "help"), question["help"] or ""
    for n, attachment in enumerate(data["attachments"]):
        yield ("attachments", n, "when"), attachment["when"] or ""
    for n, condition in enumerate(data["award"]["conditions"]):
        yield ("award", "conditions", n), condition
    for n, report in enumerate(data["award"]["reports"]):
        yield ("award", "reports", n, "due"), report["due"] or ""
