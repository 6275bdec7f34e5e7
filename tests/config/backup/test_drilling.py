"""A drill passes on what was kept and names whatever was lost on the way: each loss is planted once in the copy."""

import io
import threading

import psycopg
import pytest
from django.core.files.base import ContentFile

from cities.operations import queries
from config.backup import archive, drilling, files
from config.backup.addresses import database_of
from config.backup.creating import create, newest, prune
from config.backup.drilling import changed_files, copied, differences, drill, standing_on
from config.backup.errors import BackupError
from config.backup.restoring import census_of, drop_database, make_database, restore, unreadable
from config.embedded.postgres import connect
from tests.config.backup.conftest import as_owner
from tests.services import servers

LOSSES = {
    "lost row": (
        "DELETE FROM cities_document WHERE city_id = '{tilden}'",
        "cities_document of tenant {tilden}: 1 rows, now 0",
    ),
    "changed row": (
        "UPDATE cities_document SET title = 'Report of nobody' WHERE city_id = '{baltimore}'",
        "cities_document of tenant {baltimore}: 1 rows, but not the same",
    ),
    "row of nobody": ("DELETE FROM auth_permission WHERE codename = 'view_balance'", "auth_permission: "),
    "missing policy": ("DROP POLICY city ON grants_note", "policy grants_note.city: is missing"),
    "missing policy, judged": (
        "SELECT 1",
        "verify, row-level security: grants_note: the city's own policy is gone",
    ),
    "open policy": (
        "ALTER POLICY city ON cities_area USING (true)",
        "policy cities_area.city: is not what it was",
    ),
    "unforced protection": (
        "ALTER TABLE grants_cycle NO FORCE ROW LEVEL SECURITY",
        "row security of grants_cycle: is not what it was",
    ),
    "trigger off": (
        "ALTER TABLE cities_event DISABLE TRIGGER append_only",
        "verify, triggers: cities_event, trigger append_only: is switched off",
    ),
    "money moved": (
        "UPDATE grants_balance SET cents = cents + 1 WHERE cents > 0 AND city_id = '{tilden}'",
        "books of {tilden}: is not what it was",
    ),
    "money moved, judged": ("SELECT 1", "verify, ledger balances: tilden, account "),
    "chain cut": (
        "ALTER TABLE cities_seal DISABLE TRIGGER append_only; "
        "DELETE FROM cities_seal WHERE seq = (SELECT max(seq) FROM cities_seal WHERE city_id = '{tilden}') AND city_id = '{tilden}'",
        "chain of {tilden}: is missing",
    ),
    "chain cut, judged": ("SELECT 1", "verify, audit chains: tilden, signed head "),
    "more rights": ("GRANT DELETE ON cities_event TO lyb_city", "verify, privileges: cities_event: lyb_city holds DELETE"),
    "constraint dropped": (
        "ALTER TABLE grants_cycle DROP CONSTRAINT cycle_status_known",
        "constraint grants_cycle.cycle_status_known: is missing",
    ),
    "function replaced": (
        "ALTER FUNCTION seal(uuid) RESET search_path",
        "function seal(uuid): is not what it was",
    ),
}  # fmt: skip


def test_each_planted_loss_is_named_and_the_copy_goes_away(site, made):
    before = sorted(path.name for path in made.path.parent.iterdir())

    with copied(made.path, site.addresses) as copy:
        assert census_of(copy.addresses.owner)["books"] == made.manifest["census"]["books"]
        as_owner(copy.addresses, *(statement.format(**site.cities) for statement, _ in LOSSES.values()))
        with copy.storage.open("documents/tilden.csv", "r+b") as file:
            file.write(b"R")
        copy.storage.delete("documents/baltimore.csv")
        copy.storage.save("documents/stranger.csv", ContentFile(b"?"))

        found = differences(made.manifest, copy)

    unnoticed = {
        name: wanted.format(**site.cities)
        for name, (_, wanted) in LOSSES.items()
        if not any(sentence.startswith(wanted.format(**site.cities)) for sentence in found)
    }
    assert unnoticed == {}, found
    assert [sentence for sentence in found if sentence.startswith("file ")] == [
        "file documents/stranger.csv: was not in the backup",
        "file documents/tilden.csv: its hash differs",
        "file documents/baltimore.csv: is missing",
    ]
    with psycopg.connect(site.addresses.admin) as admin:
        left = admin.execute(
            "SELECT datname FROM pg_database WHERE datname = %s", [database_of(copy.addresses.city)]
        )
        assert left.fetchall() == []
    assert sorted(path.name for path in made.path.parent.iterdir()) == before


