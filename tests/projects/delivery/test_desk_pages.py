"""The desk: what waits to be published, and all projects."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from cities.interface.waiting import waiting_for
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from projects.delivery.actions import publish_project, remove_update, unpublish_project
from projects.delivery.models import Project, Update
from projects.delivery.states import Status, UpdateStatus
from tests.factories import UserFactory
from tests.grants.payments.visiting import visit
from tests.people import sign_in
from tests.queries import count_statements

from .factories import make_project, make_update

DESK = "/tilden/staff/projects/"


@pytest.fixture
def waiting(city):
    with city_scope(city):
        return make_update(make_project(title="Corner garden"), photos=2, text="We planted six trees.")


def now(row, city):
    with city_scope(city):
        row.refresh_from_db()
    return row


def test_what_waits_is_listed_with_its_photos_the_longest_waiting_first(city, staff, waiting):
    with city_scope(city):
        make_update(make_project(title="Mural"), text="A first sketch.")
        make_update(make_project(title="Bench"), UpdateStatus.PUBLISHED, text="Out already.")

    answer = visit(staff, DESK)
    page = answer.content.decode()

    assert [update.text for update, _may in answer.context["rows"]] == [
        "We planted six trees.",
        "A first sketch.",
    ]
    assert page.count("/small/") == 2
    assert page.count('value="queue"') == 4
    assert "Out already." not in page
    assert "data-queue" in page


def test_publishing_shows_the_update_and_goes_on_in_the_queue(city, staff, waiting):
    done = visit(staff, f"{DESK}updates/{waiting.pk}/publish/", **{"from": "queue"})

    assert done["Location"] == DESK
    assert now(waiting, city).status == UpdateStatus.PUBLISHED
    assert "No update waits" in visit(staff, DESK).content.decode()


def test_publishing_twice_tells_that_somebody_was_faster(staff, waiting):
    path = f"{DESK}updates/{waiting.pk}/publish/"
    visit(staff, path, yes="1")

    again = visit(staff, path, yes="1")

    assert again.status_code == 409
    assert "Somebody was faster" in again.content.decode()


def seen_on(page, update):
    """The ticket that a page's forms send back with a decision about an update."""
    return next(row.seen for row, _may in page.context["rows"] if row.pk == update.pk)


def test_an_old_page_doesnt_publish_what_a_colleague_hid(city, staff, manager, waiting):
    seen = seen_on(visit(staff, DESK), waiting)
    assert f'name="seen" value="{seen}"' in visit(staff, DESK).content.decode()
    visit(manager, f"{DESK}updates/{waiting.pk}/hide/", reason="A child’s face", seen=seen)

    late = visit(staff, f"{DESK}updates/{waiting.pk}/publish/", seen=seen)

    assert late.status_code == 409
    assert "Somebody was faster: this update is “Hidden” now." in late.content.decode()
    assert "A child’s face" in late.content.decode()
    assert now(waiting, city).status == UpdateStatus.HIDDEN

    visit(staff, f"{DESK}updates/{waiting.pk}/publish/", seen=late.context["rows"][0]["update"].seen)
    assert now(waiting, city).status == UpdateStatus.PUBLISHED


def test_an_old_page_doesnt_hide_what_a_colleague_published_before_it_is_looked_at_again(
    city, staff, manager, waiting
):
    seen, path = seen_on(visit(staff, DESK), waiting), f"{DESK}updates/{waiting.pk}/hide/"
    visit(manager, f"{DESK}updates/{waiting.pk}/publish/", seen=seen)

    late = visit(staff, path, reason="A child’s face", seen=seen)

    assert late.status_code == 409
    assert "Somebody was faster: this update is “Published” now." in late.content.decode()
    assert "A child’s face" in late.content.decode()
    assert now(waiting, city).status == UpdateStatus.PUBLISHED

    visit(staff, path, reason="A child’s face", seen=late.context["seen"])
    assert now(waiting, city).status == UpdateStatus.HIDDEN


def test_words_that_are_corrected_keep_the_ticket_of_their_page(city, staff, manager, waiting):
    seen, path = seen_on(visit(staff, DESK), waiting), f"{DESK}updates/{waiting.pk}/hide/"
    visit(manager, f"{DESK}updates/{waiting.pk}/publish/", seen=seen)

    corrected = visit(staff, path, reason=" ", seen=seen)

    assert visit(staff, path, reason="No", seen=corrected.context["seen"]).status_code == 409
    assert now(waiting, city).status == UpdateStatus.PUBLISHED


