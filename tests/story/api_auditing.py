"""Over the API: the Center's auditor follows the money, files are made, and nothing is found wrong."""

import hashlib
from typing import Any
from uuid import UUID

from cities.audit.tasks import seal_pending, sign_heads
from cities.audit.verification import run_checks
from cities.documents import tasks
from cities.outbox.models import Message
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.story.calling import CENTER, CITY, Caller

VOUCHER = {"paid_on": "2026-01-02", "voucher_number": "X"}


def follow_the_money(auditor: Caller, manager: Caller, *, payment: str, receipt: str) -> None:
    """From the list of all cities down to the receipt's picture; nothing can be changed, and the city reads who looked."""
    listed = auditor.ask("GET", f"{CENTER}disbursements/")
    assert [row["id"] for row in listed["results"]] == [payment]
    assert (listed["totals"][0]["currency"], listed["totals"][0]["cents"]) == ("USD", 30_000)
    followed = auditor.ask("GET", f"{CENTER}disbursements/{payment}/")
    assert [row["id"] for row in followed["receipts"]] == [receipt]
    assert followed["answers"]["project_title"]
    assert followed["tranches"][0]["grant"] == "LYB-MF"
    assert auditor.look(f"/center/receipts/{receipt}/")

    for path, body in (("approval", None), ("record", VOUCHER), ("void", {"reason": "No"})):
        auditor.pay(f"{CITY}payments/{payment}/{path}/", body, expect=403)
    auditor.pay(f"{CITY}receipts/{receipt}/decision/", {"accepted_cents": 0, "reason": "No"}, expect=403)
    auditor.pay(f"{CENTER}grants/", {}, expect=403)

    looks = manager.ask("GET", f"{CITY}readings/")["results"]
    seen = {(look["reader"], look["page"], look["subject_id"]) for look in looks}
    assert ("Alma Prior", "center-disbursement-detail", payment) in seen
    assert ("Alma Prior", "center-receipt-picture", receipt) in seen
    assert ("Alma Prior", "center-disbursement-list", None) in seen


def export(auditor: Caller) -> None:
    """The whole filter as a workbook and as CSV, each with row count and hash."""
    for kind in ("xlsx", "csv"):
        path = f"{CENTER}disbursements/export/?status=paid"
        asked = auditor.ask("POST", path, {"format": kind}, expect=202)
        file = made(auditor, CENTER_ID, f"{CENTER}documents/", asked["id"])
        assert (b"CHK-1001" in file) == (kind == "csv")


def read_the_papers(
    manager: Caller, resident: Caller, torn: Caller, city: City, *, cycle: str, award: str
) -> None:
    """The call's report and workbook for the manager; the award's letter for the manager and the resident."""
    home = f"{CITY}documents/"
    for kind, magic in (("cycle-report", b"%PDF"), ("cycle-workbook", b"PK")):
        asked = manager.ask("POST", home, {"kind": kind, "parameters": {"cycle": cycle}}, expect=201)
        assert made(manager, city.pk, home, asked["id"]).startswith(magic)
        torn.ask("GET", f"{home}{asked['id']}/", expect=403)
    for reader in (manager, resident):
        asked = reader.ask("POST", f"{CITY}awards/{award}/letter/", expect=201)
        assert made(reader, city.pk, home, asked["id"]).startswith(b"%PDF")


def made(reader: Caller, place: UUID, home: str, key: str) -> bytes:
    """Make a document as a worker does; return the file that its reader downloads."""
    waiting = reader.ask("GET", f"{home}{key}/")
    assert (waiting["status"], waiting["progress"]) == ("waiting", 0)
    tasks.make(str(place), key, 0)

    finished: dict[str, Any] = reader.ask("GET", f"{home}{key}/")
    assert (finished["status"], finished["progress"], finished["failure"]) == ("finished", 100, "")
    content = reader.look(f"{home}{key}/file/")
    assert (hashlib.sha256(content).hexdigest(), len(content)) == (finished["sha256"], finished["size_bytes"])
    if not finished["kind"].endswith("letter"):
        assert finished["row_count"] >= 1
    return content


def no_letters(city: City, torn: Caller) -> None:
    """Whoever declared a conflict was asked to review, and told nothing more about that application."""
    with city_scope(city):
        told = Message.objects.filter(recipient=torn.user).exclude(kind="token-made")
        assert list(told.values_list("kind", flat=True)) == ["reviews-assigned"]


def verify() -> None:
    """Seal and sign the trail, then run everything that ``manage.py verify`` runs: it finds nothing."""
    seal_pending()
    sign_heads()
    results = run_checks()
    assert [(one.name, found.place, found.sentence) for one in results for found in one.breaks] == []
    assert sum(one.examined for one in results) > 0
