"""Which ``pg_dump`` is run: never one that is older than the server."""

import os

import pytest

from config.backup import programs
from config.backup.addresses import Addresses, in_database
from config.backup.errors import BackupError
from config.backup.programs import choose, finish, run
from config.embedded.entry import READS_PAST_POLICIES
from config.embedded.places import Place


@pytest.fixture
def newer(tmp_path, monkeypatch):
    """A directory in PATH with a program of a version that nobody has yet."""
    program = tmp_path / "pg_dump"
    program.write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 97.3"\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return program


def test_the_servers_own_version_comes_from_the_package():
    assert choose("pg_dump", 18).parent.name == "bin"
    assert choose("pg_restore", 18).name == "pg_restore"


def test_where_the_servers_own_is_missing_the_next_newer_one_is_taken(newer):
    assert choose("pg_dump", 96) == newer


def test_the_newest_of_all_is_left_alone_where_one_fits_better(newer):
    assert choose("pg_dump", 18) != newer


def test_an_older_one_is_never_taken_and_the_sentence_says_what_to_install(newer):
    with pytest.raises(BackupError, match="Debian: postgresql-client-98"):
        choose("pg_dump", 98)


@pytest.mark.parametrize("name", ["pg_dump", "pg_restore"])
def test_a_server_before_17_is_left_to_programs_before_17(newer, name, tmp_path, monkeypatch):
    monkeypatch.setattr(programs, "DEBIAN", tmp_path / "debian")
    with pytest.raises(BackupError, match=r"of version 16 to 16 \(Debian: postgresql-client-16"):
        choose(name, 16)

    older = tmp_path / "debian" / "16" / "bin" / name
    older.parent.mkdir(parents=True)
    older.write_text('#!/bin/sh\necho "pg_dump (PostgreSQL) 16.10"\n')
    older.chmod(0o755)

    assert choose(name, 16) == older


def test_a_password_stands_in_no_command_line(tmp_path):
    program, output = tmp_path / "program", tmp_path / "said"
    program.write_text('#!/bin/sh\necho "$@"; echo "$PGPASSWORD" > ' + str(tmp_path / "password"))
    program.chmod(0o755)

    finish(run(program, "postgres://lyb_backup:s3cret@db.example/lyb", ["--x"], output), output, "it")

    assert output.read_text() == "--dbname=user=lyb_backup dbname=lyb host=db.example --x\n"
    assert (tmp_path / "password").read_text() == "s3cret\n"


def test_a_program_that_fails_is_quoted(tmp_path):
    program, output = tmp_path / "program", tmp_path / "said"
    program.write_text("#!/bin/sh\necho 'server is on fire' >&2; exit 3\n")
    program.chmod(0o755)

    with pytest.raises(BackupError, match="pg_dump failed:\nserver is on fire"):
        finish(run(program, "postgres://a@b/c", [], output), output, "pg_dump")


def test_an_address_leads_to_another_database_of_the_same_server():
    there = "postgres://lyb_owner@%2Ftmp%2Fpg/lyb?sslmode=require"

    assert in_database(there, "other") == "postgres://lyb_owner@%2Ftmp%2Fpg/other?sslmode=require"


def test_what_is_missing_is_named_with_its_variable():
    with pytest.raises(BackupError, match=r"DATABASE_BACKUP_URL is not set: .* lyb_backup"):
        Addresses(city="postgres://x/y", owner="", backup="").need("city", "backup")


def test_only_the_backup_command_is_told_who_reads_past_policies(tmp_path):
    place = Place(tmp_path)

    assert "lyb_backup" not in str(place.environment())
    assert "postgres@" not in str(place.environment())
    assert place.backup_environment()["DATABASE_BACKUP_URL"] == place.database_url("lyb_backup")
    assert frozenset({"backup"}) == READS_PAST_POLICIES
