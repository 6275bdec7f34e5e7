import pytest
from django.test import Client
from rest_framework.test import APIClient

from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope
from grants.awards.models import Award
from grants.ledger.models import Entry, MoneyCall
from grants.payments.actions import approve_disbursement
from grants.payments.models import Deputy, Disbursement, Receipt
from tests.factories import UserFactory, make_officer
from tests.grants.applications.uploads.making import picture, sent
from tests.grants.payments.factories import make_award, paid, receipt_of, requested, yesterday
from tests.people import sign_in
from tests.queries import count_statements

API = "/api/v1/cities/tilden"


@pytest.fixture
def award(city, trio, manager, staff):
    with city_scope(city):
        return make_award()


def api(person):
    return sign_in(APIClient(), person)


def post(person, path, body=None, key="key-1"):
    return api(person).post(
        f"{API}/{path}", body or {}, format="json", headers={"Idempotency-Key": key} if key else {}
    )


def ask(award, person, key="key-1", **changes):
    body = {
        "award": str(award.pk),
        "amount_cents": 60_000,
        "payee_name": "Riverbend CDC",
        "method": "check",
        **changes,
    }
    return post(person, "payments/", body, key)


def test_a_payment_and_its_proof_over_the_api(city, award, trio, staff, manager):
    made = ask(award, trio[0])
    payment = f"payments/{made.json()['id']}/"
    approved = post(trio[1], f"{payment}approval/", key="a")
    recorded = post(
        trio[2], f"{payment}record/", {"paid_on": str(yesterday()), "voucher_number": "CHK-1"}, key="r"
    )
    body = {
        "file": sent(picture()),
        "vendor": "Nursery",
        "bought_on": str(yesterday()),
        "amount_cents": 60_000,
    }
    client = api(award.applicant)
    added = client.post(
        f"{API}/awards/{award.pk}/receipts/", body, format="multipart", headers={"Idempotency-Key": "p"}
    )
    decided = post(staff, f"receipts/{added.json()['id']}/decision/", {"accepted_cents": 60_000}, key="d")
    done = post(manager, f"awards/{award.pk}/completion/", key="c")
    opened = post(manager, f"awards/{award.pk}/reopening/", {"reason": "A check bounced"}, key="o")

    assert [each.status_code for each in (made, approved, recorded, added, decided, done)] == [
        201,
        200,
        200,
        201,
        200,
        200,
    ]
    assert (opened.status_code, opened.json()["status"]) == (200, "accepted")
    assert [each.json()["status"] for each in (made, approved, recorded, decided, done)] == [
        "requested", "approved", "paid", "accepted", "completed",
    ]  # fmt: skip
    money = client.get(f"{API}/awards/{award.pk}/money/").json()
    assert (money["paid_cents"], money["proved_cents"], money["left_to_prove_cents"]) == (60_000, 60_000, 0)
    assert [row["vendor"] for row in money["receipts"]] == ["Nursery"]


@pytest.mark.django_db(transaction=True)
def test_approving_takes_thirteen_statements_at_most_and_recording_sixteen(award, trio):
    payment = f"payments/{ask(award, trio[0]).json()['id']}/"
    approver, recorder = api(trio[1]), api(trio[2])
    paid_now = {"paid_on": str(yesterday()), "voucher_number": "CHK-1"}

    with count_statements() as approved:
        answer = approver.post(
            f"{API}/{payment}approval/", {}, format="json", headers={"Idempotency-Key": "a"}
        )
        assert answer.status_code == 200
    with count_statements() as recorded:
        answer = recorder.post(
            f"{API}/{payment}record/", paid_now, format="json", headers={"Idempotency-Key": "r"}
        )
        assert answer.status_code == 200

    assert len(approved) <= 13, "\n".join(approved)
    assert len(recorded) <= 16, "\n".join(recorded)
    lock = next(statement for statement in recorded if "FOR NO KEY UPDATE" in statement)
    assert lock.endswith('FOR NO KEY UPDATE OF "grants_award", "grants_disbursement"')


