"""The team of a city, and the page where an invitation is answered."""

from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope

from .actions import (
    accept_invitation,
    change_roles,
    invite_member,
    open_invitations,
    withdraw_invitation,
)
from .context import WORKBENCH_KEY
from .errors import InvitationGoneError, RolesChangedError, WrongPersonError
from .forms import InvitationForm, RolesForm
from .handing import open_work
from .models import Invitation, User
from .permissions import can_change_member, can_manage_team, can_withdraw_invitation
from .queries import member_of, members, people_here, workplaces
from .resets import open_resets
from .rules import anybody, requires
from .tokens import city_of_token, token_hash


@require_safe
@requires(can_manage_team)
def team(request: HttpRequest) -> HttpResponse:
    """Show who works here, and who was invited."""
    invitations = open_invitations().select_related("invited_by").order_by("-created_at")
    resets = open_resets().select_related("person", "asked_by").order_by("asked_at")
    context = {"members": members(), "invitations": invitations, "resets": resets}
    return render(request, "cities/access/team.html", context)


@require_http_methods(["GET", "POST"])
@requires(can_manage_team)
def invitation_create(request: HttpRequest) -> HttpResponse:
    """Invite somebody by e-mail."""
    form = InvitationForm(request.POST or None)
    if form.is_valid():
        try:
            invite_member(actor=request.user, **form.cleaned_data)  # type: ignore[arg-type]
        except RuleError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The invitation is on its way to %(email)s.") % form.cleaned_data)
            return _to_team(request)
    return render(request, "cities/access/invitation_create.html", {"form": form})


@require_http_methods(["GET", "POST"])
@requires(can_withdraw_invitation, fetch=Invitation)
def invitation_withdraw(request: HttpRequest, invitation: Invitation) -> HttpResponse:
    """Withdraw an invitation, after asking."""
    if request.method == "POST":
        try:
            withdraw_invitation(invitation.pk, actor=request.user)  # type: ignore[arg-type]
        except RuleError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, _("The invitation was withdrawn. Its link no longer works."))
        return _to_team(request)
    return render(request, "cities/access/invitation_withdraw.html", {"invitation": invitation})


@require_http_methods(["GET", "POST"])
@requires(can_change_member, fetch=people_here)
def member_change(request: HttpRequest, person: User) -> HttpResponse:
    """Change a member's roles."""
    member = member_of(person)
    form = RolesForm(request.POST or None, initial={"roles": member.roles})
    seen, status = request.POST.get("seen") or member.seen, 200
    if form.is_valid():
        try:
            change_roles(person.pk, roles=form.cleaned_data["roles"], seen=seen, actor=request.user)  # type: ignore[arg-type]
        except RolesChangedError as conflict:
            form.add_error("roles", str(conflict))
            seen, status = member.seen, conflict.status
        except RuleError as refusal:
            form.add_error(refusal.field, str(refusal))
        else:
            messages.success(request, _("The roles are saved. They hold from now on."))
            return _to_team(request)
    parts = [part for part in open_work(person, None, actor=request.user) if not part.ends]  # type: ignore[arg-type]
    context = {"member": member, "form": form, "parts": parts, "seen": seen}
    return render(request, "cities/access/member_change.html", context, status=status)


@never_cache
@require_http_methods(["GET", "POST"])
@requires(anybody)
def invitation_accept(request: HttpRequest, token: str) -> HttpResponse:
    """Answer an invitation: whoever holds the link reads it, whoever has proved its address may accept."""
    city_id = _city_or_404(token)
    with city_scope(city_id):
        city = City.objects.get(pk=city_id)
        letter = Invitation.objects.select_related("invited_by").filter(token_hash=token_hash(token)).first()
        roles = (
            [i.get_role_display() for i in open_invitations().filter(email=letter.email)] if letter else []
        )
    context = {"invitation": letter, "invited_to": city, "roles": roles}
    if letter is None or not roles:
        return render(request, "cities/access/invitation_gone.html", context)
    if request.method == "POST" and not request.user.is_authenticated:
        query = urlencode({"next": request.path, "email": letter.email})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
    if request.method == "POST":
        try:
            with city_scope(city_id):
                accept_invitation(token, actor=request.user)  # type: ignore[arg-type]
        except InvitationGoneError:
            return render(request, "cities/access/invitation_gone.html", context)
        except WrongPersonError as refusal:
            messages.error(request, str(refusal))
        else:
            return _welcome(request, city)
    return render(request, "cities/access/invitation_accept.html", context)


def _to_team(request: HttpRequest) -> HttpResponse:
    return redirect("cities:team", city=request.city.slug)  # type: ignore[attr-defined]


def _welcome(request: HttpRequest, city: City) -> HttpResponse:
    """Lead a new member to their desk; an outside reviewer to their list."""
    messages.success(request, _("Welcome to %(city)s.") % {"city": city.name})
    places = {place.city.pk: place.url for place in workplaces(request.user)}
    here = places.get(city.pk) or f"/{city.slug}/review/"
    if city.pk in places or not request.session.get(WORKBENCH_KEY):
        request.session[WORKBENCH_KEY] = here
    return redirect(here)


def _city_or_404(token: str) -> UUID:
    city_id = city_of_token(token)
    if city_id is None or not City.objects.filter(pk=city_id).exists():
        raise Http404
    return city_id
