"""A program of its own that writes a PDF anew: from standard input to standard output.

:mod:`.pdfs` starts it without the site's environment and with limits of memory and time, since it takes apart what
strangers send. qpdf reads names however they are spelled and packed, and writes what hangs on the pages; whatever
else lay in the file is gone.
"""

import re
import resource
import sys
from contextlib import suppress
from io import BytesIO

import pikepdf

MEMORY = 800_000_000
SECONDS = 20
MOST_OBJECTS = 200_000
"""A paper has hundreds."""

_STRING = re.compile(rb"\((?:\\.|[^\\)])*\)", re.DOTALL)
_ACTS = re.compile(
    rb"/(JavaScript|JS|Launch|EmbeddedFiles?|EF|RichMedia\w*|XFA|SubmitForm|ImportData|GoToE|GoToR|Movie|Sound|Rendition|Filespec)(?![^\s/<>\[\](){}%])"
)


class NotPlainError(Exception):
    """A PDF that isn't taken; ``code`` tells :mod:`.pdfs` why."""

    code = 10


class LockedError(NotPlainError):
    code = 11


class ActiveError(NotPlainError):
    code = 12


def rewrite(content: bytes) -> bytes:
    """Return the PDF written anew, without what says who made it and when.

    Raises ``LockedError`` if it is encrypted, ``ActiveError`` if it could do anything by itself or carries other
    files, ``NotPlainError`` if it can't be read.
    """
    try:
        with pikepdf.open(BytesIO(content)) as pdf:
            _require_plain(pdf)
            for place, key in ((pdf.Root, "/Metadata"), (pdf.trailer, "/Info")):
                if key in place:
                    del place[key]
            pdf.trailer.Size = (
                len(pdf.objects) + 1
            )  # a file that was mended may have had none, and would get none
            out = BytesIO()
            pdf.save(
                out,
                stream_decode_level=pikepdf.StreamDecodeLevel.none,
                object_stream_mode=pikepdf.ObjectStreamMode.generate,
                deterministic_id=True,
                fix_metadata_version=False,
            )
    except pikepdf.PasswordError as error:
        raise LockedError from error
    except (pikepdf.PdfError, RuntimeError, ValueError, MemoryError) as error:
        raise NotPlainError from error
    return out.getvalue()


def _require_plain(pdf: pikepdf.Pdf) -> None:
    if pdf.is_encrypted:
        raise LockedError
    if not len(pdf.pages) or len(pdf.objects) > MOST_OBJECTS:
        raise NotPlainError
    for thing in (pdf.trailer, *pdf.objects):
        words = thing.stream_dict if isinstance(thing, pikepdf.Stream) else thing
        if _ACTS.search(_STRING.sub(b"()", words.unparse(resolved=True))):
            raise ActiveError


def main() -> int:
    for limit, most in ((resource.RLIMIT_AS, MEMORY), (resource.RLIMIT_CPU, SECONDS)):
        with suppress(ValueError, OSError):  # macOS knows no limit of memory
            resource.setrlimit(limit, (most, most))
    try:
        written = rewrite(sys.stdin.buffer.read())
    except NotPlainError as refusal:
        return refusal.code
    sys.stdout.buffer.write(written)
    return 0


if __name__ == "__main__":
    sys.exit(main())
