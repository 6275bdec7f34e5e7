"""Money received moves into a cycle's pool, and back while it is not awarded. Managers do both, in ``city_scope``."""

from uuid import UUID

from django.utils.translation import gettext as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.interface.formats import money
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City, new_id
from cities.tenancy.scopes import current_city_id
from grants.cycles.models import Cycle
from grants.cycles.states import Status
from grants.ledger.models import Entry
from grants.ledger.posting import Deed, Line, lock_accounts, post
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind

from .errors import CycleArchivedError, NotAvailableError, NotReceivedError, UnknownCycleError


@action
def allocate(cycle_id: UUID, *, amount_cents: int, actor: Actor) -> Entry:
    """Move ``amount_cents`` of what the city received into a cycle's pool, and return the entry.

    Locks the cycle, then both accounts. Raises ``NotReceivedError`` (it says how much there is),
    ``CycleArchivedError``, ``UnknownCycleError``, ``RuleError`` for nothing.
    """
    cycle = _lock(cycle_id)
    if cycle.status == Status.ARCHIVED:
        raise CycleArchivedError(_("“%(name)s” was put away. It gets no money."), name=cycle.name)
    held = lock_accounts(_lines(cycle, 1))[AccountKind.UNALLOCATED, cycle.city_id]
    if _wanted(amount_cents) > held:
        said = _("%(held)s is received and not allocated yet.")
        raise NotReceivedError(said, field="amount_cents", held=_shown(held))
    return _move(cycle, EntryKind.ALLOCATION, amount_cents, actor)


@action
def deallocate(cycle_id: UUID, *, amount_cents: int, actor: Actor) -> Entry:
    """Take ``amount_cents`` that are not awarded back from a cycle's pool, and return the entry.

    Locks the cycle, then both accounts. Raises ``NotAvailableError`` (it says how much there is),
    ``UnknownCycleError``, ``RuleError`` for nothing.
    """
    cycle = _lock(cycle_id)
    held = lock_accounts(_lines(cycle, -1))[AccountKind.AVAILABLE, cycle.pk]
    if _wanted(amount_cents) > held:
        said = _("“%(name)s” has %(held)s that is not awarded.")
        raise NotAvailableError(said, field="amount_cents", name=cycle.name, held=_shown(held))
    return _move(cycle, EntryKind.DEALLOCATION, amount_cents, actor)


def _move(cycle: Cycle, kind: EntryKind, cents: int, actor: Actor) -> Entry:
    onto = cents if kind == EntryKind.ALLOCATION else -cents
    # What happens once per sending is the money call; an entry of its own kind may follow at any time.
    entry = post(Deed(kind, f"{kind}:{new_id()}", cycle, actor, memo=cycle.name), _lines(cycle, onto))
    tag = "cycle:allocate" if kind == EntryKind.ALLOCATION else "cycle:deallocate"
    audit.record(tag, actor=actor, subject=cycle, name=cycle.name, amount=_shown(cents), **told(entry))
    return entry


def _lines(cycle: Cycle, cents: int) -> list[Line]:
    return [
        Line(AccountKind.UNALLOCATED, cycle.city_id, -cents),
        Line(AccountKind.AVAILABLE, cycle.pk, cents, pool_id=cycle.pk),
    ]


def _lock(cycle_id: UUID) -> Cycle:
    cycle: Cycle | None = Cycle.objects.select_for_update(no_key=True).filter(pk=cycle_id).first()
    if cycle is None:
        raise UnknownCycleError(_("There is no such call."), field="cycle")
    return cycle


def _wanted(cents: int) -> int:
    if cents <= 0:
        raise RuleError(_("Write an amount of more than nothing."), field="amount_cents")
    return cents


def _shown(cents: int) -> str:
    return money(cents, City.objects.get(pk=current_city_id()).currency)
