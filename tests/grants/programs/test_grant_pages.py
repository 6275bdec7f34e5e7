"""The Center's pages and API of program grants: officers write, auditors read."""

import pytest
from django.test import Client
from django.urls import reverse

from cities.access.models import Role
from cities.tenancy.models import new_id
from cities.tenancy.scopes import center_scope, city_scope
from grants.programs.actions import accept_grant, confirm_tranche
from grants.programs.models import ProgramGrant
from tests.factories import make_city, make_member
from tests.grants.programs.factories import SENT_ON, make_grant, make_tranche
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

FACTS = {"reference": "LYB-1", "starts_on": "2026-01-01", "ends_on": "2027-12-31"}


def url(name, **kwargs):
    return reverse(f"grants:center-{name}", kwargs=kwargs)


def api_url(name, **kwargs):
    return reverse(f"grants:api-center-{name}", kwargs=kwargs)


def key():
    return new_id().hex


def grants(officer):
    with center_scope(officer):
        return list(
            ProgramGrant.objects.order_by("created_at").values_list("reference", "amount_cents", "sent_cents")
        )


def test_an_officer_grants_and_sends_on_pages(as_officer, officer, baltimore):
    made = as_officer.post(
        url("grant-create"), {"key": key(), "city": baltimore.pk, "amount_cents": "100,000", **FACTS}
    )
    sent = as_officer.post(
        f"{made.url}tranches/",
        {"key": key(), "amount_cents": "40000", "sent_on": SENT_ON.isoformat(), "bank_reference": "WIRE 7"},
    )

    assert (made.status_code, sent.status_code) == (302, 302)
    assert grants(officer) == [("LYB-1", 10_000_000, 4_000_000)]
    text = as_officer.get(made.url).content.decode()
    assert "WIRE 7" in text
    assert "Not confirmed" in text


@pytest.mark.parametrize("is_kept", [True, False])
def test_the_officer_reads_whether_anybody_in_the_city_was_told(as_officer, baltimore, is_kept):
    if is_kept:
        make_member(baltimore, Role.FINANCE)

    page = as_officer.post(
        url("grant-create"), {"key": key(), "city": baltimore.pk, "amount_cents": "100", **FACTS}, follow=True
    ).content.decode()

    assert ("The city is told." in page, "nobody is told" in page) == (is_kept, not is_kept)


def test_the_sign_is_that_of_the_city_in_the_address_and_without_one_there_is_none(as_officer):
    lisbon = make_city("lisbon", currency="EUR")
    sign = '<div class="usa-input-prefix" aria-hidden="true">'

    assert f"{sign}€" in as_officer.get("/center/grants/new/", {"city": str(lisbon.pk)}).content.decode()
    for address in ({}, {"city": "no-id"}):
        assert sign not in as_officer.get("/center/grants/new/", address).content.decode()


def test_an_amount_is_read_in_the_citys_currency(as_officer, officer):
    osaka = make_city("osaka", currency="JPY")

    cents = as_officer.post(
        url("grant-create"), {"key": key(), "city": osaka.pk, "amount_cents": "1000.50", **FACTS}
    )
    whole = as_officer.post(
        url("grant-create"), {"key": key(), "city": osaka.pk, "amount_cents": "100000", **FACTS}
    )

    assert (cents.status_code, whole.status_code) == (422, 302)
    assert grants(officer) == [("LYB-1", 100_000, 0)]


def test_too_large_a_tranche_comes_back_with_what_is_left(as_officer, officer, baltimore):
    grant = make_grant(officer, baltimore, 5_000)

    answer = as_officer.post(
        url("tranche-send", pk=grant.pk),
        {"key": key(), "amount_cents": "50.01", "sent_on": SENT_ON.isoformat(), "bank_reference": "W"},
    )

    assert answer.status_code == 422
    assert b"$50.00 is left to send." in answer.content


