import re
from contextlib import suppress
from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.db.utils import ProgrammingError
from django.urls import reverse
from django.utils import timezone, translation

from cities.access.models import Role
from cities.audit.models import Reading
from cities.tenancy.models import new_id
from cities.tenancy.scopes import center_scope, city_scope
from grants.awards.states import Status as AwardStatus
from grants.ledger.states import AccountKind
from grants.oversight.disbursements import DisbursementList, marks_of
from grants.oversight.exceptions import SHOWN, exceptions
from grants.oversight.filtering import DisbursementFilter
from grants.oversight.following import disbursements_everywhere, follow
from grants.payments.actions import record_return, remove_receipt, void_disbursement
from grants.payments.models import Deputy, Disbursement
from grants.programs.queries import center_row
from tests.days import today
from tests.factories import make_member
from tests.grants.oversight.factories import ask, pay, prove
from tests.grants.payments.factories import make_award, make_trio, receipt_of
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db
LIST, API = "/center/disbursements/", "/api/v1/center/disbursements/"
NOBODY = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
def as_auditor(client, auditor):
    return sign_in(client, auditor)


def found(auditor, **params):
    with center_scope(auditor):
        listing = DisbursementList(params, timezone.now(), center_row())
        rows = listing.page.rows
        return listing, rows, listing.sums.totals, listing.sums.cards


def payees(auditor, **params):
    return [row["payee_name"] for row in found(auditor, sort="payee", **params)[1]]


def marks(auditor):
    return {row["payee_name"]: [str(mark) for mark in marks_of(row)] for row in found(auditor)[1]}


# -- The filter --------------------------------------------------------------------------------------
@pytest.mark.parametrize(("language", "day"), [("en", "2026-03-04"), ("es", "2026-04-03")])
def test_a_filter_is_handed_on_as_it_was_understood(language, day):
    """Sums are remembered, and exports made, by these words: the same typing is another day in another language."""
    with translation.override(language):
        form = DisbursementFilter({"since": "03/04/2026", "least": "1,250", "until": "never"})
        asked, wanted = form.parameters, form.wanted

    assert asked == {"since": day, "least": "1,250"}
    assert DisbursementFilter(asked).wanted == wanted


# -- The list ----------------------------------------------------------------------------------------
def test_every_payment_of_every_city_stands_in_one_list_with_sums_per_currency(auditor, baltimore, dallas):
    with city_scope(dallas):
        dallas.currency = "CAD"
        dallas.save(update_fields=["currency"])
    pay(baltimore, 60_000)
    ask(baltimore, 40_000)
    pay(dallas, 10_000)

    _listing, rows, totals, _cards = found(auditor)

    assert {row["city__slug"] for row in rows} == {"baltimore", "dallas"}
    assert [(one.currency, one.count, one.cents, one.paid_cents, one.unproved_cents) for one in totals] == [
        ("CAD", 1, 10_000, 10_000, 10_000),
        ("USD", 2, 100_000, 60_000, 60_000),
    ]


@pytest.fixture
def remembering(settings):
    """As outside of tests: elsewhere each look of a test reads anew."""
    settings.CENTER_SUMS_SECONDS = 60
    cache.clear()
    yield
    cache.clear()


def test_sums_are_remembered_for_a_minute_for_each_filter_by_itself(auditor, baltimore, remembering):
    def cents(**params):
        return sum(total.cents for total in found(auditor, **params)[0].sums.totals)

    pay(baltimore, 10_000)
    assert cents() == 10_000

    pay(baltimore, 30_000, method="cash", voucher="V-8")

    assert (cents(), cents(method="cash"), cents(method="check")) == (10_000, 30_000, 10_000)
    cache.clear()
    assert cents() == 40_000


