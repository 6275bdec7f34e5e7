import re

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from grants.awards.models import Award
from grants.payments.actions import (
    approve_disbursement,
    decide_receipt,
    record_payment,
    record_return,
    refuse_disbursement,
    void_disbursement,
)
from grants.payments.models import Disbursement, Return
from grants.payments.queries import PaymentQueue, Tally, tally
from tests.factories import ApplicationFactory
from tests.grants.payments.factories import make_award, paid, receipt_of, requested, yesterday
from tests.grants.payments.visiting import key, visit
from tests.people import sign_in
from tests.queries import count_statements


# -- The desk's queue ------------------------------------------------------------------------------------
@pytest.mark.parametrize(("seat", "waits"), [(0, 0), (1, 1), (2, 1)])
def test_the_queue_shows_what_waits_on_the_reader(world, trio, seat, waits):
    page = visit(trio[seat], "/tilden/staff/payments/")

    assert page.status_code == 200
    assert page.context["queue"].total.count == waits


def test_tabs_filters_and_totals_stand_in_the_address(world, trio):
    everything = visit(trio[0], "/tilden/staff/payments/?tab=all").context["queue"]
    narrowed = visit(
        trio[0], "/tilden/staff/payments/?tab=all&q=riverbend&method=check&sort=-amount"
    ).context["queue"]
    nothing = visit(trio[0], "/tilden/staff/payments/?tab=all&method=cash")

    assert (everything.total.count, everything.total.cents) == (5, 90_300)
    assert [row["amount_cents"] for row in narrowed.page.rows] == [60_000, 20_000, 10_000, 200, 100]
    assert "Nothing matches this filter" in nothing.content.decode()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("{reference}", ["First", "Second"]),
        ("{reference}/", ["First", "Second"]),
        ("{reference}/2", ["Second"]),
        ("B/2041", ["First"]),
        ("{initial}/x", []),
        ("{initial}/20410", []),
        ("{reference}/2/2", []),
        ("/", []),
        ("/2", []),
    ],
)
def test_a_slash_tells_a_reference_from_a_voucher_number(city, trio, words, found):
    with city_scope(city):
        award = make_award()
        first = approve_disbursement(requested(award, trio[0], 2, payee_name="First").pk, actor=trio[1])
        record_payment(first.pk, paid_on=yesterday(), voucher_number="b/2041", actor=trio[2])
        requested(award, trio[0], 1, payee_name="Second")
        q = words.format(reference=award.reference, initial=award.reference[0])
        queue = PaymentQueue(trio[0], city, {"tab": "all", "q": q, "sort": "payee"})

        assert [row["payee_name"] for row in queue.page.rows] == found


@pytest.fixture
def kept(world, city, trio):
    """Payments of two calls beside the world's: one that Fay declared a conflict with, one whose grantee is Ada."""
    with city_scope(city):
        hidden = ApplicationFactory(submitted=True, form_version__cycle__slug="other")
        beside = ApplicationFactory(submitted=True, form_version=hidden.form_version)
        requested(make_award(application=hidden), trio[2], 7, method="cash")
        requested(make_award(application=beside), trio[2], 5)
        requested(make_award(applicant=trio[1]), trio[0], 3)
        Conflict(city=city, application=hidden, person=trio[0], kind="family", declared_by=trio[0]).save(
            force_insert=True
        )
        yield city


@pytest.mark.parametrize(
    "query", [{}, {"method": "cash"}, {"cycle": "other"}, {"cycle": "other", "method": "cash"}]
)
@pytest.mark.parametrize("tab", ["paid", "all"])
@pytest.mark.parametrize("seat", [0, 1, 2])
def test_kept_totals_say_what_counting_would(kept, trio, query, tab, seat):
    queue = PaymentQueue(trio[seat], kept, {"tab": tab, **query})
    counted = tally(queue.filtered, queue.conditions)

    assert queue.tallies == {name: counted[name] for name in counted if name != "paid" or tab == "paid"}
    assert len(queue.page.rows) == queue.total.count


