"""PDF files: only plain ones. They are kept as they are, so whatever could act is refused.

A PDF hides names from a plain search in two ways: ``#4a`` for letters, and compressed object streams.
Both are undone here. The bytes of other streams (pictures, fonts, pages) are left out, since any three
letters turn up in them by chance.
"""

import re
import zlib
from collections.abc import Iterator

from django.utils.translation import gettext as _

from grants.applications.errors import FileRefusedError

MAX_UNPACKED = 40_000_000
"""Bytes of object streams in all; a paper with more is no paper."""

_ACTS = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|EF|RichMedia|XFA|SubmitForm|ImportData|GoToE|GoToR|Movie|Sound|Rendition|Filespec)(?![A-Za-z0-9])"
)
_ENCRYPTED = re.compile(rb"/Encrypt(?![A-Za-z0-9])")
_OTHER_FILES = re.compile(rb"<script|<html|<svg|<\?php|<!doctype", re.IGNORECASE)
_STREAM = re.compile(rb"stream\r?\n")
_END = b"endstream"
_ZIP_END = b"PK\x05\x06"
_ZIP_REACH = 66_000
_HEX_NAME = re.compile(rb"#([0-9A-Fa-f]{2})")


def require_plain_pdf(content: bytes) -> None:
    """Raise ``FileRefusedError`` on a PDF that is damaged, locked, or could do anything by itself."""
    tail = content[-1024:].rstrip(b"\0\t\n\f\r ")
    if (
        not re.match(rb"%PDF-[12]\.\d", content)
        or not tail.endswith(b"%%EOF")
        or _ZIP_END in content[-_ZIP_REACH:]
    ):
        raise FileRefusedError(
            _(
                "We could not read this PDF. It may be damaged. Please save it again, or send a photo of the paper."
            )
        )
    for part in _parts(content):
        names = _HEX_NAME.sub(lambda found: bytes([int(found[1], 16)]), part)
        if _ENCRYPTED.search(names):
            raise FileRefusedError(
                _("This PDF is locked with a password. Please save it without one and send it again.")
            )
        if _ACTS.search(names) or _OTHER_FILES.search(names):
            raise FileRefusedError(
                _(
                    "This PDF holds scripts or other files inside, so we can’t take it. Please print it to a new PDF, or send a photo of it."
                )
            )


def _parts(content: bytes) -> Iterator[bytes]:
    """Yield what lies outside of streams, and what object streams hold once unpacked."""
    outside, at, left = [], 0, MAX_UNPACKED
    for found in _STREAM.finditer(content):
        if found.start() < at or content[found.start() - 3 : found.start()] == b"end":
            continue
        end = content.find(_END, found.end())
        end = len(content) if end < 0 else end
        before = content[at : found.start()]
        outside.append(before)
        at = end
        if re.search(
            rb"/ObjStm(?![A-Za-z])", _HEX_NAME.sub(lambda name: bytes([int(name[1], 16)]), before[-2000:])
        ):
            unpacked = _unpacked(content[found.end() : end], left)
            left -= len(unpacked)
            yield unpacked
    outside.append(content[at:])
    yield b"\n".join(outside)


def _unpacked(data: bytes, most: int) -> bytes:
    worker = zlib.decompressobj()
    try:
        unpacked = worker.decompress(data, max(most, 1))
    except zlib.error:
        unpacked = b""
    if worker.unconsumed_tail or not unpacked:
        raise FileRefusedError(
            _("We could not read this PDF. Please print it to a new PDF, or send a photo of the paper.")
        )
    return unpacked
