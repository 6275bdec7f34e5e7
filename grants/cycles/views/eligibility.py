"""The self-check, question by question."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from cities.tenancy.tickets import fingerprint
from grants.cycles.actions import update_eligibility
from grants.cycles.editing import DOWN, UP
from grants.cycles.errors import PartChangedError
from grants.cycles.forms import ItemForm
from grants.cycles.models import Cycle
from grants.cycles.permissions import can_manage_cycle
from grants.cycles.questions import items_from_json

from . import city_of, seen_by


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def cycle_eligibility(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    """List the questions of the self-check; its buttons move and remove them."""
    if request.method == "POST":
        return _rearranged(request, cycle)
    context = {
        "cycle": cycle,
        "items": items_from_json(cycle.eligibility),
        "seen": seen_by(request, cycle, "eligibility"),
    }
    return render(request, "grants/cycles/setup/eligibility.html", context)


def _rearranged(request: HttpRequest, cycle: Cycle) -> HttpResponse:
    deed, _colon, key = request.POST.get("deed", "").partition(":")
    items = list(cycle.eligibility)
    index = next((i for i, item in enumerate(items) if item["key"] == key), None)
    if deed not in {UP, DOWN, "remove"}:
        raise Http404
    if index is None:
        messages.error(request, _("Somebody else removed this question meanwhile."))
        return redirect("grants:cycle-eligibility", city=city_of(request).slug, pk=cycle.pk)
    if deed == "remove" and "sure" not in request.POST:
        seen = seen_by(request, cycle, "eligibility")
        context = {"cycle": cycle, "item": items[index], "deed": request.POST["deed"], "seen": seen}
        return render(request, "grants/cycles/setup/eligibility_remove.html", context)
    item = items.pop(index)
    if deed != "remove":
        items.insert(max(0, index - 1) if deed == UP else index + 1, item)
    _save(request, cycle, items)
    return redirect("grants:cycle-eligibility", city=city_of(request).slug, pk=cycle.pk)


def _save(request: HttpRequest, cycle: Cycle, items: list[dict[str, Any]]) -> None:
    seen = seen_by(request, cycle, "eligibility")
    try:
        update_eligibility(cycle.pk, items=items, actor=request.user, seen=seen)  # type: ignore[arg-type]
    except PartChangedError:
        messages.error(
            request,
            _("Somebody else changed the self-check since you opened the page. This is how it is now."),
        )
    except RuleError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Saved."))


@require_http_methods(["GET", "POST"])
@requires(can_manage_cycle, fetch=Cycle)
def eligibility_item(request: HttpRequest, cycle: Cycle, key: str = "") -> HttpResponse:
    """Add a question to the self-check, or change one."""
    item = next((item for item in cycle.eligibility if item["key"] == key), None)
    if key and item is None and request.method != "POST":
        raise Http404
    seen, status = seen_by(request, cycle, "eligibility"), 200
    form = ItemForm(item, city_of(request).languages, request.POST or None)
    if form.is_valid():
        items = _with_item(cycle, item, form)
        try:
            update_eligibility(cycle.pk, items=items, actor=request.user, seen=seen)  # type: ignore[arg-type]
        except PartChangedError as conflict:
            form.add_error(None, str(conflict))
            seen, status = fingerprint(cycle.eligibility), conflict.status
        except RuleError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect("grants:cycle-eligibility", city=city_of(request).slug, pk=cycle.pk)
    context = {"cycle": cycle, "form": form, "item": item, "seen": seen}
    return render(request, "grants/cycles/setup/eligibility_item.html", context, status=status)


def _with_item(cycle: Cycle, item: dict[str, Any] | None, form: ItemForm) -> list[dict[str, Any]]:
    """Return the self-check with what was typed in the place of ``item``, or at the end."""
    changed = form.value([other["key"] for other in cycle.eligibility])
    if item is None:
        return [*cycle.eligibility, changed]
    return [changed if other is item else other for other in cycle.eligibility]