def test_the_list_shows_what_cities_confirmed_and_totals_per_currency(as_officer, officer, baltimore):
    finance = make_member(baltimore, Role.FINANCE)
    grant = make_grant(officer, baltimore, 10_000)
    first = make_tranche(officer, grant, 4_000)
    make_tranche(officer, grant, 3_000)
    make_grant(officer, make_city("toronto", currency="CAD"), 500)
    with city_scope(baltimore):
        accept_grant(grant.pk, actor=finance)
        confirm_tranche(first.pk, received_on=SENT_ON, actor=finance)

    giving = as_officer.get(url("grant-list")).context["giving"]

    assert [
        (total.currency, total.granted_cents, total.sent_cents, total.confirmed_cents)
        for total in giving.totals
    ] == [("CAD", 500, 0, 0), ("USD", 10_000, 7_000, 4_000)]
    row = giving.page[1]
    assert (row.confirmed_cents, row.unconfirmed_since, row.left_cents) == (4_000, SENT_ON, 3_000)
    for query, found in (
        ({"state": "unconfirmed"}, ["LYB-baltimore"]),
        ({"state": "waiting"}, ["LYB-toronto"]),
        ({"state": "unsent"}, ["LYB-toronto", "LYB-baltimore"]),
        ({"currency": "cad"}, ["LYB-toronto"]),
        ({"q": "balt"}, ["LYB-baltimore"]),
        ({"q": "nobody"}, []),
    ):
        shown = as_officer.get(url("grant-list"), query).context["giving"].page
        assert [grant.reference for grant in shown] == found


def test_an_auditor_reads_and_writes_nothing(auditor, officer, baltimore):
    grant = make_grant(officer, baltimore, 5_000)
    reader = sign_in(Client(), auditor)

    pages = [reader.get(url("grant-list")), reader.get(url("grant-detail", pk=grant.pk))]
    deeds = [
        reader.post(url("tranche-send", pk=grant.pk), {"key": key()}),
        reader.post(url("grant-create"), {"key": key()}),
        reader.post(api_url("grant-list"), {}, content_type="application/json"),
    ]

    assert [answer.status_code for answer in pages] == [200, 200]
    assert [answer.status_code for answer in deeds] == [403] * 3
    assert b"Record a tranche" not in pages[1].content


def test_the_same_way_over_the_api_and_once_per_key(as_officer, officer, baltimore):
    body = {"city": "baltimore", "amount_cents": 5_000, "currency": "USD", **FACTS}
    headers = {"Idempotency-Key": key()}

    made, again = (
        as_officer.post(api_url("grant-list"), body, content_type="application/json", headers=headers)
        for _time in range(2)
    )
    sent = as_officer.post(
        api_url("tranche-list", pk=made.json()["id"]),
        {"amount_cents": 2_000, "sent_on": SENT_ON.isoformat(), "bank_reference": "W"},
        content_type="application/json",
        headers={"Idempotency-Key": key()},
    )
    foreign = as_officer.post(
        api_url("grant-list"),
        {**body, "currency": "CAD", "reference": "2"},
        content_type="application/json",
        headers={"Idempotency-Key": key()},
    )

    assert (made.status_code, again.json()) == (201, made.json())
    assert (sent.status_code, foreign.status_code, foreign.json()["field"]) == (201, 422, "currency")
    assert grants(officer) == [("LYB-1", 5_000, 2_000)]
    detail = as_officer.get(api_url("grant-detail", pk=made.json()["id"])).json()
    assert [(row["number"], row["received_on"]) for row in detail["tranches"]] == [(1, None)]
    listed = as_officer.get(api_url("grant-list")).json()
    assert (listed["totals"][0]["unconfirmed_cents"], len(listed["results"])) == (2_000, 1)


def test_the_pages_ask_the_same_however_much_there_is(as_officer, officer, baltimore):
    counts = []
    for number in (1, 2, 3):
        grant = make_grant(officer, baltimore, reference=f"G{number}")
        for _tranche in range(number):
            make_tranche(officer, grant, 1_000)
        found = []
        for address in (url("grant-list"), url("grant-detail", pk=grant.pk)):
            with count_statements() as statements:
                assert as_officer.get(address).status_code == 200
            found.append(len(statements))
        counts.append(found)

    assert counts[0] == counts[1] == counts[2]
