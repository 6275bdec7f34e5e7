"""Write applications in bulk: set by set, city by city, each city's batch in one transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from random import Random

from django.db import connection
from django.utils import timezone

from cities.access.models import User
from cities.audit.sequencing import seal_city
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from config.demo.cities import DemoCity
from config.demo.drawings import picture
from config.demo.neighborhoods import neighborhoods
from config.demo.rows import insert, plain
from grants.applications.models import Application, ReferenceCounter
from grants.applications.uploads import ReadyFile, StoredFile, store_upload
from grants.cycles.models import Cycle, FormVersion

from .bodies import bodies
from .content import Batch, LoadCall, Stock
from .founding import SLUG, found_city
from .places import load_city, spread

ROWS_PER_BATCH = 2_000
SAY_EVERY_SECONDS = 5
Say = Callable[[str], None]

# The answers of one application come as one JSON object and become one row each. Their ids are counted
# up from the application's, so that they lie together in every index.
_STORE_ANSWERS = """
INSERT INTO grants_answer (id, city_id, application_id, question, version, value, written_by_id, written_at)
SELECT overlay(a.id::text placing lpad(to_hex(said.place), 2, '0') from 35)::uuid, %(city)s, a.id, said.question,
       1 + (a.earlier ? said.question)::integer, said.value, a.by, a.at + said.place * interval '40 seconds'
FROM jsonb_to_recordset(%(rows)s::jsonb) AS a(id uuid, by uuid, at timestamptz, said jsonb, earlier jsonb)
CROSS JOIN LATERAL jsonb_each(a.said) WITH ORDINALITY AS said(question, value, place)
UNION ALL
SELECT overlay(a.id::text placing lpad(to_hex(128 + old.place), 2, '0') from 35)::uuid, %(city)s, a.id, old.question,
       1, old.value, a.by, a.at
FROM jsonb_to_recordset(%(rows)s::jsonb) AS a(id uuid, by uuid, at timestamptz, said jsonb, earlier jsonb)
CROSS JOIN LATERAL jsonb_each(a.earlier) WITH ORDINALITY AS old(question, value, place)
"""

_ANALYZED = (
    "cities_user", "cities_city", "cities_membership", "cities_event", "cities_seal", "cities_area", "grants_cycle",
    "grants_formversion", "grants_application", "grants_answer", "grants_attachment", "grants_note",
)  # fmt: skip


@dataclass(slots=True)
class Clock:
    """Says how far it is, now and then."""

    say: Say
    count: int
    began: float
    done: int = 0
    said_at: float = 0.0

    def add(self, number: int) -> None:
        self.done += number
        now = time.monotonic()
        if now - self.said_at > SAY_EVERY_SECONDS:
            self.said_at = now
            self.say(f"{self.done:,} of {self.count:,} applications after {now - self.began:.0f} s")


def seed_load(count: int, say: Say) -> None:
    """Add ``count`` applications with answers, files and history in 280 load cities.

    Each city has a call of its own, and a manager and a staff member ``manager@load-001.example``. The
    file rows name one stored picture. A second run adds more of the same. Says what it did.
    """
    began = time.monotonic()
    clock = Clock(say, count, began)
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    now = timezone.now().replace(microsecond=0)
    stock = Stock(_stored_photo(), bodies((now + timedelta(days=60)).date(), now.date()), now)
    shares = spread(count)
    for number, share in enumerate(shares, start=1):
        _fill(load_city(number), share, stock, clock)
    say("Collecting statistics …")
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_ANALYZED)}")
    others = sum(1 for share in shares[1:] if share)
    say(
        f"{count:,} applications: {shares[0]:,} in load-001 and {count - shares[0]:,} in {others} others "
        f"of {len(shares)} cities, with answers, file rows and sealed history. It took {time.monotonic() - began:.0f} s."
    )


def _stored_photo() -> StoredFile:
    drawn = picture(Random("load"), "bench")  # noqa: S311
    ready = ReadyFile(
        content=BytesIO(drawn.content),
        name="IMG_0001.jpg",
        content_type="image/jpeg",
        size_bytes=len(drawn.content),
        sha256=drawn.sha256,
        width=drawn.width,
        height=drawn.height,
        thumbnail=drawn.thumbnail,
    )
    return store_upload(ready)


def _fill(place: DemoCity, share: int, stock: Stock, clock: Clock) -> None:
    """Found the city if it is missing, write its share in one transaction, then seal its history."""
    city = City.objects.filter(slug=place.slug).first() or found_city(place, stock.now)
    if share:
        _write_share(place, city, share, stock, clock)
    seal_city(city.pk)


def _write_share(place: DemoCity, city: City, share: int, stock: Stock, clock: Clock) -> None:
    with city_scope(city):
        cycle = Cycle.objects.get(slug=SLUG)
        there = Application.objects.filter(cycle=cycle).count()
        counter = ReferenceCounter.objects.filter(year=cycle.year).first()
        source = LoadCall(
            city=city,
            cycle=cycle,
            form=FormVersion.objects.get(cycle=cycle),
            areas=neighborhoods(place),
            desk=User.objects.get(email=f"staff@{place.slug}.example"),
            stock=stock,
            rng=Random(f"{place.slug} {there}"),  # noqa: S311
            number=counter.last if counter else 0,
        )
        for first in range(there, there + share, ROWS_PER_BATCH):
            _store(city, source.batch(first, min(ROWS_PER_BATCH, there + share - first)), clock)
        ReferenceCounter.objects.update_or_create(
            year=cycle.year, defaults={"city_id": city.pk, "last": source.number}
        )


def _store(city: City, batch: Batch, clock: Clock) -> None:
    insert(batch.users)
    batch.rows.save(city.pk)
    with connection.cursor() as cursor:
        cursor.execute(_STORE_ANSWERS, {"city": city.pk, "rows": json.dumps(batch.answers, default=plain)})
    clock.add(len(batch.answers))
