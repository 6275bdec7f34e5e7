"""The money pages: who sees what, what is asked once, and how a refusal comes back."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from cities.access.models import Role
from cities.interface.waiting import waiting_for
from cities.tenancy.models import new_id
from cities.tenancy.scopes import city_scope
from grants.cycles.funding.actions import allocate
from grants.cycles.funding.books import Books
from grants.cycles.funding.queries import standings, unallocated_cents
from grants.ledger.models import Entry, MoneyCall
from tests.factories import CycleFactory, make_member
from tests.grants.programs.factories import SENT_ON, fund_city, make_grant, make_tranche
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


def page(client, name, **kwargs):
    return client.get(url(name, **kwargs))


def url(name, **kwargs):
    return reverse(f"grants:money-{name}", kwargs={"city": "baltimore", **kwargs})


def key():
    return new_id().hex


@pytest.fixture
def as_finance(client, finance):
    return sign_in(client, finance)


@pytest.fixture
def as_manager(manager):
    return sign_in(Client(), manager)


def entries(city):
    with city_scope(city):
        return list(Entry.objects.order_by("posted_at", "id").values_list("kind", "amount_cents"))


def test_a_city_without_money_is_told_how_it_begins(as_finance):
    answer = page(as_finance, "overview")

    assert b"No program grant yet" in answer.content
    assert b"Nothing was posted yet" in answer.content


def test_finance_accepts_confirms_and_the_manager_allocates(as_finance, as_manager, officer, city, cycle):
    grant = make_grant(officer, city, 4_000_000)
    tranche = make_tranche(officer, grant, 3_000_000)

    accepted = as_finance.post(url("grant-accept", pk=grant.pk), {"key": key()})
    confirmed = as_finance.post(
        url("tranche-confirm", pk=tranche.pk),
        {"key": key(), "received_on": SENT_ON.isoformat(), "bank_reference": "IN 7"},
    )
    allocated = as_manager.post(url("cycle-allocate", pk=cycle.pk), {"key": key(), "amount_cents": "20,000"})

    assert [answer.status_code for answer in (accepted, confirmed, allocated)] == [302] * 3
    assert entries(city) == [("acceptance", 4_000_000), ("receipt", 3_000_000), ("allocation", 2_000_000)]
    text = page(as_manager, "overview").content.decode()
    assert "$20,000" in text
    assert "IN 7" not in text
    assert "Fay Finance" in text
    assert 'href="/baltimore/staff/money/entries/?account=unallocated"' in text


def test_a_refused_allocation_comes_back_with_what_there_is(as_manager, city, cycle, tranche):
    answer = as_manager.post(url("cycle-allocate", pk=cycle.pk), {"key": key(), "amount_cents": "40,000.01"})

    assert answer.status_code == 422
    assert b"$40,000.00 is received and not allocated yet." in answer.content
    assert b'value="40,000.01"' in answer.content


def test_money_is_taken_back_on_the_same_page(as_manager, city, cycle, manager, tranche):
    with city_scope(city):
        allocate(cycle.pk, amount_cents=3_000_000, actor=manager)

    done = as_manager.post(url("cycle-deallocate", pk=cycle.pk), {"key": key(), "amount_cents": "10000"})
    refused = as_manager.post(
        url("cycle-deallocate", pk=cycle.pk), {"key": key(), "amount_cents": "20000.01"}
    )

    assert (done.status_code, refused.status_code) == (302, 422)
    with city_scope(city):
        assert standings([cycle])[cycle.pk].available_cents == 2_000_000


def test_a_page_sent_twice_does_it_once(as_manager, city, cycle, tranche):
    body = {"key": key(), "amount_cents": "100"}

    answers = [as_manager.post(url("cycle-allocate", pk=cycle.pk), body) for _time in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert [kind for kind, _cents in entries(city)].count("allocation") == 1


def test_a_form_is_drawn_with_a_new_key_each_time(as_manager, city, cycle, tranche):
    drawn = {
        found
        for _time in range(2)
        for found in re.findall(
            r'name="key" value="(\w+)"', page(as_manager, "cycle", pk=cycle.pk).content.decode()
        )
    }

    assert len(drawn) == 4


def test_another_citys_grant_tranche_and_call_are_not_there(as_finance, as_manager, officer, city, dallas):
    grant = make_grant(officer, dallas)
    tranche = make_tranche(officer, grant)
    with city_scope(dallas):
        foreign = CycleFactory()

    assert as_finance.post(url("grant-accept", pk=grant.pk), {"key": key()}).status_code == 404
    assert as_finance.post(url("tranche-confirm", pk=tranche.pk), {"key": key()}).status_code == 404
    assert as_manager.post(url("cycle-allocate", pk=foreign.pk), {"key": key()}).status_code == 404
    assert entries(city) == []


def test_the_books_filter_by_kind_account_and_call_and_sum_up(as_manager, city, cycle, manager, tranche):
    with city_scope(city):
        other = CycleFactory(name="Fall")
        allocate(cycle.pk, amount_cents=1_000_000, actor=manager)
        allocate(other.pk, amount_cents=500_000, actor=manager)

    def rows(**query):
        books = as_manager.get(url("entry-list"), query).context["books"]
        return [(row.entry.kind, row.change_cents) for row in books.page], books.total_cents

    assert rows(kind="receipt") == ([("receipt", None)], None)
    assert rows(account="unallocated") == (
        [("allocation", -500_000), ("allocation", -1_000_000), ("receipt", 4_000_000)],
        2_500_000,
    )
    assert rows(account="available", cycle=str(cycle.pk)) == ([("allocation", 1_000_000)], 1_000_000)
    assert rows(about=str(tranche.pk)) == ([("receipt", None)], None)
    assert len(rows(kind="no such", cycle="x")[0]) == 4


@pytest.mark.usefixtures("tranche")
def test_the_books_go_on_where_a_page_ends(as_manager, city, cycle, manager, monkeypatch):
    monkeypatch.setattr(Books.__init__, "__kwdefaults__", {"size": 3})
    with city_scope(city):
        for cents in range(1, 6):
            allocate(cycle.pk, amount_cents=cents, actor=manager)

    first = as_manager.get(url("entry-list")).context["books"]
    second = as_manager.get(url("entry-list"), {"after": first.after}).context["books"]
    third = as_manager.get(url("entry-list"), {"after": second.after}).context["books"]

    shown = [row.entry.amount_cents for books in (first, second, third) for row in books.page]
    assert shown == [5, 4, 3, 2, 1, 4_000_000, 4_000_000]
    assert third.after == ""
    assert as_manager.get(url("entry-list"), {"after": "made-by-hand"}).status_code == 200


def test_money_pages_ask_the_same_however_much_there_is(as_manager, officer, city, manager, finance):
    counts = []
    for number in (1, 2, 3):
        with city_scope(city):
            other = CycleFactory()
        fund_city(officer, city, 1_000, finance=finance, reference=f"G{number}")
        with city_scope(city):
            allocate(other.pk, amount_cents=1_000, actor=manager)
        found = []
        for name, kwargs in (("overview", {}), ("cycle", {"pk": other.pk}), ("entry-list", {})):
            with count_statements() as statements:
                assert page(as_manager, name, **kwargs).status_code == 200
            found.append(len(statements))
        counts.append(found)

    assert counts[0] == counts[1] == counts[2]


def test_today_lists_what_waits_on_finance_and_on_the_manager(officer, city, cycle, finance, manager):
    sent_on = timezone.localdate(timezone=city.zone) - timedelta(days=20)
    make_grant(officer, city, 5_000, reference="new")
    accepted = fund_city(officer, city, 7_000, finance=finance, reference="old", granted=9_000)
    make_tranche(officer, accepted.program_grant, 2_000, sent_on=sent_on)
    viewer = make_member(city, Role.VIEWER)

    def rows(person):
        with city_scope(city):
            return {(str(row.label), row.count, row.cents, row.note) for row in waiting_for(person, city)}

    assert rows(finance) == {
        ("Program grants to accept", 1, 5_000, ""),
        ("Payments of the Center to confirm", 1, 2_000, "sent 20 days ago"),
    }
    assert ("Money to allocate to a call", 1, 7_000, "") in rows(manager)
    assert rows(viewer) == set()


# -- The API -----------------------------------------------------------------------------------------


def api(client, name, body=None, *, idempotency=None, **kwargs):
    address = reverse(f"grants:api-money-{name}", kwargs={"city": "baltimore", **kwargs})
    if body is None:
        return client.get(address)
    headers = {"Idempotency-Key": idempotency or key()}
    return client.post(address, body, content_type="application/json", headers=headers)


def test_the_same_way_over_the_api(as_finance, as_manager, officer, city, cycle):
    grant = make_grant(officer, city, 4_000_000)
    tranche = make_tranche(officer, grant, 3_000_000)

    answers = [
        api(as_finance, "grant-accept", {}, pk=grant.pk),
        api(as_finance, "tranche-confirm", {"received_on": SENT_ON.isoformat()}, pk=tranche.pk),
        api(as_manager, "cycle-allocate", {"amount_cents": 2_000_000}, pk=cycle.pk),
        api(as_manager, "cycle-deallocate", {"amount_cents": 500_000}, pk=cycle.pk),
    ]

    assert [answer.status_code for answer in answers] == [201] * 4
    body = api(as_manager, "overview").json()
    assert body["unallocated_cents"] == 1_500_000
    assert [(row["reference"], row["confirmed_cents"]) for row in body["grants"]] == [
        ("LYB-baltimore", 3_000_000)
    ]
    assert [(row["planned_cents"], row["available_cents"]) for row in body["cycles"]] == [
        (5_000_000, 1_500_000)
    ]
    kinds = [row["kind"] for row in api(as_manager, "entry-list").json()["results"]]
    assert kinds == ["deallocation", "allocation", "receipt", "acceptance"]


def test_a_call_without_a_key_or_an_amount_is_refused(as_manager, city, cycle, tranche):
    address = reverse("grants:api-money-cycle-allocate", kwargs={"city": "baltimore", "pk": cycle.pk})

    without = as_manager.post(address, {"amount_cents": 1}, content_type="application/json")

    assert (without.status_code, "idempotency key" in without.json()["detail"]) == (422, True)
    assert api(as_manager, "cycle-allocate", {"amount_cents": -1}, pk=cycle.pk).status_code == 400
    with city_scope(city):
        assert (unallocated_cents(), MoneyCall.objects.count()) == (4_000_000, 0)
