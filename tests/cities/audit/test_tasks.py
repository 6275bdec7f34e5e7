from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.db.utils import ProgrammingError

from cities.audit.heartbeat import KEY, last_beat
from cities.audit.models import Event, Seal, SignedHead
from cities.audit.signing import is_signed
from cities.audit.tasks import seal_pending, sign_heads
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.embedded.locks import wait_until
from tests.cities.audit.conftest import as_owner, planted, without_append_only, write_events
from tests.factories import make_city
from tests.services import DATABASE, servers

pytestmark = pytest.mark.django_db

SEAL = "SELECT seal(%s)"


def test_the_sequencer_seals_every_city_and_leaves_a_heartbeat(city):
    other = make_city("dallas")
    write_events(city, 3)
    write_events(other, 2)

    assert seal_pending() == 5

    with city_scope(city):
        assert list(Seal.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]
    with city_scope(other):
        assert Seal.objects.count() == 2
    assert last_beat().left == {}


def test_a_second_run_seals_nothing_twice(city):
    write_events(city, 2)
    seal_pending()

    assert seal_pending() == 0

    with city_scope(city):
        assert Seal.objects.count() == Event.objects.count() == 2


def test_each_seal_follows_the_one_before(city):
    write_events(city, 3)
    seal_pending()

    with city_scope(city):
        first, second, third = Seal.objects.order_by("seq")
    assert (first.previous, second.previous, third.previous) == ("0" * 64, first.hash, second.hash)


@pytest.mark.django_db(transaction=True)
def test_two_sequencers_at_once_make_one_chain(city):
    """The second waits for the first, and then sees where its chain ends."""
    write_events(city, 2)
    with (
        ThreadPoolExecutor(1) as pool,
        psycopg.connect(servers.city_url(DATABASE), options="-c statement_timeout=20s") as second,
        psycopg.connect(servers.city_url(DATABASE)) as first,
    ):
        assert first.execute(SEAL, [city.pk]).fetchone() == (2,)
        write_events(city, 1)
        late = pool.submit(lambda: second.execute(SEAL, [city.pk]).fetchone())
        assert wait_until(lambda: is_waiting(second), seconds=10)
        first.commit()

        assert late.result(10) == (1,)

    with city_scope(city):
        assert list(Seal.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2, 3]


def is_waiting(connection: psycopg.Connection) -> bool:
    with psycopg.connect(servers.city_url(DATABASE)) as third:
        kind = third.execute(
            "SELECT locktype FROM pg_locks WHERE pid = %s AND NOT granted", [connection.info.backend_pid]
        ).fetchone()
    return kind == ("advisory",)


def test_the_web_role_cant_insert_a_seal(city):
    (event,) = write_events(city, 1)

    with (
        city_scope(city),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO cities_seal (id, city_id, seq, event_id, hash, previous, sealed_at) VALUES (gen_random_uuid(), %s, 1, %s, 'x', 'x', now())",
            [city.pk, event.pk],
        )


def test_a_head_is_signed_once_and_kept_by_the_center(city):
    write_events(city, 2)
    seal_pending()

    assert sign_heads() == 1
    assert sign_heads() == 0

    with city_scope(CENTER_ID):
        (head,) = SignedHead.objects.all()
    assert (head.chain_of_id, head.seq) == (city.pk, 2)
    assert is_signed(city.pk, 2, head.hash, head.signature)


def test_a_signature_holds_for_its_city_place_and_hash_only(city):
    write_events(city, 1)
    seal_pending()
    sign_heads()
    with city_scope(CENTER_ID):
        (head,) = SignedHead.objects.all()

    assert not is_signed(CENTER_ID, head.seq, head.hash, head.signature)
    assert not is_signed(city.pk, head.seq + 1, head.hash, head.signature)
    assert not is_signed(city.pk, head.seq, "0" * 64, head.signature)
    assert not is_signed(city.pk, head.seq, head.hash, "no hexadecimal")


def test_a_chain_that_has_grown_gets_another_signed_head(city):
    for _ in range(2):
        write_events(city, 1)
        seal_pending()
        sign_heads()

    with city_scope(CENTER_ID):
        assert list(SignedHead.objects.order_by("seq").values_list("seq", flat=True)) == [1, 2]


REBUILT = (
    "UPDATE cities_seal SET hash = repeat('a', 64) WHERE seq = 2",
    "UPDATE cities_seal SET previous = repeat('a', 64) WHERE seq = 3",
)
"""As far as signing looks. Whoever rebuilds a chain to its end makes every later hash fit."""


@pytest.fixture
def signed(city):
    write_events(city, 2)
    seal_pending()
    sign_heads()
    return city


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("table", "changes"),
    [
        ("cities_seal", REBUILT),
        (
            "cities_seal",
            ("DELETE FROM cities_seal s USING cities_city c WHERE c.id = s.city_id AND slug = 'baltimore'",),
        ),
        ("cities_signedhead", ("UPDATE cities_signedhead SET signature = repeat('0', 128)",)),
    ],
)
def test_a_chain_that_lacks_what_was_signed_is_not_signed_again(signed, table, changes, caplog):
    write_events(signed, 1)
    seal_pending()
    other = make_city("dallas")
    write_events(other, 1)
    seal_pending()
    with without_append_only(table):
        as_owner(*changes)

    assert sign_heads() == 1

    with city_scope(CENTER_ID):
        heads = SignedHead.objects.order_by("signed_at").values_list("chain_of_id", "seq")
        assert list(heads) == [(signed.pk, 2), (other.pk, 1)]
    (refused,) = [record for record in caplog.records if record.message == "audit.head_refused"]
    assert (refused.levelname, refused.city_id) == ("ERROR", str(signed.pk))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("minutes", "count"), [(19, 1), (21, 0)])
def test_a_chain_whose_heads_were_taken_away_is_not_signed_again(signed, minutes, count):
    other = make_city("dallas")
    write_events(other, 1)
    seal_pending()
    sign_heads()
    with without_append_only("cities_signedhead"), without_append_only("cities_seal"):
        as_owner(
            f"DELETE FROM cities_signedhead WHERE chain_of_id = '{signed.pk}'",
            f"UPDATE cities_seal SET sealed_at = now() - interval '{minutes} minutes' WHERE city_id = '{signed.pk}'",
        )

    assert sign_heads() == count


def test_each_signed_head_is_told_with_its_signature(city, caplog):
    write_events(city, 1)
    seal_pending()

    with caplog.at_level("INFO", "cities.audit.tasks"):
        sign_heads()

    (told,) = [record for record in caplog.records if record.message == "audit.head_signed"]
    assert is_signed(city.pk, told.seq, told.hash, told.signature)


@pytest.mark.django_db(transaction=True)
def test_one_refusing_chain_doesnt_hold_up_the_others(city):
    other = make_city("dallas")
    write_events(city, 1)
    write_events(other, 1)

    with planted(
        f"ALTER TABLE cities_seal ADD CONSTRAINT spoilt CHECK (city_id <> '{city.pk}')",
        "ALTER TABLE cities_seal DROP CONSTRAINT spoilt",
    ):
        assert seal_pending() == 1

    assert set(last_beat().left) == {city.pk}


def test_a_lost_heartbeat_is_no_heartbeat():
    cache.delete(KEY)

    assert last_beat() is None
