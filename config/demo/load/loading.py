"""Write applications in bulk: set by set, city by city, each city's batch in one transaction."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from multiprocessing import get_context
from random import Random

from django.db import connection, connections
from django.utils import timezone

from cities.access.models import User
from cities.audit.sequencing import seal_city
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.demo.cities import DemoCity
from config.demo.drawings import picture
from config.demo.money.grants import Program
from config.demo.money.slips import store_slip
from config.demo.neighborhoods import neighborhoods
from config.demo.rows import insert, plain
from grants.applications.models import Application, ReferenceCounter
from grants.applications.uploads import ReadyFile, StoredFile, store_upload
from grants.cycles.models import Cycle, FormVersion

from .bodies import bodies
from .content import Batch, LoadCall, Stock
from .founding import SLUG, found_city, found_funder, join_cohort
from .money import Quota, fund, open_treasury, receive
from .places import load_city, spread

ROWS_PER_BATCH = 2_000
PROCESSES = 2
SAY_EVERY_SECONDS = 5
Say = Callable[[str], None]

_funding = get_context("fork").Lock()
"""Held while a city is funded: all of them draw on the Center's books, whose accounts are opened once."""

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

_FILLED = (
    "cities_user", "cities_city", "cities_membership", "cities_event", "cities_seal", "cities_area", "grants_cycle",
    "grants_formversion", "grants_application", "grants_answer", "grants_attachment", "grants_note", "grants_review",
    "grants_programgrant", "grants_tranche", "grants_grantacceptance", "grants_tranchereceipt", "grants_account", "grants_balance",
    "grants_entry", "grants_posting", "grants_award", "grants_disbursement", "grants_receipt", "grants_return",
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


def seed_load(count: int, postings: int, say: Say) -> None:
    """Add ``count`` applications with answers, files, reviews and history in 280 load cities.

    About so many ``postings`` are made on awards, their payments and receipts; without any, there are no awards. Each
    city has a call of its own, and people like ``manager@load-001.example``. The file rows name one stored picture,
    the receipts another. A second run adds more of the same. Says what it did.
    """
    began = time.monotonic()
    clock = Clock(say, count, began)
    now = timezone.now().replace(microsecond=0)
    stock = Stock(
        photo=_stored_photo(),
        slip=store_slip(Random("load"), "Corner Hardware", "Lumber, screws", now.date(), 4_250),  # noqa: S311
        bodies=bodies((now + timedelta(days=60)).date(), now.date()),
        now=now,
        quota=Quota(postings / count),
        funder=found_funder(now),
    )
    shares = spread(count)
    _fill_all(shares, stock, clock)
    join_cohort(stock.funder, now)
    seal_city(CENTER_ID)
    say("Collecting statistics …")
    _vacuum()
    others = sum(1 for share in shares[1:] if share)
    say(
        f"{count:,} applications: {shares[0]:,} in load-001 and {count - shares[0]:,} in {others} others "
        f"of {len(shares)} cities, with answers, file rows and sealed history. It took {time.monotonic() - began:.0f} s."
    )


def _fill_all(shares: list[int], stock: Stock, clock: Clock) -> None:
    """Fill the last city here and the others in two processes, which keep each other's database busy.

    The last one comes first, so that there are statistics before the rest: triggers and foreign keys plan their
    queries once a session, and on empty tables they would plan to read all of a city.
    """
    clock.add(_fill(len(shares), shares[-1], stock))
    _analyze()
    connections.close_all()
    with ProcessPoolExecutor(PROCESSES, get_context("fork"), _begin, (stock,)) as processes:
        waiting = [
            processes.submit(_fill_there, number, share) for number, share in enumerate(shares[:-1], start=1)
        ]
        try:
            for filled in as_completed(waiting):
                clock.add(filled.result())
        except BaseException:
            processes.shutdown(
                cancel_futures=True
            )  # else all other cities would be filled before anybody hears of it
            raise


_there: Stock
"""What a process of the load draws on."""


def _begin(stock: Stock) -> None:
    global _there  # noqa: PLW0603  an initializer has no other way to hand something over
    _there = stock


def _fill_there(number: int, share: int) -> int:
    return _fill(number, share, _there)


def _analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(_FILLED)}")


def _vacuum() -> None:
    """Do what autovacuum has done where rows came one by one: without it no sum is read from an index alone."""
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM (ANALYZE) {', '.join(_FILLED)}")


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


def _fill(number: int, share: int, stock: Stock) -> int:
    """Found the city if it is missing, write its share in one transaction, then seal its history. Returns the share."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = off")
    place = load_city(number)
    city = City.objects.filter(slug=place.slug).first() or found_city(place, stock.now)
    if share:
        program = None
        if stock.quota.per_application:
            with _funding:
                program = fund(city, share, stock.funder, stock.now)
        _write_share(place, city, share, stock, program)
    seal_city(city.pk)
    return share


def _write_share(place: DemoCity, city: City, share: int, stock: Stock, program: Program | None) -> None:
    with city_scope(city):
        cycle = Cycle.objects.get(slug=SLUG)
        treasury = open_treasury(city, stock.slip, stock.now, stock.quota)
        if program:
            receive(treasury, program, cycle)
        there = Application.objects.filter(cycle=cycle).count()
        counter = ReferenceCounter.objects.filter(year=cycle.year).first()
        source = LoadCall(
            city=city,
            cycle=cycle,
            form=FormVersion.objects.get(cycle=cycle),
            areas=neighborhoods(place),
            desk=User.objects.get(email=f"staff@{place.slug}.example"),
            stock=stock,
            treasury=treasury,
            rng=Random(f"{place.slug} {there}"),  # noqa: S311
            number=counter.last if counter else 0,
        )
        for first in range(there, there + share, ROWS_PER_BATCH):
            _store(city, source.batch(first, min(ROWS_PER_BATCH, there + share - first)))
        ReferenceCounter.objects.update_or_create(
            year=cycle.year, defaults={"city_id": city.pk, "last": source.number}
        )


def _store(city: City, batch: Batch) -> None:
    insert(batch.users)
    batch.rows.save(city.pk)
    with connection.cursor() as cursor:
        cursor.execute(_STORE_ANSWERS, {"city": city.pk, "rows": json.dumps(batch.answers, default=plain)})
    batch.decisions.save()
    with connection.cursor() as cursor:
        # The deferred triggers look at what was written while it is at hand.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
