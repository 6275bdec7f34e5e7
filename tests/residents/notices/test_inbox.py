import pytest

from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope, person_scope
from residents.notices.actions import mark_read
from residents.notices.queries import PAGE
from tests.factories import UserFactory, make_city
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def ana():
    return UserFactory(email="ana@example.org")


@pytest.fixture
def me(client, ana):
    return sign_in(client, ana)


@pytest.fixture
def baltimore():
    return make_city("baltimore")


def write_to(person, city, key="one", **data) -> Message:
    with city_scope(city):
        return enqueue(
            "roles-changed",
            key=key,
            recipient=person,
            city=city.name,
            slug=city.slug,
            roles=["staff"],
            **data,
        )


def test_letters_of_all_cities_are_listed_newest_first(me, ana, baltimore):
    write_to(ana, baltimore)
    write_to(ana, make_city("dallas"))

    page = me.get("/me/inbox/").content.decode()

    assert page.index("Your part in Dallas has changed") < page.index("Your part in Baltimore has changed")
    assert page.count("New</span>") or "New" in page


def test_nobody_sees_anothers_letters(me, baltimore):
    foreign = write_to(UserFactory(), baltimore)

    assert b"No letters yet" in me.get("/me/inbox/").content
    assert me.get(f"/me/inbox/{foreign.pk}/").status_code == 404
    assert me.post(f"/api/v1/me/inbox/{foreign.pk}/read/").status_code == 404
    with city_scope(baltimore):
        assert Message.objects.get().read_at is None


def test_opening_a_letter_marks_it_as_read(me, ana, baltimore):
    message = write_to(ana, baltimore)

    page = me.get(f"/me/inbox/{message.pk}/").content.decode()

    assert "is now: Staff" in page
    assert 'href="/baltimore/staff/"' in page
    with city_scope(baltimore):
        assert Message.objects.get().read_at is not None


def test_all_letters_are_marked_at_once(me, ana, baltimore):
    write_to(ana, baltimore, "one")
    write_to(ana, baltimore, "two")

    assert me.post("/me/inbox/read/")["Location"] == "/me/inbox/"
    with person_scope(ana):
        assert mark_read(ana) == 0


def test_codes_and_letters_to_addresses_are_not_in_the_inbox(me, ana, baltimore):
    with city_scope(baltimore):
        enqueue("sign-in-code", key="code", recipient=ana, secret_body="BCDF-GHJK")
        enqueue(
            "invitation", key="invitation", address=ana.email, city="x", inviter="y", roles=["staff"], days=14
        )

    assert b"No letters yet" in me.get("/me/inbox/").content


def test_a_kind_that_nobody_writes_any_more_does_not_break_the_page(me, ana, baltimore):
    with city_scope(baltimore):
        Message.objects.create(kind="long-gone", key="x", recipient=ana)

    assert me.get("/me/inbox/").status_code == 200


def test_the_inbox_takes_as_many_statements_for_three_letters_as_for_one(me, ana, baltimore):
    def statements() -> int:
        with count_statements() as found:
            me.get("/me/inbox/")
        return len(found)

    write_to(ana, baltimore, "0")
    one = statements()
    write_to(ana, baltimore, "1")
    write_to(ana, make_city("dallas"), "2")

    assert statements() == one <= 10


def test_nor_does_one_that_greets_take_a_statement_of_its_own(me, ana, baltimore):
    def statements() -> int:
        with count_statements() as found:
            page = me.get("/api/v1/me/inbox/").json()
        assert all(letter["text"].startswith("Hello Ana,") for letter in page["letters"])
        return len(found)

    def offer(key: str) -> None:
        with city_scope(baltimore):
            enqueue("reviews-outdated", key=key, recipient=ana, call="Spring call")

    ana.name = "Ana Díaz"
    ana.save()
    offer("0")
    one = statements()
    offer("1")
    offer("2")

    assert statements() == one


def test_older_letters_are_on_the_next_page(me, ana, baltimore):
    for n in range(PAGE + 2):
        write_to(ana, baltimore, str(n))

    first = me.get("/api/v1/me/inbox/").json()
    second = me.get(f"/api/v1/me/inbox/?before={first['before']}").json()

    assert (len(first["letters"]), len(second["letters"]), second["before"]) == (PAGE, 2, None)
    assert f"before={first['before']}" in me.get("/me/inbox/").content.decode()
    assert me.get("/me/inbox/?before=nonsense").status_code == 200


def test_the_api_shows_and_marks_letters(me, ana, baltimore):
    message = write_to(ana, baltimore)

    (letter,) = me.get("/api/v1/me/inbox/").json()["letters"]
    assert (letter["subject"], letter["city"], letter["read_at"]) == (
        "Your part in Baltimore has changed",
        "Baltimore",
        None,
    )
    assert me.post(f"/api/v1/me/inbox/{message.pk}/read/").json()["read_at"] is not None


def test_letters_are_shown_in_the_readers_language(me, ana, baltimore):
    write_to(ana, baltimore)

    page = me.get("/me/inbox/", headers={"accept-language": "es"}).content.decode()

    assert "Cambió su función en Baltimore" in page
