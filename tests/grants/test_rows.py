"""Rows drawn in one piece: whatever people typed stays text."""

from datetime import UTC, date, datetime
from html.parser import HTMLParser
from typing import NamedTuple
from uuid import UUID

import pytest
from django.utils.translation import override

from cities.tenancy.models import City
from grants.awards.marks import AWARD_MARKS, TO_DECIDE
from grants.awards.rows import Row
from grants.templatetags.ranking import ranking_rows
from grants.templatetags.rows import application_rows, disbursement_rows, minor, payment_rows, short

HOSTILE = """<script>alert("1")</script>'&"""
KEY = UUID("01900000-0000-7000-8000-00000000000a")


class Sign(NamedTuple):
    word: str
    label: str


NOW = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)
CITY = City(slug="baltimore", name="Baltimore", timezone="America/New_York", currency="USD")

APPLICATION = {
    "id": KEY, "reference": HOSTILE, "status": "submitted", "title": HOSTILE, "applicant_name": HOSTILE, "group_name": HOSTILE,
    "neighborhood": HOSTILE, "category": HOSTILE, "requested_cents": 125_000, "file_count": 2, "note_count": 1,
    "submitted_at": NOW, "word": HOSTILE, "tone": "info",
}  # fmt: skip
PAYMENT = {
    "id": KEY, "number": 1, "award__reference": HOSTILE, "award__title": HOSTILE, "payee_name": HOSTILE, "purpose": HOSTILE,
    "word": HOSTILE, "tone": "success", "method_word": HOSTILE, "amount_cents": 50_050, "currency": "USD", "requested_at": NOW,
    "requested_on": NOW.date(),
    "requester": HOSTILE, "paid_on": date(2026, 3, 2), "voucher_number": HOSTILE,
}  # fmt: skip
DISBURSEMENT = PAYMENT | {
    "reference": HOSTILE, "city__slug": "baltimore", "city__name": HOSTILE, "city__timezone": "America/New_York",
    "approver": HOSTILE, "recorder": HOSTILE, "proved_cents": 100, "marks": [Sign(HOSTILE, HOSTILE)],
}  # fmt: skip
RANKED = APPLICATION | {
    "status": "eligible", "award_status": "", "assigned_count": 2, "scored_count": 1, "score_mean": None, "score_spread": None,
    "recommended_cents": None, "awarded_cents": None, "latitude": 39.3, "longitude": -76.6,
}  # fmt: skip


def ranked(**facts):
    return Row(
        RANKED | facts,
        TO_DECIDE,
        amount=HOSTILE,
        is_ticked=True,
        is_own=False,
        is_low=True,
        fails_gate=True,
        error=HOSTILE,
    )


def draw_ranking(*rows, can_decide=True):
    return ranking_rows(rows, currency="USD", desk=f"/{HOSTILE}/", here=f"/{HOSTILE}/", can_decide=can_decide)


def head(columns):
    return "<thead><tr>" + '<th scope="col">x</th>' * columns + "</tr></thead>"


DRAWN = {
    "applications": lambda: application_rows(
        head(8), [APPLICATION], city=CITY, address=f"?q={HOSTILE}", can_screen=True
    ),
    "payments": lambda: payment_rows(head(7), [PAYMENT], city=CITY),
    "disbursements": lambda: disbursement_rows(
        head(11), [DISBURSEMENT], here="/center/disbursements/", cities="/center/cities/"
    ),
    "ranking": lambda: draw_ranking(ranked()),
    "ranking undone": lambda: draw_ranking(ranked(status="unfunded")),
}


class Tags(HTMLParser):
    """What is a tag, and what is text or an attribute's value."""

    def __init__(self, html):
        super().__init__()
        self.tags, self.open, self.values, self.text = [], [], [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.values += [value for _name, value in attrs]
        if tag not in {"input", "br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.text.append(data)


@pytest.mark.parametrize("name", sorted(DRAWN))
def test_whatever_was_typed_stays_text(name):
    found = Tags(DRAWN[name]())

    assert "script" not in found.tags
    assert found.open == []
    assert any(HOSTILE in text for text in found.text)


def test_a_head_with_another_column_is_no_head_of_these_rows():
    with pytest.raises(ValueError, match="unpack"):
        payment_rows(head(8), [PAYMENT], city=CITY)


def test_a_payments_days_have_their_year():
    text = " ".join(Tags(payment_rows(head(7), [PAYMENT], city=CITY)).text)

    assert "Mar 1, 2026, 12:30 PM" in text
    assert "Mar 2, 2026" in text


def test_a_row_says_what_the_list_shows():
    row = APPLICATION | {"reference": "BAL-2026-0042", "title": "", "category": "", "note_count": 0}

    text = " ".join(
        Tags(application_rows(head(7), [row], city=CITY, address="?sort=title", can_screen=False)).text
    )

    assert "Untitled application" in text
    assert "BAL-2026-0042" in text
    assert "$1,250" in text
    assert "Mar 1, 12:30" in text


def test_who_may_not_decide_gets_nothing_to_tick_or_type():
    drawn = draw_ranking(ranked(), can_decide=False)

    assert "<input" not in drawn
    assert "<input" in draw_ranking(ranked())


def test_marks_and_scores_are_those_of_the_row():
    offered = Row(
        RANKED | {"status": "awarded", "award_status": "offered", "awarded_cents": 90_000, "score_mean": 8, "score_spread": 1.25},
        AWARD_MARKS["offered"], amount="", is_ticked=False, is_own=True, is_low=False, fails_gate=False,
    )  # fmt: skip

    text = " ".join(Tags(draw_ranking(offered)).text)

    assert [words in text for words in ("Offered", "$900", "Your own", "8", "1.25")] == [True] * 5


def test_the_words_are_in_the_readers_language():
    with override("es"):
        assert "Untitled application" not in draw_ranking(ranked(title=""))


def test_a_long_text_is_cut_and_no_text_takes_no_room():
    assert short("a" * 60, 60) == "a" * 60
    assert short("a" * 61, 60) == "a" * 59 + "…"
    assert minor("") == ""


@pytest.mark.parametrize(
    ("facts", "can_decide", "is_on_map"),
    [
        ({}, True, True),
        ({}, False, False),
        ({"latitude": None}, True, False),
        ({"status": "unfunded"}, True, False),
        ({"status": "awarded", "award_status": "offered"}, False, True),
        ({"status": "awarded", "award_status": "rescinded"}, False, False),
    ],
)
def test_on_the_map_is_what_could_be_ticked_and_what_is_funded(facts, can_decide, is_on_map):
    html = draw_ranking(ranked(**facts), can_decide=can_decide)

    assert ('data-place="39.3 -76.6"' in html) is is_on_map
