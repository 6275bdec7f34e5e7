"""The figures of a call's report, as they are set on paper: all of them text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.documents.job import Job
from cities.interface.formats import day, moment, money, number, percent
from cities.tenancy.models import City
from grants.applications.models import Application, open_conflicts
from grants.applications.states import Status as ApplicationStatus
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.cycles.funding.queries import standings
from grants.cycles.models import Cycle

from .models import Disbursement, Receipt

SHARES = range(1, 4)
"""Lines of the money that are a part of what was awarded: not what was asked for, nor what went back."""

BARS = 12
"""Neighborhoods that are drawn; the table beneath has all of them."""


@dataclass(frozen=True, slots=True)
class Rows:
    """What a person reads of one call; ``left_out`` applications are hidden by a conflict of interest."""

    applications: QuerySet[Application]
    awards: QuerySet[Award]
    disbursements: QuerySet[Disbursement]
    receipts: QuerySet[Receipt]
    left_out: int

    @property
    def all(self) -> tuple[QuerySet[Any], ...]:
        return (self.applications, self.awards, self.disbursements, self.receipts)


def rows_of(cycle: Cycle, reader: Any) -> Rows:
    """Return everything of a call that was ever sent, as this person may read it."""
    hidden = open_conflicts(reader).filter(application__cycle=cycle).values("application")
    sent = Application.objects.on_the_desk().filter(cycle=cycle)
    applications = sent.exclude(pk__in=hidden)
    awards = Award.objects.filter(cycle=cycle).exclude(application__in=hidden)
    paid = Disbursement.objects.filter(award__cycle=cycle).exclude(award__application__in=hidden)
    receipts = Receipt.objects.filter(award__cycle=cycle).exclude(award__application__in=hidden)
    return Rows(applications, awards, paid, receipts, sent.filter(pk__in=hidden).count())


def report_data(job: Job, cycle: Cycle, rows: Rows) -> dict[str, Any]:
    """Return all that the report shows, in the job's language."""
    city = job.place
    return {
        "author": city.name,
        "accent": city.accent_color,
        "city": city.name,
        "as_of": _("As of %(when)s") % {"when": moment(job.as_of, city.zone, style="long")},
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "left_out": left_out_words(rows.left_out),
        "facts": _facts(cycle, city),
        "status": _by_status(rows, city),
        "money": _money(rows, city),
        "places": _by_neighborhood(rows, city),
        **_awards(job, rows, city),
    }


def left_out_words(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "%(count)s application is left out: whoever asked for this report has a conflict of interest with it.",
        "%(count)s applications are left out: whoever asked for this report has a conflict of interest with them.",
        count,
    ) % {"count": count}


def _facts(cycle: Cycle, city: City) -> list[list[str]]:
    standing, currency = standings([cycle])[cycle.pk], city.currency
    facts = [
        (_("Call"), cycle.name),
        (_("Opened"), moment(cycle.opens_at, city.zone) if cycle.opens_at else ""),
        (_("Closed"), moment(cycle.closes_at, city.zone) if cycle.closes_at else ""),
        (_("Decisions by"), day(cycle.decision_on) if cycle.decision_on else ""),
        (_("Planned pool"), money(standing.planned_cents, currency) if standing.planned_cents else ""),
        (_("Allocated to the pool"), money(standing.allocated_cents, currency)),
        (_("Still to award"), money(standing.available_cents, currency)),
    ]
    return [[term, value] for term, value in facts if value]


def _chart(heading: str, points: Sequence[tuple[str, int, str]], table: dict[str, Any]) -> dict[str, Any]:
    """One drawing with its words and the same data as a table. Points are (label, size, size in words)."""
    longest = max((size for _label, size, _words in points), default=0) or 1
    return {
        "heading": heading,
        "bars": [[label, size / longest, words] for label, size, words in points],
        "alt": "; ".join(f"{label}: {words}" for label, _size, words in points) or "–",
        "table": table,
    }


