"""The Center's ledger and map: every city in numbers, and one city with all that stands behind them."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cities.access.resets import only_the_center, open_resets
from cities.access.rules import requires
from cities.audit.readings import record_list, record_opening
from grants.payments.waiting import unanswered_deputies
from grants.programs.permissions import can_run_program, can_see_center
from grants.programs.queries import center_row, city_or_404, cohorts_with_counts

from .exceptions import counts
from .portfolio import Portfolio
from .record import city_record

PAGES = "grants/oversight"


@require_safe
@requires(can_see_center)
def overview(request: HttpRequest) -> HttpResponse:
    """Totals, map and table of the cities that the address asks for."""
    now, center = timezone.now(), center_row()
    portfolio = Portfolio(request.GET, now)
    may_change = can_run_program(request.user, None)
    context = {
        "portfolio": portfolio,
        "filters": portfolio.form,
        "as_of": now,
        "timezone": center.timezone,
        "may_change": may_change,
        "lost_second_steps": open_resets().filter(only_the_center()).count() if may_change else 0,
        "unanswered_deputies": unanswered_deputies().count(),
        "exceptions": [group for group in counts(now, center) if group.count],
    }
    record_list(request.user, "center-overview", row_count=len(portfolio.rows), asked=portfolio.form.wanted)
    return render(request, f"{PAGES}/overview.html", context)


@require_safe
@requires(can_see_center)
def city_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One city: facts, calls, people, and the state of its audit trail."""
    city, now = city_or_404(slug), timezone.now()
    record, may_change = city_record(city, now), can_run_program(request.user, None)
    context = {
        "city": city,
        "record": record,
        "joinable": list(cohorts_with_counts()) if may_change and not record.figures.cohorts else [],
        "languages": ", ".join(str(name) for code, name in settings.LANGUAGES if code in city.languages),
        "as_of": now,
        "may_change": may_change,
    }
    record_opening(request.user, "center-city-detail", city_id=city.pk)
    return render(request, f"{PAGES}/city_detail.html", context)
