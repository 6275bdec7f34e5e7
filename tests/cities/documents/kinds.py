"""Kinds of documents for tests of the engine, registered when this is imported."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from cities.access.rules import is_at_center, is_at_desk, is_manager
from cities.audit.readings import register_pages
from cities.documents.errors import UnknownKindError
from cities.documents.job import Job
from cities.documents.registry import document
from cities.documents.writers import Workbook, write_csv

HEADINGS = ["Number", "Text"]


def numbers(job: Job) -> Iterator[list[object]]:
    count = int(job.parameters.get("rows", 3))
    job.expect(count)
    for number in job.follow(range(1, count + 1)):
        yield [number, f"=row {number}"]


@document("test-list", label="A list", rule=is_at_desk, shared=is_at_desk, format="csv")
def make_list(job: Job) -> str:
    job.row_count = write_csv(job.path, HEADINGS, numbers(job), zone=job.place.zone)
    return "list.csv"


@document("test-book", label="A book", rule=is_manager, format="xlsx")
def make_book(job: Job) -> str:
    with Workbook(job.path, title=job.title, zone=job.place.zone) as book:
        job.row_count = book.sheet("Numbers", HEADINGS, numbers(job))
    return "book.xlsx"


@document("test-letter", label="A letter", rule=is_manager, format="csv", listed=False,
          subjects=lambda user, ids: {subject for subject in ids if subject == user.pk})  # fmt: skip
def make_letter(job: Job) -> str:
    write_csv(job.path, HEADINGS, numbers(job), zone=job.place.zone)
    return "letter.csv"


register_pages({"test-center-file": "Download of all cities"})


@document("test-center", label="All cities", rule=is_at_center, format="csv", place="center")
def make_center_list(job: Job) -> str:
    job.row_count = write_csv(job.path, HEADINGS, numbers(job), zone=job.place.zone)
    return "all.csv"


@document("test-slow", label="A slow list", rule=is_at_desk, format="csv")
def make_slowly(job: Job) -> str:
    """Half a second a row: long enough to be looked at, cancelled, or killed; says that it began."""
    Path(settings.DATA_DIR).mkdir(parents=True, exist_ok=True)
    Path(settings.DATA_DIR, "begun").write_text(str(os.getpid()))

    def slowly() -> Iterator[list[object]]:
        for row in numbers(job):
            time.sleep(float(job.parameters.get("pause", 0.3)))
            yield row

    job.row_count = write_csv(job.path, HEADINGS, slowly(), zone=job.place.zone)
    return "slow.csv"


@document("test-refused", label="Refused", rule=is_at_desk, format="csv")
def refuse(_job: Job) -> str:
    raise UnknownKindError("Such a list can’t be made on a Sunday.")


@document("test-broken", label="Broken", rule=is_at_desk, format="csv")
def break_down(_job: Job) -> str:
    raise ZeroDivisionError