def test_the_same_key_and_body_are_answered_the_same_and_done_once(city, award, trio):
    first, again, other = ask(award, trio[0]), ask(award, trio[0]), ask(award, trio[0], amount_cents=5)

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert other.status_code == 422
    with city_scope(city):
        assert Disbursement.objects.count() == MoneyCall.objects.count() == 1


def test_a_refusal_is_remembered_under_its_key(city, award, trio):
    first = ask(award, trio[0], amount_cents=999_999)
    with city_scope(city):
        Award.objects.filter(pk=award.pk).update(amount_cents=185_300)
    again = ask(award, trio[0], amount_cents=999_999)

    assert (first.status_code, again.status_code) == (422, 422)
    assert first.json() == again.json()


@pytest.mark.parametrize(
    "path",
    [
        "payments/",
        "payments/{payment}/approval/",
        "receipts/{receipt}/decision/",
        "awards/{award}/completion/",
        "awards/{award}/reopening/",
    ],
)
def test_a_money_call_without_a_key_does_nothing(city, award, trio, insider, path):
    with city_scope(city):
        payment, receipt = requested(award, trio[0]), receipt_of(award)
    body = {
        "award": str(award.pk), "amount_cents": 1, "payee_name": "X", "method": "check", "accepted_cents": 10_000, "reason": "Wrong",
    }  # fmt: skip

    answer = post(insider, path.format(payment=payment.pk, receipt=receipt.pk, award=award.pk), body, key="")

    assert answer.status_code == 422
    assert "idempotency key" in answer.json()["detail"]
    with city_scope(city):
        assert Disbursement.objects.count() == 1


def test_one_picture_sent_twice_with_one_key_is_one_receipt(city, award):
    client, ids = api(award.applicant), set()
    for _time in range(2):
        body = {
            "file": sent(picture()),
            "vendor": "Nursery",
            "bought_on": str(yesterday()),
            "amount_cents": 500,
        }
        answer = client.post(
            f"{API}/awards/{award.pk}/receipts/", body, format="multipart", headers={"Idempotency-Key": "p"}
        )
        ids.add(answer.json()["id"])

    assert len(ids) == 1
    with city_scope(city):
        assert Receipt.objects.count() == 1


def test_a_receipt_that_is_no_picture_is_refused(award):
    body = {"file": sent(b"hello"), "vendor": "Nursery", "bought_on": str(yesterday()), "amount_cents": 500}
    answer = api(award.applicant).post(
        f"{API}/awards/{award.pk}/receipts/", body, format="multipart", headers={"Idempotency-Key": "p"}
    )

    assert answer.status_code == 422


def test_a_stranger_adds_no_receipt(award):
    body = {"file": sent(picture()), "vendor": "Nursery", "bought_on": str(yesterday()), "amount_cents": 500}

    assert (
        api(UserFactory()).post(f"{API}/awards/{award.pk}/receipts/", body, format="multipart").status_code
        == 403
    )


def test_a_payment_tells_its_seats(city, award, trio):
    with city_scope(city):
        payment = requested(award, trio[0])

    told = api(trio[0]).get(f"{API}/payments/{payment.pk}/").json()

    assert [seat["state"] for seat in told["seats"]] == ["done", "current", "upcoming"]
    assert told["seats"][1]["people"] == ["Ada", "Mia"]
    assert told["seats"][1]["why_not"] != ""


def test_queues_tell_count_and_sum(city, award, trio, staff):
    with city_scope(city):
        requested(award, trio[0], 700)
        receipt_of(award, 300)

    payments, receipts = (api(trio[1]).get(f"{API}/{each}/").json() for each in ("payments", "receipts"))
    mine = api(staff).get(f"{API}/receipts/").json()

    assert (payments["count"], payments["amount_cents"], len(payments["results"])) == (1, 700, 1)
    assert receipts["count"] == mine["count"] == 1
    assert mine["results"][0]["is_possible_duplicate"] is False


