"""Where a person is signed in, on their account page: end one window, or all others."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from cities.access.models import OpenSession
from cities.access.rules import is_signed_in, requires
from cities.access.sessions import key_hash, sessions_of
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import CENTER_ID, city_scope
from residents.accounts.sessions import end_other_sessions, end_session


def own_sessions(request: Any) -> list[tuple[OpenSession, bool]]:
    """Return the person's sessions, each with whether it is this one; this one first."""
    here = key_hash(request.session.session_key or "")
    rows = [(row, row.key_hash == here) for row in sessions_of(request.user.pk)]
    return sorted(rows, key=lambda pair: not pair[1])


@in_steps
@require_POST
@requires(is_signed_in)
def session_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End one of the person's sessions."""
    try:
        with city_scope(CENTER_ID):
            end_session(pk, actor=request.user)  # type: ignore[arg-type]
    except RuleError as refusal:
        messages.warning(request, str(refusal))
    else:
        messages.success(request, _("That device is signed out."))
    return redirect("residents:account")


@in_steps
@require_POST
@requires(is_signed_in)
def session_end_others(request: HttpRequest) -> HttpResponse:
    """End all of the person's sessions but this one."""
    with city_scope(CENTER_ID):
        count = end_other_sessions(keep=request.session.session_key or "", actor=request.user)  # type: ignore[arg-type]
    messages.success(
        request,
        ngettext("%(count)s other device is signed out.", "%(count)s other devices are signed out.", count)
        % {"count": count},
    )
    return redirect("residents:account")
