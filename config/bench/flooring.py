"""Lay the floor into the database that is measured, and take it out again."""

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from urllib.parse import urlencode

import psycopg
from psycopg import sql

from config.embedded.places import ROOT

from .asking import Call, Visitor
from .errors import BenchError

SETTINGS = {"DJANGO_SETTINGS_MODULE": "config.bench.floor.settings"}
APPLICATION = "config.bench.floor.wsgi:application"
SCHEMA = sql.Identifier("bench_floor")
PAGE = 50


@contextlib.contextmanager
def floor_laid() -> Iterator[Visitor]:
    """Make the floor's schema, tables and rows as the owner; yield who is signed in there."""
    owner = os.environ.get("DATABASE_OWNER_URL")
    if not owner:
        raise BenchError("The floor needs tables of its own: set DATABASE_OWNER_URL, as for migrate.")
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(SCHEMA))
        connection.execute(sql.SQL("CREATE SCHEMA {}").format(SCHEMA))
        try:
            yield Visitor(_session(owner))
        finally:
            connection.execute(sql.SQL("DROP SCHEMA {} CASCADE").format(SCHEMA))


def _session(owner: str) -> str:
    made = subprocess.run(
        [sys.executable, "-m", "config.bench.floor"],
        cwd=ROOT,
        env={**os.environ, **SETTINGS, "DATABASE_URL": owner},
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if made.returncode:
        raise BenchError("The floor could not be laid; see above.")
    return made.stdout.strip()


def read_floor(visitor: Visitor) -> Call:
    """Fifty rows in a plain template, or it is no floor."""
    return visitor.get("/rows/", proof="<td>FLR-2026-", times=PAGE)


def write_floor(visitor: Visitor) -> Call:
    body = urlencode({"row": 1, "title": "A garden"}).encode()
    form = "application/x-www-form-urlencoded"
    return Call("/change/", visitor.session, "POST", body, form, proof='{"changed": 1}')
