"""What the lead of a project does: tell what happened, and take it back."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cities.access.rules import is_signed_in, requires
from cities.tenancy.errors import RuleError
from cities.tenancy.middleware import in_steps
from cities.tenancy.scopes import city_scope
from projects.delivery.actions import remove_update
from projects.delivery.forms import UpdateForm
from projects.delivery.models import Project, Update
from projects.delivery.permissions import can_remove_update, person
from projects.delivery.queries import updates_with_project
from projects.delivery.states import CAN_REMOVE
from projects.delivery.uploading import project_to_tell_about, receive_update

from . import PAGES, city_of


@in_steps
@require_http_methods(["GET", "POST"])
@requires(is_signed_in)
def update_create(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell what happened, with photos. Works with a phone's camera and without scripts."""
    city = city_of(request)
    with city_scope(city):
        project = project_to_tell_about(pk, person(request))
    today = timezone.localdate(timezone=city.zone)
    form = UpdateForm(request.POST or None, request.FILES or None, initial={"happened_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            receive_update(city, pk, **form.sent(), actor=person(request))
        except RuleError as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _thanks(project))
            return redirect("projects:project-detail", city=city.slug, pk=pk)
    status = 422 if form.errors else 200
    with city_scope(city):
        return render(
            request, f"{PAGES}/update_create.html", {"project": project, "form": form}, status=status
        )


def _thanks(project: Project) -> str:
    if project.hidden_at is not None:
        return _("Thank you. The city looks at it. Your page is not shown now, so nobody else sees it yet.")
    return _("Thank you. The city looks at it, and then everybody can see it.")


@require_http_methods(["GET", "POST"])
@requires(can_remove_update, fetch=updates_with_project)
def update_remove(request: HttpRequest, update: Update) -> HttpResponse:
    """Say what will happen, then take an update back that nobody else sees."""
    back = reverse("projects:project-detail", args=[city_of(request).slug, update.project_id])
    if request.method == "POST":
        try:
            remove_update(update.pk, actor=person(request))
        except RuleError as refusal:
            messages.warning(request, str(refusal))
        else:
            messages.success(request, _("Your update is taken back."))
        return redirect(back)
    if update.status not in CAN_REMOVE:
        return redirect(back)
    context = {"update": update, "project": update.project, "back_url": back}
    return render(request, f"{PAGES}/update_remove.html", context)