def test_what_is_drawn_of_remembered_sums_is_of_these_sums_this_filter_and_this_language(
    as_auditor, baltimore, remembering
):
    def shown(language="en", **params):
        page = as_auditor.get(LIST, params, headers={"Accept-Language": language}).content.decode()
        return re.findall(r"\$[\d,.]+", page.partition("<table")[0]), page

    pay(baltimore, 10_000)
    first, _page = shown()
    assert "$100" in first

    pay(baltimore, 30_000, method="cash", voucher="V-8")

    assert shown()[0] == first
    assert "$300" in shown(method="cash")[0]
    assert "Sums of the whole filter" not in shown("es")[1]
    assert shown(after="somewhere")[0] == first
    caches["default"].clear()
    assert "$400" in shown()[0]


@pytest.fixture
def several(baltimore, dallas):
    """Ann waits for approval, Bo was paid by check ten days ago, Cy in Dallas in cash today."""
    ask(baltimore, 10_000, payee_name="Ann")
    pay(baltimore, 20_000, payee_name="Bo", days_ago=10, voucher="V-7")
    pay(dallas, 30_000, payee_name="Cy", method="cash", days_ago=0, voucher="V-8")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, ["Ann", "Bo", "Cy"]),
        ({"city": "dallas"}, ["Cy"]),
        ({"city": "atlantis"}, []),
        ({"status": "requested"}, ["Ann"]),
        ({"method": "cash"}, ["Cy"]),
        ({"least": "200.00"}, ["Bo", "Cy"]),
        ({"most": "200"}, ["Ann", "Bo"]),
        ({"least": "200", "most": "200"}, ["Bo"]),
        ({"q": "bo"}, ["Bo"]),
        ({"q": "v-8"}, ["Cy"]),
        ({"q": "nothing"}, []),
        ({"dated": "paid", "since": "DAYS 5"}, ["Cy"]),
        ({"dated": "paid", "until": "DAYS 5"}, ["Bo"]),
        ({"since": "DAYS 1"}, ["Ann", "Bo", "Cy"]),
        ({"until": "DAYS 1"}, []),
        ({"until": "9999-12-31"}, ["Ann", "Bo", "Cy"]),
        ({"kind": "any"}, []),
        ({"status": "junk", "since": "junk", "kind": "junk"}, ["Ann", "Bo", "Cy"]),
    ],
)
def test_each_filter(auditor, several, query, expected):
    said = {
        key: (today() - timedelta(days=int(value.split()[1]))).isoformat()
        if value.startswith("DAYS")
        else value
        for key, value in query.items()
    }

    assert payees(auditor, **said) == expected


def test_a_reference_with_its_number_finds_one_payment(auditor, baltimore):
    trio = make_trio(baltimore)
    first = pay(baltimore, 10_000, trio=trio, payee_name="First")
    pay(baltimore, 10_000, trio=trio, award=first.award, payee_name="Second", voucher="2")

    assert payees(auditor, q=first.award.reference) == ["First", "Second"]
    assert payees(auditor, q=f"{first.award.reference}/2") == ["Second"]
    assert payees(auditor, q=f"{first.award.reference}/20410") == []
    assert payees(auditor, q="/") == []


@pytest.mark.parametrize("key", ["requested", "paid", "amount", "reference", "city", "payee", "status"])
def test_each_order_pages_through_all_rows_both_ways(auditor, several, key, monkeypatch):
    monkeypatch.setattr("grants.oversight.disbursements.page_of", small_pages())

    for sort in (key, f"-{key}"):
        seen, after = [], ""
        while True:
            listing, rows, *_rest = found(auditor, sort=sort, after=after)
            seen += [row["payee_name"] for row in rows]
            if not (after := listing.page.after):
                break
        assert sorted(seen) == ["Ann", "Bo", "Cy"]


def small_pages():
    from grants.applications.desk.paging import page_of

    return lambda rows, order, **place: page_of(rows, order, size=1, **place)


