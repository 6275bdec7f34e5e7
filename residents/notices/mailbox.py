"""The mailbox of the demo: mail is written to files, and shown at ``/demo/mail/``."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.message import EmailMessage, EmailMultiAlternatives

KEPT = 500


@dataclass(frozen=True, slots=True)
class Mail:
    """One letter as it was sent."""

    at: datetime
    to: str
    subject: str
    text: str

    @property
    def code(self) -> str:
        """The block set apart by four spaces: a sign-in code."""
        return next((line.strip() for line in self.text.splitlines() if line.startswith("    ")), "")


def folder() -> Path:
    place = Path(settings.DATA_DIR) / "mail"
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place


class DemoMailbox(BaseEmailBackend):
    """Writes each letter into ``<data>/mail/``; nothing leaves the machine."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            _write(message)
        _forget_old()
        return len(email_messages)


def _write(message: EmailMessage) -> None:
    html = (
        message.alternatives[0][0]
        if isinstance(message, EmailMultiAlternatives) and message.alternatives
        else ""
    )
    content = {
        "at": datetime.now(UTC).isoformat(),
        "to": ", ".join(message.to),
        "subject": str(message.subject),
        "text": str(message.body),
        "html": str(html),
    }
    # Written aside and renamed, so that the page never reads half a letter.
    name = folder() / f"{time.time_ns():020d}-{uuid4().hex[:8]}"
    draft = name.with_suffix(".part")
    draft.write_text(json.dumps(content), encoding="utf-8")
    draft.replace(name.with_suffix(".json"))


def _forget_old() -> None:
    for path in sorted(folder().glob("*.json"))[:-KEPT]:
        path.unlink(missing_ok=True)


def newest(limit: int = 50) -> list[Mail]:
    """Return the last letters, newest first."""
    found = []
    for path in sorted(folder().glob("*.json"), reverse=True)[:limit]:
        content = json.loads(path.read_text(encoding="utf-8"))
        found.append(
            Mail(datetime.fromisoformat(content["at"]), content["to"], content["subject"], content["text"])
        )
    return found
