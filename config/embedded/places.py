"""Where the embedded servers keep their files and sockets, and the addresses that follow."""

# ruff: noqa: S603 -- every command line is our own

import contextlib
import hashlib
import os
import pwd
import stat
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent.parent
NOBODY = "nobody"


def data_dir() -> Path:
    """Return the directory of everything that survives a restart (``LYB_DATA_DIR``)."""
    return Path(os.environ.get("LYB_DATA_DIR") or ROOT / ".data").resolve()


@dataclass(frozen=True)
class Place:
    """One pair of servers: its data directory, its sockets, its addresses.

    Everything follows from ``data``, so that every process computes the same addresses without asking.
    ``fast`` trades durability for speed and is for tests only.
    """

    data: Path
    fast: bool = False

    @cached_property
    def name(self) -> str:
        return f"lyb-{hashlib.sha256(str(self.data).encode()).hexdigest()[:10]}"

    @cached_property
    def run(self) -> Path:
        """The directory of the sockets. Short, since a socket's path may have 107 bytes."""
        return Path("/tmp") / f"{self.name}-{os.geteuid()}"  # noqa: S108 -- owner and mode are checked on use

    @cached_property
    def postgres_user(self) -> str | None:
        """The account PostgreSQL runs as, where it differs from ours: PostgreSQL refuses root."""
        return NOBODY if os.geteuid() == 0 else None

    @cached_property
    def postgres_home(self) -> Path:
        """The directory of the cluster: below ``data`` if its account can get there. Once made, it stays."""
        elsewhere = Path("/var/lib") / self.name
        if self.postgres_user is None or (self.data / "postgres").exists():
            return self.data
        if (elsewhere / "postgres").exists() or not can_enter(self.data, self.postgres_user):
            return elsewhere
        return self.data

    @property
    def cluster(self) -> Path:
        return self.postgres_home / "postgres"

    @property
    def postgres_sockets(self) -> Path:
        return self.run / "pg"

    @property
    def valkey_socket(self) -> Path:
        return self.run / "valkey.sock"

    @property
    def logs(self) -> Path:
        return self.data / "logs"

    @property
    def locks(self) -> Path:
        return self.data / "locks"

    def database_url(self, role: str, database: str = "lyb") -> str:
        return f"postgres://{role}@{quote(str(self.postgres_sockets), safe='')}/{database}"

    def redis_url(self, number: int = 0) -> str:
        """Return Celery's form of the address; redis-py wants ``unix://`` in its place."""
        return f"redis+socket://{self.valkey_socket}" + (f"?virtual_host={number}" if number else "")

    def environment(self, database: str = "lyb") -> dict[str, str]:
        return {
            "DATABASE_URL": self.database_url("lyb_city", database),
            "DATABASE_OWNER_URL": self.database_url("lyb_owner", database),
            "REDIS_URL": self.redis_url(),
        }

    def announce(self) -> None:
        """Tell this process and its children where the servers are, and that the demo is on unless switched off."""
        os.environ.update(self.environment())
        os.environ.setdefault("LYB_DEMO", "1")

    def backup_environment(self, database: str = "lyb") -> dict[str, str]:
        """Return what only ``manage.py backup`` is given: who reads past policies, and who makes databases."""
        return {
            "DATABASE_BACKUP_URL": self.database_url("lyb_backup", database),
            "DATABASE_ADMIN_URL": self.database_url("postgres", "postgres"),
        }

    def make(self) -> None:
        """Make the directories, refusing a socket directory that somebody else put there."""
        self.run.mkdir(mode=0o700, exist_ok=True)
        state = self.run.lstat()
        is_ours = stat.S_ISDIR(state.st_mode) and state.st_uid == os.geteuid() and not state.st_mode & 0o022
        if not is_ours:
            raise SystemExit(f"{self.run} belongs to somebody else. Remove it and start again.")
        self.data.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.postgres_user:
            let_pass(self.run, self.postgres_home)
        for path in (self.logs, self.locks, self.postgres_sockets):
            path.mkdir(mode=0o700, exist_ok=True)
        if self.postgres_user:
            account = pwd.getpwnam(self.postgres_user)
            os.chown(self.postgres_sockets, account.pw_uid, account.pw_gid)

    def clear(self) -> None:
        """Remove the sockets' directory, unless something is still in it."""
        with contextlib.suppress(OSError):
            self.postgres_sockets.rmdir()
            (self.run / "valkey.pid").unlink(missing_ok=True)
            self.run.rmdir()


def let_pass(*directories: Path) -> None:
    """Make directories, if need be, that others may pass through but not list, whatever the umask."""
    for directory in directories:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(directory.stat().st_mode | 0o011)


def can_enter(directory: Path, user: str) -> bool:
    """Tell whether the account can pass through the directory and all above it."""
    let_pass(directory)
    command = ["/usr/bin/env", "test", "-x", str(directory)]
    return subprocess.run(command, cwd="/", user=user, check=False).returncode == 0
