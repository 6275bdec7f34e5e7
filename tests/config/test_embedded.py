"""The embedded servers: who starts them, who stops them, and what happens after a kill."""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from config.embedded import children, postgres
from config.embedded.entry import needs_servers
from config.embedded.locks import is_held, wait_until
from config.embedded.places import ROOT, Place
from config.embedded.services import Attachment, is_embedded


@pytest.fixture
def place():
    """A place of its own, cold, and nothing left of it afterwards."""
    # Not tmp_path: pytest closes it to all others, also to PostgreSQL's account where we are root.
    place = Place(Path(tempfile.mkdtemp(prefix="lyb-test-")), fast=True)
    place.data.chmod(0o711)
    yield place
    assert wait_until(lambda: not processes_of(place), seconds=20)
    assert not place.run.exists()
    shutil.rmtree(place.data)


def processes_of(place):
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            line = " ".join(process.cmdline())
            if str(place.data) in line or str(place.run) in line or str(place.postgres_home) + "/" in line:
                found.append(process)
    return found


def process_of(place, program):
    [found] = [process for process in processes_of(place) if program in " ".join(process.cmdline()[:3])]
    return found


def answer(place, statement="SELECT 1"):
    with psycopg.connect(place.database_url("lyb_owner")) as connection:
        return connection.execute(statement).fetchone()[0]


def is_answering(place):
    try:
        answer(place)
        return redis.Redis(unix_socket_path=str(place.valkey_socket)).ping()
    except (psycopg.OperationalError, redis.ConnectionError):
        return False


def environment(place):
    own = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    return own | {"LYB_DATA_DIR": str(place.data)}