# -- What stands out ------------------------------------------------------------------------------------
def test_a_payment_is_marked_when_it_is_not_proved_after_60_days_by_what_is_open(auditor, baltimore):
    trio = make_trio(baltimore)
    staff = make_member(baltimore, Role.STAFF)
    old = pay(baltimore, 60_000, trio=trio, days_ago=61, payee_name="Old", voucher="1")
    pay(baltimore, 50_000, trio=trio, award=old.award, days_ago=61, payee_name="Later", voucher="2")
    pay(baltimore, 60_000, days_ago=60, payee_name="Young", voucher="3")
    prove(baltimore, old.award, 70_000, by=staff)

    rows = {row["payee_name"]: row["unproved_cents"] for row in found(auditor)[1]}

    # Receipts count for the oldest payment first.
    assert rows == {"Old": 0, "Later": 40_000, "Young": 60_000}
    assert marks(auditor) == {"Old": [], "Later": ["unproved"], "Young": []}


def test_a_payment_is_marked_when_a_deputy_recorded_it_and_not_when_finance_did(auditor, officer, baltimore):
    trio = make_trio(baltimore)
    deputy = make_member(baltimore, Role.VIEWER, name="Dee")
    with city_scope(baltimore):
        Deputy.objects.create(
            person=deputy, seat="finance", reason="two people", nominated_by=trio[0], approved_by=officer, approved_at=timezone.now()
        )  # fmt: skip
    pay(baltimore, trio=(trio[0], trio[1], deputy), payee_name="By deputy", voucher="1")
    pay(baltimore, trio=trio, payee_name="By finance", voucher="2")

    assert marks(auditor) == {"By deputy": ["deputy"], "By finance": []}


def test_somebody_of_finance_who_was_a_deputy_before_is_not_marked(auditor, officer, baltimore):
    trio = make_trio(baltimore)
    with city_scope(baltimore):
        Deputy.objects.create(
            person=trio[2], seat="finance", reason="x", nominated_by=trio[0], approved_by=officer, approved_at=timezone.now()
        )  # fmt: skip
    pay(baltimore, trio=trio, payee_name="By finance")

    assert marks(auditor) == {"By finance": []}


def test_the_same_voucher_twice_marks_both_in_one_city_and_none_across_cities(auditor, baltimore, dallas):
    pay(baltimore, payee_name="A", voucher="chk-9")
    pay(baltimore, payee_name="B", voucher="CHK-9")
    pay(dallas, payee_name="C", voucher="CHK-9")

    assert marks(auditor) == {"A": ["voucher"], "B": ["voucher"], "C": []}


def test_a_receipt_decided_by_the_requester_marks_the_payment(auditor, baltimore):
    trio = make_trio(baltimore)
    row = pay(baltimore, trio=trio, payee_name="Own")
    prove(baltimore, row.award, 5_000, by=trio[0])

    assert marks(auditor) == {"Own": ["decided"]}


def test_a_receipt_that_looks_like_an_earlier_one_marks_the_payment(auditor, baltimore):
    row = pay(baltimore, payee_name="Twice")
    with city_scope(baltimore):
        receipt_of(row.award, 5_000, word="same")
        receipt_of(row.award, 5_000, word="same")

    assert marks(auditor) == {"Twice": ["duplicate"]}


def test_cards_count_what_their_filter_finds(auditor, baltimore):
    pay(baltimore, 60_000, days_ago=70, payee_name="Old", voucher="1")
    pay(baltimore, 50_000, days_ago=70, payee_name="Older", voucher="1")

    _listing, _rows, _totals, cards = found(auditor, kind="voucher")

    by_mark = {str(card.mark): (card.count, card.cents) for card in cards}
    assert by_mark == {
        "unproved": (2, {"USD": 110_000}),
        "voucher": (2, {"USD": 110_000}),
        "duplicate": (0, {}),
        "deputy": (0, {}),
        "decided": (0, {}),
    }
    for card in cards:
        assert len(payees(auditor, kind=str(card.mark))) == card.count
    assert payees(auditor, kind="any") == ["Old", "Older"]


