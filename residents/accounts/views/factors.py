"""The second step at sign-in: set it up, give it, take it off. allauth does the work; pages and marks are ours."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.mfa.adapter import get_adapter as get_factor_adapter
from allauth.mfa.base import views as base
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as webauthn
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from cities.access.factors import gave_second_factor
from cities.access.rules import anybody, is_signed_in, requires
from residents.accounts.adapter import SecretGoneError
from residents.accounts.forms import mark_used

AFTER_KEY = "after_factor"
"""Where the person was going when the second step came in between."""

REAL_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@never_cache
@require_safe
@requires(is_signed_in)
def factor_required(request: HttpRequest) -> HttpResponse:
    """Explain why a second step is needed, and lead to setting one up or to giving it."""
    request.session[AFTER_KEY] = get_next_redirect_url(request) or get_adapter().get_login_redirect_url(
        request
    )
    if gave_second_factor(request):
        return HttpResponseRedirect(request.session[AFTER_KEY])
    kinds = set(Authenticator.objects.filter(user=request.user).values_list("type", flat=True))
    page = {
        "has_factor": bool(kinds & set(REAL_FACTORS)),
        "has_app": Authenticator.Type.TOTP in kinds,
        "kinds": kinds,
    }
    return render(request, "residents/accounts/factor_required.html", page)


class _Proves:
    """Whoever has just set up a factor has given it: this session needs no second proof of it."""

    request: HttpRequest

    def form_valid(self, form: Any) -> HttpResponse:
        response: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        newest = Authenticator.objects.filter(user=self.request.user, type__in=REAL_FACTORS).latest(
            "created_at"
        )
        record_authentication(
            self.request, self.request.user, "mfa", id=newest.pk, type=newest.type, reauthenticated=True
        )
        self.request.session.cycle_key()
        return response


class ActivateApp(_Proves, totp.ActivateTOTPView):  # type: ignore[misc]
    """Set up an authenticator app. The digits that did it don't also sign in."""

    def form_valid(self, form: Any) -> HttpResponse:
        response = super().form_valid(form)
        app = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.TOTP)
        mark_used(app, form.cleaned_data["code"])
        return response


class AddPasskey(_Proves, webauthn.AddWebAuthnView):  # type: ignore[misc]
    """Set up a passkey."""


class RemovePasskey(webauthn.RemoveWebAuthnView):  # type: ignore[misc]
    """Take a passkey off; not the last factor of somebody at a desk."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        passkey = get_object_or_404(self.get_queryset(), pk=kwargs["pk"])
        adapter = get_factor_adapter()
        if not adapter.can_delete_authenticator(passkey):
            messages.error(request, str(adapter.error_messages["cannot_delete_authenticator"]))
            return HttpResponseRedirect(reverse("mfa_index"))
        response: HttpResponse = super().dispatch(request, *args, **kwargs)
        return response


class _Readable:
    """Codes whose key is gone can't be shown, but made anew."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().dispatch(request, *args, **kwargs)  # type: ignore[misc]
        except SecretGoneError:
            told = _(
                "Your recovery codes can’t be read any more. Please make new ones. If your app is refused as well, "
                "remove it and add it again."
            )
            messages.error(request, told)
            return HttpResponseRedirect(reverse("mfa_generate_recovery_codes"))
        return response


class RecoveryCodes(_Readable, recovery.ViewRecoveryCodesView):  # type: ignore[misc]
    """The codes for the day the phone is lost; then on to where the person was going."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return {**super().get_context_data(**kwargs), "after": self.request.session.get(AFTER_KEY, "")}


class DownloadCodes(_Readable, recovery.DownloadRecoveryCodesView):  # type: ignore[misc]
    """The same as a file."""


class NewCodes(recovery.GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new codes, also where the former can't be read: our page doesn't count those."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        page: dict[str, Any] = super(recovery.GenerateRecoveryCodesView, self).get_context_data(**kwargs)
        return page


def _own(view: Any) -> Any:
    return method_decorator(never_cache, name="dispatch")(view).as_view()


index = requires(is_signed_in)(base.index)
authenticate = requires(anybody)(base.authenticate)
reauthenticate = requires(is_signed_in)(base.reauthenticate)
activate_app = requires(is_signed_in)(_own(ActivateApp))
deactivate_app = requires(is_signed_in)(totp.deactivate_totp)
list_passkeys = requires(is_signed_in)(webauthn.list_webauthn)
add_passkey = requires(is_signed_in)(_own(AddPasskey))
reauthenticate_passkey = requires(is_signed_in)(webauthn.reauthenticate_webauthn)
remove_passkey = requires(is_signed_in)(_own(RemovePasskey))
view_codes = requires(is_signed_in)(_own(RecoveryCodes))
generate_codes = requires(is_signed_in)(_own(NewCodes))
download_codes = requires(is_signed_in)(_own(DownloadCodes))
