"""``manage.py backup`` as an operator calls it: what it says, how it exits, what it leaves for ``/status``."""

import json
from io import StringIO

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.db import ProgrammingError

from cities.audit.models import Event
from cities.audit.signing import is_ours
from cities.operations.models import BackupCheck
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.backup import drilling, reports
from config.backup.drilling import standing_on
from tests.config.backup.conftest import addresses_of, as_owner
from tests.services import servers


@pytest.fixture
def here(site, settings, monkeypatch, django_db_blocker):
    """The small site as the one that the command finds."""
    storage = {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {"location": site.storage.location},
    }
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    people = {"URL": "city", "OWNER_URL": "owner", "BACKUP_URL": "backup", "ADMIN_URL": "admin"}
    for name, person in people.items():
        monkeypatch.setenv(f"DATABASE_{name}", getattr(site.addresses, person))
    with django_db_blocker.unblock(), standing_on(site.addresses.city):
        yield site


def backup(*arguments) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("backup", *map(str, arguments), stdout=out, stderr=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def checks() -> list[tuple[str, str, int]]:
    with city_scope(CENTER_ID):
        return list(BackupCheck.objects.order_by("checked_at").values_list("name", "kind", "break_count"))


def test_from_made_to_proved(here, tmp_path):
    before = len(checks())

    made, said = backup("create", tmp_path)
    (path,) = tmp_path.glob("lyb-*.tar")
    verified, _ = backup("verify", path)
    drilled, told = backup("drill", tmp_path)

    assert (made, verified, drilled) == (0, 0, 0), said + told
    assert f"Wrote {path}: " in said
    assert " 2 files, " in said
    assert f"{path.name}: whole after " in told
    assert checks()[before:] == [(path.name, kind, 0) for kind in ("create", "verify", "drill")]
    with city_scope(CENTER_ID):
        newest = Event.objects.filter(tag="backup:drill").latest("created_at")
    assert (newest.actor_name, newest.data) == ("backup", {"name": path.name, "breaks": 0})
    report = json.loads(path.with_suffix(".drill.json").read_text())
    signature = report.pop("signature")
    text = json.dumps(report, indent=1, sort_keys=True)
    assert report["ok"] is True
    assert is_ours(reports.PURPOSE, text, signature)
    assert not is_ours(reports.PURPOSE, text.replace("true", "false"), signature)


def test_a_break_is_named_recorded_and_exits_1(here, spoilt):
    content = bytearray(spoilt.read_bytes())
    content[2_000] ^= 1
    spoilt.write_bytes(content)

    for deed in ("verify", "drill"):
        code, said = backup(deed, spoilt)

        assert code == 1
        assert "BROKEN  database.dump: is not what was written: its hash differs" in said
        assert checks()[-1] == (spoilt.name, deed, 1)


def test_a_backup_that_can_not_be_brought_back_is_recorded_as_broken(here, made, monkeypatch):
    monkeypatch.setenv("DATABASE_ADMIN_URL", here.addresses.city)

    code, said = backup("drill", made.path)

    assert code == 1
    assert "BROKEN  permission denied to create database" in said
    assert checks()[-1] == (made.path.name, "drill", 1)


def test_a_backup_without_a_file_that_a_row_speaks_of_fails_and_removes_no_older_one(here, tmp_path):
    (tmp_path / "lyb-20200101T000000Z.tar").write_text("older")
    here.storage.delete("documents/tilden.csv")
    try:
        with pytest.raises(CommandError, match="not whole, so no older one was removed"):
            backup("create", tmp_path, "--keep", 1)
    finally:
        here.storage.save("documents/tilden.csv", ContentFile(b"report of tilden"))

    assert len(list(tmp_path.glob("lyb-*.tar"))) == 2


def test_an_error_of_the_copys_own_tables_is_a_break_and_no_traceback(here, made, monkeypatch):
    def breaks(**_):
        raise ProgrammingError('column "released_cents" does not exist')

    monkeypatch.setattr(drilling, "run_checks", breaks)

    code, said = backup("drill", made.path)

    assert code == 1
    assert 'BROKEN  column "released_cents" does not exist' in said


def test_what_is_no_archive_is_a_sentence(here, tmp_path):
    (tmp_path / "lyb-1.tar").write_text("nothing")

    with pytest.raises(CommandError, match="can't be read"):
        backup("verify", tmp_path / "lyb-1.tar")


def test_restore_fills_an_empty_database_and_gives_no_more_rights_than_the_backup_had(here, made, tmp_path):
    """An administrator has run ``roles --sql``: new tables would grant DELETE also where rows are never deleted."""
    name = f"{made.manifest['database']}_new"
    servers.create_database(name)
    try:
        code, said = backup("restore", made.path, "--into", name, "--files", tmp_path)

        assert (code, said) == (0, f"Restored {made.path.name}, taken at {made.manifest['taken_at']}.\n")
        assert (tmp_path / "documents" / "tilden.csv").read_text() == "report of tilden"
        as_owner(addresses_of(name), "CREATE TABLE later (id int)")
        with psycopg.connect(addresses_of(name).city) as city:
            city.execute("INSERT INTO later VALUES (1)")
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                city.execute("DELETE FROM cities_event")
        with pytest.raises(CommandError, match="is not empty"):
            backup("restore", made.path, "--into", name, "--files", tmp_path / "more")
        with pytest.raises(CommandError, match="There are files where"):
            backup("restore", made.path, "--into", name, "--files", tmp_path)
    finally:
        servers.drop_database(name)


def test_a_broken_archive_is_not_restored(here, spoilt, tmp_path):
    content = bytearray(spoilt.read_bytes())
    content[2_000] ^= 1
    spoilt.write_bytes(content)

    with pytest.raises(CommandError, match="is broken, so nothing was restored"):
        backup("restore", spoilt, "--into", "lyb_never", "--files", tmp_path)


def test_without_an_address_it_says_which(here, monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_BACKUP_URL")

    with pytest.raises(CommandError, match="DATABASE_BACKUP_URL is not set"):
        backup("create", tmp_path)


def test_an_archive_can_be_verified_while_the_database_is_away(here, made):
    with standing_on("postgres://lyb_city@localhost:1/nowhere"):
        code, said = backup("verify", made.path)

    assert code == 0
    assert "Not recorded for /status: the database can’t be reached." in said
