"""Program grants and tranches, posted by officers in the Center's own books. Runs in ``center_scope``."""

from datetime import date
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.interface.formats import day, money
from cities.tenancy.actions import action
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID
from grants.ledger.posting import Deed, Line, post
from grants.ledger.queries import told
from grants.ledger.states import AccountKind, EntryKind
from grants.programs import notices
from grants.programs.errors import (
    DayOutOfOrderError,
    ForeignCurrencyError,
    MoreThanGrantedError,
    NotInCohortError,
    ReferenceTakenError,
    UnknownCityError,
    UnknownGrantError,
)
from grants.programs.models import CohortMember, ProgramGrant, Tranche

PERIOD_DAYS_MOST = 3_660
DAYS_AHEAD_MOST = 366
"""Money may be sent before the period; a year ahead of it is a slip in the year."""


@action
def grant_program(
    *,
    recipient_id: UUID,
    amount_cents: int,
    currency: str,
    starts_on: date,
    ends_on: date,
    reference: str,
    purpose: str = "",
    cohort_id: UUID | None = None,
    actor: Actor,
) -> ProgramGrant:
    """Grant a city ``amount_cents`` minor units of its own currency, and tell its finance and managers.

    Posts *grant* in the Center's books. Raises ``UnknownCityError``, ``ForeignCurrencyError``,
    ``ReferenceTakenError``, ``NotInCohortError``, or ``RuleError`` naming the field.
    """
    recipient = _recipient(recipient_id, currency)
    reference = reference.strip()
    if ProgramGrant.objects.filter(city_id=CENTER_ID, reference=reference).exists():
        said = _("There is a program grant of this reference already.")
        raise ReferenceTakenError(said, field="reference")
    if cohort_id and not CohortMember.objects.filter(cohort=cohort_id, recipient=recipient).exists():
        raise NotInCohortError(_("%(city)s is not in this cohort."), field="cohort", city=recipient.name)
    _require_period(starts_on, ends_on)
    grant = ProgramGrant(
        city_id=CENTER_ID,
        cohort_id=cohort_id,
        recipient=recipient,
        reference=reference,
        purpose=purpose.strip(),
        amount_cents=amount_cents,
        currency=currency,
        starts_on=starts_on,
        ends_on=ends_on,
        created_by=_person(actor),
    )
    grant.full_clean(exclude=["city"])
    grant.save(force_insert=True)
    _post_grant(grant, recipient, actor)
    notices.program_granted(grant)
    return grant


def _post_grant(grant: ProgramGrant, recipient: City, actor: Actor) -> None:
    entry = post(
        Deed(
            EntryKind.GRANT,
            f"grant:{grant.pk}",
            grant,
            actor,
            memo=f"{grant.reference} {recipient.name}",
            currency=grant.currency,
        ),
        [
            Line(AccountKind.APPROPRIATION, grant.pk, -grant.amount_cents),
            Line(AccountKind.GRANTED, grant.pk, grant.amount_cents),
        ],
    )
    facts = {"reference": grant.reference, "city": recipient.name, "city_id": recipient.pk}
    audit.record("programgrant:create", actor=actor, subject=grant, **facts, **told(entry))


@action
def send_tranche(
    program_grant_id: UUID, *, amount_cents: int, sent_on: date, bank_reference: str, actor: Actor
) -> Tranche:
    """Record money that the Center's bank sent to the city, and tell the city. Locks the program grant.

    Posts *tranche* in the Center's books. Raises ``UnknownGrantError``, ``MoreThanGrantedError``,
    ``DayOutOfOrderError``, or ``RuleError`` naming the field.
    """
    grant = _lock(program_grant_id)
    left = grant.amount_cents - grant.sent_cents
    if amount_cents > left:
        said = _("Of %(reference)s, %(left)s is left to send.")
        shown = money(left, grant.currency)
        raise MoreThanGrantedError(said, field="amount_cents", reference=grant.reference, left=shown)
    _require_sent_day(grant, sent_on)
    tranche = Tranche(
        city_id=CENTER_ID,
        program_grant=grant,
        recipient=grant.recipient,
        number=grant.tranches.count() + 1,
        amount_cents=amount_cents,
        currency=grant.currency,
        sent_on=sent_on,
        bank_reference=bank_reference.strip(),
        created_by=_person(actor),
    )
    tranche.full_clean(exclude=["city"])
    tranche.save(force_insert=True)
    grant.sent_cents += amount_cents
    grant.full_clean(exclude=["city"])
    grant.save(update_fields=["sent_cents"])
    _post_tranche(tranche, grant, actor)
    notices.tranche_sent(tranche, grant)
    return tranche


def _post_tranche(tranche: Tranche, grant: ProgramGrant, actor: Actor) -> None:
    entry = post(
        Deed(
            EntryKind.TRANCHE,
            f"tranche:{tranche.pk}",
            tranche,
            actor,
            memo=f"{grant.reference}/{tranche.number} {tranche.bank_reference}",
            occurred_on=tranche.sent_on,
            currency=tranche.currency,
        ),
        [
            Line(AccountKind.GRANTED, grant.pk, -tranche.amount_cents),
            Line(AccountKind.SENT, grant.pk, tranche.amount_cents),
        ],
    )
    facts = {
        "reference": grant.reference,
        "number": tranche.number,
        "city": grant.recipient.name,
        "city_id": grant.recipient_id,
    }
    audit.record("tranche:send", actor=actor, subject=tranche, **facts, **told(entry))


def _recipient(recipient_id: UUID, currency: str) -> City:
    city = City.objects.cities().filter(pk=recipient_id).first()
    if city is None:
        raise UnknownCityError(_("There is no such city."), field="city")
    if currency != city.currency:
        said = _("%(city)s keeps its books in %(currency)s, so it is granted money in %(currency)s.")
        raise ForeignCurrencyError(said, field="currency", city=city.name, currency=city.currency)
    return city


def _lock(program_grant_id: UUID) -> ProgramGrant:
    found: ProgramGrant | None = (
        ProgramGrant.objects.select_for_update(no_key=True, of=("self",))
        .select_related("recipient")
        .filter(pk=program_grant_id)
        .first()
    )
    if found is None:
        raise UnknownGrantError(_("There is no such program grant."))
    return found


def _require_period(starts_on: date, ends_on: date) -> None:
    if ends_on <= starts_on:
        raise DayOutOfOrderError(_("A grant ends after it starts."), field="ends_on")
    if (ends_on - starts_on).days > PERIOD_DAYS_MOST:
        said = _("This is a period of more than ten years. Please look at both years again.")
        raise DayOutOfOrderError(said, field="ends_on")


def _require_sent_day(grant: ProgramGrant, sent_on: date) -> None:
    if sent_on > _today():
        said = _("A tranche is recorded once it was sent, so this day can’t lie in the future.")
        raise DayOutOfOrderError(said, field="sent_on")
    if (grant.starts_on - sent_on).days > DAYS_AHEAD_MOST:
        said = _("The grant’s period starts on %(day)s. Please look at the year of this day again.")
        raise DayOutOfOrderError(said, field="sent_on", day=day(grant.starts_on))


def _today() -> date:
    center = City.objects.get(pk=CENTER_ID)
    return timezone.localdate(timezone=center.zone)


def _person(actor: Actor) -> User | None:
    return actor if isinstance(actor, User) else None
