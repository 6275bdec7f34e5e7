"""The fire drill: restore an archive beside the running system, compare everything, and leave no trace."""

import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
from django.core.files.storage import FileSystemStorage, Storage
from django.db import connections

from cities.audit.verification import run_checks
from cities.operations.queries import on_disk

from . import archive, census, files
from .addresses import Addresses, database_of
from .errors import BackupError
from .restoring import drop_database, make_database, restore

_DIRECTORY = ".drill-"

LIVE_ONLY = {"audit sequencer"}
"""Checks that ask the running system's cache and say nothing about a copy."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What was restored: a database of its own, and a directory of files."""

    addresses: Addresses
    storage: Storage


@contextmanager
def copied(path: Path, addresses: Addresses) -> Iterator[Copy]:
    """Restore ``path`` into a database and a directory that are gone when the block ends."""
    addresses.need("city", "owner", "backup", "admin")
    prefix = f"lyb_drill_{database_of(addresses.city)[:30]}_"
    with _one_at_a_time(addresses, prefix):
        _remove_left_over(addresses, prefix, path.parent)
        name = f"{prefix}{uuid4().hex[:12]}"
        directory = tempfile.mkdtemp(dir=path.parent, prefix=_DIRECTORY)
        copy = Copy(addresses.at(name), FileSystemStorage(directory))
        try:
            make_database(addresses, name)
            restore(path, copy.addresses.owner, copy.storage)
            yield copy
        finally:
            shutil.rmtree(directory, ignore_errors=True)
            drop_database(addresses, name)


@contextmanager
def _one_at_a_time(addresses: Addresses, prefix: str) -> Iterator[None]:
    """Wait until no other drill of this site's database is under way."""
    with psycopg.connect(addresses.admin, autocommit=True) as admin:
        admin.execute("SELECT pg_advisory_lock(hashtextextended(%s, 0))", [prefix])
        yield


def _remove_left_over(addresses: Addresses, prefix: str, directory: Path) -> None:
    """Remove the copies that drills left behind when they were killed: all cities' personal data is in them."""
    with psycopg.connect(addresses.admin, autocommit=True) as admin:
        names = [name for (name,) in admin.execute("SELECT datname FROM pg_database")]
    for name in names:
        if re.fullmatch(re.escape(prefix) + "[0-9a-f]{12}", name):
            drop_database(addresses, name)
    for left in directory.glob(f"{_DIRECTORY}*"):
        shutil.rmtree(left, ignore_errors=True)


def drill(path: Path, addresses: Addresses) -> list[str]:
    """Prove that ``path`` can be brought back: return every difference between archive and copy, best none.

    Raises ``BackupError`` where it can't even be restored, or is of another version of the program, whose tables the
    checks of this one don't know.
    """
    found = archive.breaks(path)
    if found:
        return found
    manifest = archive.manifest_of(path)
    if other := _other_migrations(manifest):
        raise BackupError(
            f"{path.name} is of another version of the program, which has other migrations ({', '.join(other)}). "
            "Make a new backup (drill --fresh)."
        )
    with copied(path, addresses) as copy:
        return differences(manifest, copy)


def _other_migrations(manifest: archive.Manifest) -> list[str]:
    newest = dict(sorted(each.split(".", 1) for each in on_disk()))
    there = manifest["census"]["migrations"]
    return [f"{app}.{name}" for app, name in newest.items() if there.get(app) != name]


def differences(manifest: archive.Manifest, copy: Copy) -> list[str]:
    """Compare a copy with what the manifest says: rows, books, chains, walls and files; then let ``verify`` judge it."""
    with psycopg.connect(copy.addresses.backup) as connection:
        found = census.differences(manifest["census"], census.take(connection))
    found += _books_that_do_not_balance(manifest)
    found += changed_files(manifest, copy.storage)
    # Last, since the checks first seal what waits, in the copy.
    with standing_on(copy.addresses.city):
        for findings in run_checks(leave_out=LIVE_ONLY):
            found += [
                f"verify, {findings.name}: {broken.place}: {broken.sentence}" for broken in findings.breaks
            ]
    return found


def _books_that_do_not_balance(manifest: archive.Manifest) -> list[str]:
    books = dict(manifest["census"]["books"])
    unbalanced = books.pop("unbalanced")
    found = [f"{unbalanced} entries of the ledger don't sum to zero"] if unbalanced else []
    for city, (_postings, posted, _accounts, balance) in books.items():
        if posted or balance:
            found.append(f"books of {city}: postings sum to {posted}, balances to {balance}, not to zero")
    return found


def changed_files(manifest: archive.Manifest, storage: Storage) -> list[str]:
    """Compare what a storage holds with the manifest."""
    kept = {
        name.removeprefix(archive.FILES): said["sha256"]
        for name, said in manifest["parts"].items()
        if name.startswith(archive.FILES)
    }
    found = []
    for name in files.names(storage):
        expected = kept.pop(name, None)
        if expected is None:
            found.append(f"file {name}: was not in the backup")
        elif files.digest(storage, name) != expected:
            found.append(f"file {name}: its hash differs")
    found += [f"file {name}: is missing" for name in kept]
    return found + [
        f"file {name}: a row speaks of it, and the backup never had it" for name in manifest["lost"]
    ]


@contextmanager
def standing_on(address: str) -> Iterator[None]:
    """Let Django's one connection lead to another database while the block lasts."""
    import dj_database_url  # noqa: PLC0415

    usual = connections["default"]
    other = connections.create_connection("default")
    # Without a pool: Django's would hand out the usual database's connections under the same name.
    options = {name: value for name, value in usual.settings_dict["OPTIONS"].items() if name != "pool"}
    there = dj_database_url.parse(address)
    other.settings_dict = {**usual.settings_dict, **there, "OPTIONS": options | there.get("OPTIONS", {})}
    connections["default"] = other
    try:
        yield
    finally:
        other.close()
        connections["default"] = usual
