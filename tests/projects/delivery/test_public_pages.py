"""What everybody sees, and what the lead sees besides."""

from datetime import timedelta
from functools import partial

import pytest
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from cities.places.models import Area
from cities.tenancy.scopes import city_scope
from grants.awards.models import Award
from projects.delivery.actions import set_project_status, unpublish_project
from projects.delivery.actions.updates import MOST_PHOTOS
from projects.delivery.models import Photo, Project, Update
from projects.delivery.states import Status, UpdateStatus
from tests.cities.access.test_kept_forms import enter, send_form
from tests.factories import UserFactory
from tests.grants.applications.uploads.making import geotagged, pdf, picture
from tests.grants.payments.visiting import visit
from tests.queries import count_statements

from .factories import make_project, make_update, yesterday

SQUARE = {"type": "Polygon", "coordinates": [[[-76.6, 39.2], [-76.5, 39.2], [-76.5, 39.3], [-76.6, 39.2]]]}


def sentences(answer):
    return [message.message for message in get_messages(answer.wsgi_request)]


def shown(client, path="/tilden/projects/"):
    return client.get(path).content.decode()


def published(city, **fields):
    with city_scope(city):
        return make_project(published=True, **fields)


def test_the_list_shows_what_is_published_with_place_and_cover(city, client):
    with city_scope(city):
        Area.objects.create(name="Eastside", geometry=SQUARE)
        project = make_project(
            title="Corner garden", neighborhood="Eastside", group_name="Neighbors", place_at=(39.25, -76.55)
        )
        make_update(project, UpdateStatus.PUBLISHED, photos=1)
        cover = Photo.objects.get().pk
        make_project(title="Kept back", neighborhood="Westside")

    page = shown(client)

    assert "Corner garden" in page
    assert "1 update" in page
    assert f"/tilden/projects/photos/{cover}/small/" in page
    assert "On the map" in page
    assert "Kept back" not in page
    assert "Westside" not in page


def test_the_filter_stands_in_the_address(city, client, staff):
    garden = published(city, title="Corner garden", neighborhood="Eastside")
    published(city, title="Mural", neighborhood="Westside")
    with city_scope(city):
        set_project_status(garden.pk, status=Status.FINISHED, actor=staff)

    assert "Mural" not in shown(client, "/tilden/projects/?neighborhood=Eastside")
    assert "Corner garden" in shown(client, "/tilden/projects/?status=finished")
    assert "Mural" not in shown(client, "/tilden/projects/?status=finished")
    assert "No project here yet" in shown(client, "/tilden/projects/?neighborhood=Nowhere")
    assert "Mural" in shown(client, "/tilden/projects/?status=nonsense&after=nonsense")


def test_an_empty_list_says_how_to_get_a_grant(city, client):
    assert "See how to get a grant" in shown(client)


def test_the_front_page_of_a_city_leads_to_its_projects(city, client):
    assert 'href="/tilden/projects/"' in shown(client, "/tilden/")


def test_pages_follow_each_other_without_losing_a_project(city, client, monkeypatch):
    monkeypatch.setattr("projects.delivery.queries.PER_PAGE", 2)
    with city_scope(city):
        for number in range(5):
            make_project(published=True, title=f"Project {number}")

    seen, address = [], "/tilden/projects/"
    while address:
        answer = client.get(address)
        seen += [row["title"] for row in answer.context["rows"]]
        after = answer.context["list"].page.after
        address = f"/tilden/projects/?after={after}" if after else ""

    assert seen == [f"Project {number}" for number in range(4, -1, -1)]


def test_a_cursor_behind_which_nothing_is_left_leads_to_the_beginning(city, client, staff, monkeypatch):
    monkeypatch.setattr("projects.delivery.queries.PER_PAGE", 1)
    with city_scope(city):
        for _ in range(2):
            make_update(make_project(published=True, neighborhood="Eastside"))

    for path, person in (
        ("/tilden/projects/", None),
        ("/tilden/staff/projects/", staff),
        ("/tilden/staff/projects/all/", staff),
    ):
        ask = client.get if person is None else partial(visit, person)
        context = ask(path).context
        after = context["queue" if path.endswith("staff/projects/") else "list"].page.after
        last = ask(f"{path}?neighborhood=Eastside&after={after}").context
        beyond = (last["queue"] if path.endswith("staff/projects/") else last["list"]).page.before
        end = f"{path}?neighborhood=Eastside&after={beyond}"
        assert ask(end)["Location"] == f"{path}?neighborhood=Eastside"
        assert ask(f"{path}?neighborhood=Westside").status_code == 200


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_takes_as_many_statements_for_one_project_as_for_three(city, client, count):
    with city_scope(city):
        for number in range(count):
            project = make_project(
                title=f"Project {number}", neighborhood=f"Side {number}", place_at=(39.2, -76.5)
            )
            make_update(project, UpdateStatus.PUBLISHED, photos=1)

    with count_statements() as statements:
        page = shown(client)

    assert page.count("card__title") == count
    # The city, the scope opened and closed, cards, neighborhoods, places.
    assert len(statements) == 6