def test_what_was_refused_and_voided_is_not_said_to_be_paid(city, trio):
    with city_scope(city):
        award = make_award()
        refuse_disbursement(requested(award, trio[0], 50_000).pk, reason="No", actor=trio[1])
        void_disbursement(paid(award, trio, 50_000).pk, reason="Lost", actor=trio[0])
        row = paid(award, trio, 50_000)
    all_of_them, of_paid = (visit(trio[0], f"/tilden/staff/payments/?tab={tab}") for tab in ("all", "paid"))
    answer = visit(trio[0], "/api/v1/cities/tilden/payments/?tab=paid").json()

    assert "Together $1,500.00 of any status, also refused and voided" in words(all_of_them)
    assert "Payments 1 Together $500.00" in words(of_paid)
    assert [each["id"] for each in of_paid.context["rows"]] == [row.pk]
    assert (answer["count"], answer["amount_cents"]) == (1, 50_000)


def test_kept_totals_leave_out_what_the_reader_has_a_conflict_with(kept, trio):
    seen = [PaymentQueue(person, kept, {"tab": "all", "cycle": "other"}).total for person in trio]

    assert seen == [Tally(1, 5), Tally(2, 12), Tally(2, 12)]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_queue_asks_the_same_of_the_database_whatever_its_length(city, trio, rows):
    with city_scope(city):
        award = make_award()
        for _row in range(rows):
            requested(award, trio[0], 100)
            paid(award, trio, 100)
            receipt_of(award, 100)
    client = sign_in(Client(), trio[1])

    for path, most in (
        ("/tilden/staff/payments/?tab=all", 14),
        ("/tilden/staff/payments/?tab=paid", 14),
        ("/tilden/staff/receipts/?tab=all", 12),
    ):
        with count_statements() as found:
            page = client.get(path)
        assert len(page.context["rows"]) == (2 * rows if path.endswith("payments/?tab=all") else rows)
        assert len(found) <= most, found


@pytest.mark.parametrize("rows", [1, 3])
def test_pages_of_one_award_ask_the_same_whatever_came_of_it(city, trio, staff, rows):
    with city_scope(city):
        award = make_award()
        for _row in range(rows):
            paid(award, trio, 100)
            receipt_of(award, 100, actor=staff)
    for person, path, most in (
        (award.applicant, f"/tilden/awards/{award.pk}/", 12),
        (staff, f"/tilden/awards/{award.pk}/", 12),
        (trio[0], f"/tilden/staff/payments/awards/{award.pk}/", 17),
    ):
        client = sign_in(Client(), person)
        with count_statements() as found:
            page = client.get(path)
        assert len(page.context["receipts"]) == rows
        assert len(found) <= most, found


def test_days_have_their_year_where_finance_reads_them(world, trio):
    award, year = world["award"], yesterday().year
    pages = [
        visit(trio[0], f"/tilden/staff/{path}")
        for path in ("payments/?tab=paid", "receipts/?tab=all", f"payments/awards/{award.pk}/")
    ]

    for page in pages:
        days = re.findall(r"<time datetime[^>]*>([^<]+)</time>", page.content.decode())
        assert days
        assert [day for day in days if str(year) not in day] == []


# -- Requesting ----------------------------------------------------------------------------------------------
def test_a_request_begins_with_an_award(world, trio):
    page = visit(trio[0], "/tilden/staff/payments/new/")

    assert chosen(page) == [world["award"].pk]


def chosen(page):
    return [award.pk for award in page.context["choice"].rows]


def test_awards_with_money_left_are_offered_newest_first(city, trio):
    with city_scope(city):
        back, part, whole, under_way, new = (make_award(10_000) for _each in range(5))
        requested(part, trio[0], 9_999)
        requested(under_way, trio[0], 10_000)
        paid(whole, trio, 10_000)
        paid(back, trio, 4_000)
        record_return(
            back.pk, amount_cents=1_000, returned_on=yesterday(), reference="R", reason="Rest", actor=trio[0]
        )

    page = visit(trio[0], "/tilden/staff/payments/new/")

    assert chosen(page) == [new.pk, part.pk, back.pk]
    assert "$90.00 $30.00 $0.00" in words(page)


