import pytest

from cities.access.models import Role
from cities.audit.models import Event
from cities.audit.subjects import subjects_of
from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from grants.payments.actions import (
    approve_deputy,
    decide_receipt,
    nominate_deputy,
    remove_receipt,
)
from grants.payments.models import Deputy, Disbursement, Receipt
from tests.factories import make_officer
from tests.grants.payments.factories import make_award, receipt_of
from tests.grants.payments.visiting import key, visit


# -- The desk's receipts ----------------------------------------------------------------------------------------------
def test_receipts_wait_in_a_queue(world, staff):
    page = visit(staff, "/tilden/staff/receipts/")

    assert [row["vendor"] for row in page.context["rows"]] == ["Corner Deli"]
    assert [count for _name, _word, count in page.context["queue"].tabs] == [1, 1, 1, 3]


@pytest.mark.parametrize("name", ["receipt", "accepted", "partly"])
def test_every_receipt_has_its_page_with_the_picture(world, staff, name):
    page = visit(staff, f"/tilden/staff/receipts/{world[name].pk}/?tab=all").content.decode()

    assert f"/tilden/receipts/{world[name].pk}/" in page


def test_deciding_leads_to_the_next_receipt(world, city, staff):
    with city_scope(city):
        following = receipt_of(world["award"], 900, vendor="Next shop")
    path = f"/tilden/staff/receipts/{world['receipt'].pk}/"
    shown = visit(staff, path)
    answer = visit(
        staff,
        f"{path}decision/",
        accepted_cents="143.60",
        reason="Beer",
        way="part",
        then=str(following.pk),
        **key(),
    )

    assert shown.context["following"] == following.pk
    assert answer["Location"] == f"/tilden/staff/receipts/{following.pk}/"
    with city_scope(city):
        assert Receipt.objects.get(pk=world["receipt"].pk).accepted_cents == 14_360


def test_deciding_leads_to_the_list_if_the_next_receipt_was_taken_back_meanwhile(world, city, staff):
    with city_scope(city):
        following = receipt_of(world["award"], 900, vendor="Next shop")
        remove_receipt(following.pk, actor=world["award"].applicant)
    path = f"/tilden/staff/receipts/{world['receipt'].pk}/decision/"
    answer = visit(staff, path, accepted_cents="167.57", way="whole", then=str(following.pk), **key())

    assert answer["Location"] == "/tilden/staff/receipts/"


def test_the_trail_names_a_receipt_that_was_taken_back_without_an_address(world, city):
    with city_scope(city):
        remove_receipt(world["receipt"].pk, actor=world["applicant"])
        events = Event.objects.filter(subject_id__in=[world["receipt"].pk, world["accepted"].pk])
        named = subjects_of(city, events)

    assert named[world["receipt"].pk].label.endswith("Corner Deli")
    assert named[world["receipt"].pk].url == ""
    assert named[world["accepted"].pk].url == f"/tilden/staff/receipts/{world['accepted'].pk}/"


def test_a_part_without_a_reason_comes_back_open(world, staff):
    path = f"/tilden/staff/receipts/{world['receipt'].pk}/decision/"
    page = visit(staff, path, accepted_cents="1", way="part", **key())

    assert page.status_code == 422
    assert page.context["refused_in"] == "part"


def test_a_refused_decision_leads_to_the_next_receipt_as_the_page_did(world, city, staff):
    with city_scope(city):
        following = receipt_of(world["award"], 900, vendor="Next shop")
    path = f"/tilden/staff/receipts/{world['receipt'].pk}/decision/"
    page = visit(staff, path, accepted_cents="1", way="part", **key())

    assert page.status_code == 422
    assert f'rel="next" href="/tilden/staff/receipts/{following.pk}/"' in page.content.decode()


def test_a_decision_is_taken_back_by_page(world, city, staff):
    assert visit(staff, f"/tilden/staff/receipts/{world['accepted'].pk}/undo/", **key()).status_code == 302
    late = visit(staff, f"/tilden/staff/receipts/{world['accepted'].pk}/undo/", **key(2))

    assert late.status_code == 409
    assert "Somebody was faster: this receipt is “waits for the city” now." in late.content.decode()


def test_whoever_decides_too_late_reads_so_and_keeps_the_reason(world, staff):
    path = f"/tilden/staff/receipts/{world['receipt'].pk}/decision/"
    visit(staff, path, accepted_cents="167.57", way="whole", **key())
    said = {"accepted_cents": "100", "reason": "Beer & chips are not covered"}
    late = visit(staff, path, way="part", **said, **key(2))
    page = late.content.decode()

    assert late.status_code == 409
    assert page.count("Somebody was faster: this receipt is “accepted” now.") == 1
    assert "Beer &amp; chips are not covered" in page