def test_a_decision_about_an_update_that_was_taken_back_says_so(city, staff, waiting):
    with city_scope(city):
        remove_update(waiting.pk, actor=waiting.author)

    for deed in ("publish", "hide"):
        late = visit(staff, f"{DESK}updates/{waiting.pk}/{deed}/", reason="No")
        assert late.status_code == 409
        assert "this update is “Taken back” now." in late.content.decode()
        assert 'name="reason"' not in late.content.decode()
    assert visit(staff, f"{DESK}updates/{waiting.pk}/hide/")["Location"] == f"{DESK}{waiting.project_id}/"


def test_an_old_page_of_a_project_shows_it_to_nobody_takes_nothing_off_and_ends_nothing(city, staff, manager):
    with city_scope(city):
        project = make_project(title="Corner garden")
    path = f"{DESK}{project.pk}/"
    first = visit(staff, path).context["project"].seen
    visit(manager, f"{path}show/", seen=first)
    second = visit(staff, f"{path}hide/").context["project"].seen
    visit(manager, f"{path}hide/", reason="Faces", seen=second)

    late = [
        visit(staff, f"{path}show/", seen=first),
        visit(staff, f"{path}status/", seen=first, status="finished"),
    ]
    assert (now(project, city).published_at, project.status) == (None, Status.PLANNED)
    visit(manager, f"{path}show/", seen=project.seen)
    late.append(visit(staff, f"{path}hide/", reason="Faces", seen=second))

    assert [answer.status_code for answer in late] == [409, 409, 409]
    for answer in late:
        assert "Somebody was faster: this project changed meanwhile." in answer.content.decode()
    assert now(project, city).published_at is not None


def test_publishing_an_update_of_a_project_that_was_taken_off_says_that_nobody_sees_it(city, staff, waiting):
    with city_scope(city):
        publish_project(waiting.project_id, actor=staff)
        unpublish_project(waiting.project_id, reason="Faces", actor=staff)
    path = f"{DESK}updates/{waiting.pk}/publish/"

    before = visit(staff, DESK).content.decode()
    client = sign_in(Client(), staff)
    after = client.post(path, {"from": "project"}, follow=True).content.decode()

    assert "An update doesn’t show it again." in before
    assert "nobody else sees it yet" in after
    assert "Taken off on" in after
    assert now(waiting.project, city).published_at is None


def test_hiding_asks_for_a_reason_and_goes_back_to_the_project(city, staff, waiting):
    path = f"{DESK}updates/{waiting.pk}/hide/"

    asked, bare = visit(staff, path), visit(staff, path, reason="  ")
    done = visit(staff, path, reason="A child’s face", **{"from": "project"})

    assert (asked.status_code, bare.status_code) == (200, 422)
    assert "reason" in bare.context["form"].errors
    assert done["Location"] == f"{DESK}{waiting.project_id}/"
    assert now(waiting, city).reason == "A child’s face"


def test_where_it_is_published_stands_what_the_public_page_says(city, staff):
    with city_scope(city):
        project = make_project(title="Garden", place="12 Elm St", place_at=(41.507243, -81.612388))
        make_update(project)

    for path in (DESK, f"{DESK}{project.pk}/"):
        page = visit(staff, path).content.decode()
        assert "Garden · 12 Elm St · a point on the map" in page
        assert f"{DESK}{project.pk}/page/" in page


@pytest.mark.parametrize("agreed", [True, False])
def test_where_it_is_published_stands_whether_the_grantee_may_be_named(city, staff, agreed):
    with city_scope(city):
        project = make_project(applicant=UserFactory(may_share_story=agreed))
        make_update(project)

    for path in (DESK, f"{DESK}{project.pk}/"):
        page = visit(staff, path).content.decode()
        assert ("with their first name." in page, "Please leave their name out." in page) == (
            agreed,
            not agreed,
        )


def test_what_the_public_page_says_is_corrected_before_anybody_reads_it(city, staff, manager, viewer):
    with city_scope(city):
        project = make_project(title="Garden", place="12 Elm St", place_at=(41.507243, -81.612388))
    path = f"{DESK}{project.pk}/page/"
    words = {"title": "Garden", "group_name": "", "place": "Elm and 5th"}

    asked = visit(staff, path)
    bare = visit(staff, path, **{**words, "title": ""})
    done, again = (visit(staff, path, **words, seen=asked.context["seen"]) for _ in "12")
    late = visit(manager, path, **{**words, "place": "12 Elm St"}, seen=asked.context["seen"])

    assert 'value="12 Elm St"' in asked.content.decode()
    assert [answer.status_code for answer in (bare, late)] == [422, 409]
    assert done["Location"] == again["Location"] == f"{DESK}{project.pk}/"
    assert (now(project, city).place, project.latitude) == ("Elm and 5th", None)
    assert visit(viewer, path, **words).status_code == 403
    assert visit(manager, path, **words, seen=late.context["seen"]).status_code == 302


