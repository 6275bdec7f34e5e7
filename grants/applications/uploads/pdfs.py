"""PDF files: only plain ones, written anew by a process of its own (:mod:`.rewriting`)."""

import os
import subprocess
import sys
from pathlib import Path

import structlog
from django.utils.translation import gettext as _

from grants.applications.errors import FileRefusedError

logger = structlog.get_logger(__name__)

_PROGRAM = Path(__file__).with_name("rewriting.py")
_SECONDS = 30
_UNREADABLE, _LOCKED, _ACTIVE = 10, 11, 12
"""How the program ends that refuses a file."""


def plain_pdf(content: bytes) -> bytes:
    """Return the PDF written anew. Raises ``FileRefusedError`` on one that is damaged, locked, or could do anything by itself."""
    # Neither keys nor addresses: what is taken apart there is a stranger's.
    environment = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603  our own program
            [sys.executable, "-I", str(_PROGRAM)],
            input=content,
            capture_output=True,
            timeout=_SECONDS,
            env=environment,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise FileRefusedError(_sentence(_UNREADABLE)) from error
    if done.returncode == 0:
        return done.stdout
    if done.returncode not in {_UNREADABLE, _LOCKED, _ACTIVE}:
        logger.error(
            "upload.pdf_program_failed",
            code=done.returncode,
            said=done.stderr[-300:].decode(errors="replace"),
        )
    raise FileRefusedError(_sentence(done.returncode))


def _sentence(code: int) -> str:
    if code == _LOCKED:
        return _("This PDF is locked with a password. Please save it without one and send it again.")
    if code == _ACTIVE:
        return _(
            "This PDF holds scripts or other files inside, so we can’t take it. Please print it to a new PDF, or send a photo of it."
        )
    return _(
        "We could not read this PDF. It may be damaged. Please save it again, or send a photo of the paper."
    )