def test_the_exceptions_page_has_each_kind_with_count_sum_and_rows(auditor, baltimore):
    trio = make_trio(baltimore)
    row = pay(baltimore, 60_000, trio=trio, days_ago=70)
    prove(baltimore, row.award, 5_000, by=trio[0])
    with city_scope(baltimore):
        with time_machine.travel(timezone.now() - timedelta(days=31)):
            offer = make_award(30_000, AwardStatus.OFFERED)
        make_award(20_000, AwardStatus.OFFERED)

    with center_scope(auditor):
        groups = {str(one.kind): one for one in exceptions(timezone.now(), center_row())}

    assert {kind: (one.count, one.cents) for kind, one in groups.items()} == {
        "tranches": (0, {}),
        "unproved": (1, {"USD": 55_000}),
        "offers": (1, {"USD": 30_000}),
        "duplicates": (0, {}),
        "deputies": (0, {}),
        "vouchers": (0, {}),
        "decided": (1, {"USD": 5_000}),
    }
    assert [line.label for line in groups["offers"].lines] == [offer.reference]
    assert [line.url for line in groups["unproved"].lines] == [f"{LIST}{row.pk}/"]


def test_a_kind_that_no_list_has_is_read_page_by_page(as_auditor, baltimore, monkeypatch):
    monkeypatch.setattr("grants.oversight.exceptions.SHOWN", 2)
    with city_scope(baltimore):
        references = []
        for days in (60, 50, 40):
            with time_machine.travel(timezone.now() - timedelta(days=days)):
                references.append(make_award(30_000, AwardStatus.OFFERED).reference)

    def shown(page):
        return [reference for reference in references if reference in page]

    first = as_auditor.get("/center/exceptions/").text
    assert shown(first) == references[:2]
    assert 'href="/center/exceptions/?kind=offers"' in first
    alone = as_auditor.get("/center/exceptions/?kind=offers").text
    assert (shown(alone), "page=2" in alone) == (references[:2], True)
    last = as_auditor.get("/center/exceptions/?kind=offers&page=2").text
    assert (shown(last), "page=1" in last, "page=3" in last) == (references[2:], True, False)
    (group,) = as_auditor.get("/api/v1/center/exceptions/?kind=offers&page=2").json()
    assert (group["kind"], [row["reference"] for row in group["lines"]], group["more"]) == (
        "offers",
        references[2:],
        0,
    )
    assert len(as_auditor.get("/api/v1/center/exceptions/?kind=nonsense").json()) > 1


def test_a_receipt_that_was_taken_back_or_only_waits_is_no_decision(auditor, baltimore):
    row = pay(baltimore, payee_name="Fine")
    with city_scope(baltimore):
        receipt_of(row.award, 5_000)

    assert marks(auditor) == {"Fine": []}


# -- Pages --------------------------------------------------------------------------------------------
def test_the_page_shows_rows_sums_cards_and_the_plot(as_auditor, baltimore):
    row = pay(baltimore, 60_000, days_ago=70, payee_name="Riverbend", voucher="CHK-3")

    page = as_auditor.get(LIST).text

    words = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert f"{row.award.reference}/1" in page
    assert "CHK-3" in page
    assert "$600.00" in words
    assert "Not proved after 60 days" in words
    assert "Payments by city, USD" in words
    assert f'href="{LIST}{row.pk}/"' in page


def test_the_page_needs_the_same_statements_for_one_payment_and_three(as_auditor, baltimore, dallas):
    pay(baltimore, days_ago=70)
    as_auditor.get(LIST)
    with count_statements() as one:
        as_auditor.get(LIST)
    pay(dallas, days_ago=70)
    pay(dallas, payee_name="Third", voucher="2")
    with count_statements() as three:
        assert "Third" in as_auditor.get(LIST).text

    assert len(one) == len(three)
    # Eight for the page itself, its row in the read log among them; the others open and close the doors around it.
    assert len(three) <= 14, three


