import threading
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction
from django.utils import timezone
from kombu import Connection
from kombu.pools import producers

from cities.outbox.letters import enqueue, nudges_done
from cities.outbox.models import Message
from cities.outbox.sealing import open_body, seal_body
from cities.outbox.tasks import relay
from cities.tenancy.errors import ScopeError
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.celery import app
from tests.factories import UserFactory, make_city
from tests.services import DATABASE, servers

pytestmark = pytest.mark.django_db


def queued_tasks(*, wipe: bool = False) -> int:
    with app.connection_or_acquire() as broker:
        client = broker.default_channel.client
        return client.delete("codes", "notices") if wipe else client.llen("codes") + client.llen("notices")


def test_a_message_carries_facts_and_the_recipients_address_and_language():
    person = UserFactory(email="ana@example.org", language="es")

    with city_scope(make_city()) as scope:
        message = enqueue("invitation", key="one", recipient=person, reference="BAL-2026-0001")

        assert message is not None
        stored = Message.objects.get()
    assert (stored.address, stored.language, stored.data) == (
        "ana@example.org",
        "es",
        {"reference": "BAL-2026-0001"},
    )
    assert stored.city_id == scope.city_id


def test_the_same_key_queues_once_per_city():
    here, there = make_city("baltimore"), make_city("dallas")

    with city_scope(here):
        assert enqueue("invitation", key="one", address="a@example.org") is not None
        assert enqueue("invitation", key="one", address="b@example.org") is None
    with city_scope(there):
        assert enqueue("invitation", key="one", address="c@example.org") is not None
    with city_scope(here):
        assert [m.address for m in Message.objects.all()] == ["a@example.org"]


def test_a_message_needs_a_scope():
    with pytest.raises(ScopeError):
        enqueue("invitation", key="one", address="a@example.org")


def test_a_deed_that_is_undone_tells_nobody():
    city = make_city()

    def undone():
        with city_scope(city):
            enqueue("invitation", key="one", address="a@example.org")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        undone()

    with city_scope(city):
        assert not Message.objects.exists()


def test_a_secret_body_lies_encrypted_in_the_table():
    with city_scope(CENTER_ID):
        enqueue("sign-in-code", key="one", address="a@example.org", secret_body="BCDF-GHJK")
        with connection.cursor() as cursor:
            cursor.execute("SELECT sealed_body, data::text FROM cities_message")
            sealed, data = cursor.fetchone()

    assert "BCDF" not in sealed + data
    assert open_body(sealed) == "BCDF-GHJK"


def test_a_sealed_body_that_was_tampered_with_opens_to_nothing():
    sealed = seal_body("BCDF-GHJK")

    assert open_body(sealed[:-4] + "AAA=") is None


def test_a_code_on_its_way_survives_a_change_of_keys_while_the_former_key_is_named(settings):
    settings.BODY_ENCRYPTION_KEY = "an own key"
    sealed = seal_body("BCDF-GHJK")
    former, settings.BODY_ENCRYPTION_KEY = settings.BODY_ENCRYPTION_KEY, "another key"
    assert open_body(sealed) is None

    settings.BODY_ENCRYPTION_KEYS_BEFORE = [former]

    assert open_body(sealed) == "BCDF-GHJK"
    settings.BODY_ENCRYPTION_KEY = former
    settings.BODY_ENCRYPTION_KEYS_BEFORE = []
    assert open_body(sealed) == "BCDF-GHJK"


def test_what_was_sealed_with_a_derived_key_is_read_after_an_own_key_and_after_a_change_of_the_secret(
    settings,
):
    sealed = seal_body("BCDF-GHJK")

    settings.BODY_ENCRYPTION_KEY = "the first own key"
    assert open_body(sealed) == "BCDF-GHJK"

    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret"
    assert open_body(sealed) == "BCDF-GHJK"


@pytest.mark.django_db(transaction=True)
def test_a_deed_that_tells_many_nudges_the_relay_once():
    queued_tasks(wipe=True)

    with city_scope(make_city()):
        for n in range(5):
            enqueue("invitation", key=str(n), address="a@example.org")

    nudges_done()
    assert queued_tasks() == 1


