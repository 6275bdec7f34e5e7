"""What a call still lacks before residents may see it. Data for the publish action and for the setup page."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from .errors import InvalidPartError
from .models import Cycle, FormVersion
from .parts import check_part
from .questions import Budget


@dataclass(frozen=True, slots=True)
class Gap:
    """One thing that is missing: in which part of the setup, and a sentence for the manager."""

    part: str
    sentence: str


def gaps(cycle: Cycle, form: FormVersion | None, now: datetime) -> tuple[Gap, ...]:
    """Return everything that keeps the call from being published, in the order of the setup page."""
    return (*_date_gaps(cycle, now), *_money_gaps(cycle), *_form_gaps(form), *budget_gaps(cycle))


def _date_gaps(cycle: Cycle, now: datetime) -> Iterable[Gap]:
    if cycle.opens_at is None:
        yield Gap("dates", _("Say when the call opens."))
    if cycle.closes_at is None:
        yield Gap("dates", _("Say when the call closes."))
    elif cycle.closes_at <= now:
        yield Gap("dates", _("The close lies in the past. Set a new one."))


def _money_gaps(cycle: Cycle) -> Iterable[Gap]:
    if not cycle.planned_pool_cents:
        yield Gap("money", _("Say how much money you plan to give out."))


def _form_gaps(form: FormVersion | None) -> Iterable[Gap]:
    if form is None or not form.form.questions:
        yield Gap("form", _("Add at least one question to the form."))
        return
    for section in form.form.sections:
        if not section.questions:
            yield Gap(
                "form",
                _("The section “%(section)s” has no questions. Add one or remove the section.")
                % {"section": section.title},
            )


def budget_gaps(cycle: Cycle) -> Iterable[Gap]:
    """Yield what shuts everybody out. An imported call brings rules that no page has looked at."""
    try:
        check_part("budget", cycle.budget)
    except InvalidPartError as refusal:
        yield Gap("budget", str(refusal))
        return
    amounts = [category.max_cents for category in Budget.from_json(cycle.budget).categories]
    together = sum(amount for amount in amounts if amount is not None)
    if amounts and None not in amounts and together < (cycle.min_request_cents or 0):
        yield Gap(
            "budget",
            _(
                "All kinds of cost together may take less than the smallest request. Raise a limit, or add a kind of cost without one, like “Other”."
            ),
        )


@dataclass(frozen=True, slots=True)
class Invention:
    """A value that nobody gave: ``--fill`` made it up so that the call can be tried open."""

    path: str
    value: Any
    reason: str

    @property
    def part(self) -> str:
        return INVENTED_IN.get(self.path.removeprefix("cycle."), "dates")


INVENTED_IN = {
    "opens_at": "dates",
    "closes_at": "dates",
    "decision_by": "dates",
    "project_starts": "dates",
    "project_ends": "dates",
    "pool": "money",
    "min_request": "money",
    "max_request": "money",
}


def inventions(cycle: Cycle) -> tuple[Invention, ...]:
    """Return the made-up values that no manager has confirmed by saving the part they stand in."""
    return tuple(Invention(i["path"], i["value"], i["reason"]) for i in cycle.notes.get("invented", ()))


def without_inventions(notes: dict[str, Any], part: str) -> dict[str, Any]:
    """Return the cycle's notes after a manager saved ``part``: what stands there now is theirs."""
    left = [
        i for i in notes.get("invented", ()) if Invention(i["path"], i["value"], i["reason"]).part != part
    ]
    return {**notes, "invented": left} if "invented" in notes else notes
