"""The demonstration: be one of its people, read its mail. Without the demo setting there is nothing here."""

from collections.abc import Callable
from functools import wraps

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import record_authentication
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.factors import DEMO_METHOD
from cities.access.models import User
from cities.access.rules import anybody, requires
from residents.accounts.personas import by_place, persona_by_key
from residents.notices.mailbox import newest


def only_in_the_demo(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    @wraps(view)
    def guarded(request: HttpRequest, *args: str, **kwargs: str) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


@never_cache
@require_http_methods(["GET", "POST"])
@only_in_the_demo
@requires(anybody)
def demo_home(request: HttpRequest) -> HttpResponse:
    """Offer the people of the demonstration, and sign in as the one that was chosen."""
    persona = persona_by_key(request.POST.get("persona", ""))
    user = User.objects.filter(email=persona.email, is_active=True).first() if persona else None
    if persona is None or user is None:
        missing = request.method == "POST"
        return render(
            request, "residents/accounts/demo_home.html", {"places": by_place(), "missing": missing}
        )

    adapter = get_adapter()
    adapter.login(request, user)
    record_authentication(request, user, method=DEMO_METHOD)
    response: HttpResponse = adapter.post_login(
        request,
        user,
        email_verification="none",
        signal_kwargs=None,
        email=user.email,
        signup=False,
        redirect_url=persona.lands,
    )
    response.set_cookie(settings.LANGUAGE_COOKIE_NAME, user.language, max_age=settings.LANGUAGE_COOKIE_AGE)
    return response


@never_cache
@require_safe
@only_in_the_demo
@requires(anybody)
def demo_mail(request: HttpRequest) -> HttpResponse:
    """Show the mail that the demonstration would have sent, newest first."""
    return render(request, "residents/accounts/demo_mail.html", {"mails": newest()})
