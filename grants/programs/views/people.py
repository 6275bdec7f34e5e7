"""Who works in a city, and at the Center itself: invite, change, remove. Without a web name the Center is meant.

Each deed runs in the scope of the place it is about, after the officer's right was read at the Center.
"""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.actions import invite_member, withdraw_invitation
from cities.access.errors import RolesChangedError
from cities.access.leaving_views import leaving
from cities.access.memberships import forget_roles
from cities.access.models import Invitation, Role, User
from cities.access.resets import only_the_center, open_resets
from cities.access.rules import requires
from cities.audit.readings import record_list, record_opening
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.programs.actions import change_access, end_access
from grants.programs.forms import InviteForm, RolesForm
from grants.programs.people import Person, only_holder, people_of, person_in, waiting_in
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import center_row, city_or_404

PAGES = "grants/programs"


@require_safe
@requires(can_see_center)
def people(request: HttpRequest) -> HttpResponse:
    """The people of the Center; for officers also how many wait for them, in all cities."""
    place, may_change = center_row(), can_run_program(request.user, None)
    lost = open_resets().filter(only_the_center()).count() if may_change else 0
    if may_change:
        record_list(request.user, "center-people", row_count=lost)
    context = {
        "people": people_of(CENTER_ID),
        "waiting": waiting_in(CENTER_ID, timezone.now()),
        "place": place,
        "timezone": place.timezone,
        "may_change": may_change,
        "lost_second_steps": lost,
    }
    return render(request, f"{PAGES}/people.html", context)


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def member_invite(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Invite somebody by e-mail."""
    place = _place(slug)
    form = InviteForm(request.POST or None, place=place)
    if form.is_valid():
        try:
            with city_scope(place):
                invite_member(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(
                request,
                _("%(email)s is invited. The letter is on its way.") % {"email": form.cleaned_data["email"]},
            )
            return redirect(_back(place))
    context = {"form": form, "place": place, "back_url": _back(place)}
    return render(request, f"{PAGES}/member_invite.html", context, status=422 if form.errors else 200)


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def member_edit(request: HttpRequest, pk: UUID, slug: str = "") -> HttpResponse:
    """Change the roles of one person."""
    place = _place(slug)
    person, is_last = _person(place, pk)
    form = RolesForm(request.POST or None, place=place, held=person.roles)
    seen, status = request.POST.get("seen") or person.seen, 422
    if form.is_valid():
        try:
            with city_scope(place):
                change_access(pk, roles=form.cleaned_data["roles"], seen=seen, actor=request.user)  # type: ignore[arg-type]
        except RolesChangedError as conflict:
            form.add_error("roles", str(conflict))
            seen, status = person.seen, conflict.status
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return _told(request, place, _("The roles of %(name)s are changed.") % {"name": person.user})
    _told_of_look(request, place, "center-member", person.user)
    context = {"form": form, "place": place, "person": person, "is_last": is_last, "back_url": _back(place)}
    context["seen"] = seen
    return render(request, f"{PAGES}/member_edit.html", context, status=status if form.errors else 200)


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def member_remove(request: HttpRequest, pk: UUID, slug: str = "") -> HttpResponse:
    """Say what will happen, then end every role of one person; a successor takes over what is open, if there is one."""
    place = _place(slug)
    person, is_last = _person(place, pk)
    with city_scope(place):
        page = leaving(request, person.user, actor=request.user, by_center=True)  # type: ignore[arg-type]
    successor = page["successor"].pk if page["successor"] else None
    if request.method == "POST" and page["is_sure"]:
        try:
            with city_scope(place):
                end_access(pk, actor=request.user, successor_id=successor)  # type: ignore[arg-type]
        except RuleError as refusal:
            page["refused"] = str(refusal)
        else:
            return _told(request, place, _("%(name)s has no access any more.") % {"name": person.user})
    _told_of_look(request, place, "center-member", person.user)
    context = page | {"place": place, "person": person, "is_last": is_last, "back_url": _back(place)}
    return render(request, f"{PAGES}/member_remove.html", context, status=422 if page.get("refused") else 200)


@in_steps
@require_http_methods(["GET", "POST"])
@requires(can_run_program)
def invitation_withdraw(request: HttpRequest, pk: UUID, slug: str = "") -> HttpResponse:
    """Say what will happen, then withdraw an invitation."""
    place = _place(slug)
    with city_scope(place):
        invitation = Invitation.objects.filter(pk=pk).first()
    if invitation is None:
        raise Http404
    if request.method == "POST":
        try:
            with city_scope(place):
                withdraw_invitation(pk, actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("The invitation is withdrawn."))
        return redirect(_back(place))
    _told_of_look(request, place, "center-invitation", invitation)
    context = {
        "place": place,
        "invitation": invitation,
        "role": Role(invitation.role).label,
        "back_url": _back(place),
    }
    return render(request, f"{PAGES}/invitation_withdraw.html", context)


def _place(slug: str) -> City:
    return city_or_404(slug) if slug else center_row()


def _person(place: City, user_id: UUID) -> tuple[Person, bool]:
    """Return the person, and whether the place has nobody else to run it; 404 for somebody without a role there."""
    leading = Role.OFFICER if place.pk == CENTER_ID else Role.MANAGER
    with city_scope(place):
        person = person_in(place.pk, user_id)
        if person is None:
            raise Http404
        return person, only_holder(place.pk, user_id, leading)


def _told(request: HttpRequest, place: City, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    forget_roles(request.user)
    return redirect(_back(place))


def _told_of_look(request: HttpRequest, place: City, page: str, subject: User | Invitation) -> None:
    """Write in the city's read log whose name an officer opened; the Center's own people are no city's."""
    if place.pk != CENTER_ID:
        with center_scope(request.user):
            record_opening(request.user, page, city_id=place.pk, subject=subject)


def _back(place: City) -> str:
    if place.pk == CENTER_ID:
        return reverse("grants:center-people")
    return reverse("grants:center-city-detail", args=[place.slug]) + "#people"
