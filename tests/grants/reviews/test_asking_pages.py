"""The desk's pages about reviews."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cities.access.models import Role
from cities.interface.waiting import waiting_for
from cities.tenancy.scopes import city_scope
from grants.applications.models import Conflict
from grants.reviews.models import Review
from grants.reviews.states import Status
from tests.factories import make_member
from tests.people import sign_in
from tests.queries import count_statements

from .factories import FULL

pytestmark = pytest.mark.django_db
STAFF = "/baltimore/staff/reviews/"


def text(response) -> str:
    return re.sub(r"\s+", " ", response.content.decode())


@pytest.fixture
def manager(client, panel):
    return sign_in(client, panel.manager)


def test_the_table_shows_who_reads_what_and_how_it_goes(manager, panel, application):
    panel.review(application, panel.robert, sent=True)
    panel.review(application, panel.rosa, due_on=timezone.now().date() - timedelta(days=2))
    with city_scope(panel.city):
        from grants.reviews.actions.summary import recount

        recount([application.pk])
    panel.application(title="Corner mural")
    panel.application(title="Not screened yet", status="submitted")

    found = text(manager.get(STAFF))

    for words in (
        "Tilden Street garden",
        "Corner mural",
        "Robert Hale",
        "Late",
        "Nobody yet",
        "1/2",
        "47.5",
        "Outside city hall",
    ):
        assert words in found
    assert "Not screened yet" not in found


def test_the_tabs_narrow_it(manager, panel, application):
    panel.application(title="Corner mural", assigned_count=2, scored_count=1)
    panel.application(title="Sunflower lot", assigned_count=1, scored_count=1)

    names = {
        stage: {
            one
            for one in ("Tilden", "Corner", "Sunflower")
            if one in text(manager.get(STAFF, {"reviews": stage}))
        }
        for stage in ("none", "waiting", "done", "")
    }

    assert names == {
        "none": {"Tilden"},
        "waiting": {"Corner"},
        "done": {"Sunflower"},
        "": {"Tilden", "Corner", "Sunflower"},
    }


def test_a_call_without_points_says_so(manager, panel, application):
    with city_scope(panel.city):
        cycle = panel.form.cycle
        cycle.rubric = {**cycle.rubric, "criteria": []}
        cycle.save()

    assert "nothing to score yet" in text(manager.get(STAFF))


def test_an_empty_city_and_an_empty_call_teach(client, panel):
    sign_in(client, panel.manager)
    assert "Nothing is ready for review yet" in text(client.get(STAFF))

    with city_scope(panel.city):
        panel.form.cycle.applications.all().delete()
        panel.form.delete()
        panel.form.cycle.delete()
    assert "No call has opened yet" in text(client.get(STAFF))


def pick(manager, *applications, **more):
    data = {"selected": [one.pk for one in applications], "address": "", **more}
    return manager.post(f"{STAFF}assign/", data)


def test_ticked_rows_are_assigned_to_everybody_picked(manager, panel, application):
    other = panel.application(title="Corner mural")
    asked = text(pick(manager, application, other))
    done = pick(manager, application, other, way="all", reviewers=[panel.robert.pk, panel.rosa.pk])

    assert "Who reviews these 2 applications?" in asked
    assert "Robert Hale, from outside (0 to do)" in asked
    assert done.status_code == 302
    assert panel.now(application).assigned_count == 2


def test_sharing_out_evenly_is_one_button(manager, panel):
    applications = [panel.application() for _ in range(4)]

    pick(manager, *applications, way="share", each=1, reviewers=[panel.robert.pk, panel.rosa.pk])

    with city_scope(panel.city):
        assert [Review.objects.filter(reviewer=one).count() for one in (panel.robert, panel.rosa)] == [2, 2]


def test_a_link_takes_all_of_the_filter(manager, panel, application):
    panel.application(title="Corner mural", neighborhood="Oliver")

    found = text(manager.get(f"{STAFF}assign/", {"neighborhood": "Oliver"}))

    assert "Corner mural" in found
    assert "Tilden" not in found


def test_nothing_ticked_is_nothing_and_not_everything(manager, panel, application):
    for answer in (pick(manager), pick(manager, way="all", reviewers=[panel.robert.pk])):
        assert answer["Location"] == STAFF
    assert panel.now(application).assigned_count == 0


def test_what_cannot_be_assigned_is_said_and_a_refusal_comes_back(manager, panel, application):
    decided = panel.application(title="Decided", status="awarded")
    panel.conflict(application, panel.robert)

    first = text(pick(manager, application, decided))
    nobody = pick(manager, application, way="all")
    refused = pick(manager, application, way="all", reviewers=[panel.robert.pk])
    gone = pick(manager, application, decided, way="all", reviewers=[panel.rosa.pk])

    assert "1 of the ticked rows can’t be assigned" in first
    assert (nobody.status_code, refused.status_code, gone.status_code) == (422, 422, 422)
    assert "Pick at least one reviewer." in text(nobody)
    assert "because of a conflict of interest" in text(refused)
    assert panel.now(application).assigned_count == 0


def test_one_applications_reviews_word_by_word(manager, panel, application):
    panel.review(application, panel.robert, sent=True, words=FULL["words"], comment="Well thought out.")
    panel.review(application, panel.rosa)

    found = text(manager.get(f"{STAFF}applications/{application.pk}/"))

    for words in (
        "Community impact",
        "25 / 30",
        "Many neighbors.",
        "Well thought out.",
        "Take off",
        "Give back to change",
    ):
        assert words in found


def test_others_points_stay_hidden_until_ones_own_are_in(client, panel, application):
    panel.review(application, panel.robert, sent=True, comment="CANARY")
    mine = panel.review(application, panel.staff)
    sign_in(client, panel.staff)

    before = text(client.get(f"{STAFF}applications/{application.pk}/")) + text(client.get(STAFF))
    with city_scope(panel.city):
        Review.objects.filter(pk=mine.pk).update(
            status=Status.SUBMITTED, total=40, submitted_at=timezone.now()
        )
    after = text(client.get(f"{STAFF}applications/{application.pk}/"))

    assert "CANARY" not in before
    assert "47.5" not in before
    assert "CANARY" in after


def test_a_review_is_taken_off_and_given_back(manager, panel, application):
    to_do, sent = panel.review(application, panel.robert), panel.review(application, panel.rosa, sent=True)

    manager.post(f"{STAFF}{to_do.pk}/release/")
    manager.post(f"{STAFF}{sent.pk}/return/")
    late = manager.post(f"{STAFF}{to_do.pk}/release/")

    assert (panel.now(to_do).status, panel.now(sent).status) == (Status.RELEASED, Status.ASSIGNED)
    assert late.status_code == 409
    assert "Taken off" in text(late)


def test_a_manager_notes_and_lifts_somebodys_conflict(manager, panel, application):
    page = f"{STAFF}applications/{application.pk}/"
    refused = manager.post(f"{page}conflicts/", {"other-kind": "family"})
    manager.post(f"{page}conflicts/", {"other-person": panel.robert.pk, "other-kind": "family"})
    twice = manager.post(f"{page}conflicts/", {"other-person": panel.robert.pk, "other-kind": "family"})
    with city_scope(panel.city):
        conflict = Conflict.objects.get()
    shown = text(manager.get(page))
    manager.post(f"{STAFF}conflicts/{conflict.pk}/lift/")

    assert (refused.status_code, twice.status_code) == (422, 422)
    assert "A relative or friend is involved" in shown
    assert panel.now(conflict).lifted_by_id == panel.manager.pk
    assert manager.post(f"{STAFF}conflicts/{conflict.pk}/lift/").status_code == 404


def test_somebody_at_the_desk_declares_their_own(client, panel, application):
    viewer = make_member(panel.city, Role.VIEWER)
    sign_in(client, viewer)
    page = f"{STAFF}applications/{application.pk}/"

    empty = client.post(f"{page}own-conflict/", {})
    done = client.post(f"{page}own-conflict/", {"own-kind": "money"})

    assert empty.status_code == 422
    assert done["Location"] == STAFF
    assert client.get(page).status_code == 403
    assert "Tilden Street garden" not in text(client.get(STAFF))


def test_a_manager_with_a_conflict_neither_sees_nor_lifts_it(manager, panel, application):
    other = panel.conflict(application, panel.robert)
    panel.conflict(application, panel.manager)

    assert manager.post(f"{STAFF}conflicts/{other.pk}/lift/").status_code == 403
    assert manager.get(f"{STAFF}applications/{application.pk}/").status_code == 403
    assert "Tilden" not in text(manager.get(STAFF))


def test_ones_own_application_shows_no_scores(manager, panel):
    own = panel.application(applicant=panel.manager, score_mean="33.33", assigned_count=1, scored_count=1)
    panel.review(own, panel.robert, sent=True)

    found = text(manager.get(STAFF))

    assert "colleagues take care of it" in found
    assert "33.33" not in found
    assert manager.get(f"{STAFF}applications/{own.pk}/").status_code == 403


def test_today_tells_reviewers_what_to_do_and_managers_who_is_late(panel, application):
    late = timezone.now().date() - timedelta(days=3)
    panel.review(application, panel.robert, due_on=late)
    panel.review(application, panel.staff)

    with city_scope(panel.city):
        seen = {
            person.name: [
                (one.count, one.url) for one in waiting_for(person, panel.city) if "review" in one.url
            ]
            for person in (panel.manager, panel.staff)
        }
        panel_conflict = Conflict.objects.create(
            application=application, person=panel.manager, kind="other", declared_by=panel.staff
        )
        hidden = [one for one in waiting_for(panel.manager, panel.city) if "review" in one.url]

    assert seen == {
        "Marcus Green": [(1, f"{STAFF}?reviews=waiting&cycle={application.cycle.slug}")],
        "Sofia Reyes": [(1, "/baltimore/review/")],
    }
    assert panel_conflict
    assert hidden == []


def test_the_navigation_leads_here(manager, panel):
    assert f'href="{STAFF}"' in text(manager.get("/baltimore/staff/applications/"))


def test_the_table_takes_as_many_statements_for_three_as_for_one(manager, panel, application):
    panel.review(application, panel.robert)
    manager.get(STAFF)
    with count_statements() as one:
        manager.get(STAFF)
    for _ in range(2):
        other = panel.application()
        panel.review(other, panel.robert)
        panel.review(other, panel.rosa)
    with count_statements() as three:
        manager.get(STAFF)

    assert len(one) == len(three) <= 13


def test_three_hundred_rows_come_in_pages(manager, panel):
    for number in range(53):
        panel.application(title=f"Garden {number:03d}")

    first = text(manager.get(STAFF, {"sort": "title"}))

    assert "50 of 53" in first
    assert "Garden 049" in first
    assert "Garden 050" not in first
    assert "after=" in first