def test_what_a_killed_drill_left_behind_is_removed_by_the_next(site, made):
    ours = f"lyb_drill_{database_of(site.addresses.city)[:30]}_{'0' * 12}"
    foreign = "lyb_drill_of_another_site_000000000000"
    directory = made.path.parent / ".drill-left"
    directory.mkdir()
    (directory / "photo.jpg").write_bytes(b"Odessa")
    for name in (ours, foreign):
        make_database(site.addresses, name)
    try:
        with copied(made.path, site.addresses):
            pass

        with psycopg.connect(site.addresses.admin) as admin:
            names = {name for (name,) in admin.execute("SELECT datname FROM pg_database")}
        assert (ours in names, foreign in names, directory.exists()) == (False, True, False)
    finally:
        drop_database(site.addresses, foreign)


def test_an_archive_of_another_version_is_told_from_a_broken_one(site, made, monkeypatch):
    monkeypatch.setattr(drilling, "on_disk", lambda: {*queries.on_disk(), "grants.9999_later"})

    with pytest.raises(BackupError, match=r"another version .*grants.9999_later.*drill --fresh"):
        drill(made.path, site.addresses)


def test_a_session_that_the_administrator_may_not_end_is_waited_for(site):
    """As a vacuum worker is, which a longer drill meets for certain."""
    name = "lyb_drill_watched"
    make_database(site.addresses, name)
    watcher = connect(servers.place, name)
    leaving = threading.Timer(0.5, watcher.close)
    leaving.start()

    drop_database(site.addresses, name)

    leaving.join()
    with psycopg.connect(site.addresses.admin) as admin:
        assert admin.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchall() == []


def test_a_file_that_goes_while_the_backup_is_made_does_not_break_it(site, tmp_path, monkeypatch):
    listed = list(files.names(site.storage))
    monkeypatch.setattr(files, "names", lambda _storage: [*listed, "documents/swept.csv"])

    made = create(tmp_path, site.addresses, site.storage)

    assert not unreadable(made.path)


def test_a_file_that_is_replaced_after_the_snapshot_is_noted_and_no_break(site, tmp_path, monkeypatch):
    rename = "UPDATE cities_document SET file = 'documents/{}.csv' WHERE file = 'documents/{}.csv'"
    before = list(files.names(site.storage))

    def replaced(storage):
        storage.save("documents/newer.csv", ContentFile(b"newer"))
        as_owner(site.addresses, rename.format("newer", "tilden"))
        storage.delete("documents/tilden.csv")
        return [*before, "documents/newer.csv"]

    try:
        with monkeypatch.context() as patch:
            patch.setattr(files, "names", replaced)
            made = create(tmp_path, site.addresses, site.storage)

        assert (made.manifest["lost"], made.manifest["removed"]) == ([], ["documents/tilden.csv"])
        assert drill(made.path, site.addresses) == []
    finally:
        as_owner(site.addresses, rename.format("tilden", "newer"))
        site.storage.delete("documents/newer.csv")
        site.storage.save("documents/tilden.csv", ContentFile(b"report of tilden"))


def test_a_file_that_was_lost_before_the_backup_is_named(site, tmp_path):
    site.storage.delete("documents/tilden.csv")
    try:
        late = create(tmp_path, site.addresses, site.storage)

        assert (late.manifest["lost"], late.manifest["removed"]) == (["documents/tilden.csv"], [])
        assert changed_files(late.manifest, site.storage) == [
            "file documents/tilden.csv: a row speaks of it, and the backup never had it"
        ]
    finally:
        site.storage.save("documents/tilden.csv", ContentFile(b"report of tilden"))


