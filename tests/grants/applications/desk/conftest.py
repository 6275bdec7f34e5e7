"""A city with a desk, and applications on it."""

from dataclasses import dataclass

import pytest

from cities.access.models import Role, User
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application
from grants.cycles.models import FormVersion
from tests.factories import ApplicationFactory, FormVersionFactory, UserFactory, make_city, make_member


@dataclass
class Desk:
    city: City
    manager: User
    staff: User
    form: FormVersion

    def submitted(self, **fields) -> Application:
        with city_scope(self.city):
            return ApplicationFactory(submitted=True, form_version=self.form, **fields)

    def draft(self, **fields) -> Application:
        with city_scope(self.city):
            return ApplicationFactory(form_version=self.form, **fields)

    def now(self, application: Application) -> Application:
        with city_scope(self.city):
            return Application.objects.get(pk=application.pk)


@pytest.fixture
def desk(db) -> Desk:
    city = make_city("baltimore", contact_phone="410-555-0100")
    with city_scope(city):
        form = FormVersionFactory()
    return Desk(city, make_member(city, Role.MANAGER), make_member(city, Role.STAFF), form)


@pytest.fixture
def elsewhere(db) -> Desk:
    """Another city with one application, which nobody of the first may see."""
    city = make_city("dallas", timezone="America/Chicago")
    with city_scope(city):
        form = FormVersionFactory()
    found = Desk(city, make_member(city, Role.MANAGER), make_member(city, Role.STAFF), form)
    found.submitted(
        title="CANARY of Dallas", applicant=UserFactory(name="Canary Dallas"), reference="DAL-2026-0001"
    )
    return found
