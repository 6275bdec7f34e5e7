import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection

from cities.access.models import Role
from cities.audit import trail
from cities.audit.models import Event
from cities.places.models import Area
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError, ScopeError
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application, Note
from tests.factories import ApplicationFactory, CycleFactory, UserFactory, make_city

pytestmark = pytest.mark.django_db


@pytest.fixture
def city():
    return make_city()


def test_an_action_without_a_scope_raises():
    with pytest.raises(ScopeError):
        action(lambda: None)()


def test_an_action_that_fails_after_its_last_write_leaves_nothing(city):
    @action
    def add_and_fail() -> None:
        area = Area.objects.create(name="Tilden", geometry={})
        trail.record("area:add", actor=trail.IMPORTER, subject=area)
        raise RuleError("No.")

    with city_scope(city):
        with pytest.raises(RuleError):
            add_and_fail()

        assert Area.objects.count() == 0
        assert Event.objects.count() == 0


def test_a_validation_error_becomes_a_refusal_at_its_field(city):
    @action
    def refuse() -> None:
        raise ValidationError({"name": "Too 100% long."})

    with city_scope(city), pytest.raises(RuleError) as refusal:
        refuse()

    assert (str(refusal.value), refusal.value.field) == ("Too 100% long.", "name")


def test_a_named_constraint_speaks_in_its_own_sentence(city):
    @action
    def add_empty_note(application: Application) -> None:
        Note.objects.create(application=application, author=application.applicant, text="")

    with city_scope(city):
        application = ApplicationFactory()
        with pytest.raises(RuleError, match="write something first"):
            add_empty_note(application)
        assert Note.objects.count() == 0


def test_a_unique_column_refuses_too_when_somebody_was_faster_than_the_check(city):
    person, other = UserFactory(), UserFactory()

    @action
    def take_address() -> None:
        person.email = other.email
        person.save(update_fields=["email"])

    with city_scope(city), pytest.raises(RuleError, match="There is one like this already") as refusal:
        take_address()

    assert refusal.value.field == "email"


def test_a_deferred_constraint_is_refused_inside_the_action_and_stays_deferred_afterwards(city):
    with city_scope(make_city("dallas")):
        foreign = CycleFactory()

    @action
    def move(application: Application) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE grants_application SET cycle_id = %s WHERE id = %s", [foreign.pk, application.pk]
            )

    @action
    def break_and_mend(application: Application) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE grants_application SET cycle_id = %s WHERE id = %s", [foreign.pk, application.pk]
            )
            cursor.execute(
                "UPDATE grants_application SET cycle_id = %s WHERE id = %s",
                [application.cycle_id, application.pk],
            )

    with city_scope(city):
        application = ApplicationFactory()
        with pytest.raises(RuleError):
            move(application)
        break_and_mend(application)

        application.refresh_from_db()
        assert application.cycle.city_id == city.pk


def test_only_the_outermost_action_checks_deferred_constraints(city):
    with city_scope(make_city("dallas")):
        foreign = CycleFactory()

    def point_at(application: Application, cycle_id) -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE grants_application SET cycle_id = %s WHERE id = %s", [cycle_id, application.pk]
            )

    inner = action(point_at)

    @action
    def outer(application: Application) -> str:
        inner(application, foreign.pk)
        inner(application, application.cycle_id)
        return "done"

    with city_scope(city):
        assert outer(ApplicationFactory()) == "done"


def test_an_unnamed_failure_of_the_database_stays_a_failure(city):
    @action
    def duplicate_key(area: Area) -> None:
        Area.objects.bulk_create([Area(id=area.pk, city_id=city.pk, name="other", geometry={})])

    with city_scope(city):
        area = Area.objects.create(name="Tilden", geometry={})
        with pytest.raises(IntegrityError):
            duplicate_key(area)


def test_a_system_actor_is_shown_by_name_and_an_event_has_exactly_one_actor(city):
    with city_scope(city):
        event = trail.record("city:import", actor=trail.IMPORTER, subject=city)
        assert (event.actor, event.actor_name) == (None, "call import")

        person = UserFactory()
        event = trail.record("city:touch", actor=person, subject=city, role=Role.MANAGER)
        assert (event.actor, event.actor_name, event.data) == (person, "", {"role": "manager"})
