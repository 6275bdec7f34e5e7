import inspect

import pytest
from django.db import connection, models, transaction
from django.db.utils import IntegrityError, ProgrammingError
from django.utils import timezone

from cities.access.models import Membership, Role
from cities.tenancy.errors import ScopeError
from cities.tenancy.models import TenantQuerySet
from cities.tenancy.scopes import (
    CENTER_ID,
    Scope,
    center_door,
    center_scope,
    city_scope,
    memberships_of,
    person_scope,
    public_scope,
    scope_at_center,
)
from grants.applications.models import Application
from grants.cycles.models import Cycle
from tests.factories import (
    ApplicationFactory,
    CycleFactory,
    UserFactory,
    make_city,
    make_member,
    make_officer,
)
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


def names_by_raw_sql(table: str = "grants_cycle") -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return cursor.fetchone()[0]


@pytest.fixture
def two_cities():
    here, there = make_city("baltimore"), make_city("dallas", timezone="America/Chicago")
    with city_scope(here):
        ApplicationFactory(applicant=UserFactory(email="here@example.org"))
    with city_scope(there):
        ApplicationFactory(applicant=UserFactory(email="there@example.org"))
    return here, there


def test_a_city_sees_its_own_rows_and_no_others(two_cities):
    here, there = two_cities

    with city_scope(here):
        assert [a.city_id for a in Application.objects.all()] == [here.pk]
        assert names_by_raw_sql("grants_application") == 1
    with city_scope(there):
        assert [a.city_id for a in Application.objects.all()] == [there.pk]


def test_postgresql_refuses_what_the_orm_filter_forgets(two_cities):
    here, there = two_cities

    with city_scope(here):
        assert Application.objects.in_city(there.pk).count() == 0
        assert Application.objects.in_city(here.pk).count() == 1