def test_an_award_beyond_the_first_is_said_and_found(city, trio, monkeypatch):
    monkeypatch.setattr("grants.payments.choosing.MANY_AWARDS", 1)
    with city_scope(city):
        old, new = make_award(payee_name="Mural Arts"), make_award()

    first, sought, none = (
        visit(trio[0], f"/tilden/staff/payments/new/?q={q}") for q in ("", "mural", "zebra")
    )

    assert "The first 200 awards are shown." in words(first)
    assert chosen(first) == [new.pk]
    assert chosen(sought) == [old.pk]
    assert "The first 200" not in words(sought)
    assert "is not shown" in words(none)


@pytest.mark.parametrize("rows", [1, 3])
def test_choosing_an_award_asks_the_same_however_many_there_are(city, trio, rows):
    with city_scope(city):
        for _row in range(rows):
            requested(make_award(), trio[0], 100)
    client = sign_in(Client(), trio[0])

    with count_statements() as found:
        page = client.get("/tilden/staff/payments/new/?q=r")

    assert len(chosen(page)) == rows
    assert len(found) <= 8, found


def test_finance_requests_a_payment_once_per_key(world, trio):
    path = f"/tilden/staff/payments/new/?award={world['award'].pk}"
    shown = visit(trio[0], path)
    said = {
        "amount_cents": "455",
        "payee_name": "Marlow Hauling",
        "method": "check",
        "purpose": "Dumpster",
        **key(),
    }

    first, second = visit(trio[0], path, **said), visit(trio[0], path, **said)

    assert "Request this payment" in shown.content.decode()
    assert first.status_code == 302
    assert first["Location"] == second["Location"]
    assert visit(trio[0], path, **{**said, "amount_cents": "456"}).status_code == 422


def test_the_key_of_one_awards_payment_requests_none_of_another(city, world, trio):
    with city_scope(city):
        other = make_award()
        before = Disbursement.objects.count()
    path = "/tilden/staff/payments/new/?award="
    said = {"amount_cents": "455", "payee_name": "Marlow Hauling", "method": "check", **key()}

    first = visit(trio[0], f"{path}{world['award'].pk}", **said)
    second = visit(trio[0], f"{path}{other.pk}", **said)

    assert (first.status_code, second.status_code) == (302, 422)
    assert "You sent this page once already" in second.text
    with city_scope(city):
        assert Disbursement.objects.count() == before + 1
        assert not Disbursement.objects.filter(award=other).exists()


def test_too_much_is_said_beside_the_amount(world, trio):
    said = {"amount_cents": "5000", "payee_name": "X", "method": "check", **key()}
    page = visit(trio[0], f"/tilden/staff/payments/new/?award={world['award'].pk}", **said)

    assert page.status_code == 422
    assert "At most" in page.context["form"].errors["amount_cents"][0]


def test_the_agreed_way_to_pay_is_said_in_words(city, trio):
    with city_scope(city):
        award = make_award(payment_mode="city_buys")
    page = visit(trio[0], f"/tilden/staff/payments/new/?award={award.pk}").content.decode()

    assert "Agreed way to pay: The city buys the materials" in page


@pytest.mark.parametrize("award", ["nonsense", "01900000-0000-7000-8000-000000000009"])
def test_an_award_that_is_not_there_is_not_found(world, trio, award):
    assert visit(trio[0], f"/tilden/staff/payments/new/?award={award}").status_code == 404


# -- One payment ------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["requested", "approved", "paid", "refused", "voided"])
def test_every_status_has_its_page(world, trio, name):
    page = visit(trio[1], f"/tilden/staff/payments/{world[name].pk}/")

    assert page.status_code == 200
    assert "Three seats" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "reason", "who"), [("refused", "No invoice", "Ada"), ("voided", "Lost", "Rex")]
)
def test_what_ended_says_why_by_whom_and_when(world, trio, name, reason, who):
    page = words(visit(trio[0], f"/tilden/staff/payments/{world[name].pk}/"))
    ended = page[page.index(f"{name.title()} {reason}") :]

    assert ended.startswith(f"{name.title()} {reason} {who}, ")
    assert str(world[name].ended_at.year) in ended[:80]