def _by_status(rows: Rows, city: City) -> dict[str, Any]:
    counted = (
        rows.applications.order_by()
        .values_list("status")
        .annotate(n=Count("pk"), cents=Sum("requested_cents"))
    )
    found = {status: (count, cents or 0) for status, count, cents in counted}
    lines = [(str(status.label), *found[status]) for status in ApplicationStatus if status in found]
    total = sum(count for _label, count, _cents in lines)
    table = {
        "headings": [_("Status"), _("Applications"), _("Asked for")],
        "rows": [[label, number(count), money(cents, city.currency)] for label, count, cents in lines],
        "sums": [_("All"), number(total), money(sum(cents for _l, _n, cents in lines), city.currency)],
        "numeric": [1, 2],
    }
    return _chart(_("Applications"), [(label, count, number(count)) for label, count, _c in lines], table)


def _money(rows: Rows, city: City) -> dict[str, Any]:
    asked = rows.applications.aggregate(cents=Sum("requested_cents"))["cents"] or 0
    sums = rows.awards.aggregate(
        awarded=Sum(F("amount_cents") - F("released_cents")),
        paid=Sum("paid_cents"),
        proved=Sum("proved_cents"),
        released=Sum("released_cents"),
    )
    lines = [
        (_("Asked for"), asked),
        (_("Awarded"), sums["awarded"] or 0),
        (_("Paid"), sums["paid"] or 0),
        (_("Proved by receipts"), sums["proved"] or 0),
    ]
    if sums["released"]:
        lines.append((_("Back in the pool"), sums["released"]))
    table = {
        "headings": [_("Money"), _("Amount"), _("Of what was awarded")],
        "rows": [
            [label, money(cents, city.currency), percent(cents, lines[1][1]) if number_ in SHARES else ""]
            for number_, (label, cents) in enumerate(lines)
        ],
        "sums": None,
        "numeric": [1, 2],
    }
    return _chart(_("Money"), [(label, cents, money(cents, city.currency)) for label, cents in lines], table)


def _by_neighborhood(rows: Rows, city: City) -> dict[str, Any]:
    counted = (
        rows.applications.order_by()
        .values("neighborhood")
        .annotate(
            n=Count("pk"),
            asked=Sum("requested_cents"),
            given=Count("awarded_cents"),
            awarded=Sum(F("awarded_cents") - F("released_cents")),
        )
    )
    lines = sorted(
        (
            (
                row["neighborhood"] or _("Not said"),
                row["n"],
                row["asked"] or 0,
                row["given"],
                row["awarded"] or 0,
            )
            for row in counted
        ),
        key=lambda line: (-line[4], -line[1], line[0]),
    )
    table = {
        "headings": [_("Neighborhood"), _("Applications"), _("Asked for"), _("Awards"), _("Awarded")],
        "rows": [
            [name, number(count), money(asked, city.currency), number(awards), money(awarded, city.currency)]
            for name, count, asked, awards, awarded in lines
        ],
        "sums": None,
        "numeric": [1, 2, 3, 4],
    }
    points = [
        (name, awarded, money(awarded, city.currency))
        for name, _n, _asked, _awards, awarded in lines[:BARS]
        if awarded
    ]
    return _chart(_("Neighborhoods"), points, table)


def _awards(job: Job, rows: Rows, city: City) -> dict[str, Any]:
    found = rows.awards.select_related("application").order_by("reference")
    lines = [
        [
            award.reference,
            award.title,
            award.application.neighborhood,
            str(AwardStatus(award.status).label),
            *(
                money(cents, city.currency)
                for cents in (award.current_cents, award.paid_cents, award.proved_cents, award.released_cents)
            ),
        ]
        for award in job.follow(found.iterator(chunk_size=500))
    ]
    return {
        "awards_heading": _("Awards"),
        "awards": lines,
        "awards_headings": [
            _("Reference"),
            _("Project"),
            _("Neighborhood"),
            _("Status"),
            _("Awarded"),
            _("Paid"),
            _("Proved"),
            _("Back in the pool"),
        ],
        "none": _("Nothing yet."),
        "chart_notes": {
            "status": _("Applications by status"),
            "money": _("What was asked for, awarded, paid and proved"),
            "places": _("Awarded by neighborhood"),
        },
    }
