"""``manage.py import_call FILE``: a cycle from a call file, all of it or nothing."""

from argparse import ArgumentParser
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from cities.audit.trail import IMPORTER
from cities.interface.formats import moment
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City, new_id
from cities.tenancy.scopes import city_scope
from grants.cycles.actions import create_cycle_from_call, publish_cycle
from grants.cycles.calls import (
    CallFile,
    InvalidCallError,
    Invented,
    NotHeld,
    fill,
    fitted,
    not_held,
    read_call,
    shift,
)
from grants.cycles.errors import IncompleteCycleError
from grants.cycles.models import Cycle
from grants.programs.actions import found_city

CITY_COLUMNS = ("slug", "name", "region", "country", "timezone", "currency", "languages", "population")


class Command(BaseCommand):
    help = (
        "Make a cycle from a call file: form, eligibility, budget rules, attachments, rubric and award terms. "
        "Whatever can't be held yet is reported key by key. A cycle that lacks nothing is published."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="the call, as JSON")
        parser.add_argument(
            "--city", metavar="SLUG", help="import into this city, instead of the one that the file names"
        )
        parser.add_argument(
            "--shift",
            action="store_true",
            help="move all known dates by whole weeks, so that the close lies 7 to 13 days ahead",
        )
        parser.add_argument(
            "--fill",
            action="store_true",
            help="invent what is missing of opening, close and pool, and mark it",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        call, city = _read(options["file"], options["city"])
        if city is None and options["city"] and options["city"] != call.city["slug"]:
            raise CommandError(
                f"There is no city “{options['city']}”. Without --city, the one that the file names is made."
            )

        unheld = not_held(call)
        today = datetime.now(city.zone if city else call.zone).date()
        call, weeks, moved = _moved(call, today) if options["shift"] else (call, None, ())
        call, invented = _filled(call, today) if options["fill"] else (call, ())
        notes = {
            "not_held": [{"path": row.path, "fate": row.fate, "sentence": row.sentence} for row in unheld],
            "shift": list(moved),
        }
        try:
            stored = _store(city, call, shifted_weeks=weeks, invented=invented, notes=notes)
        except RuleError as refusal:
            raise CommandError(str(refusal)) from None
        self._report(stored, moved, invented, unheld)

    def _report(
        self,
        stored: "Stored",
        moved: tuple[str, ...],
        invented: tuple[Invented, ...],
        unheld: tuple[NotHeld, ...],
    ) -> None:
        say, city, cycle = self.stdout.write, stored.city, stored.cycle
        say(f"{city.name}: {cycle.name} ({cycle.get_status_display()})")
        for label, instant in (("opens", cycle.opens_at), ("closes", cycle.closes_at)):
            say(f"  {label} {moment(instant, city.timezone) if instant else 'unknown'}")
        _list(say, "Moved", moved)
        _list(
            say,
            "Made up, please check on the setup page",
            [f"{row.path} = {row.value} ({row.reason})" for row in invented],
        )
        _list(say, "Still to be filled before publishing", stored.gaps)
        _list(say, "Not held in full", _by_sentence(unheld))


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written, and which gaps keep the cycle a draft."""

    city: City
    cycle: Cycle
    gaps: tuple[str, ...] = ()


def _read(file: Path, slug: str | None) -> tuple[CallFile, City | None]:
    """Return the call as one of the city that it goes into, and that city if it is there already."""
    try:
        call = read_call(file)
        city = City.objects.cities().filter(slug=slug or call.city["slug"]).first()
        return fitted(call, city) if city else call, city
    except InvalidCallError as error:
        raise CommandError(
            "This file can’t be imported:\n" + "\n".join(f"  {line}" for line in error.errors)
        ) from None
    except RuleError as refusal:
        raise CommandError(str(refusal)) from None


def _moved(call: CallFile, today: date) -> tuple[CallFile, int, tuple[str, ...]]:
    shifted = shift(call, today)
    return shifted.call, shifted.weeks, shifted.notes


def _filled(call: CallFile, today: date) -> tuple[CallFile, tuple[Invented, ...]]:
    filled = fill(call, today)
    return filled.call, filled.invented


def _store(city: City | None, call: CallFile, **how: Any) -> Stored:
    """Write city, cycle and publication in one transaction; ``how`` goes to ``create_cycle_from_call``."""
    key = city.pk if city else new_id()
    with city_scope(key):
        if city is None:
            facts = {name: call.city[name] for name in CITY_COLUMNS}
            city = found_city(key, actor=IMPORTER, **facts)
        cycle = create_cycle_from_call(call, actor=IMPORTER, **how)
        try:
            return Stored(city, publish_cycle(cycle.pk, actor=IMPORTER))
        except IncompleteCycleError as error:
            return Stored(city, cycle, tuple(str(gap) for gap in error.gaps))


def _by_sentence(unheld: tuple[NotHeld, ...]) -> list[str]:
    """Name every key once, those of one fate together."""
    paths: dict[tuple[str, str], list[str]] = {}
    for row in unheld:
        paths.setdefault((str(row.fate), row.sentence), []).append(row.path)
    return [f"{fate}: {sentence} ({', '.join(keys)})" for (fate, sentence), keys in paths.items()]


def _list(say: Any, heading: str, lines: Any) -> None:
    if lines:
        say(f"  {heading}:")
        for line in lines:
            say(f"    - {line}")
