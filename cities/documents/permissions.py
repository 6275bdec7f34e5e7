"""Who may open a document, and who may stop or repeat it. The worker asks the same again."""

from collections.abc import Iterable
from typing import Any, cast

from django.db.models import Q, QuerySet

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role, User
from cities.access.rules import is_at_center
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID

from .models import Document
from .registry import Kind, kind_of, kinds_at


def person(request: Any) -> User:
    """Return who asks, once a rule has let them in: somebody who signed in."""
    return cast("User", request.user)


def can_see_reports(user: Any, city: Any) -> bool:
    """The city's desk; what each may have made and open is the kinds' business."""
    return is_desk(user, city.pk)


def can_see_center_reports(user: Any, _place: Any) -> bool:
    return is_at_center(user, None)


def can_use_own_documents(user: Any, _city: Any) -> bool:
    """Guards routes that find a document only among those the person may open."""
    return bool(user.is_authenticated)


def can_see_document(user: Any, document: Document) -> bool:
    """Whoever asked for it, while they may still have that kind; and those with whom the kind is shared.

    But nobody if it was begun when they could read what is hidden from them now.
    """
    kind = kind_of(document.kind)
    if kind is None or not user.is_authenticated or _is_closed(kind, user, document):
        return False
    if document.requested_by_id == user.pk:
        return kind.may_have(user, document.city, document.subject_id)
    return kind.shared is not None and kind.shared(user, document.city)


def _is_closed(kind: Kind, user: Any, document: Document) -> bool:
    if kind.closed_until is None or document.started_at is None:
        return False
    until = kind.closed_until(user)
    return until is not None and document.started_at <= until


def can_steer_document(user: Any, document: Document) -> bool:
    """Cancel and retry: whoever asked for it, a manager of the city, an officer at the Center."""
    if not can_see_document(user, document):
        return False
    leads = Role.OFFICER if document.city_id == CENTER_ID else Role.MANAGER
    return document.requested_by_id == user.pk or leads in roles_in(user, document.city_id)


def visible_to(user: Any, place: City) -> QuerySet[Document]:
    """Return the documents of a place that this person may open; agrees with :func:`can_see_document` row by row."""
    kinds = list(kinds_at("center" if place.pk == CENTER_ID else "city"))
    shared = [kind.name for kind in kinds if kind.shared and kind.shared(user, place)]
    own = [kind.name for kind in kinds if kind.subjects is None and kind.rule(user, place)]
    about = {kind.name: kind.subjects for kind in kinds if kind.subjects is not None}
    mine = Q(requested_by=user, kind__in=own)
    rows: QuerySet[Document] = Document.objects.in_city(place.pk)
    asked = rows.filter(requested_by=user, kind__in=about, subject_id__isnull=False)
    found: dict[str, set[Any]] = {}
    for name, subject_id in asked.values_list("kind", "subject_id").distinct():
        found.setdefault(name, set()).add(subject_id)
    for name, ids in found.items():
        mine |= Q(requested_by=user, kind=name, subject_id__in=about[name](user, ids))
    return rows.filter(mine | (Q(kind__in=shared) & ~Q(requested_by=user))).exclude(_closed(kinds, user))


def _closed(kinds: Iterable[Kind], user: Any) -> Q:
    names: dict[Any, list[str]] = {}
    for kind in kinds:
        if kind.closed_until is not None:
            names.setdefault(kind.closed_until, []).append(kind.name)
    found = Q(pk__in=[])
    for closed_until, of_kinds in names.items():
        if (until := closed_until(user)) is not None:
            found |= Q(kind__in=of_kinds, started_at__lte=until)
    return found
