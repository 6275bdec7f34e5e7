"""Pages that nobody needs an account for."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from cities.access.rules import anybody, requires
from grants.cycles.models import Cycle
from grants.cycles.questions import parse_check

from .queries import CallPage, published_calls, shown_items, sorted_calls

SHOWN_AT_MOST = 400


@require_safe
@requires(anybody)
def program_home(request: HttpRequest) -> HttpResponse:
    """The open calls of all cities, through the public door."""
    words = request.GET.get("q", "").replace("\0", "").strip()[:80]
    calls = sorted_calls(published_calls(words)[:SHOWN_AT_MOST], timezone.now())
    return render(request, "grants/cycles/public/program_home.html", {"calls": calls, "words": words})


@require_safe
@requires(anybody)
def city_home(request: HttpRequest) -> HttpResponse:
    """A city's front page: what is open, what comes, whom to call."""
    calls = sorted_calls(published_calls()[:SHOWN_AT_MOST], timezone.now())
    return render(request, "grants/cycles/public/city_home.html", {"calls": calls})


@require_safe
@requires(anybody)
def call_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """One call: dates, money, what is paid for, what to have ready, whom to call."""
    return render(request, "grants/cycles/public/call_detail.html", {"page": open_call_page(request, slug)})


@require_safe
@requires(anybody)
def call_check(request: HttpRequest, slug: str) -> HttpResponse:
    """The self-check. The answers are in the address and nowhere else."""
    page = open_call_page(request, slug)
    answers = parse_check(page.items, request.GET)
    result, shown = shown_items(page.items, answers)
    context = {"page": page, "result": result, "shown": shown, "has_answered": bool(answers)}
    return render(request, "grants/cycles/public/call_check.html", context)


def open_call_page(request: HttpRequest, slug: str) -> CallPage:
    """Return a published call of this city. Raises ``Http404``."""
    cycle = Cycle.objects.published().filter(slug=slug).first()
    if cycle is None:
        raise Http404
    city = request.city  # type: ignore[attr-defined]
    cycle.city = city
    return CallPage(cycle, city, timezone.now())