def manage(place, *arguments):
    return subprocess.Popen(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env=environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.slow
def test_four_commands_at_once_from_cold_share_one_pair_of_servers(place):
    question = (
        "from django.db import connection; cursor = connection.cursor(); "
        "cursor.execute('SELECT pg_postmaster_start_time()'); print('started', cursor.fetchone()[0])"
    )

    commands = [manage(place, "shell", "--no-imports", "--command", question) for _ in range(4)]
    said = [command.communicate(timeout=60)[0] for command in commands]

    assert [command.returncode for command in commands] == [0] * 4, said
    assert len({line for text in said for line in text.splitlines() if line.startswith("started")}) == 1
    assert not is_held(place.locks / "keeper")


@pytest.mark.slow
def test_the_last_one_attached_stops_the_servers(place):
    with Attachment(place):
        with Attachment(place):
            pass
        assert is_answering(place)

    assert not is_answering(place)
    assert processes_of(place) == []


@pytest.mark.slow
def test_a_killed_command_leaves_nothing_running(place):
    holder = manage(place, "shell", "--no-imports", "--command", "import time; time.sleep(60)")
    assert wait_until(lambda: is_answering(place), seconds=30)

    holder.kill()
    holder.wait()
    holder.stdout.close()

    assert wait_until(lambda: not processes_of(place), seconds=15)


@pytest.mark.slow
def test_servers_whose_keeper_was_killed_come_back_with_their_rows(place):
    with Attachment(place) as attachment:
        with psycopg.connect(place.database_url("lyb_owner")) as owner:
            owner.execute("CREATE TABLE kept AS SELECT 42 AS value")
        process_of(place, "config.embedded.keeper").kill()
        wait_until(lambda: not is_held(place.locks / "ready"), seconds=5)

        attachment.ensure()

        assert answer(place, "SELECT value FROM kept") == 42
        assert is_answering(place)


@pytest.mark.slow
@pytest.mark.parametrize("program", ["postgres", "valkey-server"])
def test_a_killed_server_is_started_again_under_whoever_uses_it(place, program):
    with Attachment(place):
        killed = min((p for p in processes_of(place) if program in p.name()), key=lambda p: p.pid)
        killed.kill()

        assert wait_until(lambda: not killed.is_running(), seconds=5)
        assert wait_until(lambda: is_answering(place), seconds=15)


@pytest.mark.slow
def test_a_server_left_over_from_a_lost_keeper_is_replaced(place):
    with Attachment(place):
        pass
    assert wait_until(lambda: not processes_of(place), seconds=20)
    place.make()  # the last one out took the sockets' directory along
    command = [postgres.binaries(place) / "postgres", "-D", place.cluster, f"--unix_socket_directories={place.postgres_sockets}", "--listen_addresses="]  # fmt: skip
    orphan = subprocess.Popen(
        command,
        cwd="/",
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        **children.account(place.postgres_user),
    )
    assert wait_until((place.cluster / "postmaster.pid").exists, seconds=10)

    with Attachment(place):
        assert orphan.wait(10) == 0
        assert is_answering(place)


@pytest.mark.slow
def test_a_stale_note_that_names_a_stranger_is_forgotten_and_the_stranger_spared(place):
    with Attachment(place):
        pass
    stranger = subprocess.Popen(["sleep", "60"], **children.account(place.postgres_user))
    try:
        (place.cluster / "postmaster.pid").write_text(f"{stranger.pid}\n{place.cluster}\n")

        with Attachment(place):
            assert is_answering(place)

        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.slow
def test_half_a_cluster_left_by_a_kill_is_made_anew(place):
    place.make()
    half = place.cluster.with_name("postgres.new")
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")

    with Attachment(place):
        assert is_answering(place)


@pytest.mark.slow
def test_the_sockets_are_open_to_nobody_else(place):
    with Attachment(place):
        modes = {
            path.name: path.lstat().st_mode & 0o777 for path in (place.postgres_sockets, place.valkey_socket)
        }

        assert modes == {"pg": 0o700, "valkey.sock": 0o700}
        assert place.run.stat().st_mode & 0o066 == 0
        assert answer(place, "SHOW listen_addresses") == ""
        assert len(str(place.postgres_sockets / ".s.PGSQL.5432").encode()) <= 107


@pytest.mark.slow
@pytest.mark.skipif(os.geteuid() != 0, reason="Only root needs another account for PostgreSQL.")
def test_below_a_directory_closed_to_its_account_the_cluster_moves_to_var_lib(place):
    closed = place.data / "closed"
    closed.mkdir(mode=0o700)
    hidden = Place(closed / "data", fast=True)

    try:
        with Attachment(hidden):
            assert is_answering(hidden)
        assert hidden.cluster == Path("/var/lib") / hidden.name / "postgres"
    finally:
        shutil.rmtree(hidden.postgres_home, ignore_errors=True)


def test_a_socket_directory_of_somebody_else_is_refused(tmp_path):
    place = Place(tmp_path / "data", fast=True)
    place.run.mkdir(mode=0o700)
    place.run.chmod(0o777)

    try:
        with pytest.raises(SystemExit, match="belongs to somebody else"):
            place.make()
    finally:
        place.run.rmdir()


def test_a_process_of_another_command_line_is_not_ended():
    stranger = subprocess.Popen(["sleep", "60"])

    try:
        assert not children.end_leftover(stranger.pid, named="-D /some/cluster ", first=signal.SIGKILL)
        time.sleep(0.05)
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("manage.py", False),
        ("manage.py help migrate", False),
        ("manage.py migrate --help", False),
        ("manage.py roles --sql", False),
        ("manage.py collectstatic --noinput", False),
        ("manage.py compilemessages", False),
        ("manage.py migrate", True),
        ("manage.py seed demo", True),
        ("manage.py verify --json", True),
        ("manage.py a_command_of_tomorrow", True),
    ],
)
def test_only_commands_that_may_touch_database_or_broker_start_the_servers(line, needed):
    assert needs_servers(line.split()) is needed


def test_a_command_that_touches_nothing_starts_nothing(tmp_path):
    place = Place(tmp_path)

    command = manage(place, "roles", "--sql")

    assert "CREATE ROLE lyb_city LOGIN NOINHERIT" in command.communicate(timeout=30)[0]
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("given", "ours"), [({}, True), ({"DATABASE_URL": "postgres://a/b", "REDIS_URL": "redis://c"}, False)]
)
def test_the_servers_are_ours_when_no_others_are_named(monkeypatch, given, ours):
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name)
    for name, value in given.items():
        monkeypatch.setenv(name, value)

    assert is_embedded() is ours


def test_half_a_configuration_is_refused(monkeypatch):
    monkeypatch.delenv("REDIS_URL")

    with pytest.raises(SystemExit, match="both DATABASE_URL and REDIS_URL"):
        is_embedded()
