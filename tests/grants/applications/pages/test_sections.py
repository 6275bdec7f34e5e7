from datetime import timedelta

import pytest
from django.utils import timezone

from cities.audit.trail import IMPORTER
from cities.tenancy.scopes import city_scope
from grants.applications.actions import save_answer, submit_application
from grants.applications.models import Application
from grants.cycles.actions import create_cycle_from_call
from grants.cycles.calls import read_call
from grants.cycles.models import Cycle
from tests.factories import ApplicationFactory
from tests.grants.applications.forms import filled
from tests.grants.applications.uploads.making import geotagged, picture, sent
from tests.grants.cycles.call_data import call_data


def address(application, section="project"):
    return f"/tilden/apply/{application.pk}/{section}/"


def stored(application):
    with city_scope(application.city_id):
        return filled(application)


def test_a_page_shows_its_questions_with_their_answers(as_resident, draft):
    page = as_resident.get(address(draft))

    assert page.status_code == 200
    assert 'value="Tilden Street garden"' in page.text
    assert 'name="v.project_title" value="1"' in page.text


def test_saving_leads_to_the_next_section_and_then_to_the_check(as_resident, empty_draft):
    first = as_resident.post(
        address(empty_draft, "about"), {"v.your_name": "0", "q.your_name": "Odessa Rhee"}
    )
    last = as_resident.post(address(empty_draft, "money"), {"v.amount": "0", "q.amount": "1,200"})

    assert (first.status_code, first["Location"]) == (302, address(empty_draft, "project"))
    assert last["Location"] == f"/tilden/apply/{empty_draft.pk}/check-answers/"
    assert stored(empty_draft).values == {"your_name": "Odessa Rhee", "amount": {"cents": 120_000}}


def test_save_and_go_to_the_list(as_resident, empty_draft):
    response = as_resident.post(
        address(empty_draft, "about"), {"v.your_name": "0", "q.your_name": "Odessa Rhee", "next": "list"}
    )

    assert response["Location"] == f"/tilden/apply/{empty_draft.pk}/"


def test_what_was_not_on_the_page_stays(as_resident, draft):
    as_resident.post(address(draft), {"v.description": "1", "q.description": "Another text."})

    form = stored(draft)
    assert (form.value_of("description"), form.value_of("project_title")) == (
        "Another text.",
        "Tilden Street garden",
    )


def test_an_answer_that_cannot_be_read_is_saved_and_told_next_to_its_field(as_resident, empty_draft, words):
    page = as_resident.post(address(empty_draft, "money"), {"v.amount": "0", "q.amount": "about a thousand"})

    assert page.status_code == 200
    assert "Your answers are saved" in words(page)
    assert 'value="about a thousand"' in page.text
    assert 'id="q-amount_error"' in page.text
    assert stored(empty_draft).value_of("amount") == {"typed": "about a thousand"}


def test_what_cannot_be_stored_is_shown_again_and_the_rest_is_saved(as_resident, empty_draft):
    page = as_resident.post(
        address(empty_draft),
        {
            "v.project_title": "0",
            "q.project_title": "x" * 20_001,
            "v.description": "0",
            "q.description": "Kept.",
        },
    )

    assert page.status_code == 200
    assert "x" * 20_001 in page.text
    assert stored(empty_draft).values == {"description": "Kept."}


def test_the_second_of_two_writers_sees_both_answers(as_resident, resident, empty_draft, words):
    with city_scope(empty_draft.city_id):
        save_answer(empty_draft.pk, "project_title", "From the kitchen", version=0, actor=resident)

    page = as_resident.post(
        address(empty_draft),
        {
            "v.project_title": "0",
            "q.project_title": "From the phone",
            "v.description": "0",
            "q.description": "Kept.",
        },
    )

    assert page.status_code == 200
    assert "From the kitchen" in words(page)
    assert 'value="From the phone"' in page.text
    assert 'name="v.project_title" value="1"' in page.text
    assert stored(empty_draft).values == {"project_title": "From the kitchen", "description": "Kept."}

    as_resident.post(address(empty_draft), {"v.project_title": "1", "q.project_title": "From the phone"})

    assert stored(empty_draft).value_of("project_title") == "From the phone"


def test_a_deadline_that_passes_meanwhile_keeps_the_draft_and_what_was_typed(as_resident, draft, words):
    with city_scope(draft.city_id):
        Cycle.objects.update(closes_at=draft.created_at - timedelta(seconds=1))

    page = as_resident.post(address(draft), {"v.project_title": "1", "q.project_title": "Typed at midnight"})

    assert page.status_code == 422
    assert "This call closed on" in words(page)
    assert "Your draft is kept" in words(page)
    assert 'value="Typed at midnight"' in page.text
    assert stored(draft).value_of("project_title") == "Tilden Street garden"


