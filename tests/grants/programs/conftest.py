import pytest

from cities.access.models import Role
from tests.factories import UserFactory, make_city, make_member, make_officer
from tests.grants.programs.factories import make_grant, make_tranche
from tests.people import sign_in


@pytest.fixture
def officer(db):
    return make_officer(name="Olive Officer", email="olive@center.example")


@pytest.fixture
def auditor(db):
    return make_officer(Role.AUDITOR, name="Abe Auditor", email="abe@center.example")


@pytest.fixture
def baltimore(db):
    return make_city("baltimore", region="MD", latitude=39.29, longitude=-76.61)


@pytest.fixture
def dallas(db):
    return make_city("dallas", region="TX", timezone="America/Chicago")


@pytest.fixture
def manager(baltimore):
    return make_member(baltimore, Role.MANAGER, name="Mae Manager", email="mae@baltimore.example")


@pytest.fixture
def resident(db):
    return UserFactory(name="Rita Resident")


@pytest.fixture
def as_officer(client, officer):
    return sign_in(client, officer)


@pytest.fixture
def finance(baltimore):
    return make_member(baltimore, Role.FINANCE, name="Fay Finance", email="fay@baltimore.example")


@pytest.fixture
def grant(officer, baltimore):
    return make_grant(officer, baltimore)


@pytest.fixture
def tranche(officer, grant):
    return make_tranche(officer, grant)
