"""What the database itself refuses and shows, whoever asks: raw statements as the web role."""

import pytest
from django.db import DatabaseError, ProgrammingError, connection, transaction

from cities.tenancy.scopes import city_scope, person_scope, public_scope
from projects.delivery.actions import remove_update, unpublish_project
from projects.delivery.models import Photo, Project, Update
from projects.delivery.states import UpdateStatus
from tests.factories import UserFactory, make_city

from .factories import make_project, make_update


def refused(sql, *params):
    with pytest.raises(DatabaseError) as refusal, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, params)
    return refusal.value.__cause__


def rows(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return [row[0] for row in cursor.fetchall()]


REFUSED = [
    ("UPDATE projects_update SET status = 'published'", "update_published_by_somebody"),
    ("UPDATE projects_update SET status = 'published', published_at = now()", "update_published_by_somebody"),
    ("UPDATE projects_update SET status = 'hidden'", "update_hidden_has_reason"),
    ("UPDATE projects_project SET status = 'gone'", "project_status_known"),
    ("UPDATE projects_update SET status = 'gone'", "update_status_known"),
    ("UPDATE projects_project SET published_at = now(), hidden_at = now()", "project_shown_or_hidden"),
]


@pytest.mark.parametrize(("sql", "constraint"), REFUSED)
def test_a_raw_write_is_refused(project, sql, constraint):
    make_update(project)

    assert refused(sql).diag.constraint_name == constraint


def test_an_award_has_one_project(project):
    sql = (
        "INSERT INTO projects_project SELECT (jsonb_populate_record(p, %s::jsonb)).* FROM projects_project p"
    )

    error = refused(sql, '{"id": "01900000-0000-7000-8000-00000000abcd"}')

    assert error.diag.constraint_name == "project_one_per_award"


def test_a_project_is_never_deleted(project):
    assert refused("DELETE FROM projects_project").sqlstate == "42501"


CROSSING = [
    ("projects_project", "award_id"),
    ("projects_update", "project_id"),
    ("projects_photo", "update_id"),
]


@pytest.mark.parametrize(("table", "column"), CROSSING)
def test_no_row_leans_on_another_citys(city, table, column):
    there = make_city("dallas")
    with city_scope(there):
        make_update(make_project(), photos=1)
        foreign = rows(f"SELECT {column} FROM {table}")[0]
    with city_scope(city):
        make_update(make_project(), photos=1)
        error = refused(f"UPDATE {table} SET {column} = %s; SET CONSTRAINTS ALL IMMEDIATE", foreign)

    assert error.sqlstate == "23503"


def world(city):
    """A published project with an update of each status, and one that nobody published."""
    with city_scope(city):
        shown = make_project(published=True, title="Shown")
        for status in UpdateStatus:
            make_update(shown, status, photos=1, text=f"{status} of shown")
        kept = make_project(title="Kept")
        make_update(kept, UpdateStatus.PUBLISHED, photos=1, text="published of kept")
        unpublish_project(kept.pk, reason="Faces", actor=UserFactory())
    return shown


def test_the_public_door_shows_what_is_published_and_nothing_else(city):
    world(city)

    with public_scope():
        assert rows("SELECT title FROM projects_project") == ["Shown"]
        assert rows("SELECT text FROM projects_update") == ["published of shown"]
        assert len(rows("SELECT id FROM projects_photo")) == 1
        assert Photo.objects.get().update_id == Update.objects.get().pk
        assert [project.title for project in Project.objects.all()] == ["Shown"]


def test_the_public_door_writes_nothing(city):
    world(city)

    with public_scope(), connection.cursor() as cursor:
        for table in ("projects_project", "projects_update", "projects_photo"):
            with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
                cursor.execute(f"UPDATE {table} SET city_id = city_id")


def test_other_doors_show_nothing_of_it(city):
    shown, there = world(city), make_city("dallas")

    for door in (person_scope(shown.lead), city_scope(there)):
        with door:
            for table in ("projects_project", "projects_update", "projects_photo"):
                assert rows(f"SELECT id FROM {table}") == []
    with city_scope(city):
        assert len(rows("SELECT id FROM projects_update")) == len(UpdateStatus) + 1


def test_a_photo_that_belongs_to_an_update_is_not_swept_away(project):
    make_update(project, photos=1)
    name = Photo.objects.get().file.name

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM linked_uploads(%s)", [[name, "attachments/never"]])
        assert cursor.fetchall() == [(name,)]


def test_a_photo_of_an_update_that_was_taken_back_is_left_to_the_sweeper(project):
    name = make_update(project, photos=1).photos.get().file.name
    remove_update(Update.objects.get().pk, actor=project.lead)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM linked_uploads(%s)", [[name]])
        assert cursor.fetchall() == []
