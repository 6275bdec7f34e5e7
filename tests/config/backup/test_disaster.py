"""The machine is gone: the whole demo comes back on another one, from the file alone. Also from and to an S3 store."""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage

from config.backup import archive, files
from config.backup.creating import create
from config.backup.drilling import changed_files
from config.backup.restoring import restore
from config.embedded.places import ROOT, Place
from tests.config.backup.conftest import addresses_of
from tests.services import servers

pytestmark = pytest.mark.prove


@pytest.fixture
def machines():
    """Two data directories, each with servers of its own while a command runs; not below pytest's closed directory."""
    directories = [Path(tempfile.mkdtemp(prefix="lyb-test-")) for _ in range(2)]
    for directory in directories:
        directory.chmod(0o711)
    yield directories
    for directory in directories:
        home = Place(directory).postgres_home
        shutil.rmtree(directory)
        shutil.rmtree(home, ignore_errors=True)


def manage(data: Path, *arguments: object) -> str:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_", "REDIS_"))}
    done = subprocess.run(
        [sys.executable, "manage.py", *map(str, arguments)],
        cwd=ROOT,
        env={**own, "LYB_DATA_DIR": str(data)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_demo_comes_back_on_another_machine(machines):
    lost, fresh = machines
    manage(lost, "migrate", "-v0")
    manage(lost, "seed", "demo")
    manage(lost, "backup", "create")
    assert ": whole after " in manage(lost, "backup", "drill")
    (path,) = (lost / "backups").glob("lyb-*.tar")
    kept = archive.manifest_of(path)["parts"]

    manage(fresh, "backup", "verify", path)
    said = manage(fresh, "backup", "restore", path, "--into", "lyb")
    judged = manage(fresh, "verify")

    assert said.startswith(f"Restored {path.name}")
    assert "Clean after" in judged
    stored = list(files.names(FileSystemStorage(fresh / "media")))
    assert len(stored) == sum(name.startswith(archive.FILES) for name in kept) > 100


def test_files_go_from_an_s3_store_and_back_into_one(s3, site, tmp_path):
    for name in ("documents/tilden.csv", "documents/baltimore.csv", "a/b/c.bin"):
        s3.save(name, ContentFile(name.encode() * 100_000))
    kept = sorted(files.names(s3))
    made = create(tmp_path, site.addresses, s3)
    for name in kept:
        s3.delete(name)
    database = f"{made.manifest['database']}_s3"
    servers.create_database(database)
    try:
        restore(made.path, addresses_of(database).owner, s3)
    finally:
        servers.drop_database(database)

    assert changed_files(made.manifest, s3) == []
    assert {"documents/tilden.csv", "documents/baltimore.csv", "a/b/c.bin"} <= set(kept)
    assert sorted(files.names(s3)) == kept
