import pytest

from cities.tenancy.scopes import city_scope
from tests.factories import UserFactory, make_city


@pytest.fixture
def city(db):
    return make_city(
        "tilden",
        name="Tilden",
        timezone="America/Chicago",
        contact_name="Ms. Lee",
        contact_phone="312 555 0100",
    )


@pytest.fixture
def resident(db):
    return UserFactory(name="Odessa Rhee", email="odessa@example.org")


@pytest.fixture
def neighbor(db):
    return UserFactory(name="Nico Ortiz", email="nico@example.org")


@pytest.fixture
def in_city(city):
    with city_scope(city):
        yield city


@pytest.fixture
def files(settings, tmp_path):
    """A storage of this test's own. Returns its folder."""
    folder = tmp_path / "storage"
    folder.mkdir()
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(folder)},
        },
    }
    return folder