def test_a_broken_archive_is_not_even_restored(site, spoilt):
    content = bytearray(spoilt.read_bytes())
    content[2_000] ^= 1
    spoilt.write_bytes(content)

    assert drill(spoilt, site.addresses) == ["database.dump: is not what was written: its hash differs"]


def test_counts_and_dump_are_of_one_moment_while_people_go_on_writing(site, tmp_path):
    stop, written = threading.Event(), []

    def write() -> None:
        with psycopg.connect(site.addresses.owner, autocommit=True) as owner:
            while not stop.is_set():
                owner.execute(
                    "INSERT INTO django_content_type (app_label, model) VALUES ('busy', gen_random_uuid()::text)"
                )
                written.append(1)

    writer = threading.Thread(target=write)
    writer.start()
    try:
        made = create(tmp_path, site.addresses, site.storage)
    finally:
        stop.set()
        writer.join()

    assert len(written) > 20
    assert drill(made.path, site.addresses) == []


def test_a_dump_that_was_spoilt_before_it_was_listed_is_unreadable(made, tmp_path):
    """As if the disk had failed while the archive was written: its hash is right, its content isn't."""
    with archive.reading(made.path) as tar:
        content = bytearray(tar.extractfile(archive.DATABASE).read())
    content[len(content) // 2 :] = b"?" * (len(content) - len(content) // 2)
    with archive.writing(tmp_path / "lyb-1.tar") as writer:
        writer.add(archive.DATABASE, io.BytesIO(content))
        writer.finish({"census": made.manifest["census"]})

    assert archive.breaks(tmp_path / "lyb-1.tar") == []
    (told,) = unreadable(tmp_path / "lyb-1.tar")
    assert told.startswith("database.dump: pg_restore failed:")
    assert unreadable(made.path) == []


def test_a_database_that_holds_something_is_refused(site, made, tmp_path):
    from django.core.files.storage import FileSystemStorage

    with pytest.raises(BackupError, match="is not empty"):
        restore(made.path, site.addresses.owner, FileSystemStorage(tmp_path))


def test_a_place_that_holds_files_is_refused(site, made):
    with pytest.raises(BackupError, match="There are files where"):
        restore(made.path, site.addresses.owner, site.storage)


def test_the_web_role_may_not_write_a_backup(site, tmp_path):
    from dataclasses import replace

    with pytest.raises((BackupError, psycopg.Error)):
        create(tmp_path, replace(site.addresses, backup=site.addresses.city), site.storage)

    assert list(tmp_path.iterdir()) == []


def test_after_standing_elsewhere_django_is_back_where_it_was(site):
    from django.db import connection

    usual = connection.settings_dict["NAME"]
    with standing_on(site.addresses.city):
        assert connection.settings_dict["NAME"] != usual

    assert connection.settings_dict["NAME"] == usual


def test_standing_elsewhere_takes_no_connection_of_the_usual_pool(site, monkeypatch):
    """Django's pools are known by the name of the connection, which both have."""
    from django.db import connection

    monkeypatch.setitem(connection.settings_dict, "OPTIONS", {"pool": {"min_size": 1}, "connect_timeout": 5})

    with standing_on(site.addresses.city), connection.cursor() as cursor:
        cursor.execute("SELECT current_database()")
        assert cursor.fetchone() == (connection.settings_dict["NAME"],)
        assert connection.pool is None


def test_old_archives_go_with_their_reports_and_the_newest_stay(tmp_path):
    for day in ("01", "02", "03"):
        (tmp_path / f"lyb-202611{day}T000000Z.tar").touch()
        (tmp_path / f"lyb-202611{day}T000000Z.drill.json").touch()
        (tmp_path / f"lyb-202611{day}T000000Z.verify.json").touch()

    gone = prune(tmp_path, 2)

    assert [path.name for path in gone] == ["lyb-20261101T000000Z.tar"]
    assert newest(tmp_path).name == "lyb-20261103T000000Z.tar"
    assert len(list(tmp_path.iterdir())) == 6
