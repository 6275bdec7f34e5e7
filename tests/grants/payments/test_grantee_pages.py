from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from django.utils.html import strip_tags

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from grants.awards.states import Status
from grants.payments.actions import refuse_disbursement, void_disbursement
from grants.payments.models import Receipt
from grants.payments.states import VoidCause
from tests.factories import UserFactory, make_city, make_member
from tests.grants.applications.uploads.making import picture as jpeg
from tests.grants.payments.factories import make_award, make_trio, paid, receipt_of, requested, yesterday
from tests.grants.payments.visiting import key, visit
from tests.people import sign_in
from tests.queries import count_statements


# -- The grantee -----------------------------------------------------------------------------------------------------------
def test_the_grantee_sees_what_is_left_to_spend_and_to_prove(world):
    page = visit(world["applicant"], f"/tilden/awards/{world['award'].pk}/")
    text, money = page.content.decode(), page.context["money"]

    assert (money.left_to_spend_cents, money.left_to_prove_cents) == (
        185_300 - 8_000 - 16_757,
        60_000 - 8_000,
    )
    assert "Gloves aren’t covered" in text
    assert "312 555 0100" in text
    assert "Add a receipt" in text


def test_who_is_paid_back_is_told_to_buy_first(city):
    with city_scope(city):
        offered, accepted = (
            make_award(
                payment_mode="reimbursement", status=status, answer_by_on=date.today() + timedelta(days=9)
            )
            for status in (Status.OFFERED, Status.ACCEPTED)
        )
    before = visit(offered.applicant, f"/tilden/awards/{offered.pk}/answer/").content.decode()
    after = visit(accepted.applicant, f"/tilden/awards/{accepted.pk}/").content.decode()

    for page in (before, after):
        assert "Then the city pays you back." in page
        assert "The city prepares your first payment" not in page
    assert "do not spend" not in before


def test_the_page_goes_on_to_say_that_money_is_there_whose_record_was_wrong(city, trio):
    with city_scope(city):
        award = make_award()
        row = paid(award, trio, 60_000)
        void_disbursement(row.pk, reason="Wrong voucher", cause=VoidCause.WRONG_RECORD, actor=trio[0])
        requested(award, trio[0], 60_000)
        other = requested(award, trio[0], 700)
    client = sign_in(Client(), award.applicant)
    with count_statements() as found:
        page = client.get(f"/tilden/awards/{award.pk}/")
    between = strip_tags(page.content.decode())
    with city_scope(city):
        refuse_disbursement(other.pk, reason="No", actor=trio[1])
        paid(award, trio, 60_000)
    after = strip_tags(client.get(f"/tilden/awards/{award.pk}/").content.decode())

    assert "$600.00 to Riverbend CDC is being written down again" in between
    assert "nothing changes in what you have" in between
    assert "without what is being written down again" in between
    assert "The city prepares your first payment" not in between
    assert "$600.00 to Riverbend CDC is being prepared" not in between
    assert "$7.00 to Riverbend CDC is being prepared" in between
    assert len(found) <= 13, found
    assert "$600.00 paid to Riverbend CDC" in after
    assert "written down again" not in after


def test_a_payment_that_never_came_is_not_said_to_be_there(city, trio):
    with city_scope(city):
        award = make_award()
        void_disbursement(paid(award, trio).pk, reason="Lost", actor=trio[0])

    page = visit(award.applicant, f"/tilden/awards/{award.pk}/").content.decode()

    assert "written down again" not in page
    assert "Nothing is paid yet." in page


def test_the_grantee_photographs_a_receipt(world, city):
    path = f"/tilden/awards/{world['award'].pk}/receipts/new/"
    shown = visit(world["applicant"], path).content.decode()
    photo = SimpleUploadedFile("till.jpg", jpeg(), content_type="image/jpeg")
    said = {
        "vendor": "Hill Hardware",
        "bought_on": yesterday(),
        "amount_cents": "12.50",
        "what": "Nails",
        **key(),
    }
    sent = visit(world["applicant"], path, photo=photo, **said)

    assert 'capture="environment"' in shown
    assert sent["Location"] == f"/tilden/awards/{world['award'].pk}/"
    with city_scope(city):
        receipt = Receipt.objects.get(vendor="Hill Hardware")
    assert (receipt.amount_cents, receipt.content_type) == (1_250, "image/jpeg")
    seen = visit(world["applicant"], f"/tilden/receipts/{receipt.pk}/")
    assert b"".join(seen.streaming_content).startswith(b"\xff\xd8\xff")
    assert visit(world["applicant"], f"/tilden/receipts/{receipt.pk}/small/").status_code == 200


def test_a_receipt_without_a_picture_or_from_tomorrow_comes_back(world):
    path = f"/tilden/awards/{world['award'].pk}/receipts/new/"
    said = {"vendor": "Hill", "amount_cents": "5", "bought_on": yesterday(), **key()}
    photo = SimpleUploadedFile("till.jpg", jpeg(), content_type="image/jpeg")

    bare = visit(world["applicant"], path, **said)
    early = visit(
        world["applicant"],
        path,
        photo=photo,
        **{**said, "bought_on": timezone.localdate() + timedelta(days=3)},
    )
    text = visit(world["applicant"], path, photo=SimpleUploadedFile("x.jpg", b"hello"), **said)

    assert (bare.status_code, early.status_code, text.status_code) == (422, 422, 422)
    assert "photo" in bare.context["form"].errors
    assert "bought_on" in early.context["form"].errors
    assert list(text.context["form"].errors) == ["photo"]


