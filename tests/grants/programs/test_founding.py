import pytest
from django.db import IntegrityError, connection, transaction

from cities.access.models import Invitation, Role
from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City, new_id
from cities.tenancy.scopes import center_scope, city_scope
from cities.tenancy.slugs import RESERVED_SLUGS
from grants.programs.actions import change_city_facts, found_city
from grants.programs.errors import PlaceIncompleteError, SlugReservedError, SlugTakenError
from grants.programs.forms import NewCityForm, suggest_slug
from grants.programs.founding import found_in_steps
from tests.factories import make_city, make_officer
from tests.grants.programs.center import NEVER, events, failing_at_the_last_write, make_cohort, members_of

pytestmark = pytest.mark.django_db

FACTS = {
    "name": "Marlow Falls", "slug": "marlow-falls", "region": "OH", "timezone": "America/New_York", "currency": "USD", "languages": ["en", "es"],
}  # fmt: skip


def found(officer, **facts):
    city_id = new_id()
    with city_scope(city_id):
        return found_city(city_id, actor=officer, **{**FACTS, **facts})


def invited_to(city):
    with city_scope(city):
        return list(Invitation.objects.values_list("email", "role"))


def test_a_founded_city_lies_in_its_own_trail(officer):
    city = found(officer, latitude=40.1, longitude=-82.9)

    city.refresh_from_db()
    assert (city.slug, city.kind, city.languages, city.latitude) == (
        "marlow-falls",
        "city",
        ["en", "es"],
        40.1,
    )
    with city_scope(city):
        event = Event.objects.get()
    assert (event.tag, event.actor_id, event.subject_id) == ("city:found", officer.pk, city.pk)
    assert event.data == {"name": "Marlow Falls", "slug": "marlow-falls", "region": "OH"}
    assert events() == []


@pytest.mark.parametrize("slug", sorted(RESERVED_SLUGS & {"center", "api", "me", "accounts", "static"}))
def test_a_web_name_that_would_hide_a_route_is_refused(officer, slug):
    with pytest.raises(SlugReservedError) as refusal:
        found(officer, slug=slug)

    assert refusal.value.field == "slug"
    assert str(refusal.value) == f"“{slug}” is an address of the site itself. Choose another."


def test_a_taken_web_name_is_refused(officer, baltimore):
    with pytest.raises(SlugTakenError) as refusal:
        found(officer, slug="baltimore")

    assert refusal.value.field == "slug"


def test_the_database_refuses_a_taken_web_name_whoever_looked_first(officer, baltimore):
    city = City(id=new_id(), **{**FACTS, "slug": "baltimore"})

    with city_scope(city), pytest.raises(IntegrityError, match="slug"), transaction.atomic():
        city.save(force_insert=True)


@pytest.mark.parametrize(
    "slug", ["", "Marlow", "marlow falls", "marlow--falls", "-marlow", "marlow_falls", "m" * 41, "marlow\n"]
)
def test_a_web_name_is_small_letters_digits_and_hyphens(officer, slug):
    with pytest.raises(RuleError) as refusal:
        found(officer, slug=slug)

    assert refusal.value.field == "slug"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"name": ""}, "name"),
        ({"timezone": "America/Atlantis"}, "timezone"),
        ({"currency": "XYZ"}, "currency"),
        ({"currency": "usd"}, "currency"),
        ({"languages": []}, "languages"),
        ({"languages": ["en", "tlh"]}, "languages"),
        ({"contact_email": "nobody"}, "contact_email"),
    ],
)
def test_a_wrong_fact_is_refused_at_its_field(officer, facts, field):
    with pytest.raises(RuleError) as refusal:
        found(officer, **facts)

    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("latitude", "longitude", "field"),
    [
        (40.0, None, "longitude"),
        (None, -82.0, "latitude"),
        (91.0, 0.0, "latitude"),
        (0.0, 181.0, "longitude"),
    ],
)
def test_a_point_on_the_map_has_both_numbers_in_their_range(officer, latitude, longitude, field):
    with pytest.raises(PlaceIncompleteError) as refusal:
        found(officer, latitude=latitude, longitude=longitude)

    assert refusal.value.field == field


def test_founding_that_fails_at_the_end_leaves_nothing(officer):
    with failing_at_the_last_write(), pytest.raises(RuleError):
        found(officer)

    assert not City.objects.cities().exists()


def test_a_city_is_not_founded_through_the_centers_door(officer):
    city = City(id=new_id(), **FACTS)

    with center_scope(officer):
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            city.save(force_insert=True)
        with pytest.raises(Exception, match="row-level security"), transaction.atomic():
            found_city(city.pk, actor=officer, **FACTS)

    assert not City.objects.cities().exists()


def test_a_city_is_not_changed_through_the_centers_door(officer, baltimore):
    with center_scope(officer), connection.cursor() as cursor:
        cursor.execute("UPDATE cities_city SET name = 'Ours' WHERE id = %s", [baltimore.pk])

        assert cursor.rowcount == 0


def test_changing_facts_tells_before_and_after_in_the_citys_trail(officer, baltimore):
    with city_scope(baltimore):
        change_city_facts(
            baltimore.pk, actor=officer, name="Baltimore City", region="MD", latitude=39.3, longitude=-76.61
        )

    baltimore.refresh_from_db()
    assert (baltimore.name, baltimore.latitude) == ("Baltimore City", 39.3)
    with city_scope(baltimore):
        event = Event.objects.get()
    assert event.data == {
        "before": {"name": "Baltimore", "latitude": 39.29},
        "after": {"name": "Baltimore City", "latitude": 39.3},
    }