def test_a_project_without_a_point_is_offered_none(city, staff):
    with city_scope(city):
        project = make_project()

    assert "is_on_map" not in visit(staff, f"{DESK}{project.pk}/page/").content.decode()


def test_a_project_is_shown_and_taken_off(city, staff):
    with city_scope(city):
        project = make_project(title="Corner garden")
    path = f"{DESK}{project.pk}/"

    visit(staff, f"{path}show/", yes="1")
    assert now(project, city).published_at is not None
    asked = visit(staff, f"{path}hide/").content.decode()
    assert "Take this project off the public pages?" in asked
    assert now(project, city).published_at is not None

    bare = visit(staff, f"{path}hide/", reason=" ")
    assert (bare.status_code, now(project, city).published_at is None) == (422, False)
    visit(staff, f"{path}hide/", reason="A family asked for it.")
    assert now(project, city).published_at is None


def test_how_far_a_project_is_is_saved_and_nonsense_refused(city, staff):
    with city_scope(city):
        project = make_project()
    path = f"{DESK}{project.pk}/status/"

    done, nonsense = visit(staff, path, status="finished"), visit(staff, path, status="gone")

    assert (done["Location"], nonsense.status_code) == (f"{DESK}{project.pk}/", 422)
    assert now(project, city).status == Status.FINISHED

    refused = visit(staff, path, status="stopped")

    assert refused.status_code == 409
    assert "This project is finished, so it can’t be stopped." in refused.content.decode()
    assert now(project, city).status == Status.FINISHED


def test_all_projects_are_listed_found_and_filtered(city, viewer):
    with city_scope(city):
        make_project(title="Corner garden", neighborhood="Eastside", published=True)
        make_project(title="Mural", neighborhood="Westside")

    def titles(query):
        return {row["title"] for row in visit(viewer, f"{DESK}all/{query}").context["rows"]}

    assert titles("") == {"Corner garden", "Mural"}
    assert titles("?shown=no") == {"Mural"}
    assert titles("?q=GARDEN") == {"Corner garden"}
    assert titles("?neighborhood=Westside") == {"Mural"}
    assert titles("?status=finished") == set()


def test_a_viewer_reads_and_decides_nothing(viewer, waiting, city):
    page = visit(viewer, DESK).content.decode()

    assert "We planted six trees." in page
    assert 'value="queue"' not in page
    assert visit(viewer, f"{DESK}updates/{waiting.pk}/publish/", yes="1").status_code == 403
    assert visit(viewer, f"{DESK}{waiting.project_id}/status/", status="finished").status_code == 403
    assert now(waiting, city).status == UpdateStatus.WAITING


@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(("path", "statements"), [("", 9), ("all/", 9), ("{project}/", 10)])
def test_statements_stay_the_same_for_one_row_and_for_three(city, staff, count, path, statements):
    with city_scope(city):
        project = make_project(neighborhood="Eastside")
        for _ in range(count):
            make_update(project, photos=count)
            make_update(make_project(neighborhood="Westside"), photos=count)
    client = sign_in(Client(), staff)

    with count_statements() as found:
        assert client.get(DESK + path.format(project=project.pk)).status_code == 200

    assert len(found) == statements


def test_what_waits_on_staff_is_counted_since_the_oldest(city, staff, viewer, manager):
    with city_scope(city):
        first = make_update(make_project())
        make_update(make_project())
        hidden = make_update(make_project())
        make_update(make_project(applicant=staff))
        Update.objects.filter(pk=first.pk).update(created_at=timezone.now() - timedelta(days=3))
        Conflict.objects.create(
            application=hidden.project.award.application, person=staff, kind="family", declared_by=manager
        )
        found = [item for item in waiting_for(staff, city) if item.url == DESK]

        assert [(item.count, item.label) for item in found] == [(2, "project updates to publish")]
        assert found[0].since < timezone.now() - timedelta(days=2)
        assert [item for item in waiting_for(viewer, city) if item.url == DESK] == []
        assert Project.objects.count() == 4
