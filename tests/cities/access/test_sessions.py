"""The session engine: what the table holds, and when a session is over."""

from datetime import timedelta

import pytest
from django.contrib.sessions.backends.base import UpdateError
from django.utils import timezone

from cities.access.actions import change_roles
from cities.access.devices import device_words
from cities.access.models import OpenSession, Role
from cities.access.sessions import REFRESH, SessionStore, end_sessions, forget_ended, key_hash
from cities.tenancy.scopes import city_scope
from tests.factories import UserFactory, make_city, make_member
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1 Version/18.1 Mobile/15E148 Safari/604.1"


@pytest.fixture
def ana():
    return UserFactory(email="ana@example.org")


def age(**hours: float) -> None:
    """Move the one session into the past."""
    moved = {name: timezone.now() - timedelta(hours=value) for name, value in hours.items()}
    assert OpenSession.objects.update(**moved) == 1


def is_signed_in(client) -> bool:
    return client.get("/me/account/").status_code == 200


def test_the_table_holds_a_hash_and_not_the_key(client, ana):
    sign_in(client, ana, second_factor=False)
    key = client.cookies["sessionid"].value

    (row,) = OpenSession.objects.all()

    assert (row.key_hash, row.person_id, row.is_desk) == (key_hash(key), ana.pk, False)
    assert key not in repr(OpenSession.objects.values().get())


def test_a_request_reads_session_and_person_in_one_statement(client, ana):
    sign_in(client, ana, second_factor=False)

    with count_statements() as statements:
        assert is_signed_in(client)

    about_people = [s for s in statements if '"cities_user"."email"' in s]
    assert len(about_people) == 1
    assert 'FROM "cities_opensession"' in about_people[0]


def test_the_person_of_a_session_is_checked_as_any_other(client, ana):
    sign_in(client, ana, second_factor=False)
    ana.is_active = False
    ana.save(update_fields=["is_active"])

    assert not is_signed_in(client)


def test_a_session_that_names_another_person_is_that_person_s_only(client, ana):
    """What the data say counts, and the hash in them: not the row's own column."""
    sign_in(client, ana, second_factor=False)
    other = UserFactory(email="other@example.org")
    OpenSession.objects.update(person=other)

    answer = client.get("/api/v1/me/account/")

    assert answer.json()["email"] == "ana@example.org"


@pytest.mark.parametrize(
    ("hours", "holds"),
    [
        ({"seen_at": 14 * 24 - 1, "started_at": 14 * 24}, True),
        ({"seen_at": 14 * 24 + 1, "started_at": 14 * 24 + 1}, False),
        ({"seen_at": 1, "started_at": 30 * 24 - 1}, True),
        ({"seen_at": 1, "started_at": 30 * 24 + 1}, False),
    ],
)
def test_a_resident_stays_two_weeks_idle_and_a_month_at_all(client, ana, hours, holds):
    sign_in(client, ana, second_factor=False)
    assert is_signed_in(client)

    age(**hours)

    assert is_signed_in(client) is holds


@pytest.mark.parametrize(
    ("hours", "holds"),
    [
        ({"seen_at": 2.9, "started_at": 4}, True),
        ({"seen_at": 3.1, "started_at": 4}, False),
        ({"seen_at": 0.1, "started_at": 11.9}, True),
        ({"seen_at": 0.1, "started_at": 12.1}, False),
    ],
)
def test_whoever_works_at_a_desk_stays_three_hours_idle_and_twelve_at_all(client, hours, holds):
    sign_in(client, make_member(make_city(), Role.VIEWER))
    assert is_signed_in(client)

    age(**hours)

    assert is_signed_in(client) is holds


def test_a_role_tightens_the_sessions_that_are_open(client):
    city = make_city()
    manager = make_member(city, Role.MANAGER)
    lee = make_member(city, Role.REVIEWER)
    sign_in(client, lee)
    age(seen_at=4, started_at=13)
    assert is_signed_in(client)
    age(seen_at=4, started_at=13)

    with city_scope(city):
        change_roles(lee.pk, roles=[Role.REVIEWER, Role.STAFF], actor=manager)

    assert not is_signed_in(client)


