"""The same deeds over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cities.tenancy.scopes import city_scope
from projects.delivery.models import Photo, Project, Update
from projects.delivery.queries import PER_PAGE
from projects.delivery.states import Status, UpdateStatus
from tests.factories import UserFactory
from tests.grants.applications.uploads.making import pdf, picture
from tests.people import sign_in
from tests.queries import count_statements

from .factories import make_project, make_update, yesterday

API = "/api/v1/cities/tilden"


@pytest.fixture
def project(city):
    with city_scope(city):
        return make_project(title="Corner garden", published=True, neighborhood="Eastside")


def as_person(user):
    return sign_in(Client(), user)


def send(user, project, **changes):
    told = {"text": "We planted.", "happened_on": yesterday().isoformat(), **changes}
    return as_person(user).post(f"{API}/projects/{project.pk}/updates/", told)


def photo(content=b""):
    return SimpleUploadedFile("one.jpg", content or picture(), content_type="image/jpeg")


def test_everybody_reads_published_projects(city, project):
    with city_scope(city):
        make_update(project, UpdateStatus.PUBLISHED, photos=1, text="Out")
        make_update(project, text="Waits")
        make_project(title="Kept back")

    found = Client().get(f"{API}/projects/").json()
    one = Client().get(f"{API}/projects/{project.pk}/").json()

    assert [(row["title"], row["awarded_cents"]) for row in found["results"]] == [("Corner garden", 120_000)]
    assert [update["text"] for update in one["updates"]] == ["Out"]
    assert "reason" not in one["updates"][0]
    assert Client().get(one["updates"][0]["photos"][0]["small"]).status_code == 200
    assert Client().get(f"{API}/projects/?neighborhood=Westside").json()["results"] == []


def test_the_lead_tells_with_photos_reads_it_and_takes_it_back(city, project):
    answer = send(project.lead, project, photos=[photo(), photo()], alts=["Six trees"])

    body = answer.json()
    assert (answer.status_code, body["status"], [row["alt"] for row in body["photos"]]) == (
        201,
        "waiting",
        ["Six trees", ""],
    )
    lead = as_person(project.lead)
    assert [row["id"] for row in lead.get(f"{API}/projects/{project.pk}/updates/").json()] == [body["id"]]
    assert lead.delete(f"{API}/projects/updates/{body['id']}/").status_code == 204
    assert lead.delete(f"{API}/projects/updates/{body['id']}/").status_code == 409


def test_an_update_whose_answer_was_lost_can_be_sent_again(city, project):
    first, again = (send(project.lead, project, photos=[photo()], alts=["Six trees"]) for _ in "12")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json() == first.json()
    with city_scope(city):
        assert Update.objects.count() == 1


def test_refusals_come_with_their_sentence_and_leave_nothing(city, project):
    paper = send(project.lead, project, photos=[photo(pdf())])
    early = send(project.lead, project, happened_on="2999-01-01")
    many = send(project.lead, project, photos=[photo() for _ in range(9)])
    stranger = send(UserFactory(), project)

    assert (paper.status_code, paper.json()["field"]) == (422, "photos")
    assert (early.status_code, early.json()["field"]) == (422, "happened_on")
    assert (many.status_code, stranger.status_code) == (400, 403)
    assert Client().post(f"{API}/projects/{project.pk}/updates/", {"text": "x"}).status_code == 401
    with city_scope(city):
        assert (Update.objects.count(), Photo.objects.count()) == (0, 0)


def test_staff_publish_and_hide(city, project, staff, viewer):
    with city_scope(city):
        update = make_update(project)
    desk, path = as_person(staff), f"{API}/desk/project-updates/{update.pk}"

    waiting = desk.get(f"{API}/desk/project-updates/").json()
    assert [row["id"] for row in waiting["results"]] == [str(update.pk)]
    assert (waiting["after"], waiting["before"]) == ("", "")
    assert desk.post(f"{path}/publication/").json()["status"] == "published"
    assert desk.post(f"{path}/publication/").status_code == 409
    assert desk.post(f"{path}/hiding/", {}, content_type="application/json").status_code == 400
    said = {"reason": "A child’s face"}
    assert desk.post(f"{path}/hiding/", said, content_type="application/json").json()["status"] == "hidden"
    assert as_person(viewer).post(f"{path}/publication/").status_code == 403


def test_what_waits_is_read_page_by_page(city, project, staff):
    with city_scope(city):
        told = [str(make_update(project, text=f"{number}").pk) for number in range(PER_PAGE + 2)]
    desk, path = as_person(staff), f"{API}/desk/project-updates/"

    with count_statements() as statements:
        first = desk.get(path).json()
    with count_statements() as fewer:
        second = desk.get(path, {"after": first["after"]}).json()
    back = desk.get(path, {"before": second["before"]}).json()

    assert [row["id"] for row in first["results"] + second["results"]] == told
    assert (first["before"], second["after"], back) == ("", "", first)
    assert len(statements) == len(fewer)


def test_a_decision_sends_back_what_was_looked_at_if_it_likes(city, project, staff, manager):
    with city_scope(city):
        update = make_update(project)
    desk, path = as_person(staff), f"{API}/desk/project-updates/{update.pk}"
    seen = desk.get(f"{API}/desk/project-updates/").json()["results"][0]["seen"]

    hidden = as_person(manager).post(
        f"{path}/hiding/", {"reason": "Faces", "seen": seen}, content_type="application/json"
    )
    late = desk.post(f"{path}/publication/", {"seen": seen}, content_type="application/json")
    fresh = desk.post(
        f"{path}/publication/", {"seen": hidden.json()["seen"]}, content_type="application/json"
    )
    again = desk.post(f"{path}/hiding/", {"reason": "No", "seen": seen}, content_type="application/json")

    assert [answer.status_code for answer in (hidden, late, fresh, again)] == [200, 409, 200, 409]


def test_a_change_of_a_project_sends_back_what_was_looked_at_if_it_likes(city, project, staff):
    path, desk = f"{API}/desk/projects/{project.pk}/", as_person(staff)
    seen = desk.get(path).json()["seen"]

    def change(**wanted):
        return desk.patch(path, wanted, content_type="application/json")

    assert change(status="planned", is_shown=False, reason="Faces", seen=seen).status_code == 200
    late = change(status="planned", is_shown=True, seen=seen)
    assert (late.status_code, desk.get(path).json()["published_at"]) == (409, None)
    assert change(status="finished", is_shown=True, seen=desk.get(path).json()["seen"]).status_code == 200


def test_staff_correct_what_the_public_page_says(city, project, staff):
    path = f"{API}/desk/projects/{project.pk}/"
    words = {"title": "Garden", "group_name": "", "place": "Elm and 5th", "is_on_map": False}

    changed = as_person(staff).patch(path, words, content_type="application/json")

    assert (changed.status_code, changed.json()["place"]) == (200, "Elm and 5th")
    assert Client().get(f"{API}/projects/{project.pk}/").json()["title"] == "Garden"


def test_staff_say_how_far_it_is_and_who_sees_it(city, project, staff):
    path = f"{API}/desk/projects/{project.pk}/"
    changed = as_person(staff).patch(
        path,
        {"status": "finished", "is_shown": False, "reason": "Faces"},
        content_type="application/json",
    )
    bare = as_person(staff).patch(path, {"is_shown": True}, content_type="application/json")
    assert bare.status_code == 200
    bare = as_person(staff).patch(path, {"is_shown": False}, content_type="application/json")
    assert (bare.status_code, bare.json()["field"]) == (422, "reason")
    as_person(staff).patch(path, {"is_shown": False, "reason": "Faces"}, content_type="application/json")

    assert (changed.json()["status"], changed.json()["published_at"]) == ("finished", None)
    with city_scope(city):
        assert Project.objects.get().status == Status.FINISHED
    assert (
        as_person(staff).patch(path, {"status": "gone"}, content_type="application/json").status_code == 400
    )
    stopped = as_person(staff).patch(path, {"status": "stopped"}, content_type="application/json")
    assert (stopped.status_code, stopped.json()["field"]) == (409, "status")
    rows = as_person(staff).get(f"{API}/desk/projects/?shown=no").json()["results"]
    assert [(row["id"], row["published_at"]) for row in rows] == [(str(project.pk), None)]
