"""``/me/account/``: name, phone, language, consents, and the address one signs in with."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cities.access.rules import is_signed_in, requires
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import CENTER_ID, city_scope
from residents.accounts.actions import change_profile
from residents.accounts.email_change import ask_for_change, pending_change, prove_change
from residents.accounts.forms import AddressForm, CodeForm, ProfileForm

from .sessions import own_sessions

# The person's door only reads; each change opens the scope that it writes to.


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def account(request: HttpRequest) -> HttpResponse:
    """Show and change what we know about the person."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        try:
            with city_scope(CENTER_ID):
                change_profile(user.pk, actor=user, **form.cleaned_data)
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return _saved(request, form.cleaned_data["language"])
    context = {"form": form, "sessions": own_sessions(request)}
    return render(request, "residents/accounts/account.html", context)


def _saved(request: HttpRequest, language: str) -> HttpResponse:
    with translation.override(language):
        messages.success(request, _("Saved."))
    response = redirect("residents:account")
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, language, max_age=settings.LANGUAGE_COOKIE_AGE)
    return response


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def email_change(request: HttpRequest) -> HttpResponse:
    """Ask for the new address, and send a code to it. People with a second step give that first."""
    raise_if_reauthentication_required(request, app="allauth.mfa")
    form = AddressForm(request.POST or None)
    form.fields["email"].label = _("Your new e-mail address")
    if form.is_valid():
        try:
            ask_for_change(request, form.cleaned_data["email"])
        except RuleError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return redirect("residents:email-prove")
    return render(request, "residents/accounts/email_change.html", {"form": form})


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def email_prove(request: HttpRequest) -> HttpResponse:
    """Ask for the code that was sent to the new address."""
    email = pending_change(request)
    if email is None:
        messages.info(request, _("Please ask for a new code."))
        return redirect("residents:email-change")
    form = CodeForm(request.POST or None)
    if form.is_valid():
        try:
            prove_change(request, form.cleaned_data["code"])
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("From now on you sign in with %(email)s.") % {"email": email})
            return redirect("residents:account")
    return render(request, "residents/accounts/email_prove.html", {"form": form, "email": email})
