"""The setup page as a list of tasks: what each part says now, and whether it still keeps the call from opening."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.interface.formats import day, moment, money
from cities.tenancy.models import City

from .forms.translations import other_languages
from .models import Cycle, FormVersion
from .parts import PAYMENT_MODES
from .readiness import gaps, inventions
from .wording import missing_texts, public_texts


@dataclass(frozen=True, slots=True)
class SetupTask:
    """One part of a call. ``state`` is one of the component's task states."""

    part: str
    label: str
    route: str
    facts: tuple[str, ...]
    state: str
    gaps: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()
    url: str = ""

    @property
    def hint(self) -> str:
        made_up = [_("Made up, please check")] if self.invented else []
        return " · ".join([*self.gaps, *made_up, *self.facts])


def setup_tasks(city: City, cycle: Cycle, form: FormVersion | None, now: datetime) -> list[SetupTask]:
    """Return the parts in the order in which a manager thinks of them."""
    found = gaps(cycle, form, now)
    made_up = inventions(cycle)

    def task(
        part: str, label: str, route: str, facts: Iterable[str], *, is_needed: bool = False
    ) -> SetupTask:
        told = tuple(fact for fact in facts if fact)
        open_gaps = tuple(gap.sentence for gap in found if gap.part == part)
        guesses = tuple(guess.reason for guess in made_up if guess.part == part)
        url = reverse(f"grants:{route}", kwargs={"city": city.slug, "pk": cycle.pk})
        return SetupTask(
            part,
            label,
            route,
            told,
            _state(open_gaps, guesses, told, is_needed=is_needed),
            open_gaps,
            guesses,
            url,
        )

    return [
        task("basics", _("Name and purpose"), "cycle-basics", [Truncator(cycle.purpose).chars(120)]),
        task("dates", _("Dates"), "cycle-dates", _date_facts(city, cycle), is_needed=True),
        task("money", _("Money"), "cycle-money", _money_facts(city, cycle), is_needed=True),
        task("form", _("Application form"), "cycle-form", _form_facts(form), is_needed=True),
        task("eligibility", _("Self-check before applying"), "cycle-eligibility", _eligibility_facts(cycle)),
        task("budget", _("Budget rules"), "cycle-budget", _budget_facts(cycle)),
        task("papers", _("Papers to have ready"), "cycle-papers", _paper_facts(cycle)),
        task("rubric", _("Rubric"), "cycle-rubric", _rubric_facts(cycle)),
        task("terms", _("Award terms"), "cycle-terms", _terms_facts(cycle)),
        task("wording", _("Words in other languages"), "cycle-wording", _wording_facts(city, cycle)),
    ]


def _state(
    open_gaps: tuple[str, ...], guesses: tuple[str, ...], facts: tuple[str, ...], *, is_needed: bool
) -> str:
    if open_gaps:
        return "in_progress" if facts else "not_started"
    if guesses:
        return "in_progress"
    return "done" if facts or is_needed else "optional"


def _date_facts(city: City, cycle: Cycle) -> Iterable[str]:
    if cycle.opens_at:
        yield _("Opens %(when)s") % {"when": moment(cycle.opens_at, city.timezone)}
    if cycle.closes_at:
        yield _("Closes %(when)s") % {"when": moment(cycle.closes_at, city.timezone)}
    if cycle.decision_on:
        yield _("Decisions by %(day)s") % {"day": day(cycle.decision_on, style="medium")}


def _money_facts(city: City, cycle: Cycle) -> Iterable[str]:
    def shown(cents: int | None) -> str:
        return money(cents, city.currency, short=True)

    if cycle.planned_pool_cents:
        yield _("Pool %(amount)s") % {"amount": shown(cycle.planned_pool_cents)}
    if cycle.min_request_cents is not None and cycle.max_request_cents is not None:
        yield _("Requests from %(least)s to %(most)s") % {
            "least": shown(cycle.min_request_cents),
            "most": shown(cycle.max_request_cents),
        }
    elif cycle.max_request_cents is not None:
        yield _("Requests up to %(most)s") % {"most": shown(cycle.max_request_cents)}
    elif cycle.min_request_cents is not None:
        yield _("Requests from %(least)s") % {"least": shown(cycle.min_request_cents)}


def _form_facts(form: FormVersion | None) -> Iterable[str]:
    if form is not None and form.form.questions:
        sections, questions = len(form.form.sections), len(form.form.questions)
        yield ngettext("%(count)s section", "%(count)s sections", sections) % {"count": sections}
        yield ngettext("%(count)s question", "%(count)s questions", questions) % {"count": questions}


def _eligibility_facts(cycle: Cycle) -> Iterable[str]:
    count = len(cycle.eligibility)
    if count:
        yield ngettext("%(count)s question", "%(count)s questions", count) % {"count": count}
        stops = sum(1 for item in cycle.eligibility if item["stops"])
        yield ngettext(
            "%(count)s ends the application if it is not met",
            "%(count)s end the application if they are not met",
            stops,
        ) % {"count": stops}


def _budget_facts(cycle: Cycle) -> Iterable[str]:
    budget = cycle.budget
    count = len(budget["categories"])
    if count:
        capped = sum(
            1 for category in budget["categories"] if category["max_percent"] or category["max_amount"]
        )
        yield ngettext("%(count)s kind of cost", "%(count)s kinds of cost", count) % {"count": count}
        yield ngettext("%(count)s with a ceiling", "%(count)s with a ceiling", capped) % {"count": capped}
    if budget["match_required"]:
        yield _("A match is needed")
    if budget["disallowed"]:
        yield _("What isn’t paid for is listed")


def _paper_facts(cycle: Cycle) -> Iterable[str]:
    count = len(cycle.attachments)
    if count:
        yield ngettext("%(count)s paper", "%(count)s papers", count) % {"count": count}


def _rubric_facts(cycle: Cycle) -> Iterable[str]:
    rubric = cycle.rubric
    for name, one, many in (
        ("gates", "%(count)s gate", "%(count)s gates"),
        ("criteria", "%(count)s criterion", "%(count)s criteria"),
    ):
        if rubric[name]:
            yield ngettext(one, many, len(rubric[name])) % {"count": len(rubric[name])}
    points = [item["max_points"] for item in rubric["criteria"] if item["max_points"]]
    if points:
        yield _("%(points)s points in all") % {"points": f"{sum(points):g}"}


def _terms_facts(cycle: Cycle) -> Iterable[str]:
    terms = cycle.award_terms
    yield from (str(PAYMENT_MODES.get(mode, mode)) for mode in terms["payment_modes"])
    if terms["conditions"]:
        count = len(terms["conditions"])
        yield ngettext("%(count)s condition", "%(count)s conditions", count) % {"count": count}
    if terms["reports"]:
        count = len(terms["reports"])
        yield ngettext("%(count)s report", "%(count)s reports", count) % {"count": count}


def _wording_facts(city: City, cycle: Cycle) -> Iterable[str]:
    if not cycle.translations:
        return
    texts = len(public_texts(cycle))
    for code, name in other_languages(city.languages):
        yield _("%(language)s: %(count)s of %(all)s texts") % {
            "language": name,
            "count": texts - len(missing_texts(cycle, code)),
            "all": texts,
        }
