"""Cohorts and who is in them. All of it lies in the Center's tenant, so it runs in ``center_scope``."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from cities.audit import trail as audit
from cities.audit.trail import Actor
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID
from grants.programs.errors import (
    AlreadyInCohortError,
    CohortNameTakenError,
    NotInCohortError,
    UnknownCityError,
    UnknownCohortError,
)
from grants.programs.models import Cohort, CohortMember

FACTS = ("name", "starts_on", "ends_on", "grant_cents")


@action
def create_cohort(*, actor: Actor, **facts: Any) -> Cohort:
    """Make a cohort; ``facts`` are :data:`FACTS`, ``grant_cents`` being US cents for each city.

    Raises ``CohortNameTakenError``, or ``RuleError`` naming the field.
    """
    cohort = Cohort(city_id=CENTER_ID)
    _set_facts(cohort, facts)
    cohort.save(force_insert=True)
    audit.record("cohort:create", actor=actor, subject=cohort, **_told(cohort, facts))
    return cohort


@action
def change_cohort(cohort_id: UUID, *, actor: Actor, **facts: Any) -> Cohort:
    """Change some of a cohort's :data:`FACTS`. Locks the cohort. Raises as :func:`create_cohort` does."""
    cohort = _lock(cohort_id)
    before = _told(cohort, facts)
    _set_facts(cohort, facts)
    after = _told(cohort, facts)
    changed = [name for name in facts if before[name] != after[name]]
    if not changed:
        return cohort
    cohort.save(update_fields=changed)
    told = {
        "before": {name: before[name] for name in changed},
        "after": {name: after[name] for name in changed},
    }
    audit.record("cohort:change", actor=actor, subject=cohort, name=cohort.name, **told)
    return cohort


@action
def join_cohort(cohort_id: UUID, *, city_id: UUID, actor: Actor) -> CohortMember:
    """Give a city its place in a cohort. Locks the cohort.

    Raises ``UnknownCohortError``, ``UnknownCityError``, ``AlreadyInCohortError``.
    """
    cohort = _lock(cohort_id)
    city = City.objects.cities().filter(pk=city_id).first()
    if city is None:
        raise UnknownCityError(_("There is no such city."), field="city")
    if cohort.members.filter(recipient_id=city_id).exists():
        said = _("%(city)s is in the cohort “%(cohort)s” already.")
        raise AlreadyInCohortError(said, field="city", city=city.name, cohort=cohort.name)
    member = CohortMember(city_id=CENTER_ID, cohort=cohort, recipient=city)
    member.save(force_insert=True)
    audit.record(
        "cohort:join", actor=actor, subject=cohort, name=cohort.name, city=city.name, city_id=city.pk
    )
    return member


@action
def leave_cohort(cohort_id: UUID, *, city_id: UUID, actor: Actor) -> Cohort:
    """Take a city out of a cohort; the city itself stays as it is. Locks the cohort.

    Raises ``UnknownCohortError``, ``NotInCohortError``.
    """
    cohort = _lock(cohort_id)
    member = cohort.members.select_related("recipient").filter(recipient_id=city_id).first()
    if member is None:
        raise NotInCohortError(_("This city is not in the cohort “%(cohort)s”."), cohort=cohort.name)
    member.delete()
    city = member.recipient
    audit.record(
        "cohort:leave", actor=actor, subject=cohort, name=cohort.name, city=city.name, city_id=city.pk
    )
    return cohort


def _lock(cohort_id: UUID) -> Cohort:
    cohort: Cohort | None = Cohort.objects.select_for_update(no_key=True).filter(pk=cohort_id).first()
    if cohort is None:
        raise UnknownCohortError(_("There is no such cohort."), field="cohort")
    return cohort


def _set_facts(cohort: Cohort, facts: dict[str, Any]) -> None:
    unknown = set(facts) - set(FACTS)
    if unknown:
        raise TypeError(f"not a fact of a cohort: {sorted(unknown)}")
    for name, value in facts.items():
        setattr(cohort, name, value.strip() if name == "name" else value)
    if Cohort.objects.filter(name__iexact=cohort.name).exclude(pk=cohort.pk).exists():
        raise CohortNameTakenError(_("There is a cohort of this name already."), field="name")
    if cohort.starts_on and cohort.ends_on and cohort.ends_on <= cohort.starts_on:
        raise RuleError(_("A cohort ends after it starts."), field="ends_on")
    cohort.full_clean(exclude=["city"])


def _told(cohort: Cohort, names: Iterable[str]) -> dict[str, Any]:
    """Return facts as the trail keeps them: JSON, days in ISO form."""
    values = {name: getattr(cohort, name) for name in names}
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in values.items()
    }
