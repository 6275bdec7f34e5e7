"""What isn't published is seen by its lead and by the desk, on no page, photo or API answer by anybody else."""

import pytest
from django.test import Client

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from projects.delivery.actions import remove_update
from projects.delivery.states import UpdateStatus
from tests.factories import UserFactory, make_city, make_member
from tests.grants.payments.visiting import visit

from .factories import make_project, make_update

CANARY = "CANARY of what waits"


@pytest.fixture
def kept(city):
    """A project that nobody published, and an update that waits, with a photo."""
    with city_scope(city):
        project = make_project(title=CANARY)
        update = make_update(project, text=CANARY, photos=1)
        return {"project": project, "update": update, "photo": update.photos.get(), "city": city.slug}


@pytest.fixture
def half(city):
    """A published project with an update and photo that wait, beside ones that are out."""
    with city_scope(city):
        project = make_project(published=True, title="Corner garden")
        out = make_update(project, UpdateStatus.PUBLISHED, photos=1, text="Is out")
        update = make_update(project, text=CANARY, photos=1)
        hidden = make_update(project, UpdateStatus.HIDDEN, text=CANARY, photos=1)
        return {"project": project, "out": out, "waiting": update, "hidden": hidden}


def addresses(kept, slug="tilden"):
    project, photo, update = kept["project"].pk, kept["photo"].pk, kept["update"].pk
    api = f"/api/v1/cities/{slug}"
    own = [
        f"/{slug}/projects/{project}/",
        f"/{slug}/projects/photos/{photo}/",
        f"/{slug}/projects/photos/{photo}/small/",
        f"/{slug}/projects/of/{kept['project'].award_id}/",
    ]
    desk = [
        f"/{slug}/staff/projects/{project}/",
        f"/{slug}/staff/projects/updates/{update}/hide/",
        f"{api}/desk/projects/{project}/",
    ]
    lead = [f"/{slug}/projects/{project}/updates/new/", f"{api}/projects/{project}/updates/"]
    return own, desk, lead


LISTS = [
    "/{}/projects/",
    "/api/v1/cities/{}/projects/",
    "/{}/staff/projects/",
    "/{}/staff/projects/all/",
    "/api/v1/cities/{}/desk/projects/",
    "/api/v1/cities/{}/desk/project-updates/",
]


def body(answer):
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def test_strangers_residents_and_reviewers_see_nothing_that_is_not_published(kept, city):
    own, desk, lead = addresses(kept)
    people = [UserFactory(), make_member(city, Role.REVIEWER), make_member(make_city("dallas"), Role.MANAGER)]

    for path in [*own, *desk, *lead]:
        assert Client().get(path).status_code in {302, 401}, path
        for person in people:
            assert visit(person, path).status_code == 403, path
    for path in LISTS:
        for person in people:
            assert CANARY.encode() not in visit(person, path.format("tilden")).content, path
    assert Client().get(f"/api/v1/cities/tilden/projects/{kept['project'].pk}/").status_code == 404


def test_the_lead_and_the_desk_do_see_it(kept, staff, viewer):
    own, desk, lead = addresses(kept)
    applicant = kept["project"].lead

    for path in own[:3] + lead:
        assert visit(applicant, path).status_code == 200, path
    for path in own[:3] + desk:
        assert visit(staff, path).status_code == 200, path
    assert visit(viewer, desk[0]).status_code == 200
    assert visit(viewer, desk[1]).status_code == 403
    for path in LISTS[2:4]:
        assert CANARY.encode() in visit(viewer, path.format("tilden")).content, path
        assert visit(applicant, path.format("tilden")).status_code == 403


def test_another_citys_people_find_nothing_under_their_own_address(kept):
    there = make_city("dallas")
    manager = make_member(there, Role.MANAGER)
    own, desk, lead = addresses(kept, "dallas")

    for path in [*own, *desk, *lead]:
        assert visit(manager, path).status_code == 404, path
    for path in LISTS:
        answer = visit(manager, path.format("dallas"))
        assert answer.status_code == 200
        assert CANARY.encode() not in answer.content


def test_a_conflict_of_interest_hides_what_is_not_published(kept, city, manager, staff):
    own, desk, _lead = addresses(kept)
    with city_scope(city):
        for person in (manager, staff):
            Conflict.objects.create(
                application_id=kept["project"].award.application_id,
                person=person,
                kind="family",
                declared_by=manager,
            )

    for person in (manager, staff):
        for path in own + desk:
            assert visit(person, path).status_code == 403, path
        for path in LISTS:
            assert CANARY.encode() not in visit(person, path.format("tilden")).content, path
        deed = f"/tilden/staff/projects/updates/{kept['update'].pk}/publish/"
        assert visit(person, deed, yes="1").status_code == 403


def test_staff_publish_nothing_about_a_project_of_their_own(city, staff):
    with city_scope(city):
        project = make_project(applicant=staff)
        update = make_update(project)

    for deed in ("publish", "hide"):
        path = f"/tilden/staff/projects/updates/{update.pk}/{deed}/"
        assert visit(staff, path, reason="No").status_code == 403
    assert visit(staff, f"/tilden/staff/projects/{project.pk}/show/", yes="1").status_code == 403
    assert "A colleague decides" in visit(staff, "/tilden/staff/projects/").content.decode()


def test_a_published_project_shows_what_is_out_and_nothing_that_waits(half):
    project = half["project"].pk
    for person in (Client(), None):
        client = person or Client()
        for path in (
            f"/tilden/projects/{project}/",
            f"/api/v1/cities/tilden/projects/{project}/",
            "/tilden/projects/",
        ):
            assert CANARY.encode() not in client.get(path).content
    assert b"Is out" in Client().get(f"/tilden/projects/{project}/").content


@pytest.mark.parametrize("which", ["waiting", "hidden"])
def test_a_photo_that_is_not_out_is_not_shown_of_a_published_project(half, city, which):
    with city_scope(city):
        photo, out = half[which].photos.get(), half["out"].photos.get()

    for small in ("", "small/"):
        path = f"/tilden/projects/photos/{photo.pk}/{small}"
        assert Client().get(path).status_code == 302
        assert visit(UserFactory(), path).status_code == 403
        assert Client().get(f"/tilden/projects/photos/{out.pk}/{small}").status_code == 200


def test_a_removed_update_is_gone_for_everybody(city, staff):
    with city_scope(city):
        project = make_project()
        update = make_update(project, photos=1)
        photo = update.photos.get()
        remove_update(update.pk, actor=project.lead)

    for person in (project.lead, staff):
        assert visit(person, f"/tilden/projects/photos/{photo.pk}/").status_code == 404
    assert visit(staff, f"/tilden/staff/projects/updates/{update.pk}/hide/").status_code == 302
