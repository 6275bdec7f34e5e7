"""The file of a backup: every way to spoil it is planted once and found."""

import io
import json
import re
import tarfile

import pytest

from cities.tenancy import roles
from config.backup import archive
from config.backup.errors import BrokenArchiveError


def rewrite(path, change):
    """Write the archive anew, each part as ``change(name, bytes)`` gives it; ``None`` leaves it out."""
    with tarfile.open(path) as old:
        parts = [(entry.name, old.extractfile(entry).read()) for entry in old]
    with tarfile.open(path, "w") as new:
        for name, content in parts:
            changed = change(name, content)
            if changed is not None:
                entry = tarfile.TarInfo(name)
                entry.size = len(changed)
                new.addfile(entry, io.BytesIO(changed))


def test_an_untouched_archive_is_whole(made):
    assert archive.breaks(made.path) == []


def test_it_lists_database_roles_and_every_file(made):
    assert sorted(made.manifest["parts"]) == [
        "database.dump",
        "files/documents/baltimore.csv",
        "files/documents/tilden.csv",
        "roles.sql",
    ]


def test_nobody_else_on_the_machine_may_read_it(made):
    assert made.path.stat().st_mode & 0o777 == 0o600


def test_the_roles_are_told_with_what_they_were_and_without_a_password(made):
    with archive.reading(made.path) as tar:
        said = tar.extractfile(archive.ROLES).read().decode()

    assert "-- found: lyb_backup LOGIN BYPASSRLS\n" in said
    assert "-- found: lyb_city LOGIN NOINHERIT IN lyb_center, lyb_person, lyb_public\n" in said
    assert re.findall(r"-- found: (\w+)", said) == sorted(roles.ALL)
    assert "CREATE ROLE lyb_owner" in said
    assert "PASSWORD '" not in said


@pytest.mark.parametrize("part", ["database.dump", "roles.sql", "files/documents/tilden.csv"])
def test_a_changed_byte_is_named(spoilt, part):
    rewrite(spoilt, lambda name, content: content[:-1] + b"?" if name == part else content)

    assert archive.breaks(spoilt) == [f"{part}: is not what was written: its hash differs"]


def test_a_missing_part_is_named(spoilt):
    rewrite(spoilt, lambda name, content: None if name == "files/documents/tilden.csv" else content)

    assert archive.breaks(spoilt) == ["files/documents/tilden.csv: is missing"]


def test_a_part_on_no_list_is_named(spoilt):
    rewrite(spoilt, lambda name, content: content)
    with tarfile.open(spoilt, "a") as tar:
        tar.addfile(tarfile.TarInfo("files/planted.html"))

    assert archive.breaks(spoilt) == ["files/planted.html: stands on no list"]


def test_a_manifest_rewritten_to_fit_is_named_by_its_signature(spoilt):
    def forge(name, content):
        if name != archive.MANIFEST:
            return content
        return json.dumps({**json.loads(content), "lost": ["nothing"]}).encode()

    rewrite(spoilt, forge)

    with pytest.raises(BrokenArchiveError, match="its manifest was changed, or was signed with another key"):
        archive.breaks(spoilt)


def test_an_archive_of_another_key_is_named(made, settings):
    settings.AUDIT_SIGNING_KEY, settings.AUDIT_SIGNING_KEYS_BEFORE = "another key", []

    with pytest.raises(BrokenArchiveError, match="another key than LYB_AUDIT_KEY"):
        archive.breaks(made.path)


def test_a_signature_of_a_head_is_none_of_a_backup(spoilt):
    from cities.audit.signing import sign

    forged = json.dumps({"parts": {}})
    signature = sign("lyb-backup-check:1", forged)
    rewrite(
        spoilt,
        lambda name, content: {archive.MANIFEST: forged.encode(), archive.SIGNATURE: signature.encode()}.get(
            name
        ),
    )

    with pytest.raises(BrokenArchiveError, match="its manifest was changed"):
        archive.breaks(spoilt)


def test_half_an_archive_is_named(spoilt):
    spoilt.write_bytes(spoilt.read_bytes()[: spoilt.stat().st_size // 2])

    with pytest.raises(BrokenArchiveError):
        archive.breaks(spoilt)


def test_something_else_is_named(tmp_path):
    (tmp_path / "notes.tar").write_text("no archive")

    with pytest.raises(BrokenArchiveError, match="can't be read"):
        archive.breaks(tmp_path / "notes.tar")


def test_an_interrupted_backup_leaves_nothing(tmp_path):
    with pytest.raises(ZeroDivisionError), archive.writing(tmp_path / "lyb-1.tar") as writer:
        writer.add("roles.sql", io.BytesIO(b"-- nothing"))
        raise ZeroDivisionError

    assert list(tmp_path.iterdir()) == []