@pytest.mark.django_db(transaction=True)
def test_a_deed_is_done_before_the_relay_is_nudged(monkeypatch):
    let_go = threading.Event()
    monkeypatch.setattr("cities.outbox.tasks.nudge_relay", lambda: let_go.wait(10))

    with city_scope(make_city()):
        enqueue("invitation", key="one", address="a@example.org")

    assert not let_go.is_set()
    let_go.set()
    nudges_done()


@pytest.mark.django_db(transaction=True)
def test_a_broker_that_is_down_neither_fails_the_deed_nor_delays_it(monkeypatch, caplog):
    nobody_listens = Connection("redis://127.0.0.1:1/0", transport_options=app.conf.broker_transport_options)
    monkeypatch.setattr(app.amqp, "_producer_pool", producers[nobody_listens])
    monkeypatch.setattr("kombu.utils.functional.sleep", lambda _seconds: pytest.fail("waits for the broker"))

    with city_scope(make_city()) as scope:
        enqueue("invitation", key="one", address="a@example.org")

    nudges_done()
    assert "outbox.nudge_unheard" in caplog.messages
    with city_scope(scope.city_id):
        assert Message.objects.count() == 1


def test_nothing_waits_when_everything_is_sent():
    with city_scope(make_city()):
        Message.objects.create(kind="invitation", key="one", address="a@example.org", sent_at=timezone.now())

    assert relay() == 0


def test_codes_are_claimed_before_older_notices():
    city = make_city()
    with city_scope(city):
        for n in range(120):
            enqueue("invitation", key=str(n), address="a@example.org")
    with city_scope(CENTER_ID):
        code = enqueue(
            "sign-in-code",
            key="code",
            address="b@example.org",
            secret_body="X",
            priority=Message.Priority.CODE,
        )

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT id, priority FROM outbox_claim(10, 60, 400)")
        claimed = cursor.fetchall()

    assert len(claimed) == 10
    assert min(claimed, key=lambda row: row[1]) == (code.pk, 0)


def test_only_so_many_notices_are_on_their_way_but_codes_always_go():
    city = make_city()
    with city_scope(city):
        for n in range(30):
            enqueue("invitation", key=str(n), address="a@example.org")

    def claim() -> list[int]:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SELECT priority FROM outbox_claim(10, 60, 15)")
            return [row[0] for row in cursor.fetchall()]

    assert len(claim()) == 10
    assert len(claim()) == 10
    assert claim() == []
    with city_scope(CENTER_ID):
        enqueue(
            "sign-in-code",
            key="code",
            address="b@example.org",
            secret_body="X",
            priority=Message.Priority.CODE,
        )
    assert claim() == [0]


@pytest.mark.django_db(transaction=True)
def test_two_relays_at_once_claim_each_message_once_and_wait_for_nobody():
    with city_scope(make_city()):
        for n in range(3):
            enqueue("invitation", key=str(n), address="a@example.org")
        everything = set(Message.objects.values_list("pk", flat=True))

    with (
        psycopg.connect(servers.city_url(DATABASE)) as first,
        psycopg.connect(servers.city_url(DATABASE), options="-c statement_timeout=10s") as second,
    ):
        early = first.execute("SELECT id FROM outbox_claim(1, 60, 400)").fetchall()
        late = second.execute("SELECT id FROM outbox_claim(10, 60, 400)").fetchall()

    assert (len(early), len(late)) == (1, 2)
    assert {key for (key,) in early + late} == everything


def test_the_claim_gives_back_ids_and_nothing_else():
    with city_scope(make_city()):
        enqueue("invitation", key="one", address="a@example.org", secret="x")

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM outbox_claim(10, 60, 400)")
        assert [column.name for column in cursor.description] == ["id", "city_id", "priority", "attempts"]


def test_an_ended_lease_lets_a_message_be_claimed_again():
    with city_scope(make_city()):
        enqueue("invitation", key="one", address="a@example.org")
        Message.objects.update(claimed_until=timezone.now() + timedelta(seconds=60))
    assert relay() == 0

    with city_scope(Message._meta.get_field("city").related_model.objects.get(slug="baltimore")):
        Message.objects.update(claimed_until=timezone.now() - timedelta(minutes=1))
    assert relay() == 1
