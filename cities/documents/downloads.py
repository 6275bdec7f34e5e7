"""A document's file as an answer: to save, never to show, and for nobody's cache. The Center's downloads are logged."""

from typing import Any
from urllib.parse import quote

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpResponseBase, HttpResponseRedirect

from cities.audit.readings import record_list, record_openings
from cities.tenancy.scopes import CENTER_ID

from .models import Document
from .states import Status

LINK_SECONDS = 60


def download(document: Document, reader: Any) -> HttpResponseBase:
    """Answer with the file, or with an address at the storage that works for a minute. 404 while there is none.

    Each download of a file of the Center is written in the log of every city that is in it.
    """
    if document.status != Status.FINISHED:
        raise Http404
    key, disposition = document.file.name or "", _disposition(document.file_name)
    response: HttpResponseBase
    if getattr(default_storage, "querystring_auth", False):
        response = HttpResponseRedirect(_signed_link(key, document.content_type, disposition))
    else:
        try:
            response = FileResponse(default_storage.open(key), content_type=document.content_type)
        except FileNotFoundError:
            raise Http404 from None
        response["Content-Disposition"] = disposition
        response["Content-Security-Policy"] = "default-src 'none'; sandbox"
        response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    if document.city_id == CENTER_ID:
        _log(document, reader)
    return response


def _log(document: Document, reader: Any) -> None:
    page, asked = f"{document.kind}-file", document.parameters
    if document.rows_by_city:
        record_openings(reader, page, rows_by_city=document.rows_by_city, asked=asked)
    else:
        # Empty, or made before files said whose rows they hold: every city reads of it.
        record_list(reader, page, row_count=document.row_count or 0, asked=asked)


def _signed_link(key: str, content_type: str, disposition: str) -> str:
    storage: Any = default_storage
    told = {
        "ResponseContentType": content_type,
        "ResponseContentDisposition": disposition,
        "ResponseCacheControl": "private, no-store",
    }
    return str(storage.url(key, parameters=told, expire=LINK_SECONDS))


def _disposition(name: str) -> str:
    plain = name.encode("ascii", "ignore").decode().replace('"', "").replace("\\", "")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
