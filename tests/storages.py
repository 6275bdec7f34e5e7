"""A storage that says what it was asked, for what a call each costs on S3."""

from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from django.core.files.storage import FileSystemStorage


class AskedStorage(FileSystemStorage):
    """Files in a folder; ``asked`` holds the key of each question for an age."""

    asked: ClassVar[list[str]] = []

    def get_modified_time(self, name: str) -> datetime:
        self.asked.append(name)
        return super().get_modified_time(name)


def asked_in(settings: Any, folder: Path) -> list[str]:
    """Let the default storage be one of these, in ``folder``. Returns the list that it fills."""
    backend = {"BACKEND": "tests.storages.AskedStorage", "OPTIONS": {"location": str(folder)}}
    settings.STORAGES = {**settings.STORAGES, "default": backend}
    AskedStorage.asked.clear()
    return AskedStorage.asked