def test_a_photo_that_got_lost_with_an_error_is_asked_for_again(world):
    path = f"/tilden/awards/{world['award'].pk}/receipts/new/"
    said = {"vendor": "Hill", "amount_cents": "5", "bought_on": yesterday(), **key()}
    photo = SimpleUploadedFile("till.jpg", jpeg(), content_type="image/jpeg")

    lost = visit(world["applicant"], path, photo=photo, **{**said, "vendor": ""}).content.decode()
    early = {**said, "bought_on": timezone.localdate() + timedelta(days=3)}
    photo.seek(0)
    refused = visit(world["applicant"], path, file=photo, **early).content.decode()
    bare = visit(world["applicant"], path, **said).content.decode()

    asked = "Please take the photo, or choose the file, again."
    assert [asked in page for page in (lost, refused, bare)] == [True, True, False]
    assert lost.count("data-error-summary") == 1


def test_two_files_for_one_receipt_are_refused_and_none_is_dropped(world, city):
    path = f"/tilden/awards/{world['award'].pk}/receipts/new/"
    said = {"vendor": "Hill Hardware", "amount_cents": "5", "bought_on": yesterday(), **key()}
    photo, file = (SimpleUploadedFile(name, jpeg(), content_type="image/jpeg") for name in ("a.jpg", "b.jpg"))

    answer = visit(world["applicant"], path, photo=photo, file=file, **said)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {"file": ["Please send one file for each receipt."]}
    with city_scope(city):
        assert not Receipt.objects.filter(vendor="Hill Hardware").exists()


def test_the_grantee_takes_a_receipt_back_and_not_an_accepted_one(world, city):
    assert visit(world["applicant"], f"/tilden/receipts/{world['receipt'].pk}/remove/").status_code == 200
    assert (
        visit(world["applicant"], f"/tilden/receipts/{world['receipt'].pk}/remove/", yes="1").status_code
        == 302
    )
    assert (
        visit(world["applicant"], f"/tilden/receipts/{world['accepted'].pk}/remove/", yes="1").status_code
        == 409
    )
    assert visit(world["applicant"], f"/tilden/receipts/{world['receipt'].pk}/").status_code == 404


def test_the_desk_is_offered_to_take_back_only_what_it_sent(world, city, staff):
    with city_scope(city):
        own = receipt_of(world["award"], 700, actor=staff)
    page = visit(staff, f"/tilden/awards/{world['award'].pk}/").content.decode()

    assert f"/tilden/receipts/{own.pk}/remove/" in page
    assert f"/tilden/receipts/{world['receipt'].pk}/remove/" not in page
    assert visit(staff, f"/tilden/receipts/{world['receipt'].pk}/remove/").status_code == 403


def test_taking_a_receipt_back_twice_is_a_success(world):
    path = f"/tilden/receipts/{world['receipt'].pk}/remove/"
    first, second = visit(world["applicant"], path, yes="1"), visit(world["applicant"], path, yes="1")

    assert first["Location"] == second["Location"] == f"/tilden/awards/{world['award'].pk}/"


# -- Leaks -------------------------------------------------------------------------------------------------------------------
def routes_of(world):
    award, receipt, payment = world["award"].pk, world["receipt"].pk, world["requested"].pk
    files = [f"receipts/{receipt}/", f"receipts/{receipt}/small/"]
    desk = [f"staff/receipts/{receipt}/", f"staff/payments/{payment}/", f"staff/payments/awards/{award}/"]
    return files, [f"awards/{award}/", f"awards/{award}/receipts/new/"], desk


def test_pictures_are_shown_to_parties_and_the_desk_and_to_nobody_else(world, city, staff):
    files, money, desk = routes_of(world)
    reviewer, stranger = make_member(city, Role.REVIEWER), UserFactory()

    for path in files + money:
        assert visit(world["applicant"], f"/tilden/{path}").status_code == 200, path
        assert visit(staff, f"/tilden/{path}").status_code == 200, path
        for nobody in (reviewer, stranger):
            assert visit(nobody, f"/tilden/{path}").status_code == 403, path
        assert Client().get(f"/tilden/{path}").status_code == 302
    for path in desk:
        assert visit(staff, f"/tilden/{path}").status_code == 200, path
        for nobody in (reviewer, stranger, world["applicant"]):
            assert visit(nobody, f"/tilden/{path}").status_code == 403, path


def test_another_citys_staff_finds_nothing_here_or_there(world):
    dallas = make_city("dallas")
    foreign = make_trio(dallas)[0]
    for path in [path for part in routes_of(world) for path in part]:
        assert visit(foreign, f"/tilden/{path}").status_code == 403, path
        assert visit(foreign, f"/dallas/{path}").status_code == 404, path
    assert b"Corner Deli" not in visit(foreign, "/dallas/staff/receipts/?tab=all").content


def test_a_conflict_of_interest_hides_money_and_pictures(world, city, insider):
    paths = [path for part in routes_of(world) for path in part]
    assert all(visit(insider, f"/tilden/{path}").status_code == 200 for path in paths)
    with city_scope(city):
        Conflict.objects.create(
            application=world["award"].application, person=insider, kind="family", declared_by=insider
        )

    for path in paths:
        assert visit(insider, f"/tilden/{path}").status_code == 403, path
    assert visit(insider, "/tilden/staff/payments/?tab=all").context["queue"].total.count == 0
    assert visit(insider, "/tilden/staff/receipts/?tab=all").context["queue"].total.count == 0
    assert visit(insider, "/tilden/staff/payments/new/").context["choice"].rows == []
