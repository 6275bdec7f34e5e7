"""Every route carries a rule: ``@requires(can_…)`` on a page, ``rules`` on an API view, or a place in ``PUBLIC``.

A rule is a predicate ``can_<verb>(user, obj) -> bool``; ``obj`` is what ``fetch`` names, else the city.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Protocol
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotAuthenticated
from rest_framework.permissions import BasePermission

from cities.tenancy.prepared import ask

from .factors import needs_second_factor
from .memberships import center_roles, is_desk, roles_in
from .models import Role


class Rule(Protocol):
    def __call__(self, user: Any, obj: Any, /) -> bool: ...

    __name__: str


def anybody(_user: Any, _obj: Any) -> bool:
    """Open to everybody; a route with this rule must also stand in ``PUBLIC``."""
    return True


def is_signed_in(user: Any, _obj: Any) -> bool:
    return bool(user.is_authenticated)


def is_officer(user: Any, _obj: Any) -> bool:
    return Role.OFFICER in center_roles(user)


def is_at_center(user: Any, _obj: Any) -> bool:
    return bool(center_roles(user))


def is_manager(user: Any, city: Any) -> bool:
    return Role.MANAGER in roles_in(user, city.pk)


def is_at_desk(user: Any, city: Any) -> bool:
    return is_desk(user, city.pk)


def requires(
    rule: Rule, *, fetch: Any = None, param: str = "pk"
) -> Callable[[Callable[..., HttpResponse]], Callable[..., HttpResponse]]:
    """Guard a page: fetch the object (404 if it isn't in this scope), then ask the rule (403).

    A visitor who isn't signed in is sent to sign in, and what was posted is kept for an hour; staff
    without a second factor are sent to give one. The view gets the object in place of ``param``.
    """

    def decorate(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            kwargs.pop("city", None)
            if rule is not anybody:
                detour = sign_in_detour(request)
                if detour is not None:
                    return detour
            obj = getattr(request, "city", None)
            if fetch is not None:
                obj = fetch_or_404(fetch, kwargs.pop(param))
                args = (obj, *args)
            if not rule(request.user, obj):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        guarded.rule = rule  # type: ignore[attr-defined]
        return guarded

    return decorate


def fetch_or_404(model: Any, key: Any) -> Any:
    """Get a row of this scope by primary key; ``model`` may also be a queryset function without arguments.

    The statement is put together once, unless the function holds on to something of this request.
    """

    def found() -> Any:
        queryset = model.objects.all() if hasattr(model, "objects") else model()
        return queryset.filter(pk=key).order_by()

    is_fixed = not getattr(model, "__closure__", None)
    rows = ask((fetch_or_404, model), found, {"key": key}, keep_plan=True) if is_fixed else found()
    if not rows:
        raise Http404
    return rows[0]


def sign_in_detour(request: HttpRequest) -> HttpResponse | None:
    """Return the redirect that a visitor needs before anything else, or ``None``."""
    if not request.user.is_authenticated:
        from .kept_forms import keep_posted_form  # noqa: PLC0415

        response = HttpResponseRedirect(
            f"{reverse('account_login')}?{urlencode({'next': request.get_full_path()})}"
        )
        return keep_posted_form(request, response)
    if needs_second_factor(request):
        return HttpResponseRedirect(
            f"{reverse('residents:factor-required')}?{urlencode({'next': request.get_full_path()})}"
        )
    return None


class SecondFactorMissing(PermissionDenied):
    """The person's role asks for a second factor that this session hasn't given."""


def _not_signed_in() -> NotAuthenticated:
    """Return the 401, which says where to sign in. What a page's script sent stays in its page until then."""
    return NotAuthenticated(
        {
            "detail": _("Please sign in first."),
            "code": "not_signed_in",
            "sign_in_url": reverse("account_login"),
        }
    )


class RulePermission(BasePermission):
    """Default-deny for the API: a view names its rules per method, ``rules = {"GET": can_see, …}``."""

    def has_permission(self, request: Any, view: Any) -> bool:
        rule = getattr(view, "rules", {}).get("GET" if request.method == "HEAD" else request.method)
        if request.method == "OPTIONS":
            rule = anybody
        if rule is None:
            return request.method not in getattr(view, "rules", {}) and request.method.lower() not in dir(
                view
            )
        if rule is anybody:
            return True
        if not request.user.is_authenticated:
            raise _not_signed_in()
        if needs_second_factor(request._request):
            raise SecondFactorMissing
        return bool(
            rule(
                request.user,
                view.get_ruled_object() if hasattr(view, "get_ruled_object") else request._request.city,
            )
        )