@pytest.mark.parametrize("count", [1, 3])
def test_a_project_takes_as_many_statements_for_one_update_as_for_three(city, client, count):
    with city_scope(city):
        project = make_project(place_at=(39.2, -76.5))
        for _ in range(count):
            make_update(project, UpdateStatus.PUBLISHED, photos=count)

    with count_statements() as statements:
        page = shown(client, f"/tilden/projects/{project.pk}/")

    assert page.count("<article") == count
    # The city, the scope opened and closed, the project, its updates, their photos.
    assert len(statements) == 6


def test_a_project_tells_its_story_place_money_and_what_comes_next(city, client):
    with city_scope(city):
        project = make_project(title="Corner garden", group_name="Tilden Neighbors", place_at=(39.2, -76.5))
        make_update(project, UpdateStatus.PUBLISHED, text="We planted six trees.", photos=1)

    page = shown(client, f"/tilden/projects/{project.pk}/")

    for words in ("We planted six trees.", "Tilden Neighbors", "$1,200", "What comes next", "312 555 0100"):
        assert words in page
    assert 'alt="Six neighbors plant a tree"' in page
    assert "Add an update" not in page
    assert project.lead.email not in page


def test_what_went_back_to_the_pool_is_no_grant(city, client, staff):
    project = published(city)
    with city_scope(city):
        Award.objects.filter(pk=project.award_id).update(released_cents=50_000)

    page = shown(client, f"/tilden/projects/{project.pk}/")
    read = client.get(f"/api/v1/cities/tilden/projects/{project.pk}/").json()
    (row,) = client.get("/api/v1/cities/tilden/projects/").json()["results"]

    assert "$700" in page
    assert "$1,200" not in page
    for found in (read, row):
        assert (found["awarded_cents"], found["released_cents"]) == (120_000, 50_000)
    for path in ("all/", f"{project.pk}/"):
        assert "$700.00" in visit(staff, f"/tilden/staff/projects/{path}").content.decode()


def test_a_planned_project_whose_last_day_is_over_doesnt_get_ready_any_more(city, client):
    project = published(city)
    with city_scope(city):
        Project.objects.update(ends_on=yesterday() - timedelta(days=1))

    page = shown(client, f"/tilden/projects/{project.pk}/")

    assert "We do not know yet how it went." in page
    assert "get ready" not in page


def test_a_page_that_was_taken_off_tells_strangers_so_and_its_lead_no_falsehoods(city, client, staff):
    project = published(city, title="Corner garden")
    path = f"/tilden/projects/{project.pk}/"
    with city_scope(city):
        unpublish_project(project.pk, reason="A family asked", actor=staff)

    for answer in (client.get(path), visit(UserFactory(), path)):
        assert answer.status_code == 404
        assert "This page is not shown now" in answer.content.decode()
        assert "Corner garden" not in answer.content.decode()
    assert f"?next={path}" in client.get(path).content.decode()
    assert "We wrote to you why." in visit(project.lead, path).content.decode()
    assert "This page was taken off" in visit(staff, path).content.decode()

    asked = visit(project.lead, f"{path}updates/new/").content.decode()
    sent = visit(project.lead, f"{path}updates/new/", **told())
    assert "shows it to everybody" not in asked
    assert "Everybody can then see" not in asked
    assert sentences(sent) == [
        "Thank you. The city looks at it. Your page is not shown now, so nobody else sees it yet."
    ]


def test_nobody_is_led_to_a_door(city, client):
    project = published(city, title="Corner garden", place_at=(39.207243, -76.512388))

    for path in ("/tilden/projects/", f"/tilden/projects/{project.pk}/"):
        assert "39.207," in shown(client, path)
        assert "39.2072" not in shown(client, path)
    read = client.get(f"/api/v1/cities/tilden/projects/{project.pk}/").json()
    assert (read["latitude"], read["longitude"]) == (39.207, -76.512)