def test_a_payment_is_followed_down_to_answers_seats_books_trail_and_receipts(as_auditor, auditor, baltimore):
    trio = make_trio(baltimore, "Seat")
    row = pay(baltimore, 60_000, trio=trio, payee_name="Riverbend")
    prove(baltimore, row.award, 5_000, by=make_member(baltimore, Role.STAFF), vendor="Hill Hardware")

    page = as_auditor.get(f"{LIST}{row.pk}/").text

    for words in (
        row.award.reference,
        "Fay Seat",
        "Ada Seat",
        "Rex Seat",
        "Hill Hardware",
        "Payment",
        "Receipt accepted",
        "Audit trail",
    ):
        assert words in page
    with center_scope(auditor):
        reading = Reading.objects.get(page="center-disbursement-detail")
    assert (reading.city_id, reading.subject_id) == (baltimore.pk, row.pk)


def test_books_and_trail_of_a_payment_hold_what_came_back_and_what_was_taken_back(auditor, baltimore):
    row, finance = pay(baltimore, 100_000), make_member(baltimore, Role.FINANCE)
    with city_scope(baltimore):
        receipt = receipt_of(row.award, 5_000)
        remove_receipt(receipt.pk, actor=row.award.applicant)
        back = record_return(
            row.award_id,
            amount_cents=40_000,
            returned_on=today(),
            reference="DEP-1",
            reason="Less mulch.",
            actor=finance,
        )

    with center_scope(auditor):
        found = follow(disbursements_everywhere().get(pk=row.pk), today())

    paid = sum(
        side.cents for posted in found.books for side in posted.sides if side.account.kind == AccountKind.PAID
    )
    assert paid == 60_000
    assert {receipt.pk, back.pk, row.pk} <= {told.event.subject_id for told in found.trail} | {
        posted.entry.subject_id for posted in found.books
    }
    assert found.receipts == []


def test_a_voided_payment_proves_nothing(as_auditor, auditor, baltimore):
    row, finance = pay(baltimore, 50_000), make_member(baltimore, Role.FINANCE)
    with city_scope(baltimore):
        void_disbursement(row.pk, reason="The check was lost.", actor=finance)

    with center_scope(auditor):
        found = follow(disbursements_everywhere().get(pk=row.pk), today())
    page = as_auditor.get(f"{LIST}{row.pk}/").text

    assert found.proved_cents == 0
    assert "Proved part" not in page


def test_a_suspect_receipt_without_a_payment_leads_to_its_picture(as_auditor, baltimore):
    with city_scope(baltimore):
        award = make_award()
        first, second = (receipt_of(award, 5_000, vendor="Hill Hardware") for _ in range(2))
    assert second.possible_duplicate_of_id == first.pk

    page = as_auditor.get("/center/exceptions/", {"kind": "duplicates"}).text

    assert f"/center/receipts/{second.pk}/" in page


def test_suspect_receipts_are_read_from_page_to_page(as_auditor, baltimore):
    with city_scope(baltimore):
        award = make_award()
        for _ in range(SHOWN + 2):
            receipt_of(award, 5_000, vendor="Hill Hardware")

    page = as_auditor.get("/center/exceptions/", {"kind": "duplicates"}).text

    assert "page=2" in page
    assert "in the list of disbursements" not in page


def test_each_picture_that_is_opened_leaves_a_row_in_the_city(as_auditor, auditor, baltimore):
    row = pay(baltimore)
    with city_scope(baltimore):
        receipt = receipt_of(row.award, 5_000, word="picture")

    big = as_auditor.get(f"/center/receipts/{receipt.pk}/")
    small = as_auditor.get(f"/center/receipts/{receipt.pk}/small/")

    assert (b"".join(big.streaming_content), b"".join(small.streaming_content)) == (b"picture", b"picture")
    with city_scope(baltimore):
        rows = list(Reading.objects.values_list("page", "subject_id", "reader_id"))
    assert rows == [("center-receipt-picture", receipt.pk, auditor.pk)] * 2


@pytest.mark.parametrize("path", [f"{LIST}{NOBODY}/", f"/center/receipts/{NOBODY}/", f"{API}{NOBODY}/"])
def test_what_is_not_there_is_not_found(as_auditor, path):
    assert as_auditor.get(path).status_code == 404


