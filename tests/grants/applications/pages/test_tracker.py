"""The way of an application after the decision, as its applicant reads it: flat columns only."""

from datetime import date

import pytest
from django.test import Client

from cities.interface.formats import money
from cities.tenancy.scopes import city_scope
from grants.applications.tracking import steps
from grants.cycles.models import Cycle
from tests.factories import ApplicationFactory
from tests.people import sign_in

WORDS = {
    "offered": [
        "Good news: the city offers you a grant",
        "Read the offer and answer",
        "You say yes or no",
        "December 1, 2026",
    ],
    "accepted": [
        "The grant is yours",
        "Money and receipts",
        "You said yes",
        "$400 of $1,200 so far.",
        "$100 of $1,200 so far.",
    ],
    "completed": ["The grant is yours", "All done", "You show your receipts"],
    "declined": ["You said no to the grant", "The money goes to another project."],
}


def make(city, resident, **fields):
    with city_scope(city):
        return ApplicationFactory(submitted=True, applicant=resident, city_slug=city.slug, **fields)


def page_of(application, resident):
    return sign_in(Client(), resident).get(f"/tilden/apply/{application.pk}/").content.decode()


@pytest.mark.parametrize("status", ["submitted", "eligible"])
def test_reading_waits_for_the_close_only_while_the_call_is_open(city, resident, status):
    application = make(city, resident, status=status)

    assert "This starts after the call closes." in page_of(application, resident)
    with city_scope(city):
        Cycle.objects.update(closes_at=application.submitted_at)
    assert "This starts after the call closes." not in page_of(application, resident)


@pytest.mark.parametrize("status", ["submitted", "eligible", "ineligible"])
def test_until_the_call_closes_it_can_be_opened_again_screened_or_not(city, resident, status):
    application = make(city, resident, status=status, screening_reason="Outside the city.")
    me = sign_in(Client(), resident)

    assert "Open it again" in page_of(application, resident)
    asked = me.get(f"/tilden/apply/{application.pk}/open-again/").content.decode()
    assert ("Then the city checks it anew." in asked) is (status != "submitted")
    me.post(f"/tilden/apply/{application.pk}/open-again/")
    with city_scope(city):
        application.refresh_from_db()
    assert application.status == "draft"


@pytest.mark.parametrize("award_status", WORDS)
def test_the_tracker_follows_the_award(city, resident, award_status):
    application = make(
        city,
        resident,
        status="awarded",
        award_status=award_status,
        awarded_cents=None if award_status == "declined" else 120_000,
        paid_cents=40_000,
        proved_cents=10_000,
        next_date_on=date(2026, 12, 1),
    )

    page = page_of(application, resident)

    for words in WORDS[award_status]:
        assert words in page
    assert (f"/tilden/awards/of/{application.pk}/" in page) is (award_status != "declined")


@pytest.mark.parametrize(
    ("award_status", "settled", "words"),
    [
        ("accepted", 70_000, "$700 of $700 so far. $300 is back in the city’s pool."),
        ("completed", 60_000, "$600 of $600 so far. $400 is back in the city’s pool."),
        ("accepted", 0, "$1,000 is back in the city’s pool."),
    ],
)
def test_what_went_back_to_the_pool_is_neither_to_be_paid_nor_to_be_proved(
    city, resident, award_status, settled, words
):
    application = make(
        city,
        resident,
        status="awarded",
        award_status=award_status,
        awarded_cents=100_000,
        released_cents=100_000 - settled,
        paid_cents=settled,
        proved_cents=settled,
    )

    paying, proving = steps(application)[-2:]

    assert (paying.state, paying.words, proving.state) == ("done", words, "done")
    assert words in page_of(application, resident)
    mine = sign_in(Client(), resident).get("/me/").content.decode()
    assert "back in the city’s pool:" in mine
    assert money(application.released_cents, "USD") in mine


def test_a_no_says_its_reason_once_and_whom_to_call(city, resident):
    application = make(city, resident, status="unfunded", decision_reason="The lot belongs to the railway.")

    page = page_of(application, resident)

    assert page.count("The lot belongs to the railway.") == 1
    assert "please call the city" in page
    assert "312 555 0100" in page


def test_all_scores_in_means_that_the_city_decides_now(city, resident):
    application = make(city, resident, status="eligible", assigned_count=3, scored_count=3)

    page = page_of(application, resident)

    assert "This starts after the call closes." not in page
    assert "The city decides" in page


def test_an_offer_taken_back_is_decided_again(city, resident):
    application = make(city, resident, status="eligible", award_status="rescinded")

    assert "It took back its first offer, and decides again." in page_of(application, resident)


def test_ones_own_list_tells_of_the_award(city, resident):
    make(
        city,
        resident,
        status="awarded",
        award_status="offered",
        awarded_cents=120_000,
        next_date_on=date(2026, 12, 1),
    )
    make(city, resident, status="awarded", award_status="accepted", awarded_cents=90_000, paid_cents=45_000)
    make(city, resident, status="unfunded", decision_reason="x")

    page = sign_in(Client(), resident).get("/me/").content.decode()

    assert "The city offers you a grant" in page
    assert "Please answer by" in page
    assert "The grant is yours" in page
    assert "$450.00" in page
    assert "Not funded" in page
