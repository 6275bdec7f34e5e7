"""How each figure is judged: fine, worth a look, failing. The limits are data, one line each."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import django
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from . import queries
from .models import CheckKind
from .states import State, worst

MINUTE, HOUR = 60, 3_600
LIMITS: dict[str, tuple[float, float]] = {
    "outbox_oldest": (5 * MINUTE, 30 * MINUTE),
    # One is a full mailbox; five are a mail server that is away.
    "outbox_put_off": (1, 5),
    "outbox_failed_lately": (1, 5),
    "outbox_failed_today": (1, float("inf")),
    "events_oldest": (1 * MINUTE, 10 * MINUTE),
    "sequencer": (2 * MINUTE, 10 * MINUTE),
    "documents_oldest": (15 * MINUTE, 2 * HOUR),
    "documents_failed_today": (1, float("inf")),
    "queue_codes": (100, 1_000),
    "backup_made": (26 * HOUR, 7 * 24 * HOUR),
    "backup_age": (26 * HOUR, 7 * 24 * HOUR),
    "backup_breaks": (1, 1),
    "migrations_missing": (1, 1),
    "disk_used_percent": (90, 98),
}
"""From which value on a figure is worth a look, and from which the site is failing. Without a line it is only told."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One line. ``value`` is a number in ``unit`` (seconds, count, bytes, percent, yes as 1 or 0), or ``None`` where nothing is known."""

    name: str
    label: Any
    unit: str
    value: float | None
    state: State = State.OK
    note: Any = ""


@dataclass(frozen=True, slots=True)
class Group:
    label: Any
    figures: list[Figure]


@dataclass(frozen=True, slots=True)
class Standing:
    """How the whole site stands, as of an instant."""

    at: datetime
    groups: list[Group]
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def state(self) -> State:
        return worst([figure.state for figure in self.figures])

    @property
    def figures(self) -> list[Figure]:
        return [figure for group in self.groups for figure in group.figures]


def standing(*, is_database_away: bool = False) -> Standing:
    """Ask everything once. ``is_database_away``: somebody knows already, so nobody waits for it again."""
    now = timezone.now()
    database = None if is_database_away else queries.database()
    broker, machine = queries.broker(), queries.machine()
    groups = [
        Group(
            _("Services"),
            [_answers("database", "PostgreSQL", database), _answers("broker", "Valkey", broker)],
        ),
        *(
            [_notices(database, now), _trail(database, broker, now), _documents(database, now)]
            if database
            else []
        ),
        *([_queues(broker)] if broker else []),
        *([Group(_("Backups"), list(_backups(database, now)))] if database else []),
        Group(_("This process and its machine"), list(_machine(machine, database))),
    ]
    return Standing(now, groups, _versions(database, broker))


def _versions(database: queries.Database | None, broker: queries.Broker | None) -> dict[str, str]:
    return {
        settings.SITE_NAME: settings.VERSION,
        "Django": django.get_version(),
        "PostgreSQL": database.version if database else "",
        "Valkey": broker.version if broker else "",
    }


def _answers(name: str, label: str, found: object) -> Figure:
    return Figure(name, label, "yes", int(found is not None), State.FAILING if found is None else State.OK)


def _judged(name: str, label: Any, unit: str, value: float | None, note: Any = "") -> Figure:
    """Judge a figure by its limits. A value that isn't known is no alarm: nothing waits."""
    state, (look, failing) = State.OK, LIMITS.get(name, (float("inf"), float("inf")))
    if value is not None and value >= look:
        state = State.FAILING if value >= failing else State.WARNING
    return Figure(name, label, unit, value, state, note)


def _count(name: str, label: Any, value: float | None) -> Figure:
    return _judged(name, label, "count", value)


def _age(name: str, label: Any, since: datetime | None, now: datetime, note: Any = "") -> Figure:
    seconds = None if since is None else max(0, round((now - since).total_seconds()))
    return _judged(name, label, "seconds", seconds, note)


