"""Bring an archive back into an empty database and an empty place for files."""

import shutil
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from django.core.files.base import File
from django.core.files.storage import Storage
from psycopg import sql

from cities.tenancy import roles

from . import archive, census, files, programs
from .addresses import Addresses, database_of, in_database
from .errors import BackupError, BrokenArchiveError

# What a new table grants by itself would come on top of what the dump says it granted: an append-only table would let
# itself be changed. The dump's own rules for new tables come back at its end.
_GRANT_NOTHING = """
ALTER DEFAULT PRIVILEGES FOR ROLE lyb_owner IN SCHEMA public REVOKE ALL ON TABLES FROM lyb_city, lyb_center, lyb_person, lyb_public, lyb_backup;
ALTER DEFAULT PRIVILEGES FOR ROLE lyb_owner IN SCHEMA public REVOKE ALL ON SEQUENCES FROM lyb_city, lyb_center, lyb_person, lyb_public, lyb_backup;
"""
_CONTENT = """
SELECT (SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace)
     + (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace)
"""


def make_database(addresses: Addresses, name: str) -> None:
    """Make an empty database for the owner, unless there is one of that name."""
    addresses.need("admin")
    with psycopg.connect(addresses.admin, autocommit=True) as admin:
        if not admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).rowcount:
            make = sql.SQL("CREATE DATABASE {} OWNER lyb_owner ENCODING 'UTF8' TEMPLATE template0")
            admin.execute(make.format(sql.Identifier(name)))


def drop_database(addresses: Addresses, name: str) -> None:
    """Drop the database ``name``, if there is one.

    Without FORCE: PostgreSQL then stops its own vacuum workers in there and waits five seconds for other sessions,
    where FORCE fails at once on a session that the administrator has no right to end, and a vacuum worker is one.
    """
    with psycopg.connect(addresses.admin, autocommit=True) as admin:
        admin.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def target(addresses: Addresses, into: str) -> str:
    """Return the owner's address of ``into``: an address, or the name of a database that is made if need be."""
    if urlsplit(into).scheme:
        return into
    addresses.need("owner")
    if addresses.admin:
        make_database(addresses, into)
    return in_database(addresses.owner, into)


def restore(path: Path, owner: str, storage: Storage) -> None:
    """Restore database and files of ``path``, which :func:`archive.breaks` has found whole.

    Raises ``BackupError`` if the database or the storage holds anything.
    """
    if not files.is_empty(storage):
        raise BackupError("There are files where the backup's files should go. Name an empty place.")
    _refuse_unless_empty(owner)
    with archive.reading(path) as tar:
        _restore_database(tar, path, owner)
        for entry in tar:
            if entry.name.startswith(archive.FILES):
                _restore_file(tar, entry, storage)


def _refuse_unless_empty(owner: str) -> None:
    with psycopg.connect(owner) as connection:
        found = connection.execute(_CONTENT).fetchone()
    if found and found[0]:
        raise BackupError(
            f"The database {database_of(owner)} is not empty ({found[0]} tables and functions). Name an empty one."
        )


def _restore_database(tar: Any, path: Path, owner: str) -> None:
    """Load the dump as the tables' owner: row-level security and triggers come after the rows, so none stands in the way."""
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(_GRANT_NOTHING)
        program = programs.choose("pg_restore", connection.info.server_version // 10_000)
    _load(
        tar, path, program, owner, ["--exit-on-error", "--no-owner", "--no-password", "--single-transaction"]
    )
    with psycopg.connect(owner, autocommit=True) as connection:
        connection.execute(roles.database_sql(database_of(owner)).encode())


def _load(tar: Any, path: Path, program: Path, owner: str, arguments: list[str]) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".restore-") as here:
        dump, log = Path(here, "dump"), Path(here, "log")
        with dump.open("wb") as file:
            shutil.copyfileobj(tar.extractfile(archive.DATABASE), file, archive.CHUNK)
        programs.finish(programs.run(program, owner, [*arguments, str(dump)], log), log, "pg_restore")


def unreadable(path: Path) -> list[str]:
    """Let ``pg_restore`` read the whole dump, without a database, and say what it can't."""
    server = archive.manifest_of(path)["census"]["server"]
    program = programs.choose("pg_restore", server // 10_000)
    try:
        with archive.reading(path) as tar:
            _load(tar, path, program, "", ["--exit-on-error", "--file=/dev/null"])
    except BrokenArchiveError:
        raise
    except BackupError as error:
        return [f"{archive.DATABASE}: {error}"]
    return []


def _restore_file(tar: Any, entry: Any, storage: Storage) -> None:
    name = entry.name.removeprefix(archive.FILES)
    saved = storage.save(name, File(tar.extractfile(entry)))
    if saved != name:
        raise BackupError(f"The file {name} could not be stored under its own name.")


def census_of(owner: str) -> census.Census:
    """Count a restored database as its owner, whose own policy shows every row."""
    with psycopg.connect(owner) as connection:
        return census.take(connection)
