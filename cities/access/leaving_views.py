"""A member leaves: what is open, who takes it over, what will happen; then all of it in one step."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.tenancy.errors import RuleError

from .forms import SuccessorForm
from .handing import (
    end_membership,
    hand_over,
    needs_successor,
    nobody_takes_over,
    open_work,
    successors_of,
)
from .models import User
from .permissions import can_change_member
from .queries import member_of, people_here
from .rules import requires


@require_http_methods(["GET", "POST"])
@requires(can_change_member, fetch=people_here)
def member_end(request: Any, person: User) -> HttpResponse:
    """End a member's access, after asking; whoever takes over is named first, if anything is open."""
    page = leaving(request, person, actor=request.user)
    if request.method == "POST" and page["is_sure"]:
        try:
            leave(page, person, actor=request.user)
        except RuleError as refusal:
            page["refused"] = str(refusal)
        else:
            messages.success(request, _("%(name)s has no access any more.") % {"name": person})
            return redirect("cities:team", city=request.city.slug)
    page["member"] = member_of(person)
    return render(request, "cities/access/member_end.html", page, status=422 if page.get("refused") else 200)


def leaving(request: Any, person: User, *, actor: User, by_center: bool = False) -> dict[str, Any]:
    """Return what the page shows, in the open city: the open work, its successor if chosen, what would happen.

    ``form`` asks who takes over, if anybody must. ``is_left``: nobody can, and the Center ends the access all the
    same. ``is_sure``: this is the second step, or there is nothing open.
    """
    parts = open_work(person, None, actor=actor)
    is_left = by_center and nobody_takes_over(person, parts)
    is_asked = needs_successor(parts) and not is_left
    chosen = request.POST if request.method == "POST" and is_asked else None
    form = SuccessorForm(chosen, people=successors_of(person))
    successor = form.cleaned_data["successor"] if form.is_valid() else None
    is_seen = request.POST.get("sure") == "yes" and (successor is not None or not is_asked)
    return {
        "form": form if is_asked else None,
        "successor": successor,
        "parts": open_work(person, successor, actor=actor) if successor else parts,
        "is_left": is_left,
        "is_sure": is_seen or not parts,
    }


def leave(page: dict[str, Any], person: User, *, actor: User, by_center: bool = False) -> None:
    """Do what :func:`leaving` showed."""
    if page["successor"] is None:
        end_membership(person.pk, actor=actor, by_center=by_center)
    else:
        hand_over(person.pk, successor_id=page["successor"].pk, actor=actor, by_center=by_center)