def test_the_page_says_who_may_next_and_why_the_reader_may_not(world, trio, manager):
    pk = world["requested"].pk
    requester, approver = (
        visit(person, f"/tilden/staff/payments/{pk}/").content.decode() for person in trio[:2]
    )

    assert "You don’t approve payments in this city." in requester
    assert "Ada, Mia" in requester
    assert "You may do this now." in approver
    assert f"/tilden/staff/payments/{pk}/approve/" in approver


def test_the_page_says_when_nobody_is_left(city, trio, insider, world):
    with city_scope(city):
        row = approve_disbursement(requested(world["award"], trio[0], 100).pk, actor=insider)
        from cities.access.models import Membership

        Membership.objects.filter(user=trio[2]).update(ended_at=timezone.now())

    page = visit(trio[1], f"/tilden/staff/payments/{row.pk}/").content.decode()

    assert "Nobody is left who may take this seat." in page


def test_a_payment_goes_all_its_way_by_pages(world, trio):
    path = f"/tilden/staff/payments/{world['requested'].pk}/"

    assert visit(trio[1], f"{path}approve/", **key(1)).status_code == 302
    assert (
        visit(trio[2], f"{path}record/", paid_on=yesterday(), voucher_number="CHK-9", **key(2)).status_code
        == 302
    )
    assert visit(trio[0], f"{path}void/", reason="Bounced", **key(3)).status_code == 422
    voided = visit(trio[0], f"{path}void/", reason="Bounced", cause="never_arrived", **key(4))
    assert voided.status_code == 302
    assert "recorded wrongly" not in visit(trio[0], path).content.decode()


def test_the_page_says_that_a_payment_was_recorded_wrongly(world, trio):
    path = f"/tilden/staff/payments/{world['paid'].pk}/"
    shown = visit(trio[0], path).content.decode()

    done = visit(trio[0], f"{path}void/", reason="Typo", cause="wrong_record", **key())

    assert "What happened?" in shown
    assert done.status_code == 302
    assert "It has to be requested, approved and recorded again." in visit(trio[0], path).content.decode()


def test_a_refused_deed_comes_back_on_the_same_page(world, trio, insider):
    pk = world["requested"].pk
    early = visit(
        trio[2], f"/tilden/staff/payments/{pk}/record/", paid_on=yesterday(), voucher_number="1", **key()
    )
    done = visit(insider, f"/tilden/staff/payments/{pk}/refuse/", reason="No", **key(2))
    again = visit(insider, f"/tilden/staff/payments/{pk}/refuse/", reason="No", **key(3))

    assert (early.status_code, done.status_code, again.status_code) == (409, 302, 409)
    assert "Somebody was faster" in again.content.decode()


def test_one_person_with_all_roles_takes_one_seat(world, insider):
    path = f"/tilden/staff/payments/new/?award={world['award'].pk}"
    made = visit(insider, path, amount_cents="5", payee_name="X", method="check", **key())
    pk = made["Location"].rstrip("/").split("/")[-1]

    refused = visit(insider, f"/tilden/staff/payments/{pk}/approve/", **key(2))

    assert refused.status_code == 422
    assert "You requested this payment" in refused.content.decode()


# -- An award's money ------------------------------------------------------------------------------------------------
def test_the_desk_adds_a_receipt_brought_on_paper_from_its_page(world, manager, trio):
    award = world["award"]
    page, link = f"/tilden/staff/payments/awards/{award.pk}/", f"/tilden/awards/{award.pk}/receipts/new/"

    assert link in visit(manager, page).content.decode()
    assert link not in visit(trio[1], page).content.decode()


