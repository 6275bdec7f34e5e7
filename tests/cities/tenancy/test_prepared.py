"""A statement put together once asks what the ORM would ask each time."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.db.models import F
from django.utils import timezone

from cities.access.models import User
from cities.outbox.models import Message
from cities.tenancy.errors import ScopeError
from cities.tenancy.models import City
from cities.tenancy.prepared import Prepared, Slot, ask, kept_cursor
from cities.tenancy.scopes import center_scope, city_scope, person_scope, public_scope
from cities.tenancy.writing import Insertion
from tests.factories import UserFactory, make_city, make_officer
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def person() -> User:
    person: User = UserFactory(name="Odessa Rhee")
    return person


@pytest.fixture
def messages() -> Prepared:
    def rows(key: UUID) -> Any:
        return Message.objects.filter(pk=key).select_related("recipient").defer("recipient__phone")

    return Prepared(rows)


def message(city: City, person: User, key: str) -> Message:
    return Message(
        city_id=city.pk, kind="test", key=key, recipient=person, data={"key": key, "more": [1, None]}
    )


def written(city: City, person: User, key: str) -> Message:
    with city_scope(city):
        row = message(city, person, key)
        row.save(force_insert=True)
    return row


def told(row: Message) -> dict[str, Any]:
    return {name: value for name, value in vars(row).items() if name != "_state"}


def test_each_key_gets_the_row_that_the_orm_would_read(person, messages):
    city = make_city()
    keys = [written(city, person, "one").pk, written(city, person, "two").pk]

    with city_scope(city):
        for key in keys:
            found, same = messages.get(key), Message.objects.get(pk=key)
            assert told(found) == told(same)
            assert (found._state.db, found._state.adding) == (same._state.db, False)
            assert found.recipient.name == "Odessa Rhee"
            assert found.recipient.get_deferred_fields() == {"phone"}


def test_a_statement_made_in_one_city_finds_nothing_of_it_in_another(person, messages):
    here, there = make_city("baltimore"), make_city("newark")
    mine, theirs = written(here, person, "mine"), written(there, person, "theirs")
    with city_scope(here):
        assert messages.get(mine.pk).key == "mine"

    with city_scope(there):
        with count_statements() as statements:
            assert messages.first(mine.pk) is None
        assert there.pk.hex in statements[0]
        assert here.pk.hex not in statements[0]
        assert messages.get(theirs.pk).key == "theirs"
        with pytest.raises(Message.DoesNotExist):
            messages.get(mine.pk)


def test_columns_come_as_they_are_named(person):
    city = make_city()
    row = written(city, person, "one")
    columns = Prepared(lambda key: Message.objects.filter(pk=key).values_list("data", "key"))

    with city_scope(city):
        assert columns.all(row.pk) == [({"key": "one", "more": [1, None]}, "one")]
        assert columns.all(uuid4()) == []


# -- Lists --------------------------------------------------------------------------------------------
def keys_like(part: str, person_id: UUID) -> Any:
    return Message.objects.filter(key__endswith="%", key__gte=part, recipient=person_id).order_by("key")


@pytest.fixture
def percents(person):
    """Three rows of one person and one of another, and what asks for them."""
    city, other = make_city("baltimore"), UserFactory()
    for key in ("a%", "b%", "c%"):
        written(city, person, key)
    written(city, other, "d%")

    def asked(
        part: str, who: Any, columns: Any = lambda rows: rows.values_list("key", flat=True)
    ) -> list[Any]:
        return ask(
            ("percents", columns),
            lambda: columns(keys_like(Slot("part", part), who.pk)),
            {"part": part, "who": who.pk},
        )

    with city_scope(city):
        yield asked, person, other


def test_what_is_filled_in_differs_and_constants_stay(percents):
    asked, person, other = percents

    assert [asked(part, person) for part in ("a", "b", "e")] == [["a%", "b%", "c%"], ["b%", "c%"], []]
    assert asked("a", other) == ["d%"]


def test_rows_come_as_the_queryset_returns_them(percents):
    asked, person, _other = percents

    for columns in (
        lambda rows: rows.values("key", there=F("data__key")),
        lambda rows: rows.values_list("key", "recipient__name"),
        lambda rows: rows,
    ):
        for _time in range(2):
            assert asked("b", person, columns) == list(columns(keys_like("b", person.pk)))


def test_a_shape_that_misses_something_fails_every_test(percents):
    def asked(rows: Any) -> list[Any]:
        return ask("misses", lambda: rows, {})

    assert len(asked(Message.objects.filter(key="a%"))) == 1
    with pytest.raises(AssertionError, match="the shape misses"):
        asked(Message.objects.filter(key="b%"))
    with pytest.raises(pytest.fail.Exception, match="nothing is to be found"):
        asked(Message.objects.none())
    with pytest.raises(AssertionError, match="key is filled in with another value"):
        ask("fills in", lambda: Message.objects.filter(key=Slot("key", "a%")), {"key": "b%"})


def test_nothing_to_find_is_not_kept(percents):
    assert ask("first nothing", Message.objects.none, {}) == []
    assert len(ask("first nothing", Message.objects.all, {})) == 4


@pytest.mark.parametrize(
    "condition", [{"pk": uuid4()}, {"created_at__lt": timezone.now()}], ids=["id", "instant"]
)
def test_an_id_or_an_instant_without_a_name_is_refused(percents, condition):
    with pytest.raises(TypeError, match="needs a name"):
        ask(("unnamed", *condition), lambda: Message.objects.filter(**condition), {})


def test_two_names_for_one_id_are_left_to_the_orm(percents):
    _asked, person, other = percents

    def written_to(person_id: UUID, not_to: UUID) -> list[Any]:
        rows = Message.objects.filter(recipient=person_id).exclude(recipient=not_to)
        return ask("two ids", lambda: rows, {"to": person_id, "not_to": not_to})

    assert written_to(person.pk, person.pk) == []
    assert len(written_to(person.pk, other.pk)) == 3
    assert len(written_to(other.pk, person.pk)) == 1


def test_at_another_door_it_asks_what_the_orm_would_ask_there(person, messages):
    here, there = make_city("baltimore"), make_city("newark")
    rows = [written(here, person, "mine"), written(there, person, "theirs")]
    with city_scope(here):
        messages.get(rows[0].pk)

    with center_scope(make_officer()):
        assert [messages.get(row.pk).key for row in rows] == ["mine", "theirs"]
    with person_scope(UserFactory()):
        assert messages.first(rows[0].pk) is None
    with pytest.raises(ScopeError):
        messages.first(rows[0].pk)


def test_a_row_is_written_as_the_orm_would_write_it_and_once_by_its_key(person):
    city = make_city()
    insertion = Insertion(Message, once_by=("city_id", "key"))

    with city_scope(city):
        first, second = message(city, person, "one"), message(city, person, "one")
        assert (insertion.write(first), insertion.write(second)) == (True, False)
        assert told(Message.objects.get()) == {
            name: value for name, value in told(first).items() if name != "_city_cache"
        }
        assert (first._state.adding, second._state.adding) == (False, True)


def test_a_row_of_another_city_is_not_written(person):
    here, there = make_city("baltimore"), make_city("newark")

    with city_scope(here):
        with pytest.raises(ScopeError):
            Insertion(Message).write(message(there, person, "one"))
        assert not Message.objects.exists()


def test_rows_of_no_tenant_are_found_by_a_text_at_every_door():
    here, there = make_city("baltimore"), make_city("newark")
    cities = Prepared(lambda slug: City.objects.filter(slug=slug))

    assert [cities.first(slug) for slug in ("baltimore", "newark", "nowhere")] == [here, there, None]
    with city_scope(here):
        assert told(cities.get("newark")) == told(City.objects.get(pk=there.pk))


@pytest.mark.django_db(transaction=True)
def test_a_plan_that_postgresql_keeps_shows_each_door_its_own_rows(person):
    """A plan made behind one door must not answer behind another, where other policies hold."""
    here, there = make_city("baltimore"), make_city("newark")
    for city, keys in ((here, "ab"), (there, "c")):
        for key in keys:
            written(city, person, key)
    officer = make_officer()
    doors = (
        (lambda: city_scope(here), "ab"),
        (lambda: city_scope(there), "c"),
        (lambda: center_scope(officer), "abc"),
        (lambda: person_scope(person), "abc"),
        (lambda: person_scope(officer), ""),
        (public_scope, ""),
    )

    for _time in range(8):  # after five PostgreSQL may keep one plan for all values
        for door, keys in doors:
            with door(), kept_cursor() as cursor:
                cursor.execute("SELECT key FROM cities_message ORDER BY key")
                assert "".join(key for (key,) in cursor.fetchall()) == keys
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE 'SELECT key FROM%'")
        assert cursor.fetchone() == (1,)