def _notices(found: queries.Database, now: datetime) -> Group:
    counts = found.counts
    figures = [
        _age("outbox_oldest", _("Oldest that waits for its first try"), found.oldest["outbox"], now),
        _count("outbox_waiting", _("Waiting"), counts["outbox_waiting"]),
        # Not known before the migration that counts them: a missing one is told by its own figure.
        _count("outbox_put_off", _("Put off after a try that failed"), counts.get("outbox_put_off")),
        _count("outbox_failed_lately", _("Failed in the last hour"), counts.get("outbox_failed_lately")),
        _count("outbox_failed_today", _("Failed in the last day"), counts["outbox_failed_today"]),
        _count("outbox_failed", _("Failed in all"), counts["outbox_failed"]),
    ]
    return Group(_("Letters to people"), figures)


def _trail(found: queries.Database, broker: queries.Broker | None, now: datetime) -> Group:
    ran_at = broker.sequencer_at if broker else None
    sequencer = _age("sequencer", _("Sequencer last ran"), ran_at, now)
    if ran_at is None:
        note = _("Not known: no worker has sealed anything since the cache was emptied.")
        sequencer = Figure("sequencer", sequencer.label, "seconds", None, State.WARNING, note)
    figures = [
        _age("events_oldest", _("Oldest event without a seal"), found.oldest["events"], now),
        _count("events_unsealed", _("Events without a seal"), found.counts["events_unsealed"]),
        sequencer,
    ]
    return Group(_("Audit trail"), figures)


def _documents(found: queries.Database, now: datetime) -> Group:
    counts = found.counts
    figures = [
        _age("documents_oldest", _("Oldest that waits"), found.oldest["documents"], now),
        _count("documents_waiting", _("Waiting"), counts["documents_waiting"]),
        _count("documents_running", _("Being made"), counts["documents_running"]),
        _count("documents_failed_today", _("Failed in the last day"), counts["documents_failed_today"]),
        _count("documents_failed", _("Failed in all"), counts["documents_failed"]),
    ]
    return Group(_("Documents"), figures)


def _queues(found: queries.Broker) -> Group:
    figures = [_count(f"queue_{name}", name, length) for name, length in found.queues.items()]
    return Group(_("Queues"), [*figures, _count("queue_under_way", _("Taken by a worker"), found.under_way)])


def _backups(found: queries.Database, now: datetime) -> Iterator[Figure]:
    made, proof = found.backups.get("create"), queries.proof_of(found)
    if made is None or made.is_ours:
        yield _age(
            "backup_made", _("Last made"), made.taken_at if made else None, now, made.name if made else ""
        )
    else:
        note = _("The row of the last backup carries no signature of ours, so it counts for nothing.")
        yield Figure("backup_made", _("Last made"), "seconds", None, State.WARNING, note)
    if proof is None or not proof.is_ours:
        note = _("No backup was ever verified or restored in a drill.")
        if proof is not None:
            note = _("The row of the last check carries no signature of ours, so it counts for nothing.")
        yield Figure("backup_age", _("Last proved"), "seconds", None, State.WARNING, note)
        return
    yield _age(
        "backup_age", _("Last proved"), proof.checked_at, now, f"{proof.name} · {CheckKind(proof.kind).label}"
    )
    yield _count("backup_breaks", _("Breaks found then"), queries.breaks_in(found))


def _machine(found: queries.Machine, database: queries.Database | None) -> Iterator[Figure]:
    free, slots = found.slots
    if database:
        unapplied = database.unapplied
        note = ", ".join(unapplied[:3])
        yield _judged("migrations_missing", _("Migrations not applied"), "count", len(unapplied), note)
    yield _count("upload_slots_free", _("Upload slots free"), free)
    yield _count("upload_slots", _("Upload slots in all"), slots)
    yield Figure("disk_free", _("Disk free"), "bytes", found.free_bytes)
    used = round(100 * (1 - found.free_bytes / found.disk_bytes), 1)
    yield _judged("disk_used_percent", _("Disk used"), "percent", used)
