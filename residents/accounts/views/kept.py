"""What was posted while signed out: shown to the same person, sent only when they say so."""

import re
from collections.abc import Iterable

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from cities.access.kept_forms import LOST_FILES, KeptForm, forget_kept, kept_for
from cities.access.rules import is_signed_in, requires

_NOT_TYPED = re.compile(r"^v\.|\._rows$|^(next|seen|version)$")
"""Fields that a page fills in itself: versions of answers, which rows there are, what was looked at."""


class SendOn(HttpResponseRedirect):
    """Tell the browser to post the same form to where it was going (307 keeps method and body)."""

    status_code = 307


@never_cache
@require_safe
@requires(is_signed_in)
def kept_list(request: HttpRequest) -> HttpResponse:
    """Show what was typed, for confirmation."""
    forms = [{"form": form, "typed": list(typed(form))} for form in kept_for(request)]
    return render(request, "residents/accounts/kept_list.html", {"forms": forms, "lost_files": LOST_FILES})


@never_cache
@require_POST
@requires(is_signed_in)
def kept_send(request: HttpRequest, key: str) -> HttpResponse:
    """Send one on, with this page's fresh CSRF token, and forget it."""
    form = _own_or_404(request, key)
    forget_kept(request, form)
    return SendOn(form.path)


@never_cache
@require_POST
@requires(is_signed_in)
def kept_discard(request: HttpRequest, key: str) -> HttpResponse:
    """Forget one without sending it."""
    forget_kept(request, _own_or_404(request, key))
    messages.success(request, _("Thrown away."))
    return redirect("residents:kept-list")


def typed(form: KeptForm) -> Iterable[tuple[str, str]]:
    """Return labels and values as far as a person typed them."""
    for name, value in form.fields:
        if value.strip() and not _NOT_TYPED.search(name):
            yield _label(name), value


def _label(name: str) -> str:
    """``project-team_name`` → ``Team name``: the form that knows the real label is not at hand here."""
    return capfirst(name.rsplit(".", 1)[-1].rsplit("-", 1)[-1].replace("_", " ").strip()) or _("Text")


def _own_or_404(request: HttpRequest, key: str) -> KeptForm:
    for form in kept_for(request):
        if form.id == key:
            return form
    raise Http404
