"""Files of applications, to those who may read the page they are on."""

from typing import Any, cast
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.views.decorators.http import require_GET

from cities.access.rules import requires
from cities.machines.bearer import takes_tokens
from grants.applications.models import Attachment
from grants.applications.permissions import can_see_file
from grants.applications.queries import attachments_with_application
from grants.applications.uploads import thumbnail_key

LINK_SECONDS = 60

# Should a browser ever take a file for a page, it may do nothing there.
_SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self'; sandbox"


@takes_tokens
@require_GET
@requires(can_see_file, fetch=attachments_with_application)
def file_read(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """The file itself: photos to look at, papers to download."""
    return serve_file(attachment.file.name or "", name=attachment.name, content_type=attachment.content_type)


@takes_tokens
@require_GET
@requires(can_see_file, fetch=attachments_with_application)
def file_small(request: HttpRequest, attachment: Attachment) -> HttpResponse:
    """A photo's small twin, for lists."""
    if attachment.width is None:
        raise Http404
    key = thumbnail_key(attachment.file.name or "")
    return serve_file(key, name=attachment.name, content_type=attachment.content_type)


def serve_file(key: str, *, name: str, content_type: str) -> HttpResponse:
    """Answer with a private file of the storage, once a rule has let the reader in. Raises ``Http404``."""
    disposition = _disposition(name, content_type)
    if getattr(default_storage, "querystring_auth", False):
        response: HttpResponseBase = HttpResponseRedirect(_signed_link(key, content_type, disposition))
    else:
        response = _from_disk(key, content_type)
        response["Content-Disposition"] = disposition
        response["Content-Security-Policy"] = _SANDBOX
        response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    # A file streams after the transaction is over; to decorators it is a response like any other.
    return cast("HttpResponse", response)


def _from_disk(key: str, content_type: str) -> FileResponse:
    try:
        return FileResponse(default_storage.open(key), content_type=content_type)
    except FileNotFoundError:
        raise Http404 from None


def _signed_link(key: str, content_type: str, disposition: str) -> str:
    """Return an address at the storage that works for a minute, with our type and not a guessed one."""
    storage: Any = default_storage
    told = {
        "ResponseContentType": content_type,
        "ResponseContentDisposition": disposition,
        "ResponseCacheControl": "private, no-store",
    }
    return str(storage.url(key, parameters=told, expire=LINK_SECONDS))


def _disposition(name: str, content_type: str) -> str:
    kind = "inline" if content_type.startswith("image/") else "attachment"
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