def test_a_return_is_undone_by_page_and_shown_as_such(city, trio):
    with city_scope(city):
        award = make_award(100_000)
        paid(award, trio, 60_000)
        row = record_return(
            award.pk, amount_cents=700, returned_on=yesterday(), reference="D-8", reason="Rest", actor=trio[0]
        )
    path = f"/tilden/staff/payments/awards/{award.pk}/"
    undo = f"/tilden/staff/payments/returns/{row.pk}/undo/"

    assert undo in visit(trio[0], path).content.decode()
    assert undo not in visit(trio[2], path).content.decode()
    assert "You recorded a payment" in visit(trio[2], undo, reason="Mine", **key(0)).content.decode()
    asked = visit(trio[0], undo).content.decode()
    bare = visit(trio[0], undo, reason=" ", **key(1))
    done = visit(trio[0], undo, reason="Typed twice", **key(2))
    again = visit(trio[0], undo, reason="Typed twice", **key(3))

    assert "D-8" in asked
    assert (bare.status_code, done.status_code, again.status_code) == (422, 302, 409)
    page = visit(trio[0], path).content.decode()
    assert "Typed twice" in page
    assert undo not in page


def words(response):
    return " ".join(strip_tags(response.content.decode().replace("<", " <")).split())


def test_returned_money_is_called_back_in_the_pool_and_not_left_to_pay(city, trio, manager):
    with city_scope(city):
        award = make_award(100_000)
        pay = paid(award, trio, 100_000)
        record_return(
            award.pk, amount_cents=30_000, returned_on=yesterday(), reference="D-8", reason="R", actor=trio[0]
        )
    payments = "/tilden/staff/payments/"

    detail = words(visit(manager, f"/tilden/staff/awards/{award.pk}/"))
    assert "Award $1,000.00 Paid $700.00 Left to pay $0.00 Back in the pool $300.00" in detail
    listed = words(visit(manager, f"/tilden/staff/awards/list/?cycle={award.cycle.slug}"))
    assert "$1,000 $300 $700 $0 Together, without what was declined or taken back $1,000 $300" in listed
    assert "Awarded $700.00 Back in the pool $300.00" in words(
        visit(trio[0], f"{payments}awards/{award.pk}/")
    )
    assert "Awarded $700.00 Back in the pool $300.00" in words(visit(trio[0], f"{payments}{pay.pk}/"))
    grantee = words(visit(award.applicant, f"/tilden/awards/{award.pk}/"))
    assert "Your grant $1,000.00 Back in the city’s pool $300.00 Paid so far $700.00" in grantee
    assert "Left to spend $700.00 your grant, less what went back and your receipts" in grantee
    assert "$700.00 of $700.00" in grantee


def test_a_return_and_the_end_by_pages(city, trio, manager, staff):
    with city_scope(city):
        award = make_award(100_000)
        paid(award, trio, 60_000)
        decide_receipt(receipt_of(award, 50_000).pk, accepted_cents=50_000, actor=staff)
    path = f"/tilden/staff/payments/awards/{award.pk}/"
    early = visit(manager, f"{path}complete/", **key(0))
    back = visit(
        trio[0],
        f"{path}return/",
        amount_cents="100",
        returned_on=yesterday(),
        reference="D",
        reason="Rest",
        **key(1),
    )
    asked = visit(manager, f"{path}complete/")
    done = visit(manager, f"{path}complete/", **key(2))

    assert (early.status_code, back.status_code, done.status_code) == (422, 302, 302)
    assert "$400.00" in asked.content.decode()
    with city_scope(city):
        assert Return.objects.get().amount_cents == 10_000
        assert Award.objects.get(pk=award.pk).status == "completed"

    assert f"{path}reopen/" in visit(manager, path).content.decode()
    assert f"{path}reopen/" not in visit(trio[0], path).content.decode()
    unsaid = visit(manager, f"{path}reopen/", **key(3))
    opened = visit(manager, f"{path}reopen/", reason="The check bounced", **key(4))
    again = visit(manager, f"{path}reopen/", reason="The check bounced", **key(5))

    assert (unsaid.status_code, opened.status_code, again.status_code) == (422, 302, 409)
    assert "is not completed" in visit(manager, f"{path}reopen/").content.decode()
    with city_scope(city):
        assert Award.objects.get(pk=award.pk).status == "accepted"