def test_a_page_writes_nothing_and_every_five_minutes_one_mark(client, ana):
    sign_in(client, ana, second_factor=False)
    with count_statements() as fresh:
        client.get("/me/account/")
    age(seen_at=2 * REFRESH.total_seconds() / 3600)

    with count_statements() as stale:
        client.get("/me/account/")

    assert not [sql for sql in fresh if sql.strip().startswith("UPDATE")]
    assert len(stale) == len(fresh) + 1
    assert timezone.now() - OpenSession.objects.get().seen_at < REFRESH


@pytest.mark.parametrize("path", ["/", "/tilden/", "/api/v1/calls/", "/me/", "/status", "/demo/"])
def test_whichever_door_a_page_opens_it_marks_that_somebody_was_seen(client, ana, path):
    """The public door may write nothing, not even this."""
    make_city("tilden")
    sign_in(client, ana, second_factor=False)
    age(seen_at=1)

    assert client.get(path).status_code in {200, 302, 403, 404}
    assert timezone.now() - OpenSession.objects.get().seen_at < REFRESH


def test_a_session_that_was_ended_is_dead_on_the_next_page_and_not_written_again(client, ana):
    sign_in(client, ana, second_factor=False)
    store = SessionStore(client.cookies["sessionid"].value)
    store["words"] = "typed before the end"

    assert end_sessions(ana.pk) == 1

    with pytest.raises(UpdateError):
        store.save()
    assert not is_signed_in(client)
    assert not OpenSession.objects.filter(person=ana).exists()


def test_signing_in_gives_the_browser_another_key(client, ana):
    session = client.session
    session["before"] = "x"
    session.save()
    before = client.cookies["sessionid"].value

    sign_in(client, ana, second_factor=False)

    assert client.cookies["sessionid"].value != before
    assert not SessionStore().exists(before)


def change_secret(settings) -> None:
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another secret"


def test_a_change_of_the_secret_gives_a_session_another_key_and_no_further_time(client, settings):
    city = make_city()
    manager = make_member(city, Role.MANAGER)
    lee = make_member(city, Role.REVIEWER)
    sign_in(client, lee)
    with city_scope(city):
        change_roles(lee.pk, roles=[Role.REVIEWER, Role.STAFF], actor=manager)
    age(seen_at=0, started_at=11)
    before = OpenSession.objects.get()

    change_secret(settings)
    assert is_signed_in(client)

    after = OpenSession.objects.get()
    assert after.key_hash == key_hash(client.cookies["sessionid"].value) != before.key_hash
    assert (after.pk, after.started_at, after.is_desk) == (before.pk, before.started_at, True)
    assert is_signed_in(client)
    settings.SECRET_KEY_FALLBACKS = []
    assert is_signed_in(client)
    age(started_at=13)
    assert not is_signed_in(client)


def test_whoever_signs_in_after_that_begins_anew(client, ana, settings):
    session = client.session
    session["before"] = "x"
    session.save()
    age(started_at=24 * 29)
    change_secret(settings)

    sign_in(client, ana, second_factor=False)

    row = OpenSession.objects.get()
    assert timezone.now() - row.started_at < timedelta(minutes=1)


def test_a_session_that_ends_while_it_gets_another_key_stays_ended(client, ana):
    sign_in(client, ana, second_factor=False)
    store = SessionStore(client.cookies["sessionid"].value)
    assert store["_auth_user_id"]
    end_sessions(ana.pk)

    store.cycle_key()

    with pytest.raises(UpdateError):
        store.save()


def test_sweeping_forgets_what_is_over_and_nothing_else(client, ana):
    sign_in(client, ana, second_factor=False)
    assert forget_ended() == 0
    age(started_at=31 * 24)

    assert forget_ended() == 1


@pytest.mark.parametrize(
    ("agent", "words"), [(FIREFOX, "Firefox, Linux"), (IPHONE, "Safari, iPhone"), ("curl/8", ""), ("", "")]
)
def test_a_device_is_named_in_two_words(agent, words):
    assert device_words(agent) == words
