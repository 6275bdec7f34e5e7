"""``/me/account/tokens/``: what may act for me. Tokens are made and revoked here only, by the person."""

from typing import Any
from uuid import UUID

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.factors import gave_second_factor
from cities.access.rules import is_signed_in, requires
from cities.machines.actions import make_token, revoke_token, tenant_of
from cities.machines.queries import places_of, tokens_of
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import city_scope

from .forms import TokenForm

PAGES = "residents/machines"

# The person's door only reads; each deed opens the scope of the place that the token is for.


@in_steps
@never_cache
@require_safe
@requires(is_signed_in)
def token_list(request: HttpRequest) -> HttpResponse:
    """The tokens that work now."""
    return render(request, f"{PAGES}/token_list.html", {"tokens": tokens_of(request.user)})


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def token_create(request: HttpRequest) -> HttpResponse:
    """Make a token and show it, this once: no redirect, since then it would have to be kept somewhere.

    People with a second step give that first: a token outlives the open window in which it is made.
    """
    raise_if_reauthentication_required(request, app="allauth.mfa")
    user: Any = request.user
    form = TokenForm(request.POST or None, places=places_of(user))
    if form.is_valid():
        told = form.cleaned_data
        try:
            with city_scope(tenant_of(told["place"])):
                token, secret = make_token(**told, has_second_factor=gave_second_factor(request), actor=user)
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return render(request, f"{PAGES}/token_made.html", {"token": token, "secret": secret})
    return render(request, f"{PAGES}/token_create.html", {"form": form})


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def token_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Revoke a token of one's own, after asking."""
    user: Any = request.user
    token = tokens_of(user).filter(pk=pk).first()
    if token is None:
        raise Http404
    if request.method == "POST":
        with city_scope(tenant_of(token.place)):
            revoke_token(pk, actor=user)
        messages.success(
            request, _("The token “%(name)s” is revoked. It opens nothing any more.") % {"name": token.name}
        )
        return redirect("residents:token-list")
    return render(request, f"{PAGES}/token_revoke.html", {"token": token})
