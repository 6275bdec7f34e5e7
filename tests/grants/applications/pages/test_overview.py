from datetime import timedelta

import pytest
from django.utils import timezone

from cities.tenancy.scopes import city_scope
from grants.applications.actions import submit_application
from grants.applications.models import Application
from grants.applications.states import Status as ApplicationStatus
from grants.cycles.models import Cycle
from grants.cycles.states import Status as CycleStatus
from tests.factories import make_city
from tests.grants.applications.forms import make_call, make_draft
from tests.people import sign_in
from tests.queries import count_statements


def test_my_page_shows_my_applications_of_all_cities_and_nobody_elses(
    as_resident, resident, neighbor, draft, words
):
    marlow = make_city("marlow", name="Marlow Falls")
    with city_scope(marlow):
        mine = make_draft(resident, cycle=make_call(name="Marlow call"))
        submit_application(mine.pk, actor=resident)
        make_draft(neighbor, {"project_title": "The neighbor's plan"}, cycle=mine.cycle)

    page = as_resident.get("/me/")

    assert page.status_code == 200
    for told in ("Spring call", "Tilden", "Marlow call", "Marlow Falls", "Send it by", "MAR-"):
        assert told in words(page)
    assert "The neighbor's plan" not in words(page)


def test_an_application_in_a_closed_unpublished_call_stays_on_my_page(as_resident, resident, draft, words):
    with city_scope(draft.city_id):
        submit_application(draft.pk, actor=resident)
        Cycle.objects.update(status=CycleStatus.DRAFT, closes_at=timezone.now() - timedelta(days=1))

    page = as_resident.get("/me/")

    assert "Spring call" in words(page)
    assert "TIL-" in words(page)


def test_a_draft_that_was_not_sent_in_time_is_listed_apart(as_resident, draft, words):
    with city_scope(draft.city_id):
        Application.objects.update(closes_at=timezone.now() - timedelta(hours=1))

    assert "Not sent in time" in words(as_resident.get("/me/"))


def test_an_empty_page_teaches_how_to_begin(as_resident, words):
    assert "You have not started an application yet" in words(as_resident.get("/me/"))


def test_my_page_is_for_people_who_signed_in(client, db):
    assert client.get("/me/")["Location"].startswith("/accounts/login/")


def test_who_does_not_fit_stays_at_the_start_with_the_reason(as_resident, city, call, words):
    with city_scope(city):
        Cycle.objects.update(
            eligibility=[
                {
                    "key": "here",
                    "label": "Here?",
                    "type": "yes_no",
                    "options": [],
                    "must": {"words": "The place is in Tilden.", "test": {"op": "eq", "value": True}},
                    "stops": True,
                }
            ]
        )

    page = as_resident.post("/tilden/apply/spring/", {"name": "Odessa", "e.here": "no"})

    assert page.status_code == 200
    assert "The place is in Tilden." in words(page)
    with city_scope(city):
        assert Application.objects.count() == 0
    started = as_resident.post("/tilden/apply/spring/", {"name": "Odessa", "e.here": "yes"})
    assert started.status_code == 302


def test_a_name_is_asked_for(as_resident, call, words):
    assert "Please type your name" in words(as_resident.post("/tilden/apply/spring/", {"name": " "}))


def test_the_start_page_shows_the_draft_that_is_there(as_resident, draft, words):
    page = as_resident.get("/tilden/apply/spring/")

    assert "You have started already" in words(page)
    assert f"/tilden/apply/{draft.pk}/" in page.text


def test_nobody_else_opens_any_of_the_pages(client, neighbor, draft):
    sign_in(client, neighbor, second_factor=False)

    for tail in ("", "check-answers/", "thank-you/", "take-back/", "open-again/", "about/"):
        assert client.get(f"/tilden/apply/{draft.pk}/{tail}").status_code == 403
        assert client.post(f"/tilden/apply/{draft.pk}/{tail}").status_code in {403, 405}


def test_the_reason_of_a_no_is_told_kindly(as_resident, resident, draft, words):
    with city_scope(draft.city_id):
        submit_application(draft.pk, actor=resident)
        Application.objects.update(
            status="ineligible",
            screening_reason="The lot lies outside of the city.",
            screened_at=timezone.now(),
        )

    page = as_resident.get(f"/tilden/apply/{draft.pk}/")

    assert words(page).count("The lot lies outside of the city.") == 1
    assert "please call the city" in words(page)
    assert "312 555 0100" in words(page)


def test_a_task_list_without_a_title_names_the_call_and_counts_the_answers(as_resident, empty_draft, words):
    page = as_resident.get(f"/tilden/apply/{empty_draft.pk}/")

    assert "<h1>Your application</h1>" in page.text
    assert "Untitled" not in page.text
    assert "Spring call" in words(page)
    assert "Your answers 0 of 9 questions answered" in words(page)


def test_opening_again_is_not_drawn_as_a_danger(as_resident, resident, draft):
    with city_scope(draft.city_id):
        submit_application(draft.pk, actor=resident)

    page = as_resident.get(f"/tilden/apply/{draft.pk}/open-again/")

    assert 'class="confirm"' in page.text
    assert "usa-button--danger" not in page.text


def _with_files(draft, resident, count):
    from grants.applications.actions import attach_file
    from grants.applications.uploads import StoredFile

    with city_scope(draft.city_id):
        for number in range(count):
            attach_file(
                draft.pk,
                "photos",
                StoredFile(f"attachments/{number:032x}", "a.jpg", "image/jpeg", 10, f"{number:064x}", 1, 1),
                actor=resident,
            )


def test_statements_of_each_page_are_few_and_do_not_grow(as_resident, resident, draft):
    paths = [
        "/me/",
        *(f"/tilden/apply/{draft.pk}/{tail}" for tail in ("", "project/", "check-answers/")),
        "/tilden/apply/spring/",
    ]
    counted = {}
    _with_files(draft, resident, 1)
    for path in paths:
        as_resident.get(path)
        with count_statements() as counted[path]:
            assert as_resident.get(path).status_code == 200
    _with_files(draft, resident, 3)
    with city_scope(draft.city_id):
        for _ in range(2):
            make_draft(resident, cycle=draft.cycle)

    for path in paths:
        with count_statements() as again:
            as_resident.get(path)
        assert len(again) == len(counted[path]) <= 10, "\n".join(again)


def test_the_form_page_is_light(as_resident, draft):
    import gzip

    page = as_resident.get(f"/tilden/apply/{draft.pk}/project/")

    assert len(gzip.compress(page.content)) < 20_000


@pytest.mark.parametrize("status", ApplicationStatus)
def test_every_status_has_a_page_that_says_where_it_stands(as_resident, resident, draft, words, status):
    with city_scope(draft.city_id):
        submit_application(draft.pk, actor=resident)
        told = {"screening_reason": "Two blocks outside.", "decision_reason": "The money ended before yours."}
        Application.objects.update(status=status, decided_at=timezone.now(), **told)

    page = as_resident.get(f"/tilden/apply/{draft.pk}/")

    assert page.status_code == 200
    said = {
        "awarded": "Your project gets a grant.",
        "unfunded": "The money ended before yours.",
        "ineligible": "Two blocks outside.",
    }
    assert said.get(status, "") in words(page)
    assert ("The city decided" in words(page)) is (status in {"awarded", "unfunded"})