def test_a_row_of_another_city_cant_be_written_by_raw_sql(two_cities):
    here, there = two_cities

    with (
        city_scope(here),
        pytest.raises(ProgrammingError, match="row-level security"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            "INSERT INTO cities_area (id, city_id, name, geometry, created_at) VALUES (gen_random_uuid(), %s, 'x', '{}', now())",
            [there.pk],
        )


def test_a_relation_to_another_citys_row_is_refused_by_the_database(two_cities):
    here, there = two_cities
    with city_scope(there):
        foreign = Cycle.objects.get()

    with city_scope(here):
        application = Application.objects.get()
        with (
            pytest.raises(IntegrityError, match="same_city"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(
                "UPDATE grants_application SET cycle_id = %s WHERE id = %s", [foreign.pk, application.pk]
            )
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_without_a_scope_raw_sql_sees_nothing(two_cities):
    assert names_by_raw_sql() == 0


def test_each_door_is_closed_again_for_the_next(two_cities):
    here, _there = two_cities
    officer = make_officer()
    applicant = UserFactory._meta.model.objects.get(email="here@example.org")

    with center_scope(officer):
        assert Cycle.objects.count() == 2
        assert names_by_raw_sql() == 2
    with person_scope(applicant):
        assert Application.objects.count() == 1
        assert names_by_raw_sql() == 0
    with public_scope():
        assert Cycle.objects.count() == 2
        assert names_by_raw_sql("grants_application") == 0
    with city_scope(here):
        assert names_by_raw_sql() == 1
    assert names_by_raw_sql() == 0


def test_the_center_reads_every_city_and_writes_none(two_cities):
    here, _there = two_cities
    officer = make_officer()

    with center_scope(officer):
        cycle = Cycle.objects.in_city(here.pk).get()
        assert Cycle.objects.filter(pk=cycle.pk).update(name="changed") == 0
        with pytest.raises(ScopeError):
            CycleFactory(city_id=here.pk)


def test_the_center_scope_is_refused_to_others(two_cities):
    with pytest.raises(ScopeError, match="role at the Center"), center_scope(UserFactory()):
        pass


def test_only_who_works_at_the_center_gets_its_scope(two_cities):
    here, _there = two_cities
    officer, gone, manager = make_officer(), make_officer(), make_member(here, Role.MANAGER)
    with city_scope(CENTER_ID):
        Membership.objects.filter(user=gone).update(ended_at=timezone.now())

    found = [scope_at_center(user) for user in (officer, gone, manager, UserFactory())]

    assert found == [Scope("center", city_id=CENTER_ID, user_id=officer.pk), None, None, None]


def test_scopes_are_not_nested(two_cities):
    here, there = two_cities

    with city_scope(here), pytest.raises(ScopeError, match="one at a time"), city_scope(there):
        pass


def test_the_centers_scope_is_not_nested_either(two_cities):
    here, _there = two_cities

    with city_scope(here), pytest.raises(ScopeError, match="one at a time"), center_scope(make_officer()):
        pass


def test_the_centers_door_is_not_nested_for_nobody_either(two_cities):
    here, _there = two_cities

    with city_scope(here):
        with pytest.raises(ScopeError, match="one at a time"), center_door(UserFactory()):
            pass

        assert names_by_raw_sql() == 1


def test_the_centers_door_stays_shut_for_others_and_leaves_no_setting_behind(two_cities):
    with transaction.atomic():
        with center_door(UserFactory()) as nobodys:
            assert (nobodys, names_by_raw_sql()) == (None, 0)
        with center_door(make_officer()) as scope:
            assert (scope.door, names_by_raw_sql()) == ("center", 2)

        assert names_by_raw_sql() == 0


def test_a_person_door_refuses_joins_to_what_it_doesnt_serve(two_cities):
    user = UserFactory()

    with person_scope(user), pytest.raises(ScopeError, match="Cycle is not served"):
        list(Application.objects.select_related("cycle"))


def test_a_person_sees_an_application_whose_cycle_is_closed_and_unpublished(two_cities):
    here, _ = two_cities
    applicant = UserFactory()
    with city_scope(here):
        ApplicationFactory(applicant=applicant, form_version__cycle=CycleFactory(status="draft", name="Gone"))

    with person_scope(applicant):
        assert [a.cycle_name for a in Application.objects.all()] == ["Gone"]


@pytest.mark.parametrize("role", ["lyb_center", "lyb_person", "lyb_public"])
def test_the_role_of_another_door_is_not_inherited(role):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_has_role('lyb_city', %s, 'USAGE'), pg_has_role('lyb_city', %s, 'MEMBER')", [role, role]
        )
        assert cursor.fetchone() == (False, True)


@pytest.mark.parametrize("role", ["lyb_center", "lyb_person", "lyb_public"])
def test_a_citys_settings_open_nothing_to_the_role_of_another_door(two_cities, role):
    here, _there = two_cities

    with city_scope(here), connection.cursor() as cursor:
        assert names_by_raw_sql() == 1
        cursor.execute(f"SET LOCAL ROLE {role}")
        assert [
            names_by_raw_sql(table) for table in ("grants_cycle", "grants_application", "cities_membership")
        ] == [0, 0, 0]
        cursor.execute("SET LOCAL ROLE none")


def test_a_citys_role_without_its_door_sees_nothing(two_cities):
    here, _there = two_cities

    with city_scope(here), connection.cursor() as cursor:
        for door in ("person", "public", "center", ""):
            cursor.execute("SELECT set_config('app.door', %s, true)", [door])
            assert names_by_raw_sql() == 0


def test_a_citys_queue_follows_its_index(two_cities):
    """One policy per role: ORed with another door's, the planner reads the whole call and sorts it."""
    here, _there = two_cities

    with city_scope(here), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off; SET LOCAL enable_sort = off"
        )
        cycle = Cycle.objects.get()
        rows = Application.objects.on_the_desk().filter(cycle=cycle).order_by("-submitted_at", "-id")[:50]
        plan = rows.explain()

    assert "Index Scan using application_queue on" in plan
    assert "Sort" not in plan


def test_a_reserved_slug_is_refused_by_the_database():
    with pytest.raises(IntegrityError, match="city_slug_not_reserved"), transaction.atomic():
        make_city("me")


EXECUTING = {
    "aggregate": lambda q: q.aggregate(n=models.Count("pk")),
    "bulk_create": lambda q: q.bulk_create([Application(city_id=CENTER_ID)]),
    "bulk_update": lambda q: q.bulk_update([Application(city_id=CENTER_ID)], ["title"]),
    "contains": lambda q: q.contains(Application(city_id=CENTER_ID)),
    "count": lambda q: q.count(),
    "create": lambda q: q.create(city_id=CENTER_ID),
    "dates": lambda q: list(q.dates("next_date_on", "year")),
    "datetimes": lambda q: list(q.datetimes("created_at", "year")),
    "delete": lambda q: q.delete(),
    "earliest": lambda q: q.earliest("created_at"),
    "exists": lambda q: q.exists(),
    "explain": lambda q: q.explain(),
    "first": lambda q: q.first(),
    "get": lambda q: q.get(),
    "get_or_create": lambda q: q.get_or_create(title="x"),
    "in_bulk": lambda q: q.in_bulk(),
    "iterator": lambda q: list(q.iterator()),
    "last": lambda q: q.last(),
    "latest": lambda q: q.latest("created_at"),
    "raw": lambda q: list(q.raw("SELECT * FROM grants_application")),
    "update": lambda q: q.update(title="x"),
    "update_or_create": lambda q: q.update_or_create(title="x"),
}
LAZY = {
    "alias", "all", "annotate", "as_manager", "as_tenant_manager", "complex_filter", "db", "defer", "difference", "distinct", "exclude", "extra",
    "filter", "intersection", "none", "only", "order_by", "ordered", "prefetch_related", "query", "resolve_expression", "reverse",
    "select_for_update", "select_related", "totally_ordered", "union", "using", "values", "values_list",
}  # fmt: skip


def test_every_public_queryset_method_is_known_to_the_test_below():
    public = {name for name in dir(TenantQuerySet) if not name.startswith("_")}
    sync = {name for name in public if not (name.startswith("a") and name[1:] in public)}

    assert sync - LAZY == set(EXECUTING)


@pytest.mark.parametrize("name", sorted(EXECUTING))
def test_executing_without_a_scope_raises(name):
    with pytest.raises(ScopeError):
        EXECUTING[name](Application.objects.all())


@pytest.mark.parametrize(
    "name", sorted(n for n in EXECUTING if hasattr(TenantQuerySet, f"a{n}") and n != "delete")
)
def test_executing_asynchronously_without_a_scope_raises(name):
    from asgiref.sync import async_to_sync

    method = getattr(Application.objects.all(), f"a{name}")
    arguments = {
        "aggregate": {"n": models.Count("pk")}, "bulk_create": {"objs": [Application(city_id=CENTER_ID)]},
        "bulk_update": {"objs": [Application(city_id=CENTER_ID)], "fields": ["title"]}, "contains": {"obj": Application(city_id=CENTER_ID)},
        "create": {"city_id": CENTER_ID}, "get_or_create": {"title": "x"}, "update": {"title": "x"}, "update_or_create": {"title": "x"},
    }.get(name, {})  # fmt: skip
    positional = ["created_at"] if name in {"earliest", "latest"} else []

    async def run():
        if inspect.isasyncgenfunction(method):
            return [row async for row in method()]
        result = method(*positional, **arguments)
        return [row async for row in result] if hasattr(result, "__aiter__") else await result

    with pytest.raises(ScopeError):
        async_to_sync(run)()


def test_iterating_and_related_managers_without_a_scope_raise(two_cities):
    here, _ = two_cities
    with city_scope(here):
        application = Application.objects.get()

    for evaluate in (list, len, bool, lambda q: q[0], repr):
        with pytest.raises(ScopeError):
            evaluate(Application.objects.all())
    with pytest.raises(ScopeError):
        list(application.answers.all())
    with pytest.raises(ScopeError):
        application.refresh_from_db()
    with pytest.raises(ScopeError):
        application.save()
    with pytest.raises(ScopeError):
        application.delete()


def test_a_persons_roles_are_read_through_every_door_which_then_stands_as_before(two_cities):
    here, there = two_cities
    person, officer = make_member(here, Role.REVIEWER), make_officer()
    other = make_member(there, Role.STAFF)
    with city_scope(there):
        Membership.objects.create(user=person, role=Role.MANAGER)
        Membership.objects.create(user=person, role=Role.VIEWER, ended_at=timezone.now())
    held = [(here.pk, "reviewer"), (there.pk, "manager")]

    for door in (city_scope(here), person_scope(person), public_scope(), center_scope(officer)):
        with door as scope, connection.cursor() as cursor:
            assert sorted(memberships_of(person)) == sorted(held)
            cursor.execute(
                "SELECT current_setting('app.door'), current_setting('app.city_id'), current_setting('app.user_id'), current_user"
            )
            role = f"lyb_{scope.door}"
            settings = (scope.door, str(scope.city_id or ""), str(scope.user_id or ""), role)
            assert cursor.fetchone() == settings
    with city_scope(here), count_statements() as statements:
        assert memberships_of(other) == [(there.pk, "staff")]
        assert [row.user_id for row in Membership.objects.all()] == [person.pk]
    assert len(statements) == 2
    assert sorted(memberships_of(person)) == sorted(held)
