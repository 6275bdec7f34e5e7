"""A city, its people, the Center's, and a way to have a document made here and now."""

from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest

from cities.access.models import Role, User
from cities.documents import tasks
from cities.documents.actions import request_document
from cities.documents.models import Document
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from tests.cities.documents import kinds  # noqa: F401  registers
from tests.factories import make_city, make_member, make_officer


@dataclass
class Office:
    city: City
    manager: User
    staff: User
    viewer: User
    officer: User
    auditor: User

    def ask(self, kind: str = "test-list", *, by: User | None = None, **parameters: Any) -> Document:
        place = CENTER_ID if kind == "test-center" else self.city.pk
        with city_scope(place):
            return request_document(
                kind, parameters=parameters, title=f"A {kind}", actor=by or self.manager, subject_id=None
            )

    def make(self, document: Document) -> Document:
        """Do what a worker would."""
        tasks.make(str(document.city_id), str(document.pk), self.now(document).attempts)
        return self.now(document)

    def made(self, kind: str = "test-list", *, by: User | None = None, **parameters: Any) -> Document:
        return self.make(self.ask(kind, by=by, **parameters))

    def now(self, document: Document) -> Document:
        with city_scope(document.city_id):
            return Document.objects.select_related("city", "requested_by").get(pk=document.pk)

    def put(self, document: Document, **fields: Any) -> None:
        with city_scope(document.city_id):
            Document.objects.filter(pk=document.pk).update(**fields)

    @contextmanager
    def inside(self):
        with city_scope(self.city):
            yield


@pytest.fixture
def office(db) -> Office:
    city = make_city("baltimore")
    roles = (Role.MANAGER, Role.STAFF, Role.VIEWER)
    return Office(
        city,
        *(make_member(city, role) for role in roles),
        make_officer(Role.OFFICER),
        make_officer(Role.AUDITOR),
    )
