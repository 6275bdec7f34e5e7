"""The inbox: the same letters that went out by e-mail."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cities.access.rules import is_signed_in, requires

from .actions import mark_read
from .queries import inbox_page, letters_to
from .registry import write_letter


@require_safe
@requires(is_signed_in)
def inbox(request: HttpRequest) -> HttpResponse:
    """List the person's letters, newest first."""
    entries, after = inbox_page(request.user, _uuid(request.GET.get("before", "")))
    return render(request, "residents/notices/inbox.html", {"entries": entries, "after": after})


@require_safe
@requires(is_signed_in)
def inbox_letter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show one letter; it counts as read from now on."""
    message = letters_to(request.user).filter(pk=pk).first()
    if message is None:
        raise Http404
    mark_read(request.user, pk)
    return render(
        request, "residents/notices/inbox_letter.html", {"message": message, "letter": write_letter(message)}
    )


@require_POST
@requires(is_signed_in)
def inbox_read(request: HttpRequest) -> HttpResponse:
    """Mark every letter as read."""
    mark_read(request.user)
    messages.success(request, _("All letters are marked as read."))
    return redirect("residents:inbox")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
