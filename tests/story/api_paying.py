"""Over the API: the project is told about, three people pay, receipts prove it, the award ends."""

from datetime import timedelta
from typing import Any

from django.test import Client

from cities.tenancy.models import new_id
from tests.days import today
from tests.grants.applications.uploads.making import picture, sent
from tests.story.calling import CITY, Caller, open_file

PAID = 30_000
ACCEPTED = 16_237
PROJECTS = f"{CITY}projects/"


def tell_the_block(resident: Caller, manager: Caller, award: str) -> None:
    """The project is there since the yes; nobody sees it, nor what is told about it, before the city publishes."""
    (project,) = manager.ask("GET", f"{CITY}desk/projects/")["results"]
    nobody = Client()
    assert nobody.get(PROJECTS).json()["results"] == []
    told = resident.client.post(
        f"{PROJECTS}{project['id']}/updates/",
        {"text": "The lot is clear.", "happened_on": today().isoformat(), "photos": [sent(picture())],
         "alts": ["An empty lot, swept"]},
    )  # fmt: skip
    assert told.status_code == 201, told.content
    photo = told.json()["photos"][0]["address"]
    assert open_file(nobody, photo)[0] != 200

    manager.ask("PATCH", f"{CITY}desk/projects/{project['id']}/", {"is_shown": True, "status": "under_way"})
    manager.ask("POST", f"{CITY}desk/project-updates/{told.json()['id']}/publication/")

    (shown,) = nobody.get(PROJECTS).json()["results"]
    assert (shown["awarded_cents"], shown["update_count"]) == (45_000, 1)
    read = nobody.get(f"{PROJECTS}{project['id']}/").json()
    assert [update["text"] for update in read["updates"]] == ["The lot is clear."]
    assert open_file(nobody, photo)[0] == 200
    assert b"The lot is clear." in nobody.get(f"/marlow-falls/projects/{project['id']}/").content


def disburse(finance: Caller, approver: Caller, treasurer: Caller, resident: Caller, award: str) -> str:
    """One asks, a second approves, a third records; whoever asked can do neither."""
    wanted = {
        "award": award,
        "amount_cents": PAID,
        "payee_name": "Tilden Street Neighbors",
        "method": "check",
        "purpose": "First part",
    }
    approver.pay(f"{CITY}payments/", wanted, expect=403)
    finance.pay(f"{CITY}payments/", {**wanted, "amount_cents": 45_001}, expect=422)
    payment = finance.pay(f"{CITY}payments/", wanted, expect=201)["id"]
    path = f"{CITY}payments/{payment}/"
    assert "You requested this payment." in finance.pay(f"{path}approval/", expect=422)["detail"]
    assert approver.pay(f"{path}approval/")["status"] == "approved"
    voucher = {"paid_on": today().isoformat(), "voucher_number": "CHK-1001"}
    assert "A third person" in finance.pay(f"{path}record/", voucher, expect=422)["detail"]
    approver.pay(f"{path}record/", voucher, expect=403)
    assert treasurer.pay(f"{path}record/", voucher)["status"] == "paid"

    seats = treasurer.ask("GET", path)["seats"]
    assert [seat["who"] for seat in seats] == ["Fay Quint", "Ada Boone", "Rex Hale"]
    money = resident.ask("GET", f"{CITY}awards/{award}/money/")
    assert (money["paid_cents"], money["left_to_prove_cents"], money["left_to_spend_cents"]) == (
        PAID,
        PAID,
        45_000,
    )
    return payment


def prove(resident: Caller, staff: Caller, award: str) -> str:
    """A photographed receipt is accepted in part, in cents; return its id."""
    receipt = add_receipt(resident, award, 18_000)
    path = f"{CITY}receipts/{receipt}/"
    staff.pay(f"{path}decision/", {"accepted_cents": ACCEPTED}, expect=422)
    resident.pay(f"{path}decision/", {"accepted_cents": 18_000}, expect=403)
    reason = "The snacks are not in the budget."
    staff.pay(f"{path}decision/", {"accepted_cents": ACCEPTED, "reason": reason})

    read = resident.ask("GET", path)
    assert (read["accepted_cents"], read["reason"]) == (ACCEPTED, reason)
    money = resident.ask("GET", f"{CITY}awards/{award}/money/")
    assert (money["proved_cents"], money["left_to_prove_cents"]) == (ACCEPTED, PAID - ACCEPTED)
    assert money["left_to_spend_cents"] == 45_000 - ACCEPTED
    return receipt


def add_receipt(resident: Caller, award: str, cents: int) -> str:
    """Send a receipt's photo twice under one key, as a phone with a bad line does; return the one receipt's id."""
    key, photo = {"Idempotency-Key": str(new_id())}, picture(color=(cents % 255, 80, 80))

    def send() -> Any:
        bought_on = (today() - timedelta(days=1)).isoformat()
        told = {
            "vendor": "Hill Hardware",
            "bought_on": bought_on,
            "amount_cents": cents,
            "what": "Lumber",
            "file": sent(photo),
        }
        answer = resident.client.post(f"{CITY}awards/{award}/receipts/", told, headers=key)
        assert answer.status_code == 201, answer.content
        return answer.json()

    first = send()
    assert send() == first
    return first["id"]


def close(resident: Caller, staff: Caller, manager: Caller, award: str) -> None:
    """What is paid is proved, so the award ends; what was never paid goes back to the call."""
    path = f"{CITY}awards/{award}/"
    assert "isn’t proved" in manager.pay(f"{path}completion/", expect=422)["detail"]
    rest = add_receipt(resident, award, PAID - ACCEPTED)
    staff.pay(f"{CITY}receipts/{rest}/decision/", {"accepted_cents": PAID - ACCEPTED})

    assert manager.pay(f"{path}completion/")["status"] == "completed"

    (mine,) = resident.ask("GET", "/api/v1/me/applications/")
    assert (mine["award_status"], mine["paid_cents"], mine["proved_cents"]) == ("completed", PAID, PAID)
    standing = manager.ask("GET", f"{CITY}money/")["cycles"][0]
    assert (standing["available_cents"], standing["committed_cents"]) == (1_970_000, 0)
    assert (standing["paid_cents"], standing["proved_cents"]) == (PAID, PAID)
