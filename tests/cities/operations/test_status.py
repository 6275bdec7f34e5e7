"""``/status`` and its JSON: who may see it, what it counts over all tenants, and what it says when something is down."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.utils import timezone

from cities.access.models import Role
from cities.audit.heartbeat import beat
from cities.audit.trail import SystemActor, record
from cities.documents.models import Document
from cities.operations import queries
from cities.operations.actions import record_backup_check
from cities.operations.judging import LIMITS, _judged, standing
from cities.operations.models import BackupCheck, CheckKind
from cities.operations.states import State, worst
from cities.outbox.models import Message
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from config import outage
from config.backup.drilling import standing_on
from tests.factories import UserFactory, make_city, make_member, make_officer
from tests.people import sign_in
from tests.queries import count_statements

API = "/api/v1/status/"
NOWHERE = "postgres://lyb_city@localhost:1/nowhere"
pytestmark = pytest.mark.django_db


@pytest.fixture
def monitor(settings):
    settings.STATUS_TOKEN = "a-secret-of-the-monitor"
    return {"x-status-token": "a-secret-of-the-monitor"}


@pytest.fixture
def officer():
    return make_officer()


def figures(found=None) -> dict:
    return {figure.name: figure for figure in (found or standing()).figures}


def wait_in(slug: str, minutes: int = 7) -> None:
    """Something of everything waits in a city, for so many minutes."""
    city, since = make_city(slug), timezone.now() - timedelta(minutes=minutes)
    with city_scope(city):
        for key, changes in {
            "waits": {},
            "sent": {"sent_at": timezone.now()},
            "failed": {"failed_at": timezone.now(), "failure": "no such box"},
            "failed long ago": {"failed_at": timezone.now() - timedelta(days=2)},
        }.items():
            message = Message.objects.create(
                city_id=city.pk, kind="x", key=key, address="a@example.org", **changes
            )
            Message.objects.filter(pk=message.pk).update(created_at=since)
        for status, more in {"waiting": {}, "failed": {"failure": "no", "ended_at": timezone.now()}}.items():
            document = Document.objects.create(
                city_id=city.pk, kind="x", title="x", requested_by=UserFactory(), status=status, **more
            )
            Document.objects.filter(pk=document.pk).update(asked_at=since)
        record("city:found", actor=SystemActor("test"), subject=city)


def proved(kind: CheckKind = CheckKind.DRILL, *, breaks: int = 0, hours_ago: int = 0) -> None:
    with city_scope(CENTER_ID):
        record_backup_check(
            name="lyb-1.tar",
            kind=kind,
            taken_at=timezone.now() - timedelta(hours=hours_ago),
            break_count=breaks,
        )


# -- What it counts ------------------------------------------------------------------------------------


def test_it_counts_over_all_tenants_what_no_door_shows():
    for slug in ("baltimore", "tilden"):
        wait_in(slug)

    found = figures()

    assert {name: found[name].value for name in (
        "outbox_waiting", "outbox_failed", "outbox_failed_today", "outbox_failed_lately", "events_unsealed", "documents_waiting", "documents_failed",
    )} == {
        "outbox_waiting": 2, "outbox_failed": 4, "outbox_failed_today": 2, "outbox_failed_lately": 2, "events_unsealed": 2, "documents_waiting": 2,
        "documents_failed": 2,
    }  # fmt: skip
    assert 7 * 60 <= found["outbox_oldest"].value < 8 * 60
    assert found["outbox_oldest"].state == State.WARNING
    assert 7 * 60 <= found["documents_oldest"].value < 8 * 60
    assert found["documents_oldest"].state == State.OK


def test_what_waits_too_long_makes_the_site_fail():
    wait_in("baltimore", minutes=31)

    found = standing()

    assert figures(found)["outbox_oldest"].state == State.FAILING
    assert found.state == State.FAILING


def test_a_letter_that_is_put_off_is_worth_a_look_and_five_make_the_site_fail():
    def put_off(count):
        city = make_city(f"put-off-{count}")
        with city_scope(city):
            for key in range(count):
                message = Message.objects.create(
                    city_id=city.pk, kind="x", key=str(key), address="a@example.org", failure="TimeoutError"
                )
                Message.objects.filter(pk=message.pk).update(created_at=timezone.now() - timedelta(hours=5))
        return figures()["outbox_put_off"]

    assert [put_off(count).state for count in (0, 1, 4)] == [State.OK, State.WARNING, State.FAILING]
    assert figures()["outbox_oldest"].state == State.OK


def test_letters_that_were_given_up_make_the_site_fail_for_an_hour():
    for slug in ("a", "b", "c", "d", "e"):
        wait_in(slug, minutes=1)
    assert figures()["outbox_failed_lately"].state == State.FAILING

    for city in City.objects.cities():
        with city_scope(city):
            Message.objects.filter(failure="no such box").update(
                failed_at=timezone.now() - timedelta(minutes=61)
            )

    found = figures()
    assert (found["outbox_failed_lately"].value, found["outbox_failed_lately"].state) == (0, State.OK)
    assert found["outbox_failed_today"].state == State.WARNING


def test_where_nothing_waits_there_is_no_age_and_no_alarm():
    found = figures()

    assert [found[name].value for name in ("outbox_oldest", "events_oldest", "documents_oldest")] == [
        None
    ] * 3
    assert [found[name].state for name in ("outbox_oldest", "events_oldest", "documents_oldest")] == [
        State.OK
    ] * 3


@pytest.mark.parametrize("name", LIMITS)
def test_each_limit_is_kept(name):
    look, failing = LIMITS[name]

    assert _judged(name, "", "count", look - 0.5).state == State.OK
    assert _judged(name, "", "count", look).state in {State.WARNING, State.FAILING}
    assert _judged(name, "", "count", failing).state == State.FAILING


def test_the_worst_counts():
    assert worst([State.OK, State.FAILING, State.WARNING]) == State.FAILING
    assert worst([]) == State.OK


def test_the_sequencers_last_run_is_told():
    beat({})

    assert figures()["sequencer"].value < 60


def test_queues_are_counted_where_the_broker_keeps_them():
    from config.celery import app

    before = figures()["queue_documents"].value
    app.send_task("nobody.knows.this", queue="documents", expires=1)

    assert figures()["queue_documents"].value == before + 1

    with app.connection_for_write() as broker:
        broker.default_channel.queue_purge("documents")


def test_migrations_that_the_database_lacks_are_named():
    queries.on_disk().add("grants.9999_tomorrow")
    try:
        found = figures()["migrations_missing"]
    finally:
        queries.on_disk().discard("grants.9999_tomorrow")

    assert (found.value, found.state, found.note) == (1, State.FAILING, "grants.9999_tomorrow")
    assert figures()["migrations_missing"].value == 0


# -- Backups -------------------------------------------------------------------------------------------


def test_without_any_proof_of_a_backup_somebody_should_look():
    proved(CheckKind.CREATE)

    found = figures()

    assert found["backup_made"].value is not None
    assert (found["backup_age"].value, found["backup_age"].state) == (None, State.WARNING)


def test_a_drill_of_today_is_fine_and_one_of_yesterday_morning_is_not():
    proved()
    assert figures()["backup_age"].state == State.OK

    late = timezone.now() + timedelta(hours=26, minutes=1)
    from time_machine import travel

    with travel(late, tick=False):
        assert figures()["backup_age"].state == State.WARNING


def test_breaks_in_the_last_drill_make_the_site_fail():
    proved(breaks=3)

    assert (figures()["backup_breaks"].value, figures()["backup_breaks"].state) == (3, State.FAILING)


def test_a_later_verification_does_not_hide_what_the_drill_found():
    proved(breaks=3)
    proved(CheckKind.VERIFY)
    assert figures()["backup_breaks"].state == State.FAILING

    proved()
    assert (figures()["backup_breaks"].value, figures()["backup_breaks"].state) == (0, State.OK)


def test_an_old_archive_that_is_proved_every_night_is_still_old():
    proved(CheckKind.CREATE, hours_ago=27)
    proved(hours_ago=27)

    found = figures()

    assert (found["backup_age"].state, found["backup_made"].state) == (State.OK, State.WARNING)


@pytest.mark.parametrize(("kind", "figure"), [("drill", "backup_age"), ("create", "backup_made")])
def test_a_row_that_somebody_wrote_by_hand_counts_for_nothing(kind, figure):
    now = timezone.now()
    with city_scope(CENTER_ID):
        BackupCheck.objects.create(
            city_id=CENTER_ID,
            name="lyb-1.tar",
            kind=kind,
            taken_at=now,
            checked_at=now,
            signature="0" * 128,
        )

    found = figures()[figure]

    assert found.state == State.WARNING
    assert "no signature of ours" in str(found.note)


def test_the_record_of_a_check_can_not_be_changed():
    proved(breaks=3)

    with pytest.raises(DatabaseError), transaction.atomic(), city_scope(CENTER_ID):
        BackupCheck.objects.update(break_count=0)


def test_the_database_knows_three_kinds():
    now = timezone.now()
    with (
        pytest.raises(DatabaseError, match="backupcheck_kind_known"),
        transaction.atomic(),
        city_scope(CENTER_ID),
    ):
        BackupCheck.objects.bulk_create(
            [
                BackupCheck(
                    city_id=CENTER_ID, name="x", kind="hope", taken_at=now, checked_at=now, signature=""
                )
            ]
        )


# -- Who may see it ------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", [Role.OFFICER, Role.AUDITOR])
def test_the_center_sees_the_page(client, role):
    wait_in("baltimore")
    sign_in(client, make_officer(role))

    page = client.get("/status").content.decode()

    assert "Letters to people" in page
    assert 'aria-current="page"' in page
    assert "Baltimore" not in page
    assert "example.org" not in page


def test_without_a_second_factor_the_center_is_sent_to_give_one(client, officer):
    sign_in(client, officer, second_factor=False)

    assert client.get("/status")["Location"].startswith("/accounts/factor/")
    assert client.get(API).json()["code"] == "second_factor"


def test_a_manager_of_a_city_is_refused(client):
    sign_in(client, make_member(make_city(), Role.MANAGER))

    assert client.get("/status").status_code == 403
    assert client.get(API).status_code == 403


def test_the_page_asks_little(client, officer):
    sign_in(client, officer)
    client.get("/status")

    with count_statements() as asked:
        client.get("/status")

    assert len(asked) == 3, asked


def test_a_monitor_with_the_secret_needs_no_session_and_one_statement(client, monitor):
    with count_statements() as asked:
        response = client.get(API, headers=monitor)

    body = response.json()
    assert response.status_code == (503 if body["state"] == "failing" else 200)
    assert response["Cache-Control"] == "no-store"
    assert {"database", "broker", "outbox_oldest", "backup_age"} <= {
        figure["name"] for figure in body["figures"]
    }
    assert set(body["versions"]) == {"Love Your Block", "Django", "PostgreSQL", "Valkey"}
    assert len(asked) == 1, asked


def test_another_secret_is_refused(client, monitor):
    assert client.get(API, headers={"x-status-token": "guess"}).status_code == 401
    assert client.get(API).status_code == 401


@pytest.mark.parametrize("sent", ["", " ", "guess"])
def test_who_sends_a_wrong_secret_is_judged_by_it_whatever_their_session_may(client, officer, monitor, sent):
    sign_in(client, officer)

    assert client.get(API).status_code in {200, 503}
    assert client.get(API, headers={"x-status-token": sent}).status_code == 401


def test_where_no_secret_is_set_none_is_right(client, settings):
    settings.STATUS_TOKEN = ""

    assert client.get(API, headers={"x-status-token": " "}).status_code == 401


def test_the_secret_opens_nothing_else(client, monitor):
    assert client.get("/api/v1/me/applications/", headers=monitor).status_code in {401, 404}
    assert client.get("/status", headers=monitor).status_code == 302


# -- What is down --------------------------------------------------------------------------------------


def test_without_valkey_it_says_so_and_tells_the_rest(client, monitor, settings, tmp_path):
    cache = settings.CACHES["default"]
    settings.CACHES = {"default": {**cache, "LOCATION": f"unix://{tmp_path}/nobody.sock"}}

    response = client.get(API, headers=monitor)

    states = {figure["name"]: figure["state"] for figure in response.json()["figures"]}
    assert response.status_code == 503
    assert (states["broker"], states["database"]) == ("failing", "ok")
    assert "outbox_oldest" in states


@pytest.fixture
def nothing_known_of_the_database(monkeypatch):
    """A process that has just started: whether the database is there it must still find out."""
    monkeypatch.setattr(outage, "database", outage.Outage())


@pytest.mark.django_db(transaction=True)
def test_without_postgresql_it_says_so_and_tells_the_rest(monitor, nothing_known_of_the_database):
    with standing_on(NOWHERE):
        response = Client().get(API, headers=monitor)
        page = Client().get("/")

    states = {figure["name"]: figure["state"] for figure in response.json()["figures"]}
    assert response.status_code == 503
    assert (states["broker"], states["database"]) == ("ok", "failing")
    assert "disk_free" in states
    assert (page.status_code, page["Retry-After"]) == (503, "10")


@pytest.mark.django_db(transaction=True)
def test_whoever_brings_a_session_is_told_to_come_back(
    client, monitor, officer, nothing_known_of_the_database
):
    sign_in(client, officer)

    with standing_on(NOWHERE):
        response = client.get(API, headers=monitor)

    assert response.status_code == 503
    assert response.json() == {"detail": "The service is down for a moment. Please try again."}
