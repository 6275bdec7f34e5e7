"""The page on which a person deletes their account: what goes, what stays and why, what stands in the way."""

from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from cities.access.rules import is_signed_in, requires
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from residents.accounts.deletion import delete_account, farewell
from residents.accounts.forms import DeletionForm


@in_steps
@never_cache
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def account_delete(request: HttpRequest) -> HttpResponse:
    """Say what will happen; whoever types their address means it. People with a second step give that first."""
    raise_if_reauthentication_required(request, app="allauth.mfa")
    person: Any = request.user
    form = DeletionForm(request.POST or None, expected=person.email)
    if form.is_valid():
        try:
            delete_account(person)
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            logout(request)
            messages.success(request, _("Your account is deleted. We sent you a last mail that says so."))
            return redirect("/")
    page = {"form": form, "farewell": farewell(person)}
    return render(request, "residents/accounts/account_delete.html", page)
