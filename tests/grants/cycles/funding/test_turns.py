"""Whoever lacks money reads how much, and whose turn it is."""

import pytest

from cities.tenancy.scopes import city_scope
from grants.cycles.funding.actions import allocate
from grants.cycles.funding.turns import missing_sentence
from grants.programs.actions import accept_grant
from tests.grants.programs.factories import fund_city, make_grant, make_tranche

pytestmark = pytest.mark.django_db


def said(city, cycle, cents):
    with city_scope(city):
        return missing_sentence(cycle, cents)


def test_without_any_grant_only_the_center_can_help(city, cycle):
    assert said(city, cycle, 100) == (
        "$1.00 is missing in “Spring”. For $1.00 there is no money under way: award less, or ask the Center."
    )


def test_received_money_waits_for_a_manager(city, cycle, tranche):
    assert said(city, cycle, 100) == (
        "$1.00 is missing in “Spring”. A manager can allocate $40,000.00 that is received."
    )


def test_sent_money_waits_for_finance_and_granted_money_for_the_center(officer, city, cycle, finance):
    grant = make_grant(officer, city, 5_000)
    make_tranche(officer, grant, 3_000)
    with city_scope(city):
        accept_grant(grant.pk, actor=finance)

    first = (
        "is missing in “Spring”. Finance must confirm tranche 1 of LYB-baltimore: $30.00, "
        "sent on February 2, 2026."
    )
    then = "The Center has yet to send $20.00 of LYB-baltimore."
    last = "For $10.00 there is no money under way: award less, or ask the Center."
    assert said(city, cycle, 3_000) == f"$30.00 {first}"
    assert said(city, cycle, 5_000) == f"$50.00 {first} {then}"
    assert said(city, cycle, 6_000) == f"$60.00 {first} {then} {last}"


def test_a_grant_waits_for_finance_to_accept_it(officer, city, cycle):
    make_grant(officer, city, 5_000)

    assert said(city, cycle, 100) == (
        "$1.00 is missing in “Spring”. Finance must accept the program grant LYB-baltimore of $50.00."
    )


def test_allocated_money_is_no_help(officer, city, cycle, finance, manager):
    fund_city(officer, city, 5_000, finance=finance)
    with city_scope(city):
        allocate(cycle.pk, amount_cents=5_000, actor=manager)

    assert "no money under way" in said(city, cycle, 100)