def test_after_the_close_a_section_leads_to_the_overview(as_resident, draft, words):
    with city_scope(draft.city_id):
        Cycle.objects.update(closes_at=draft.created_at - timedelta(seconds=1))

    page = as_resident.get(address(draft), follow=True)

    assert page.request["PATH_INFO"] == f"/tilden/apply/{draft.pk}/"
    assert "This draft was not sent" in words(page)
    assert "Read your draft" in words(page)


def test_what_was_sent_cannot_be_edited(as_resident, resident, draft, words):
    with city_scope(draft.city_id):
        submit_application(draft.pk, actor=resident)

    assert as_resident.get(address(draft))["Location"] == f"/tilden/apply/{draft.pk}/"
    page = as_resident.post(address(draft), {"v.project_title": "1", "q.project_title": "Too late"})
    assert page.status_code == 422
    assert "Too late" in page.text
    assert stored(draft).value_of("project_title") == "Tilden Street garden"


def test_a_question_that_an_answer_brings_up_is_asked_at_once(as_resident, empty_draft):
    response = as_resident.post(
        address(empty_draft, "about"),
        {"v.has_sponsor": "0", "q.has_sponsor": "yes", "v.sponsor": "0", "q.sponsor": ""},
    )

    assert response["Location"] == f"{address(empty_draft, 'about')}#q-sponsor"
    assert 'data-question="sponsor"' in as_resident.get(address(empty_draft, "about")).text


def test_rows_are_added_and_removed_without_a_script(as_resident, empty_draft):
    added = as_resident.post(
        address(empty_draft),
        {"v.helpers": "0", "q.helpers._rows": ["r1"], "q.helpers.r1.name": "Ana", "add_row": "helpers"},
    )

    assert added["Location"] == f"{address(empty_draft)}?add=helpers#q-helpers"
    page = as_resident.get(f"{address(empty_draft)}?add=helpers")
    assert page.text.count("data-row-name>") > as_resident.get(address(empty_draft)).text.count(
        "data-row-name>"
    )
    assert stored(empty_draft).value_of("helpers") == [{"_id": "r1", "name": "Ana"}]

    as_resident.post(
        address(empty_draft),
        {"v.helpers": "1", "q.helpers._rows": ["r1"], "q.helpers.r1.name": "Ana", "remove_row": "helpers:r1"},
    )

    assert not stored(empty_draft).value_of("helpers")


def test_photos_come_with_the_page_without_a_script(as_resident, empty_draft, files):
    response = as_resident.post(
        address(empty_draft),
        {
            "v.photos": "0",
            "v.project_title": "0",
            "q.project_title": "Garden",
            "f.photos": [sent(geotagged(), "one.jpg"), sent(picture("PNG"), "two.png")],
        },
    )

    assert response.status_code == 302
    form = stored(empty_draft)
    assert form.value_of("project_title") == "Garden"
    assert len(form.value_of("photos")) == 2
    assert len(list((files / "attachments").iterdir())) == 4
    page = as_resident.get(address(empty_draft))
    assert "one.jpg" in page.text
    assert "two.jpg" in page.text


def test_a_file_that_we_do_not_take_is_refused_at_its_question_and_the_others_stay(
    as_resident, empty_draft, files, words
):
    page = as_resident.post(
        address(empty_draft), {"v.photos": "0", "f.photos": [sent(picture()), sent(b"<svg/>", "drawing.svg")]}
    )

    assert page.status_code == 200
    assert "drawing.svg: We can’t take this kind of file" in words(page)
    assert 'id="q-photos_error"' in page.text
    assert len(stored(empty_draft).value_of("photos")) == 1


def test_a_file_is_removed_without_a_script(as_resident, empty_draft, files):
    as_resident.post(address(empty_draft), {"v.photos": "0", "f.photos": [sent(picture())]})
    (photo,) = stored(empty_draft).value_of("photos")

    response = as_resident.post(
        address(empty_draft), {"v.photos": "1", "q.photos": [photo], "remove_file": photo}
    )

    assert response.status_code == 302
    assert not stored(empty_draft).value_of("photos")


def test_a_file_may_lie_in_a_row_that_is_new(as_resident, empty_draft, files):
    as_resident.post(
        address(empty_draft),
        {
            "v.helpers": "0",
            "q.helpers._rows": ["r1"],
            "q.helpers.r1.name": "Ana",
            "f.helpers.r1.proof": [sent(picture())],
        },
    )

    (row,) = stored(empty_draft).value_of("helpers")
    assert row["name"] == "Ana"
    assert len(row["proof"]) == 1


def test_a_stranger_is_sent_to_sign_in_and_nothing_is_written(client, empty_draft):
    response = client.post(address(empty_draft), {"v.project_title": "0", "q.project_title": "Mine"})

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert stored(empty_draft).values == {}


