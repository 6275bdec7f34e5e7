"""The file of a backup: a tar of the database, the roles, every stored file, and a signed list of them.

``manifest.json`` says size and SHA-256 of every part; ``manifest.sig`` signs it with the key of the audit trail.
"""

import hashlib
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from cities.audit.signing import is_ours, key_name, sign

from .errors import BrokenArchiveError

DATABASE = "database.dump"
ROLES = "roles.sql"
FILES = "files/"
MANIFEST = "manifest.json"
SIGNATURE = "manifest.sig"
PURPOSE = "lyb-backup:1"
CHUNK = 1 << 20
IN_MEMORY_BYTES = 16 << 20

Manifest = dict[str, Any]


@dataclass
class Writer:
    """An archive being written. It has its name only once it is whole."""

    path: Path
    tar: tarfile.TarFile
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, source: IO[bytes]) -> None:
        """Add a part of unknown length: it goes by way of a temporary file, since a tar wants to know first."""
        digest = hashlib.sha256()
        with tempfile.SpooledTemporaryFile(IN_MEMORY_BYTES, dir=str(self.path.parent)) as kept:
            while chunk := source.read(CHUNK):
                digest.update(chunk)
                kept.write(chunk)
            size = kept.tell()
            kept.seek(0)
            self._write(name, size, kept)
        self.parts[name] = {"bytes": size, "sha256": digest.hexdigest()}

    def finish(self, facts: Manifest) -> Manifest:
        """Add the list of parts and its signature."""
        manifest = {**facts, "key": key_name(), "parts": self.parts}
        text = json.dumps(manifest, indent=1, sort_keys=True)
        for name, words in ((MANIFEST, text), (SIGNATURE, sign(PURPOSE, text))):
            self._write(name, len(words.encode()), BytesIO(words.encode()))
        return manifest

    def _write(self, name: str, size: int, source: Any) -> None:
        entry = tarfile.TarInfo(name)
        entry.size, entry.mode = size, 0o600
        self.tar.addfile(entry, source)


@contextmanager
def writing(path: Path) -> Iterator[Writer]:
    """Write an archive under a temporary name; it takes its own when the block ends well, else it goes."""
    half = path.with_suffix(".part")
    descriptor = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                yield Writer(path, tar)
            file.flush()
            os.fsync(file.fileno())
        half.rename(path)
    finally:
        with suppress(FileNotFoundError):
            half.unlink()


@contextmanager
def reading(path: Path) -> Iterator[tarfile.TarFile]:
    """Open an archive. Raises ``BrokenArchiveError`` for one that ends early or is none."""
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield tar
    except (tarfile.TarError, OSError, EOFError) as error:
        raise BrokenArchiveError(f"{path} can't be read: {error}") from error


def manifest_of(path: Path) -> Manifest:
    """Read the list and check its signature. Raises ``BrokenArchiveError``."""
    with reading(path) as tar:
        text, signature = (_text(tar, name, path) for name in (MANIFEST, SIGNATURE))
    try:
        manifest: Manifest = json.loads(text)
    except ValueError as error:
        raise BrokenArchiveError(f"{path}: its manifest is no JSON") from error
    if not is_ours(PURPOSE, text, signature):
        raise BrokenArchiveError(
            f"{path}: its manifest was changed, or was signed with another key than LYB_AUDIT_KEY "
            f"(it names key {manifest.get('key')}, ours is {key_name()})"
        )
    return manifest


def _text(tar: tarfile.TarFile, name: str, path: Path) -> str:
    try:
        part = tar.extractfile(name)
    except KeyError:
        part = None
    if part is None:
        raise BrokenArchiveError(f"{path}: it has no {name}, so it is not whole or not ours")
    return part.read().decode(errors="replace")


def breaks(path: Path) -> list[str]:
    """Compare every part with the signed list, and say what differs. Raises ``BrokenArchiveError``."""
    listed: dict[str, dict[str, Any]] = dict(manifest_of(path)["parts"])
    found = []
    with reading(path) as tar:
        for entry in tar:
            if entry.name in {MANIFEST, SIGNATURE}:
                continue
            said = listed.pop(entry.name, None)
            if said is None:
                found.append(f"{entry.name}: stands on no list")
            elif (entry.size, _digest(tar, entry)) != (said["bytes"], said["sha256"]):
                found.append(f"{entry.name}: is not what was written: its hash differs")
    return found + [f"{name}: is missing" for name in sorted(listed)]


def _digest(tar: tarfile.TarFile, entry: tarfile.TarInfo) -> str:
    part = tar.extractfile(entry)
    return hashlib.file_digest(part, "sha256").hexdigest() if part else ""  # type: ignore[arg-type]
