"""From ticked rows to a decision: say what will happen to how many, then do it to all of them or to none."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from cities.access.rules import requires
from cities.tenancy.errors import RuleError
from grants.applications.desk.dossier import applications_on_the_desk
from grants.applications.models import Application
from grants.awards.actions import award_applications, decline_applications, undo_decline
from grants.awards.forms import OfferForm, ReasonsForm
from grants.awards.permissions import can_decide_award, can_decide_awards, person
from grants.awards.selections import Offers, Refusals
from grants.ledger.once import Answer, Call, once

from .ranking import PAGES, back_to_ranking, draw


@require_http_methods(["GET", "POST"])
@requires(can_decide_awards)
def award_offer(request: HttpRequest) -> HttpResponse:
    """Offer money to the ticked applications."""
    form = OfferForm(request.POST if "confirmed" in request.POST else None)
    offers = Offers(request.POST, request.user, request.city, form=form)  # type: ignore[attr-defined]
    if not offers.is_confirmed and offers.picks.errors:
        return draw(request, offers.picks, status=422)
    if not offers.cents:
        return _nothing_picked(request, offers.address)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            done = once(Call.of_page(request, "award:offer", form), lambda: _offer(offers), wait=True)
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _offered(done["count"]))
            return redirect(_ranking(request, offers.address))
    return render(request, f"{PAGES}/offer.html", _offer_context(request, offers), status=status)


def _offer(offers: Offers) -> Answer:
    awards = award_applications(offers.chosen(), actor=offers.user)
    return {"awards": [str(award.pk) for award in awards], "count": len(awards)}


def _offered(count: int) -> str:
    words = ngettext(
        "%(count)s award offered. The applicant is told.",
        "%(count)s awards offered. Each applicant is told.",
        count,
    )
    return words % {"count": count}


def _offer_context(request: HttpRequest, offers: Offers) -> dict[str, Any]:
    offers.read()
    count = len(offers.willing)
    heading = ngettext("Award %(count)s application?", "Award %(count)s applications?", count)
    label = ngettext("Yes, award %(count)s", "Yes, award all %(count)s", count)
    available = offers.standing.available_cents if offers.lines else 0
    return {
        "offers": offers,
        "form": offers.form,
        "back": _ranking(request, offers.address),
        "heading": heading % {"count": count},
        "label": label % {"count": count},
        "available_cents": available,
        "left_cents": available - offers.total_cents,
        "shortage": offers.shortage(available) if offers.willing else "",
    }


@require_http_methods(["GET", "POST"])
@requires(can_decide_awards)
def award_refuse(request: HttpRequest) -> HttpResponse:
    """Decline the ticked applications, with one reason or with words for each."""
    form = ReasonsForm(request.POST if "confirmed" in request.POST else None)
    refusals = Refusals(request.POST, request.user, request.city, form=form)  # type: ignore[attr-defined]
    if not refusals.ids:
        return _nothing_picked(request, refusals.address)
    status = 422 if form.is_bound else 200
    if form.is_bound and form.is_valid():
        try:
            done = decline_applications(refusals.chosen(), actor=person(request))
        except RuleError as refusal:
            status = refusal.status
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            messages.success(request, _declined(len(done)))
            return redirect(_ranking(request, refusals.address))
    count = len(refusals.read().willing)
    heading = ngettext("Decline %(count)s application?", "Decline %(count)s applications?", count)
    label = ngettext("Yes, decline %(count)s", "Yes, decline all %(count)s", count)
    context = {
        "refusals": refusals,
        "form": form,
        "back": _ranking(request, refusals.address),
        "heading": heading % {"count": count},
        "label": label % {"count": count},
    }
    return render(request, f"{PAGES}/refuse.html", context, status=status)


def _declined(count: int) -> str:
    words = ngettext(
        "%(count)s application declined. The applicant is told why.",
        "%(count)s applications declined. Each applicant is told why.",
        count,
    )
    return words % {"count": count}


@require_http_methods(["GET", "POST"])
@requires(can_decide_award, fetch=applications_on_the_desk)
def award_refuse_undo(request: HttpRequest, application: Application) -> HttpResponse:
    """Take a no back."""
    error, status = "", 200
    if request.method == "POST":
        try:
            undo_decline(application.pk, actor=person(request))
        except RuleError as refusal:
            error, status = str(refusal), refusal.status
        else:
            messages.success(
                request,
                _("%(reference)s can be decided again. The applicant is told.")
                % {"reference": application.reference},
            )
            return redirect(_ranking(request, f"?cycle={application.cycle.slug}"))
    context = {
        "application": application,
        "error": error,
        "back": _ranking(request, f"?cycle={application.cycle.slug}"),
    }
    return render(request, f"{PAGES}/refuse_undo.html", context, status=status)


def _nothing_picked(request: HttpRequest, address: str) -> HttpResponse:
    if request.method == "POST":
        messages.warning(request, _("Tick some applications first."))
        return redirect(_ranking(request, address))
    return redirect(back_to_ranking(request))


def _ranking(request: HttpRequest, address: str) -> str:
    return reverse("grants:award-ranking", args=[request.city.slug]) + address  # type: ignore[attr-defined]