def test_another_resident_is_refused(client, neighbor, empty_draft):
    from tests.people import sign_in

    sign_in(client, neighbor, second_factor=False)

    assert client.get(address(empty_draft)).status_code == 403
    assert (
        client.post(address(empty_draft), {"v.project_title": "0", "q.project_title": "Mine"}).status_code
        == 403
    )
    assert stored(empty_draft).values == {}


def test_a_section_that_the_form_has_not_is_404(as_resident, empty_draft):
    assert as_resident.get(address(empty_draft, "nothing")).status_code == 404


def test_the_same_id_in_another_city_is_404(as_resident, empty_draft):
    from tests.factories import make_city

    make_city("marlow")

    assert as_resident.get(f"/marlow/apply/{empty_draft.pk}/project/").status_code == 404
    assert as_resident.get(f"/marlow/apply/{empty_draft.pk}/").status_code == 404


def test_every_section_speaks_spanish(as_resident, draft):
    page = as_resident.get(address(draft), headers={"accept-language": "es"})

    assert '<html lang="es">' in page.text


def test_saving_twice_the_same_page_is_harmless(as_resident, empty_draft):
    posted = {"v.project_title": "0", "q.project_title": "Garden"}

    first, second = (as_resident.post(address(empty_draft), posted) for _ in range(2))

    assert first.status_code == second.status_code == 302
    with city_scope(empty_draft.city_id):
        assert Application.objects.get().answers.count() == 1


@pytest.mark.parametrize(
    ("file", "sentence"),
    [
        ("x", "We could not read this answer. Reload the page and type it again."),
        (
            "01900000-0000-7000-8000-0000000000ff",
            "A file in this answer is not here any more. Reload the page and add it again.",
        ),
    ],
)
def test_a_file_that_somebody_wrote_into_the_page_is_refused_in_plain_words(
    as_resident, draft, words, file, sentence
):
    row = {"v.helpers": "0", "q.helpers._rows": "r1", "q.helpers.r1.name": "Ana", "q.helpers.r1.proof": file}

    page = words(as_resident.post(f"/tilden/apply/{draft.pk}/project/", row))

    assert sentence in page
    assert "UUID" not in page


@pytest.fixture
def budget_draft(city, resident):
    with city_scope(city):
        cycle = create_cycle_from_call(read_call(call_data()), actor=IMPORTER)
        Cycle.objects.update(
            status="published",
            planned_pool_cents=100_000,
            opens_at=timezone.now() - timedelta(days=1),
            closes_at=timezone.now() + timedelta(days=1),
            translations={"es": {"Alcohol": "Bebidas alcohólicas", "Tools": "Herramientas"}},
        )
        return ApplicationFactory(
            form_version=cycle.forms.get(), applicant=resident, city_slug=city.slug, closes_at=cycle.closes_at
        )


def test_what_the_grant_does_not_pay_for_stands_beside_the_budget_and_nowhere_else(
    as_resident, budget_draft, words
):
    sections = budget_draft.form_version.form.sections
    budget = budget_draft.form_version.summary_keys["budget"]

    beside = {
        section.key: "The grant does not pay for Alcohol"
        in words(as_resident.get(address(budget_draft, section.key)))
        for section in sections
    }

    assert beside == {section.key: any(q.key == budget for q in section.questions) for section in sections}
    assert sum(beside.values()) == 1


def test_it_stands_there_in_the_calls_own_spanish(as_resident, budget_draft, words):
    section = budget_draft.form_version.form.section_of(budget_draft.form_version.summary_keys["budget"])

    page = as_resident.get(address(budget_draft, section.key), headers={"accept-language": "es"})

    assert "La subvención no paga Bebidas alcohólicas" in words(page)


def test_kinds_of_cost_are_offered_and_judged_in_the_calls_own_spanish(
    as_resident, city, resident, budget_draft, words
):
    row = {"category": "tools", "description": "Rakes", "requested": "900"}
    version = budget_draft.form_version
    key = version.summary_keys["budget"]
    with city_scope(city):
        save_answer(budget_draft.pk, key, [row], version=0, actor=resident)
    section = version.form.section_of(key)

    spanish = as_resident.get(address(budget_draft, section.key), headers={"accept-language": "es"})
    english = words(as_resident.get(address(budget_draft, section.key)))

    assert '<option value="tools" selected>Herramientas</option>' in spanish.text
    assert "Herramientas: $900" in words(spanish)
    assert "Herramientas puede llevar" in words(spanish)
    assert "Plants" in words(spanish)
    assert "Tools may take" in english
    assert "Herramientas" not in english
    assert stored(budget_draft).values[key][0]["category"] == "tools"
