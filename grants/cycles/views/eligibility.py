"""The self-check, question by question."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.cycles.actions import update_eligibility
from grants.cycles.editing import DOWN, UP
from grants.cycles.forms import ItemForm
from grants.cycles.models import Cycle
from grants.cycles.permissions import can_manage_cycle
from grants.cycles.questions import items_from_json

from . import city_of


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_eligibility(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """List the questions of the self-check; its buttons move and remove them."""
    if request.method == "POST":
        return _rearranged(request, cycle)
    pairs = zip(cycle.eligibility, items_from_json(cycle.eligibility), strict=True)
    return render(
        request,
        "grants/cycles/setup/eligibility.html",
        {"cycle": cycle, "items": [item for _raw, item in pairs]},
    )


def _rearranged(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    deed, _colon, key = request.POST.get("deed", "").partition(":")
    items = list(cycle.eligibility)
    index = next((i for i, item in enumerate(items) if item["key"] == key), None)
    if index is None or deed not in {UP, DOWN, "remove"}:
        raise Http404
    if deed == "remove" and "sure" not in request.POST:
        return render(
            request,
            "grants/cycles/setup/eligibility_remove.html",
            {"cycle": cycle, "item": items[index], "deed": request.POST["deed"]},
        )
    item = items.pop(index)
    if deed != "remove":
        items.insert(max(0, index - 1) if deed == UP else index + 1, item)
    _save(request, cycle, items)
    return redirect("grants:cycle-eligibility", city=city_of(request).slug, pk=cycle.pk)


def _save(request: HttpRequest, cycle: Cycle, items: list[dict[str, Any]]) -> None:
    try:
        update_eligibility(cycle.pk, items=items, actor=request.user)  # type: ignore[arg-type]
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def eligibility_item(request: HttpRequest, cycle: Cycle, key: str = "") -> HttpResponse:
    """Add a question to the self-check, or change one."""
    item = next((item for item in cycle.eligibility if item["key"] == key), None)
    if key and item is None:
        raise Http404
    form = ItemForm(item, city_of(request).languages, request.POST or None)
    if form.is_valid():
        changed = form.value([other["key"] for other in cycle.eligibility])
        items = [changed if other is item else other for other in cycle.eligibility] + (
            [] if item else [changed]
        )
        try:
            update_eligibility(cycle.pk, items=items, actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("grants:cycle-eligibility", city=city_of(request).slug, pk=cycle.pk)
    return render(
        request, "grants/cycles/setup/eligibility_item.html", {"cycle": cycle, "form": form, "item": item}
    )
