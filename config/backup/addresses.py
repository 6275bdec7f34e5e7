"""Where the database is reached, and as whom."""

import os
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from .errors import BackupError


@dataclass(frozen=True, slots=True)
class Addresses:
    """One database as its four people see it; ``admin`` makes and drops databases and may be empty."""

    city: str
    owner: str
    backup: str
    admin: str = ""

    @classmethod
    def from_environment(cls) -> "Addresses":
        """Read the addresses; for the embedded servers ``manage.py`` has filled them in."""
        return cls(
            *(
                os.environ.get(name, "")
                for name in (
                    "DATABASE_URL",
                    "DATABASE_OWNER_URL",
                    "DATABASE_BACKUP_URL",
                    "DATABASE_ADMIN_URL",
                )
            )
        )

    def at(self, database: str) -> "Addresses":
        """Return the same people's addresses in another database of the server; the administrator stays where they are."""
        city, owner, backup = (in_database(url, database) for url in (self.city, self.owner, self.backup))
        return Addresses(city, owner, backup, self.admin)

    def need(self, *people: str) -> None:
        """Raise ``BackupError`` naming the first address that is missing."""
        names = {"city": "DATABASE_URL", "owner": "DATABASE_OWNER_URL", "backup": "DATABASE_BACKUP_URL"}
        for person in people:
            if not getattr(self, person):
                name = names.get(person, "DATABASE_ADMIN_URL")
                raise BackupError(
                    f"{name} is not set: this needs the address of the database as {WHO[person]}."
                )


WHO = {
    "city": "the web role lyb_city",
    "owner": "its owner lyb_owner",
    "backup": "lyb_backup, which reads past row-level security and writes nothing",
    "admin": "somebody who may make databases and act for lyb_owner",
}


def in_database(address: str, database: str) -> str:
    return urlunsplit(urlsplit(address)._replace(path=f"/{database}")) if address else ""


def database_of(address: str) -> str:
    return urlsplit(address).path.removeprefix("/")