def test_who_tells_reads_what_everybody_will_see(city):
    garden, mural = published(city, place="12 Elm St"), published(city)

    page = visit(garden.lead, f"/tilden/projects/{garden.pk}/updates/new/").content.decode()
    other = visit(mural.lead, f"/tilden/projects/{mural.pk}/updates/new/").content.decode()

    assert "your group and this place: 12 Elm St." in page
    assert "the name of your project and your group." in other


def test_the_lead_sees_what_waits_and_why_something_is_hidden(city):
    with city_scope(city):
        project = make_project()
        make_update(project, text="Waits for the city")
        make_update(project, UpdateStatus.HIDDEN, text="Was hidden")
        make_update(project, UpdateStatus.REMOVED, text="Was taken back")

    page = visit(project.lead, f"/tilden/projects/{project.pk}/").content.decode()

    assert "Add an update" in page
    assert "Waits for the city" in page
    assert "Faces of children" in page
    assert "Was taken back" not in page
    assert page.count("Take it back") == 2


def test_words_with_markup_stay_words(city, client):
    with city_scope(city):
        project = make_project(title="<script>alert(1)</script>", place_at=(39.2, -76.5))
        make_update(project, UpdateStatus.PUBLISHED, text="<script>alert(2)</script>")

    for path in ("/tilden/projects/", f"/tilden/projects/{project.pk}/"):
        assert "<script>alert" not in shown(client, path)


def test_an_award_leads_to_its_project(city):
    with city_scope(city):
        project = make_project()

    answer = visit(project.lead, f"/tilden/projects/of/{project.award_id}/")

    assert answer["Location"] == f"/tilden/projects/{project.pk}/"
    assert visit(UserFactory(), f"/tilden/projects/of/{project.award_id}/").status_code == 403
    assert visit(project.lead, f"/tilden/projects/of/{project.pk}/").status_code == 404


# -- Telling ---------------------------------------------------------------------------------------------------------------
def told(**changes):
    return {"text": "We planted six trees.", "happened_on": yesterday().isoformat(), **changes}


