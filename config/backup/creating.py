"""Write one archive: database and counts from one snapshot, then the files that its rows may speak of."""

import tempfile
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import psycopg
from django.core.files.storage import Storage

from cities.operations.models import CheckKind
from cities.tenancy import roles

from . import archive, census, files, programs
from .addresses import Addresses, database_of

NAME = "lyb-{:%Y%m%dT%H%M%SZ}.tar"
PATTERN = "lyb-*.tar"


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    manifest: archive.Manifest


def create(directory: Path, addresses: Addresses, storage: Storage) -> Made:
    """Write a backup into ``directory`` and return it. Raises ``BackupError``; nothing half is left then.

    A file is stored before a row speaks of it, so files are copied after the snapshot: none that its rows name is
    missed. One that isn't stored is named in the manifest: as ``lost`` if a row still speaks of it at the end, as
    ``removed`` if a sweeper or another file took its place meanwhile.
    """
    addresses.need("backup")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    at = datetime.now(tz=UTC)
    with archive.writing(directory / NAME.format(at)) as writer:
        counted, named = _database(writer, addresses)
        writer.add(archive.ROLES, BytesIO(_roles(addresses, counted).encode()))
        stored = set()
        for name in files.names(storage):
            with suppress(FileNotFoundError), storage.open(name) as file:
                writer.add(archive.FILES + name, file)
                stored.add(name)
        missing = named - stored
        live = _named_now(addresses) if missing else set()
        facts = {
            "taken_at": at.isoformat(), "census": counted,
            "lost": sorted(missing & live), "removed": sorted(missing - live),
        }  # fmt: skip
        manifest = writer.finish({"format": 1, "database": database_of(addresses.backup), **facts})
    return Made(writer.path, manifest)


def _database(writer: archive.Writer, addresses: Addresses) -> tuple[census.Census, set[str]]:
    """Dump the database and count it, both in one exported snapshot."""
    with (
        tempfile.TemporaryDirectory(dir=writer.path.parent, prefix=".dump-") as here,
        psycopg.connect(addresses.backup) as connection,
    ):
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        (snapshot,) = _row(connection, "SELECT pg_export_snapshot()")
        dump, log = Path(here, "dump"), Path(here, "log")
        program = programs.choose("pg_dump", connection.info.server_version // 10_000)
        arguments = ["--format=custom", f"--snapshot={snapshot}", f"--file={dump}"]
        process = programs.run(program, addresses.backup, [*arguments, "--no-password"], log)
        try:
            counted, named = census.take(connection), files.named_in_rows(connection)
        except BaseException:
            process.kill()
            raise
        finally:
            process.wait()
        programs.finish(process, log, "pg_dump")
        with dump.open("rb") as made:
            writer.add(archive.DATABASE, made)
    return counted, named


def _named_now(addresses: Addresses) -> set[str]:
    with psycopg.connect(addresses.backup) as connection:
        return files.named_in_rows(connection)


def _row(connection: psycopg.Connection[Any], statement: str) -> tuple[Any, ...]:
    row = connection.execute(statement.encode()).fetchone()
    return row or ()


def _roles(addresses: Addresses, counted: census.Census) -> str:
    """Return the SQL that makes the roles, and what they were. Passwords are in no backup."""
    found = "".join(f"-- found: {name} {attributes}\n" for name, attributes in counted["roles"].items())
    return found + roles.script(database_of(addresses.backup))


def newest(directory: Path) -> Path | None:
    """Return the newest archive of a directory: their names sort by time."""
    return max(directory.glob(PATTERN), default=None)


def prune(directory: Path, keep: int) -> list[Path]:
    """Remove all but the newest ``keep`` archives, with their reports, and return them."""
    spent = sorted(directory.glob(PATTERN))[:-keep]
    for path in spent:
        path.unlink()
        for kind in CheckKind:
            path.with_suffix(f".{kind.value}.json").unlink(missing_ok=True)
    return spent
