"""How this floor's rows are called in the trail."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from cities.access.models import Invitation, Membership
from cities.tenancy.models import City

from .subjects import Subject, names


def _cities(city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    return {city.pk: Subject(city.name)} if city.pk in ids else {}


def _memberships(_city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    rows = Membership.objects.filter(pk__in=ids).select_related("user")
    return {row.pk: Subject(f"{row.user}, {row.get_role_display()}") for row in rows}


def _invitations(_city: City, ids: Collection[UUID]) -> Mapping[UUID, Subject]:
    return {
        row.pk: Subject(f"{row.name or row.email}, {row.get_role_display()}")
        for row in Invitation.objects.filter(pk__in=ids)
    }


names("cities.city", _("City settings"), _cities)
names("cities.membership", _("Somebody’s role"), _memberships)
names("cities.invitation", _("Invitation"), _invitations)