def file(content, name="IMG_1.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_the_lead_tells_what_happened_with_photos_and_their_words(city):
    project = published(city)
    address = f"/tilden/projects/{project.pk}/updates/new/"
    photos = {
        "photo_1": file(geotagged()),
        "alt_1": "Six trees",
        "photo_3": file(picture("PNG")),
        "alt_3": "",
    }

    asked = visit(project.lead, address).content.decode()
    sent = visit(project.lead, address, **told(**photos))

    assert f'name="photo_{MOST_PHOTOS}"' in asked
    assert sent["Location"] == f"/tilden/projects/{project.pk}/"
    with city_scope(city):
        update = Update.objects.get()
        rows = list(Photo.objects.order_by("position"))
    assert (update.status, update.happened_on) == (UpdateStatus.WAITING, yesterday())
    assert [(row.alt, row.content_type) for row in rows] == [("Six trees", "image/jpeg"), ("", "image/jpeg")]
    kept = b"".join(visit(project.lead, f"/tilden/projects/photos/{rows[0].pk}/").streaming_content)
    assert b"Phone of Odessa Rhee" not in kept
    assert b"GPS" not in kept


def test_an_update_sent_again_is_thanked_for_again_and_told_once(city):
    project = published(city)
    address = f"/tilden/projects/{project.pk}/updates/new/"

    answers = [visit(project.lead, address, **told(photo_1=file(geotagged()), alt_1="Trees")) for _ in "12"]

    assert {answer["Location"] for answer in answers} == {f"/tilden/projects/{project.pk}/"}
    with city_scope(city):
        assert (Update.objects.count(), Photo.objects.count()) == (1, 1)


def test_an_update_sent_signed_out_comes_back_without_its_photos_and_is_not_told_yet(city, client):
    project = published(city)
    address = f"/tilden/projects/{project.pk}/updates/new/"
    client.post(address, told(photo_1=file(geotagged()), alt_1="Trees"))
    enter(client, project.lead.email)
    page = client.get("/accounts/kept/").content.decode()
    action, fields = send_form(page)

    opened = client.post(action, {**fields, "lost_files": "1"})
    shown_again = client.post(opened["Location"], {**fields, "lost_files": "1"})

    assert 'name="lost_files" value="1"' in page
    assert "Open the form with it" in page
    assert (opened.status_code, shown_again.status_code) == (307, 422)
    assert "We planted six trees." in shown_again.content.decode()
    assert "Your photos could not be kept." in shown_again.content.decode()
    assert 'name="lost_files"' not in shown_again.content.decode()
    with city_scope(city):
        assert not Update.objects.exists()
    assert client.post(address, told(alt_1="Trees")).status_code == 302


def test_a_line_counts_once_as_on_the_pages_counter(city):
    project = published(city)
    address = f"/tilden/projects/{project.pk}/updates/new/"

    sent = visit(project.lead, address, **told(text="\r\n".join(["a" * 1999, "b" * 2000])))
    long = visit(project.lead, address, **told(text="\r\n".join(["a" * 2000, "b" * 2000])))

    assert (sent.status_code, long.status_code) == (302, 422)
    with city_scope(city):
        assert Update.objects.get().text == "a" * 1999 + "\n" + "b" * 2000


def test_an_update_with_a_fault_comes_back_with_its_words(city):
    project = published(city)
    address = f"/tilden/projects/{project.pk}/updates/new/"
    tomorrow = (timezone.localdate() + timedelta(days=2)).isoformat()

    early = visit(project.lead, address, **told(happened_on=tomorrow))
    paper = visit(project.lead, address, **told(photo_2=file(pdf(), "plan.pdf")))
    words = visit(project.lead, address, **told(photo_1=file(b"hello")))
    empty = visit(project.lead, address, **told(text=""))

    assert {answer.status_code for answer in (early, paper, words, empty)} == {422}
    assert "happened_on" in early.context["form"].errors
    assert "photo_2" in paper.context["form"].errors
    assert "photo_1" in words.context["form"].errors
    assert "We planted six trees." in paper.content.decode()
    assert "choose your photos again" in paper.content.decode()
    with city_scope(city):
        assert not Update.objects.exists()


def test_only_the_lead_tells(city, staff):
    project = published(city)
    address = f"/tilden/projects/{project.pk}/updates/new/"

    for person in (UserFactory(), staff):
        assert visit(person, address).status_code == 403
        assert visit(person, address, **told()).status_code == 403
    assert Client().get(address)["Location"].startswith("/accounts/login/")
    assert visit(project.lead, f"/tilden/projects/{project.award_id}/updates/new/").status_code == 404
    with city_scope(city):
        assert not Update.objects.exists()


def test_the_lead_takes_an_update_back_and_not_a_published_one(city):
    with city_scope(city):
        project = make_project()
        waiting, out = make_update(project), make_update(project, UpdateStatus.PUBLISHED)

    asked = visit(project.lead, f"/tilden/projects/updates/{waiting.pk}/remove/")
    done = visit(project.lead, f"/tilden/projects/updates/{waiting.pk}/remove/", yes="1")
    refused = visit(project.lead, f"/tilden/projects/updates/{out.pk}/remove/", yes="1")

    assert (asked.status_code, done.status_code, refused.status_code) == (200, 302, 302)
    assert sentences(refused) == ["Somebody was faster: this update is “Published” now."]
    for gone in (out, waiting):
        asked = visit(project.lead, f"/tilden/projects/updates/{gone.pk}/remove/")
        assert asked["Location"] == f"/tilden/projects/{project.pk}/"
    assert visit(UserFactory(), f"/tilden/projects/updates/{out.pk}/remove/").status_code == 403
    with city_scope(city):
        assert Project.objects.get().waiting_count == 0
        assert {row.status for row in Update.objects.all()} == {UpdateStatus.REMOVED, UpdateStatus.PUBLISHED}


# -- Photos ------------------------------------------------------------------------------------------------------------------
def test_a_public_photo_stays_in_a_browser_for_minutes_and_others_never(city, client):
    with city_scope(city):
        project = make_project()
        out = make_update(project, UpdateStatus.PUBLISHED, photos=2).photos.get(position=0)
        kept = make_update(project, photos=2).photos.get(position=0)
        assert out.name == "photo 0.jpg"

    for small in ("", "small/"):
        answer = client.get(f"/tilden/projects/photos/{out.pk}/{small}")
        private = visit(project.lead, f"/tilden/projects/photos/{kept.pk}/{small}")
        assert (answer.status_code, private.status_code) == (200, 200)
        assert answer["Cache-Control"] == "private, max-age=300"
        assert 'filename="photo-1.jpg"' in answer["Content-Disposition"]
        assert private["Cache-Control"] == "private, no-store"
        for each in (answer, private):
            assert "sandbox" in each["Content-Security-Policy"]
            assert each["X-Content-Type-Options"] == "nosniff"
    assert (
        b"".join(client.get(f"/tilden/projects/photos/{out.pk}/small/").streaming_content) == b"small photo 0"
    )
