"""Servers for the tests: of their own, forgetful, shared by all processes of a run.

The first process that attaches starts them, the last one stops them. Their files stay in
``.data/test``, so that the next run starts in half a second; what a killed run left there goes then.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import psycopg
import redis
from psycopg import sql

from cities.tenancy.roles import database_sql
from config.embedded.places import ROOT, Place
from config.embedded.postgres import OTHERS_BINARIES
from config.embedded.services import Attachment


@dataclass(frozen=True)
class TestServers:
    """Addresses, and what a test session does to databases. Nothing here is a superuser."""

    __test__ = False  # the name is no invitation to pytest
    place: Place

    def owner_url(self, database: str) -> str:
        return self.place.database_url("lyb_owner", database)

    def city_url(self, database: str) -> str:
        return self.place.database_url("lyb_city", database)

    def admin_url(self, database: str = "lyb") -> str:
        """Return the address of ``lyb_test``, who makes and clones databases and acts for the owner."""
        return self.place.database_url("lyb_test", database)

    def redis_url(self, number: int = 0) -> str:
        """Return the broker's and cache's address, one of 64 numbered spaces."""
        return self.place.redis_url(number)

    def create_database(self, name: str, *, template: str = "template0") -> None:
        """Make a database owned by ``lyb_owner``, dropping one of that name, with the roles' privileges.

        Cloning a template (nobody may be connected to it) copies its tables and default privileges.
        """
        self.drop_database(name)
        make = sql.SQL("CREATE DATABASE {} OWNER lyb_owner TEMPLATE {} STRATEGY {}")
        strategy = "WAL_LOG" if template == "template0" else "FILE_COPY"
        with psycopg.connect(self.admin_url(), autocommit=True) as connection:
            connection.execute(make.format(sql.Identifier(name), sql.Identifier(template), sql.SQL(strategy)))
        with psycopg.connect(self.admin_url(name), autocommit=True) as connection:
            connection.execute(database_sql(name))

    def drop_database(self, name: str) -> None:
        """Drop a database, ending whoever is connected.

        FORCE would fail on a vacuum worker, which belongs to nobody; a plain DROP stops that by itself.
        """
        with psycopg.connect(self.admin_url(), autocommit=True) as connection:
            connection.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s AND usename IS NOT NULL",
                [name],
            )
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))

    def forget(self, number: int) -> None:
        """Empty one numbered space of Valkey."""
        address = f"unix://{self.place.valkey_socket}?db={number}"
        with contextlib.closing(redis.Redis.from_url(address)) as client:
            client.flushdb()


def place_for_tests() -> Place:
    """Return where the tests' servers live; those of another PostgreSQL (``LYB_TEST_POSTGRES``) apart."""
    others = os.environ.get(OTHERS_BINARIES, "").strip("/").replace("/", "-")
    return Place(ROOT / ".data" / (f"test-{others}" if others else "test"), fast=True)


@contextlib.contextmanager
def servers_for_tests() -> Iterator[TestServers]:
    """Hold the tests' servers. Files spoilt by a power cut (there is no fsync) are thrown away."""
    place = place_for_tests()
    attachment = Attachment(place)
    try:
        attachment.__enter__()
    except SystemExit:
        shutil.rmtree(place.cluster, ignore_errors=True)
        attachment.ensure()
    try:
        yield TestServers(place)
    finally:
        attachment.__exit__(None, None, None)
