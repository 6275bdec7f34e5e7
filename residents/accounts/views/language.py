"""The switch at the head of each page."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.views import i18n

from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import CENTER_ID, city_scope
from residents.accounts.actions import change_profile


@in_steps
def set_language(request: HttpRequest) -> HttpResponse:
    """Remember the language in this browser and, of who is signed in, for letters."""
    user: Any = request.user
    language = request.POST.get(i18n.LANGUAGE_QUERY_PARAMETER)
    if user.is_authenticated and language in dict(settings.LANGUAGES):
        with city_scope(CENTER_ID):
            change_profile(user.pk, actor=user, language=language)
    return i18n.set_language(request)
