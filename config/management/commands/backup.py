"""``manage.py backup create|verify|restore|drill``."""

import time
from pathlib import Path
from typing import Any

import psycopg
from django import db
from django.conf import settings
from django.core.files.storage import FileSystemStorage, Storage, default_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser

from cities.operations.models import CheckKind
from config.backup import archive, census, creating, drilling, reports, restoring
from config.backup.addresses import Addresses
from config.backup.errors import BackupError


class Command(BaseCommand):
    help = "Write one file with database, roles and files; check it; bring it back; prove that it can be brought back."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        deeds = parser.add_subparsers(dest="deed", required=True)
        create = deeds.add_parser("create", help="write a backup of this moment")
        create.add_argument("directory", nargs="?", type=Path, default=_usual_place(), metavar="DIR")
        create.add_argument(
            "--keep", type=int, default=0, metavar="N", help="afterwards keep the newest N only"
        )
        verify = deeds.add_parser(
            "verify", help="check signature and hash of every part; exit 1 names any break"
        )
        verify.add_argument("file", type=Path)
        restore = deeds.add_parser(
            "restore", help="bring a backup back into an empty database and an empty place"
        )
        restore.add_argument("file", type=Path)
        restore.add_argument(
            "--into", required=True, help="an owner's database address, or a database's name"
        )
        restore.add_argument(
            "--files", type=Path, help="a directory, instead of the place where this site keeps files"
        )
        drill = deeds.add_parser(
            "drill", help="restore the newest backup beside the running system and compare"
        )
        drill.add_argument("place", nargs="?", type=Path, default=_usual_place(), metavar="FILE|DIR")
        drill.add_argument("--fresh", action="store_true", help="make a new backup first")

    def handle(self, *_args: Any, deed: str, **options: Any) -> None:
        try:
            {"create": self._create, "verify": self._verify, "restore": self._restore, "drill": self._drill}[
                deed
            ](options)
        except (BackupError, psycopg.Error, db.Error) as error:
            raise CommandError(str(error)) from error

    def _create(self, options: dict[str, Any]) -> None:
        if options["keep"] < 0:
            raise CommandError("--keep takes a number from 1.")
        made = self._make(options["directory"])
        if made.manifest["lost"]:
            raise CommandError("This backup is not whole, so no older one was removed.")
        if options["keep"]:
            for path in creating.prune(options["directory"], options["keep"]):
                self.stdout.write(f"Removed {path.name}.")

    def _make(self, directory: Path) -> creating.Made:
        made = creating.create(directory, Addresses.from_environment(), default_storage)
        rows = sum(row[0] for table in made.manifest["census"]["tables"].values() for row in table.values())
        stored = sum(name.startswith(archive.FILES) for name in made.manifest["parts"])
        self.stdout.write(
            f"Wrote {made.path}: {rows} rows, {stored} files, {made.path.stat().st_size / 1e6:.1f} MB."
        )
        for name in made.manifest["lost"]:
            self.stderr.write(f"A row speaks of the file {name}, which isn’t stored.")
        for name in made.manifest["removed"]:
            self.stdout.write(f"The file {name} was removed while the backup was made.")
        reports.record(made.path, kind=CheckKind.CREATE, taken_at=made.manifest["taken_at"], breaks=[])
        return made

    def _verify(self, options: dict[str, Any]) -> None:
        path, started = options["file"], time.monotonic()
        manifest, found = archive.manifest_of(path), archive.breaks(path)
        found = found or restoring.unreadable(path)
        self._tell(path, CheckKind.VERIFY, manifest, found, time.monotonic() - started)

    def _restore(self, options: dict[str, Any]) -> None:
        path, addresses = options["file"], Addresses.from_environment()
        found = archive.breaks(path)
        if found:
            raise BackupError(f"{path} is broken, so nothing was restored:\n" + "\n".join(found))
        storage: Storage = FileSystemStorage(options["files"]) if options["files"] else default_storage
        owner = restoring.target(addresses, options["into"])
        restoring.restore(path, owner, storage)
        manifest = archive.manifest_of(path)
        self.stdout.write(f"Restored {path.name}, taken at {manifest['taken_at']}.")
        told = census.differences(manifest["census"], restoring.census_of(owner))
        for sentence in told:
            self.stderr.write(sentence)
        if told:
            raise SystemExit(1)

    def _drill(self, options: dict[str, Any]) -> None:
        place, started, addresses = options["place"], time.monotonic(), Addresses.from_environment()
        addresses.need("city", "owner", "backup", "admin")
        path = place if place.is_file() else creating.newest(place)
        if options["fresh"] or path is None:
            path = self._make(place.parent if place.is_file() else place).path
        manifest = archive.manifest_of(path)
        try:
            found = drilling.drill(path, addresses)
        except (BackupError, psycopg.Error, db.Error) as error:
            found = [str(error)]  # then it can't be brought back, and /status must know
        self._tell(path, CheckKind.DRILL, manifest, found, time.monotonic() - started)

    def _tell(self, path: Path, kind: CheckKind, manifest: Any, found: list[str], seconds: float) -> None:
        """Say what was found, write the report, record it at the Center, and exit 1 on any break."""
        for sentence in found:
            self.stdout.write(f"BROKEN  {sentence}")
        reports.write(path, kind=kind, breaks=found, seconds=seconds)
        if not reports.record(path, kind=kind, taken_at=manifest["taken_at"], breaks=found):
            self.stderr.write("Not recorded for /status: the database can’t be reached.")
        words = f"{len(found)} breaks" if found else "whole"
        self.stdout.write(f"{path.name}: {words} after {seconds:.1f} s.")
        if found:
            raise SystemExit(1)


def _usual_place() -> Path:
    return Path(settings.DATA_DIR) / "backups"