def test_the_api_says_the_same(as_auditor, baltimore):
    row = pay(baltimore, 60_000, days_ago=70)

    answer = as_auditor.get(API, {"kind": "unproved"}).json()
    one = as_auditor.get(f"{API}{row.pk}/").json()
    kinds = as_auditor.get("/api/v1/center/exceptions/").json()

    assert [line["reference"] for line in answer["results"]] == [row.reference]
    assert answer["results"][0]["exceptions"] == ["unproved"]
    assert answer["totals"] == [
        {"currency": "USD", "count": 1, "cents": 60_000, "paid_cents": 60_000, "unproved_cents": 60_000}
    ]
    assert (one["reference"], one["unproved_cents"]) == (row.reference, 60_000)
    assert "payment" in {entry["kind"] for entry in one["entries"]}
    assert {kind["kind"]: kind["count"] for kind in kinds}["unproved"] == 1


# -- Nothing can be changed ------------------------------------------------------------------------------
ROUTES = [
    "center-disbursement-list", "center-disbursement-detail", "center-receipt-picture", "center-receipt-picture-small",
    "center-exception-list", "api-center-disbursement-list", "api-center-disbursement-detail", "api-center-exception-list",
]  # fmt: skip


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete"])
@pytest.mark.parametrize("name", ROUTES)
@pytest.mark.parametrize("person", ["officer", "auditor"])
def test_every_unsafe_method_is_refused(client, request, name, method, person):
    sign_in(client, request.getfixturevalue(person))
    needs_key = name.endswith("detail") or "picture" in name
    path = reverse(f"grants:{name}", args=[new_id()] if needs_key else [])

    assert getattr(client, method)(path, data="{}", content_type="application/json").status_code in {403, 405}


@pytest.mark.parametrize(
    "deed",
    [
        "UPDATE grants_disbursement SET status = 'refused'",
        "UPDATE grants_award SET paid_cents = 0",
        "UPDATE grants_receipt SET accepted_cents = 0",
        "UPDATE grants_application SET title = 'x'",
        "UPDATE cities_document SET title = 'x'",
    ],
)
def test_the_centers_door_changes_no_row_of_a_city(auditor, baltimore, deed):
    row = pay(baltimore)
    with city_scope(baltimore):
        receipt_of(row.award, 5_000)

    with center_scope(auditor), connection.cursor() as cursor:
        cursor.execute(deed)
        assert cursor.rowcount == 0


@pytest.mark.parametrize(
    "table", ["grants_disbursement", "grants_award", "grants_receipt", "cities_event", "grants_entry"]
)
def test_the_centers_door_deletes_no_row_of_a_city(auditor, baltimore, table):
    row = pay(baltimore)

    with (
        center_scope(auditor),
        suppress(ProgrammingError),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"DELETE FROM {table}")
        assert cursor.rowcount == 0
    with city_scope(baltimore):
        assert Disbursement.objects.filter(pk=row.pk).exists()


@pytest.mark.parametrize(
    "table", ["grants_disbursement", "grants_receipt", "cities_event", "cities_message", "cities_document"]
)
def test_the_centers_door_adds_no_row_to_a_city(auditor, baltimore, table):
    """A copy of a row of the city under another id: whatever else it lacks, the policy refuses it first."""
    row = pay(baltimore)
    with city_scope(baltimore):
        receipt_of(row.award, 5_000)
        columns = _columns(table)

    chosen = ", ".join(columns)
    new = ", ".join(
        {"id": f"'{new_id()}'", "city_id": f"'{baltimore.pk}'"}.get(name, "NULL") for name in columns
    )
    with (
        center_scope(auditor),
        pytest.raises(ProgrammingError, match=r"row-level security|permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"INSERT INTO {table} ({chosen}) VALUES ({new})")


def _columns(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT column_name FROM information_schema.columns WHERE table_name = %s", [table])
        return [name for (name,) in cursor.fetchall() if name in {"id", "city_id"}]