def test_the_web_name_stays(officer, baltimore):
    with city_scope(baltimore), pytest.raises(TypeError):
        change_city_facts(baltimore.pk, actor=officer, slug="charm-city")


def test_changing_facts_refuses_half_a_place_and_an_empty_name(officer, baltimore):
    for facts, field in (({"latitude": None}, "latitude"), ({"name": ""}, "name")):
        with city_scope(baltimore), pytest.raises(RuleError) as refusal:
            change_city_facts(baltimore.pk, actor=officer, **facts)
        assert refusal.value.field == field


def test_changing_facts_that_fails_at_the_end_leaves_the_city_as_it_was(officer, baltimore):
    with city_scope(baltimore), failing_at_the_last_write(), pytest.raises(RuleError):
        change_city_facts(baltimore.pk, actor=officer, name="Lost")

    baltimore.refresh_from_db()
    assert (baltimore.name, events(baltimore.pk)) == ("Baltimore", [])


# -- In steps ---------------------------------------------------------------------------------------


def test_a_city_is_founded_joins_its_cohort_and_its_manager_is_invited(officer):
    cohort = make_cohort(officer)

    founding = found_in_steps(
        FACTS, actor=officer, cohort_id=cohort.pk, manager_email="Mae@Marlow.example", manager_name="Mae"
    )

    assert (founding.is_new, founding.joined, founding.left_undone) == (True, True, ())
    assert members_of(cohort) == ["marlow-falls"]
    assert invited_to(founding.city) == [("mae@marlow.example", Role.MANAGER)]
    assert events(founding.city.pk) == ["city:found", "member:invite"]
    assert events() == ["cohort:create", "cohort:join"]
    with city_scope(founding.city):
        assert Message.objects.get().address == "mae@marlow.example"


def test_the_same_officer_sending_the_same_city_again_goes_on_and_doubles_nothing(officer):
    cohort = make_cohort(officer)
    steps = {"actor": officer, "cohort_id": cohort.pk, "manager_email": "mae@marlow.example"}
    first = found_in_steps(FACTS, **steps)

    again = found_in_steps(FACTS, **steps)

    assert (again.city, again.is_new, again.joined, again.invited) == (
        first.city,
        False,
        True,
        "mae@marlow.example",
    )
    assert again.left_undone == ()
    assert City.objects.cities().count() == 1
    assert members_of(cohort) == ["marlow-falls"]
    assert events(first.city.pk) == ["city:found", "member:invite"]
    with city_scope(first.city):
        assert Message.objects.count() == 1


def test_another_officer_or_another_name_does_not_go_on_with_a_city(officer):
    found_in_steps(FACTS, actor=officer)
    colleague = make_officer()

    for actor, name in ((colleague, "Marlow Falls"), (officer, "Marlow Springs")):
        with pytest.raises(SlugTakenError):
            found_in_steps({**FACTS, "name": name}, actor=actor)


def test_a_city_that_somebody_else_made_is_not_gone_on_with(officer):
    make_city("marlow-falls", name="Marlow Falls")

    with pytest.raises(SlugTakenError):
        found_in_steps(FACTS, actor=officer)


def test_a_cohort_that_is_gone_leaves_a_city_that_can_join_later(officer):
    cohort = make_cohort(officer)

    founding = found_in_steps(FACTS, actor=officer, cohort_id=NEVER, manager_email="mae@marlow.example")

    assert (founding.is_new, founding.joined, founding.invited) == (True, False, "mae@marlow.example")
    assert founding.left_undone == (
        "The city is not in a cohort yet: There is no such cohort. You can add it on this page.",
    )
    again = found_in_steps(FACTS, actor=officer, cohort_id=cohort.pk)
    assert (again.city, again.joined) == (founding.city, True)
    assert members_of(cohort) == ["marlow-falls"]


def test_a_refused_invitation_leaves_the_city_in_its_cohort(officer):
    cohort = make_cohort(officer)

    founding = found_in_steps(FACTS, actor=officer, cohort_id=cohort.pk, manager_email="not-an-address")

    assert (founding.joined, founding.invited) == (True, "")
    assert len(founding.left_undone) == 1
    assert invited_to(founding.city) == []


def test_a_refused_first_step_leaves_nothing_at_all(officer):
    cohort = make_cohort(officer)

    with pytest.raises(SlugReservedError):
        found_in_steps(
            {**FACTS, "slug": "center"},
            actor=officer,
            cohort_id=cohort.pk,
            manager_email="mae@marlow.example",
        )

    assert not City.objects.cities().exists()
    assert members_of(cohort) == []


# -- Suggestions ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "region", "suggested"),
    [
        ("Marlow Falls", "OH", "marlow-falls"),
        ("St. Mary’s", "", "st-marys"),
        ("Peñasco", "NM", "penasco"),
        ("Baltimore", "OH", "baltimore-oh"),
        ("Baltimore", "", "baltimore-2"),
        ("Center", "ND", "center-nd"),
        ("北京", "", "city"),
        ("L" * 60, "", "l" * 40),
    ],
)
def test_a_free_web_name_is_suggested(baltimore, name, region, suggested):
    assert suggest_slug(name, region) == suggested


def test_an_empty_web_name_is_answered_with_a_suggestion_to_look_at():
    form = NewCityForm(
        {"name": "Marlow Falls", "timezone": "America/New_York", "languages": ["en"], "currency": "usd"},
        cohorts=[],
    )

    assert not form.is_valid()
    assert list(form.errors) == ["slug"]
    assert form["slug"].value() == "marlow-falls"
