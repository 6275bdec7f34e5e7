"""A form posted while signed out is kept for an hour and shown for confirmation after signing in.

Bound to the browser by its session, and to the person who was signed in there before, if known (a cookie
with a keyed hash of the person). Encrypted, in Valkey: it survives the refusal's rollback and forgets by
itself. The page that shows it is ``/accounts/kept/``.
"""

import json
import logging
import zlib
from base64 import b64decode, b64encode
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.conf import settings
from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from cities.outbox.sealing import open_body, seal_body

from .clients import client_network

logger = logging.getLogger(__name__)

KEPT_SECONDS = 3600
MOST_BYTES = 100_000
MOST_PER_BROWSER = 5
MOST_AN_HOUR = {"client": 30, "site": 1_000}
"""What strangers post must not fill the memory that the queue needs."""
SESSION_KEY = "kept_forms"
PERSON_COOKIE = "lyb_person"
NEVER_KEPT = ("/accounts/", "/i18n/", "/demo/")
LOST_FILES = "lost_files"
"""A field of a form that is sent after signing in and had files, which can't be kept: it must not pass for whole."""
SECRET_FIELDS = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What somebody typed, and where it was going. ``owner`` is empty if nobody had signed in before."""

    id: str
    owner: str
    path: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    at: str = ""

    @property
    def kept_at(self) -> datetime:
        return datetime.fromisoformat(self.at)

    def belongs_to(self, user: Any) -> bool:
        return not self.owner or constant_time_compare(self.owner, _person_hash(user))


def keep_posted_form(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Keep what was posted by a visitor who isn't signed in; return where they go to sign in.

    ``response`` is the plain way to the sign-in page, returned as it is if there is nothing to keep.
    """
    if request.method != "POST" or not _keep(request):
        return response
    messages.info(
        request, _("You were signed out. We kept what you typed for one hour. Please sign in to send it.")
    )
    return HttpResponseRedirect(
        f"{reverse('account_login')}?{urlencode({'next': reverse('residents:kept-list')})}"
    )


def _keep(request: HttpRequest) -> bool:
    if request.path_info.startswith(NEVER_KEPT):
        return False
    form = _read(request)
    if form is None:
        return False
    text = json.dumps(asdict(form))
    if len(text) > MOST_BYTES or not _has_room(request):
        messages.warning(
            request,
            _(
                "You were signed out, and what you typed was too much to keep. Use your browser’s back button to copy it."
            ),
        )
        return False
    try:
        sealed = seal_body(b64encode(zlib.compress(text.encode())).decode())
        cache.set(_key(form.id), sealed, KEPT_SECONDS)
    except Exception:  # noqa: BLE001  Valkey may be away; the visitor must still reach the sign-in page
        logger.warning("kept_forms.not_kept")
        return False
    ids = [*request.session.get(SESSION_KEY, []), form.id]
    for forgotten in ids[:-MOST_PER_BROWSER]:
        cache.delete(_key(forgotten))
    request.session[SESSION_KEY] = ids[-MOST_PER_BROWSER:]
    return True


def _read(request: HttpRequest) -> KeptForm | None:
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in SECRET_FIELDS
        for value in values
    ]
    if not fields:
        return None
    return KeptForm(
        id=uuid4().hex,
        owner=request.COOKIES.get(PERSON_COOKIE, ""),
        path=request.get_full_path(),
        fields=fields,
        files=[str(file.name) for _name, files in request.FILES.lists() for file in files],
        at=datetime.now(UTC).isoformat(),
    )


def _has_room(request: HttpRequest) -> bool:
    counters = {
        "client": salted_hmac("kept_forms.client", client_network(request)).hexdigest(),
        "site": "all",
    }
    try:
        for scope, bearer in counters.items():
            key = f"kept-forms-{scope}:{bearer}"
            cache.add(key, 0, KEPT_SECONDS)
            if cache.incr(key) > MOST_AN_HOUR[scope]:
                return False
    except Exception:  # noqa: BLE001  Valkey may be away; the visitor must still reach the sign-in page
        logger.warning("kept_forms.not_kept")
        return False
    return True


def kept_for(request: HttpRequest) -> list[KeptForm]:
    """Return what this browser posted signed out and the signed-in person may see, newest first."""
    found = [form for key in request.session.get(SESSION_KEY, []) if (form := _open(key)) is not None]
    return [form for form in reversed(found) if form.belongs_to(request.user)]


def forget_kept(request: HttpRequest, form: KeptForm) -> None:
    """Erase a kept form: it was sent, or thrown away."""
    cache.delete(_key(form.id))
    request.session[SESSION_KEY] = [key for key in request.session.get(SESSION_KEY, []) if key != form.id]


def _open(form_id: str) -> KeptForm | None:
    sealed = cache.get(_key(form_id))
    text = open_body(sealed) if sealed else None
    if text is None:
        return None
    values = json.loads(zlib.decompress(b64decode(text)))
    values["fields"] = [(name, value) for name, value in values["fields"]]
    return KeptForm(
        **{name: values[name] for name in KeptForm.__slots__}
    )  # a release before may have kept more


def _key(form_id: str) -> str:
    return f"kept-form:{form_id}"


def remember_person(response: HttpResponse, user: Any) -> None:
    """Mark the browser with a hash of who signed in, so that a form posted later is shown to nobody else."""
    response.set_cookie(
        PERSON_COOKIE,
        _person_hash(user),
        max_age=settings.SESSION_COOKIE_AGE,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def _person_hash(user: Any) -> str:
    return salted_hmac("kept_forms.person", str(user.pk), algorithm="sha256").hexdigest()
