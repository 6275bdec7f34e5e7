"""The ranking: who is to get money, with what is left as rows are ticked."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from cities.access.rules import requires
from grants.awards.permissions import can_decide_awards, can_see_awards
from grants.awards.picks import Picks
from grants.awards.ranking import Ranking

PAGES = "grants/awards"


@require_safe
@requires(can_see_awards)
def award_ranking(request: HttpRequest) -> HttpResponse:
    """All applications of a call that are ready or decided. Everything that shapes it stands in the address."""
    return draw(request, Picks())


@require_http_methods(["GET", "POST"])
@requires(can_decide_awards)
def award_recalculate(request: HttpRequest) -> HttpResponse:
    """The same page with the ticked rows added up: what the script does, without it."""
    if request.method == "GET":
        return redirect(back_to_ranking(request))
    picks = Picks.of(request.POST, request.city.currency)  # type: ignore[attr-defined]
    return draw(request, picks, status=422 if picks.errors else 200)


def back_to_ranking(request: HttpRequest) -> str:
    """Return the ranking in the view that the address names: links of a redrawn page lead here."""
    query = request.META.get("QUERY_STRING", "")
    here = reverse("grants:award-ranking", args=[request.city.slug])  # type: ignore[attr-defined]
    return f"{here}?{query}" if query else here


def draw(request: HttpRequest, picks: Picks, *, status: int = 200) -> HttpResponse:
    """Draw the ranking with these rows ticked. A posted form names its view in the address it was sent to."""
    ranking = Ranking(request.user, request.city, request.GET, picks)  # type: ignore[attr-defined]
    ranking.offer_choices()
    here = reverse("grants:award-ranking", args=[ranking.city.slug])
    can_decide = can_decide_awards(request.user, ranking.city) and not ranking.is_archived
    context = {
        "ranking": ranking,
        "queue": ranking,
        "form": ranking.form,
        "standing": ranking.standing,
        "here": here,
        "desk_path": reverse("grants:desk-application-list", args=[ranking.city.slug]),
        "recalculate_url": f"{here}money-left/{ranking.address}",
        "offer_url": f"{here}offer/{ranking.address}",
        "refuse_url": f"{here}refuse/{ranking.address}",
        "can_decide": can_decide,
        "has_map": ranking.has_places(can_decide=can_decide),
        "clear_url": f"?cycle={ranking.cycle.slug}" if ranking.cycle and "cycle" in request.GET else here,
    }
    return render(request, f"{PAGES}/ranking.html", context, status=status)
