"""A small site in a database of its own, with files and books, one backup of it, and one copy restored from that."""

from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from cities.access.models import Role
from cities.audit.tasks import seal_pending, sign_heads
from cities.documents.models import Document
from cities.tenancy.scopes import city_scope
from config.backup.addresses import Addresses
from config.backup.creating import Made, create
from config.backup.drilling import standing_on
from tests.conftest import _template
from tests.factories import CycleFactory, FormVersionFactory, make_city, make_member
from tests.grants.payments.factories import fund
from tests.services import DATABASE, servers

REPORT = "documents/report.csv"


@dataclass(frozen=True)
class Site:
    addresses: Addresses
    storage: FileSystemStorage
    cities: dict[str, str]


def addresses_of(name: str) -> Addresses:
    return Addresses(
        city=servers.city_url(name),
        owner=servers.owner_url(name),
        backup=servers.place.database_url("lyb_backup", name),
        admin=servers.admin_url("postgres"),
    )


def as_owner(addresses: Addresses, *statements: str) -> None:
    with psycopg.connect(addresses.owner) as owner:
        for statement in statements:
            owner.execute(statement)


def live_in(slug: str, storage: FileSystemStorage) -> str:
    """A city with money in its books, a call, and a report with its file."""
    city = make_city(slug)
    manager = make_member(city, Role.MANAGER)
    with city_scope(city):
        FormVersionFactory()
        fund(CycleFactory())
        name = storage.save(f"documents/{slug}.csv", ContentFile(f"report of {slug}".encode()))
        Document.objects.create(
            kind="report", title=f"Report of {slug}", requested_by=manager, status="finished", progress=100,
            file=name, sha256="0" * 64, size_bytes=10, city_id=city.pk,
        )  # fmt: skip
    return str(city.pk)


@pytest.fixture(scope="session")
def site(django_db_setup, django_db_blocker, tmp_path_factory) -> Site:
    name = f"{DATABASE}_backup"
    servers.create_database(name, template=_template())
    addresses, storage = addresses_of(name), FileSystemStorage(tmp_path_factory.mktemp("files"))
    with django_db_blocker.unblock():
        with standing_on(addresses.city):
            cities = {slug: live_in(slug, storage) for slug in ("baltimore", "tilden")}
            seal_pending()
            sign_heads()
        yield Site(addresses, storage, cities)
    servers.drop_database(name)


@pytest.fixture(scope="session")
def made(site: Site, tmp_path_factory) -> Made:
    return create(tmp_path_factory.mktemp("backups"), site.addresses, site.storage)


@pytest.fixture
def spoilt(made: Made, tmp_path) -> Path:
    """A copy of the archive, to be spoilt."""
    copy = tmp_path / made.path.name
    copy.write_bytes(made.path.read_bytes())
    return copy
