"""Signing in: one page for the address, one for the code; and signing out."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cities.access.rules import anybody, requires
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from residents.accounts.codes import SignInCode, WrongCodeError, check_code, count_code_request, pending_code
from residents.accounts.forms import AddressForm, CodeForm

# Each view steps in and out of transactions itself: what it counts must outlive a refusal.


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(anybody)
def sign_in(request: HttpRequest) -> HttpResponse:
    """Ask for an address and send it a code, whether we know it or not."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_landing(request))
    form = AddressForm(request.POST or None, initial={"email": request.GET.get("email", "")})

    if form.is_valid():
        try:
            count_code_request(request, form.cleaned_data["email"])
            with transaction.atomic():
                SignInCode.send_to(request, form.cleaned_data["email"])
        except RuleError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            return HttpResponseRedirect(_onward(request, "account_confirm_login_code"))
    code_url = _onward(request, "account_confirm_login_code") if pending_code(request) else ""
    context = {"form": form, "next": get_next_redirect_url(request) or "", "code_url": code_url}
    return render(request, "account/login.html", context)


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(anybody)
def sign_in_code(request: HttpRequest) -> HttpResponse:
    """Ask for the code; the right one signs in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(_landing(request))
    process = pending_code(request)
    if process is None:
        messages.info(request, _("Please ask for a new code."))
        return HttpResponseRedirect(_onward(request, "account_login"))
    form = CodeForm(request.POST or None)

    if form.is_valid():
        try:
            check_code(request, process, form.cleaned_data["code"])
        except RuleError as refusal:
            if isinstance(refusal, WrongCodeError) and refusal.field is None:
                messages.error(request, str(refusal))
                return HttpResponseRedirect(_onward(request, "account_login"))
            form.add_error(refusal.field, str(refusal))
        else:
            with transaction.atomic():
                return process.finish(get_next_redirect_url(request))
    return render(request, "account/confirm_login_code.html", _code_page(request, form, process))


@never_cache
@require_http_methods(["GET", "POST"])
@requires(anybody)
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; asks first when somebody follows a link here."""
    if request.method == "POST" or not request.user.is_authenticated:
        get_adapter().logout(request)
        return HttpResponseRedirect(get_next_redirect_url(request) or "/")
    return render(request, "account/logout.html")


def _code_page(request: HttpRequest, form: CodeForm, process: SignInCode) -> dict[str, Any]:
    return {"form": form, "email": process.state["email"], "next": get_next_redirect_url(request) or ""}


def _landing(request: HttpRequest) -> str:
    return get_next_redirect_url(request) or str(get_adapter().get_login_redirect_url(request))


def _onward(request: HttpRequest, name: str) -> str:
    after = get_next_redirect_url(request)
    return f"{reverse(name)}?{urlencode({'next': after})}" if after else reverse(name)
