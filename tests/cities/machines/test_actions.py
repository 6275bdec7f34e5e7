"""Making a token: what is kept, what is told, what is refused."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cities.access.models import Role, User
from cities.access.signals import person_signed_out_everywhere
from cities.audit.models import Event
from cities.machines.actions import MOST_TOKENS, make_token, revoke_token
from cities.machines.errors import NoPlaceError, NoSecondFactorError, TooLongError, TooManyTokensError
from cities.machines.models import ApiToken, Scope
from cities.machines.spelling import PREFIX, is_well_formed, new_secret
from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope
from tests.cities.machines.factories import make_living_token, token_for
from tests.factories import UserFactory, make_city, make_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city("baltimore")


@pytest.fixture
def member(city):
    return make_member(city, Role.STAFF)


def make(city, member, **changes):
    told = {
        "name": "Sheet",
        "scope": Scope.READ,
        "days": 90,
        "place": city,
        "has_second_factor": True,
        **changes,
    }
    with city_scope(city):
        return make_token(actor=member, **told)


def test_a_token_has_a_prefix_and_a_checksum_and_is_never_the_same():
    secrets = {new_secret() for _ in range(50)}

    assert len(secrets) == 50
    assert all(len(one) == 53 and one.startswith(PREFIX) and is_well_formed(one) for one in secrets)


def test_one_wrong_letter_is_found_without_the_database():
    secret = new_secret()
    wrong = [
        secret[:at] + ("a" if secret[at] != "a" else "b") + secret[at + 1 :]
        for at in range(len(PREFIX), len(secret))
    ]

    assert not any(
        is_well_formed(one) for one in [*wrong, secret[:-1], secret + "a", secret.upper(), secret + "\n"]
    )


def test_nothing_that_is_stored_or_sent_holds_the_token(city, member):
    """What a dump would show: every text of every table this deed wrote to.

    Sessions are encoded, so their page looks into its own: ``tests/residents/machines/test_views.py``.
    """
    token, secret = make(city, member)

    with connection.cursor() as cursor, city_scope(city):
        found = []
        for table in ("cities_apitoken", "cities_message", "cities_event"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [(table, row) for (row,) in cursor.fetchall()]
    assert {"cities_apitoken", "cities_message", "cities_event"} == {table for table, _row in found}
    assert not [row for _table, row in found if secret in row or secret[len(PREFIX) :] in row]
    assert token.expires_at - token.created_at == timedelta(days=90)


def test_the_deed_is_in_the_citys_trail_and_the_person_is_told(city, member):
    token, _secret = make(city, member)

    with city_scope(city):
        revoke_token(token.pk, actor=member)
        revoke_token(token.pk, actor=member)
        assert list(Event.objects.order_by("created_at").values_list("tag", flat=True)) == [
            "token:make",
            "token:revoke",
        ]
        (letter,) = Message.objects.all()
    assert (letter.kind, letter.recipient_id, letter.data["place"]) == ("token-made", member.pk, city.name)


def test_nobody_revokes_what_is_not_theirs(city, member):
    token, _secret = make(city, member)

    with city_scope(city), pytest.raises(ApiToken.DoesNotExist):
        revoke_token(token.pk, actor=UserFactory())


@pytest.mark.parametrize("days", [0, 366])
def test_a_token_lasts_a_year_at_most(city, member, days):
    with pytest.raises(TooLongError):
        make(city, member, days=days)


def test_without_a_role_there_is_no_token_for_a_city(city):
    with pytest.raises(NoPlaceError):
        make(city, UserFactory())


def test_whoever_has_a_desk_makes_tokens_with_the_second_step_only(city, member):
    for place in (city, None):
        with pytest.raises(NoSecondFactorError):
            make(city, member, place=place, has_second_factor=False)

    assert ApiToken.objects.count() == 0
    assert token_for(UserFactory(), second_factor=False)


def test_there_is_an_end_to_tokens(city, member):
    for _ in range(MOST_TOKENS):
        make_living_token(member)
    with pytest.raises(TooManyTokensError):
        make(city, member)

    ApiToken.objects.filter(pk=ApiToken.objects.first().pk).update(ended_at=timezone.now())
    make(city, member)


@pytest.mark.parametrize(
    ("constraint", "fields"),
    [
        ("apitoken_is_a_hash", {"secret_hash": new_secret()}),
        ("apitoken_scope_known", {"scope": "all"}),
        ("apitoken_lasts_a_year_at_most", {"expires_at": timezone.now() + timedelta(days=400)}),
        ("apitoken_lasts_a_year_at_most", {"expires_at": timezone.now() - timedelta(days=400)}),
    ],
)
def test_the_database_refuses(constraint, fields):
    token, _secret = make_living_token(UserFactory())

    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApiToken.objects.filter(pk=token.pk).update(**fields)


def test_where_every_session_ends_every_token_ends(city, member):
    ended, _secret = make_living_token(member, city)
    other, _secret = make_living_token(UserFactory())

    person_signed_out_everywhere.send(User, person_id=member.pk)

    ended.refresh_from_db()
    other.refresh_from_db()
    assert ended.ended_at is not None
    assert other.ended_at is None