def test_voids_undos_returns_and_removals(city, award, trio, staff):
    with city_scope(city):
        first, second = paid(award, trio, 1_000), paid(award, trio, 2_000)
        receipt, other = receipt_of(award, 500), receipt_of(award, 600)
    refused = requested_and_refused(city, award, trio)

    assert post(trio[0], f"payments/{first.pk}/void/", {"reason": "Lost"}, "v").json()["status"] == "voided"
    unknown = {"reason": "Lost", "cause": "stolen"}
    assert post(trio[0], f"payments/{second.pk}/void/", unknown, "x").status_code == 400
    assert post(staff, f"receipts/{receipt.pk}/decision/", {"accepted_cents": 500}, "d").status_code == 200
    assert post(staff, f"receipts/{receipt.pk}/undo/", key="u").json()["status"] == "submitted"
    given = {"amount_cents": 1_500, "returned_on": str(yesterday()), "reference": "D", "reason": "Rest"}
    wrong = post(trio[0], f"awards/{award.pk}/returns/", given, "a").json()["id"]
    undone = post(trio[0], f"returns/{wrong}/undo/", {"reason": "Typed twice"}, "w")
    assert (undone.status_code, undone.json()["id"]) == (200, wrong)
    told = api(award.applicant).get(f"{API}/awards/{award.pk}/money/").json()
    assert [row["undone_because"] for row in told["returns"]] == ["Typed twice"]
    assert post(trio[0], f"awards/{award.pk}/returns/", given, "b").status_code == 201
    mine = api(award.applicant).get(f"{API}/awards/{award.pk}/money/").json()
    assert (told["released_cents"], mine["released_cents"]) == (0, 1_500)
    for _again in range(2):
        assert api(award.applicant).delete(f"{API}/receipts/{other.pk}/").json()["status"] == "removed"
    assert refused.json()["status"] == "refused"
    with city_scope(city):
        assert Entry.objects.filter(kind="reversal").count() == 3
        assert Award.objects.get(pk=award.pk).paid_cents == second.amount_cents - 1_500


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ({}, "payment-voided"),
        ({"cause": "never_arrived"}, "payment-voided"),
        ({"cause": "wrong_record"}, "payment-misrecorded"),
    ],
)
def test_a_void_says_whether_the_money_arrived(city, award, trio, said, kind):
    with city_scope(city):
        payment = paid(award, trio, 1_000)

    assert post(trio[0], f"payments/{payment.pk}/void/", {"reason": "Typo", **said}).status_code == 200

    with city_scope(city):
        assert Event.objects.get(tag="disbursement:void").data["cause"] == said.get("cause", "never_arrived")
        assert Message.objects.exclude(kind="payment-made").get().kind == kind


def requested_and_refused(city, award, trio):
    with city_scope(city):
        payment = requested(award, trio[0], 100)
        approve_disbursement(payment.pk, actor=trio[1])
    return post(trio[2], f"payments/{payment.pk}/refusal/", {"reason": "Wrong account"}, "f")


def test_deputies_over_the_api(city, manager, staff):
    officer = make_officer()
    named = post(
        manager, "deputies/", {"person": str(staff.pk), "seat": "approver", "reason": "Two of us"}
    ).json()
    again = post(manager, "deputies/", {"person": str(staff.pk), "seat": "approver", "reason": "Two of us"})
    center = api(officer)
    approved = center.post(f"/api/v1/center/deputies/{named['id']}/approval/")
    ended = api(manager).delete(f"{API}/deputies/{named['id']}/")

    assert again.status_code == 422
    assert [row["id"] for row in center.get("/api/v1/center/deputies/").json()] == [named["id"]]
    assert approved.json()["approved_at"] is not None
    assert ended.json()["ended_at"] is not None
    assert center.delete(f"/api/v1/center/deputies/{named['id']}/", format="json").status_code == 409
    with city_scope(city):
        assert Deputy.objects.get().approved_by == officer


def test_the_schema_asks_for_the_key_on_every_money_call(db):
    paths = Client().get("/api/v1/schema/?format=json").json()["paths"]
    calls = [
        (path, call)
        for path, methods in paths.items()
        for method, call in methods.items()
        if method == "post"
        and ("/payments/" in path or "/receipts/" in path or path.endswith(("/returns/", "/completion/")))
    ]

    assert len(calls) >= 10
    for path, call in calls:
        assert "Idempotency-Key" in [each["name"] for each in call.get("parameters", [])], path
