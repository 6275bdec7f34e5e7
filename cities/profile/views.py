"""The settings pages, and what every page of the city takes from them: its colors and its logo."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from cities.access.memberships import forget_roles
from cities.access.rules import anybody, requires
from cities.interface.accent import HEX, accent_css, accent_shades, contrast
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope

from .actions import remove_logo, set_logo, ticket_of, update_city
from .errors import SettingsChangedError
from .forms import LogoForm, SettingsForm
from .logos import encode_logo, store_logo
from .permissions import can_change_settings


def city_of(request: Any) -> City:
    """Return the city that the address names; the middleware has found it."""
    city: City = request.city
    return city


@require_http_methods(["GET", "POST"])
@requires(can_change_settings)
def settings_edit(request: HttpRequest) -> HttpResponse:
    """Change contact, languages, zone and color; “Show this color” only draws the page anew."""
    city = city_of(request)
    form = SettingsForm.of(city, request.POST or None)
    seen, status = request.POST.get("seen") or ticket_of(city), 200
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        try:
            update_city(city.pk, actor=request.user, seen=seen, **form.cleaned_data)  # type: ignore[arg-type]
        except SettingsChangedError as conflict:
            form.add_error(None, str(conflict))
            seen, status = ticket_of(city), conflict.status
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _("The settings are saved."))
            return redirect("cities:settings-edit", city=city.slug)
    context = {"form": form, "accent": accent_preview(_typed_color(form, city)), "seen": seen}
    return render(request, "cities/profile/settings.html", context, status=status)


def _typed_color(form: SettingsForm, city: City) -> str:
    typed = str(form["accent_color"].value() or "")
    return typed if HEX.fullmatch(typed) else city.accent_color


def accent_preview(color: str) -> dict[str, Any]:
    """Return how a color will be used: its shades, and whether it had to be darkened to be read."""
    shades = accent_shades(color)
    return {
        "chosen": color,
        "used": shades["accent"],
        "shades": shades,
        "ratio": round(contrast(color, "#ffffff"), 1),
        "used_ratio": round(contrast(shades["accent"], "#ffffff"), 1),
        "is_changed": shades["accent"].lower() != color.lower(),
    }


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_change_settings)
def logo_edit(request: HttpRequest) -> HttpResponse:
    """Upload a logo: read and re-encode outside of any transaction, then link it in a short one."""
    city = city_of(request)
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            stored = store_logo(encode_logo(form.cleaned_data["logo"]))
            forget_roles(request.user)
            with city_scope(city):
                if not can_change_settings(request.user, city):
                    raise PermissionDenied
                set_logo(city.pk, stored_as=stored, actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error("logo", str(refusal))
        else:
            messages.success(request, _("The logo is shown on all pages of the city now."))
            return redirect("cities:settings-edit", city=city.slug)
    with city_scope(city):
        return render(request, "cities/profile/logo.html", {"form": form})


@require_POST
@requires(can_change_settings)
def logo_remove(request: HttpRequest) -> HttpResponse:
    city = city_of(request)
    try:
        remove_logo(city.pk, actor=request.user)  # type: ignore[arg-type]
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The logo is removed."))
    return redirect("cities:settings-edit", city=city.slug)


@require_safe
@requires(anybody)
def theme(request: HttpRequest) -> HttpResponse:
    """Serve the city's accent as custom properties. Its address changes with the color, so it may be kept."""
    city = city_of(request)
    return HttpResponse(
        accent_css(city.accent_color),
        content_type="text/css",
        headers={"Cache-Control": "public, max-age=86400"},
    )


@require_safe
@requires(anybody)
def logo(request: HttpRequest) -> HttpResponse:
    """Serve the city's logo from the private storage."""
    city = city_of(request)
    if not city.logo:
        raise Http404
    with default_storage.open(str(city.logo.name)) as stored:
        return HttpResponse(
            stored.read(), content_type="image/png", headers={"Cache-Control": "public, max-age=300"}
        )