def test_the_page_says_that_the_same_receipt_was_refused_before(world, city, staff):
    award = world["award"]
    with city_scope(city):
        first = receipt_of(award, 700, vendor="Twin")
        decide_receipt(first.pk, accepted_cents=0, reason="Beer is not covered", actor=staff)
        remove_receipt(first.pk, actor=award.applicant)
        again = receipt_of(award, 700, vendor="Twin")

    page = visit(staff, f"/tilden/staff/receipts/{again.pk}/").content.decode()

    assert "then taken back" in page
    assert "Beer is not covered" in page
    assert f"{first.pk}/?tab=all" not in page


def test_nothing_is_said_of_a_copy_that_was_taken_back_undecided(world, city, staff):
    award = world["award"]
    with city_scope(city):
        first, again = receipt_of(award, 700, vendor="Twin"), receipt_of(award, 700, vendor="Twin")
    before = visit(staff, f"/tilden/staff/receipts/{again.pk}/").content.decode()
    with city_scope(city):
        remove_receipt(first.pk, actor=award.applicant)
    after = visit(staff, f"/tilden/staff/receipts/{again.pk}/").content.decode()
    with city_scope(city):
        Receipt.objects.filter(pk=again.pk).update(possible_duplicate_of=first)
    crossed = visit(staff, f"/tilden/staff/receipts/{again.pk}/").content.decode()

    assert "Seen before?" in before
    assert "Seen before?" not in after
    assert "Seen before?" not in crossed


def test_a_possible_duplicate_is_pointed_out_without_telling_of_a_hidden_award(world, city, staff, insider):
    with city_scope(city):
        other = make_award()
        first = receipt_of(other, 700, vendor="Twin")
        again = receipt_of(world["award"], 700, vendor="Twin")
        Conflict.objects.create(
            application=other.application, person=insider, kind="family", declared_by=insider
        )

    seen = visit(staff, f"/tilden/staff/receipts/{again.pk}/").content.decode()
    hidden = visit(insider, f"/tilden/staff/receipts/{again.pk}/").content.decode()

    assert str(first.pk) in seen
    assert str(first.pk) not in hidden
    assert "You can’t open that one." in hidden


# -- Deputies -----------------------------------------------------------------------------------------------------------
def test_a_deputy_is_named_approved_and_ended_by_pages(city, manager, staff):
    officer = make_officer()
    named = visit(
        manager, "/tilden/staff/deputies/new/", person=str(staff.pk), seat="approver", reason="Two of us"
    )
    with city_scope(city):
        deputy = Deputy.objects.get()
    listed = visit(officer, "/center/deputies/").content.decode()
    approved = visit(officer, f"/center/deputies/{deputy.pk}/approve/", **{"": ""})
    shown = visit(manager, "/tilden/staff/deputies/").content.decode()
    ended = visit(manager, f"/tilden/staff/deputies/{deputy.pk}/end/", yes="1")

    assert (named.status_code, approved.status_code, ended.status_code) == (302, 302, 302)
    assert "Two of us" in listed
    assert "Sol" in shown
    with city_scope(city):
        deputy.refresh_from_db()
        assert deputy.approved_by == officer
        assert deputy.ended_by == manager


def test_an_officer_refuses_a_deputy_and_an_auditor_only_reads(city, manager, staff):
    officer, auditor = make_officer(), make_officer(Role.AUDITOR)
    with city_scope(city):
        deputy = nominate_deputy(person_id=staff.pk, seat="finance", reason="Few", actor=manager)

    assert visit(auditor, "/center/deputies/").status_code == 200
    assert visit(auditor, f"/center/deputies/{deputy.pk}/approve/", x="1").status_code == 403
    asked = visit(officer, f"/center/deputies/{deputy.pk}/refuse/").content.decode()
    assert visit(officer, f"/center/deputies/{deputy.pk}/refuse/", reason="Ask finance").status_code == 302
    assert (
        visit(officer, "/center/deputies/01900000-0000-7000-8000-000000000009/approve/", x="1").status_code
        == 404
    )
    with city_scope(city):
        deputy.refresh_from_db()
        assert (deputy.approved_at, deputy.ended_by) == (None, officer)
        reasons = {message.data["reason"] for message in Message.objects.filter(kind="deputy-answered")}
    assert "Refuse Sol as a deputy" in asked
    assert reasons == {"Ask finance"}


def test_an_approved_deputy_approves_a_payment(city, manager, staff, world):
    officer, path = make_officer(), f"/tilden/staff/payments/{world['requested'].pk}/approve/"
    assert visit(staff, path, **key()).status_code == 403
    with city_scope(city):
        approve_deputy(
            nominate_deputy(person_id=staff.pk, seat="approver", reason="Few", actor=manager).pk,
            actor=officer,
        )

    assert visit(staff, path, **key(2)).status_code == 302
    with city_scope(city):
        assert Disbursement.objects.get(pk=world["requested"].pk).approved_by == staff
