"""A person who lost their second step asks for help, after their address was proved by a code."""

from typing import Any

from allauth.account.stages import LoginStageController
from allauth.mfa.stages import AuthenticateStage
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cities.access.forms import ResetForm
from cities.access.resets import ask_factor_reset, place_to_ask
from cities.access.rules import anybody, requires
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import city_scope


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(anybody)
def factor_lost(request: HttpRequest) -> HttpResponse:
    """Ask for one's own second step to be taken off; nothing happens until a second person approves."""
    person = _proved(request)
    if person is None:
        messages.info(request, _("Please sign in with a code first."))
        return redirect("account_login")
    form = ResetForm(request.POST or None)
    if form.is_valid():
        try:
            with city_scope(place_to_ask(person)):
                ask_factor_reset(person.pk, reason=form.cleaned_data["reason"], actor=person)
        except RuleError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return render(request, "residents/accounts/factor_lost.html", {"is_asked": True})
    return render(request, "residents/accounts/factor_lost.html", {"form": form})


def _proved(request: HttpRequest) -> Any:
    """Return who is signed in, or whose code was right and whose second step is missing."""
    if request.user.is_authenticated:
        return request.user
    stage = LoginStageController.enter(request, AuthenticateStage.key)
    return stage.login.user if stage is not None else None
