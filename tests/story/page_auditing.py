"""In the browser: the Center's auditor follows the money, reports are made by the worker, nothing is found wrong."""

import hashlib
import re

from cities.audit.tasks import seal_pending, sign_heads
from cities.audit.verification import run_checks
from grants.awards.models import Award
from tests.story.cast import HOME, STAFF, Cast
from tests.story.visitor import Visitor

SHA = re.compile(r"[0-9a-f]{64}")
PATIENCE_MS = 60_000


def follow_the_money(cast: Cast, award: Award, payment: str) -> None:
    """From all cities down to the receipt's picture, changing nothing; the city reads who looked."""
    auditor, manager = cast.auditor, cast.manager
    auditor.go("/center/disbursements/?city=marlow-falls")
    auditor.click(f"{award.reference}/1", role="link")
    auditor.sees("The snacks are not in the budget.")
    receipt = auditor.page.locator("main a[href*='/center/receipts/']").first.get_attribute("href")
    assert auditor.file(receipt).startswith(b"\xff\xd8")
    for deed in ("void", "approve", "refuse", "record"):
        assert auditor.status_of(f"{payment}{deed}/", {"key": "mine", "reason": "No"}) == 403
    auditor.go("/center/exceptions/")

    manager.go(f"{STAFF}readings/")
    looks = manager.page.locator("main tbody").inner_text()
    assert "Alma Prior" in looks
    assert f"{award.reference}/1" in looks


def export(cast: Cast) -> None:
    for name, magic in (("XLSX", b"PK"), ("CSV", b"\xef\xbb\xbf")):
        cast.auditor.go("/center/disbursements/?city=marlow-falls&status=paid")
        cast.auditor.press(f"Whole filter as {name}")
        assert downloaded(cast.auditor, rows="1").startswith(magic)


def read_the_papers(cast: Cast, award: Award) -> None:
    """The call's report and workbook for the manager; the letter for the manager and the resident."""
    for kind, magic in (("cycle-report", b"%PDF"), ("cycle-workbook", b"PK")):
        cast.manager.go(f"{STAFF}reports/")
        card = cast.manager.page.locator("form", has=cast.manager.page.locator(f"input[value={kind}]"))
        card.get_by_role("button", name="Make it").click()
        cast.manager.page.wait_for_load_state()
        assert downloaded(cast.manager).startswith(magic)
    for reader in (cast.manager, cast.resident):
        reader.go(f"{HOME}awards/{award.pk}/letter/")
        reader.press("Make the letter")
        assert downloaded(reader).startswith(b"%PDF")


def downloaded(reader: Visitor, *, rows: str = "") -> bytes:
    """Wait while the page follows the worker; take the file, whose fingerprint is on the page."""
    reader.page.get_by_text("Fingerprint (SHA-256)").wait_for(timeout=PATIENCE_MS)
    reader.page.wait_for_load_state()
    reader.look()
    text = reader.page.inner_text("main")
    if rows:
        assert re.search(rf"Rows\s+{rows}\b", text), text
    content = reader.file(reader.page.get_by_role("link", name="Download").get_attribute("href"))
    assert hashlib.sha256(content).hexdigest() == SHA.search(text)[0]
    return content


def verify() -> None:
    """Seal and sign the trail, then run everything that ``manage.py verify`` runs: it finds nothing."""
    seal_pending()
    sign_heads()
    assert [(one.name, found.place, found.sentence) for one in run_checks() for found in one.breaks] == []
