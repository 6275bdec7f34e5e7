import json
from datetime import UTC, date, datetime

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from cities.access.models import Role
from cities.audit.trail import IMPORTER
from cities.tenancy.scopes import city_scope
from grants.cycles.actions import create_blank_cycle, create_cycle_from_call
from grants.cycles.calls import read_call
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.states import Status
from tests.factories import ApplicationFactory, make_city, make_member
from tests.grants.cycles.call_data import call_data, two_stages
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return make_city("tilden", timezone="America/Chicago", languages=["en", "es"])


@pytest.fixture
def manager(city, client):
    user = make_member(city, Role.MANAGER)
    sign_in(client, user)
    return user


def make(city, data=None, **fields):
    with city_scope(city):
        cycle = create_cycle_from_call(read_call(data or call_data()), actor=IMPORTER)
        Cycle.objects.filter(pk=cycle.pk).update(**fields)
        return Cycle.objects.get(pk=cycle.pk)


def address(city, name, cycle=None, **more):
    return reverse(
        f"grants:{name}", kwargs={"city": city.slug, **({"pk": cycle.pk} if cycle else {}), **more}
    )


def again(city, cycle):
    with city_scope(city):
        return Cycle.objects.get(pk=cycle.pk)


def form_of(city, cycle):
    with city_scope(city):
        return cycle.forms.get(is_applied_with=True)


CYCLE_PAGES = [
    "cycle-setup", "cycle-basics", "cycle-dates", "cycle-money", "cycle-eligibility", "eligibility-create", "cycle-budget", "cycle-papers",
    "cycle-rubric", "cycle-terms", "cycle-wording", "cycle-form", "form-summary", "section-create", "question-create", "cycle-preview", "cycle-publish",
    "cycle-withdraw", "cycle-archive", "cycle-copy",
]  # fmt: skip
READABLE = {"cycle-setup", "cycle-preview"}


@pytest.mark.parametrize("name", CYCLE_PAGES)
def test_every_page_of_a_call_is_shown_to_a_manager(city, manager, client, name):
    cycle = make(city)

    response = client.get(address(city, name, cycle))

    assert response.status_code == 200
    assert cycle.name in response.content.decode()


@pytest.mark.parametrize("name", CYCLE_PAGES)
def test_other_roles_of_the_desk_read_and_do_not_change(city, client, name):
    cycle = make(city)
    sign_in(client, make_member(city, Role.STAFF))

    response = client.get(address(city, name, cycle))

    assert response.status_code == (200 if name in READABLE else 403)


@pytest.mark.parametrize("name", CYCLE_PAGES)
def test_another_citys_call_is_not_found(city, manager, client, name):
    foreign = make_city("elsewhere")
    cycle = make(foreign)

    assert client.get(address(city, name, cycle)).status_code == 404
    assert client.get(address(foreign, name, cycle)).status_code == 403


def test_a_reader_sees_the_rules_but_no_way_to_change_them(city, client):
    cycle = make(city)
    sign_in(client, make_member(city, Role.VIEWER))

    page = client.get(address(city, "cycle-setup", cycle)).content.decode()

    assert "Do you live in Tilden?" in page
    assert address(city, "cycle-dates", cycle) not in page
    assert address(city, "cycle-copy", cycle) not in page


def test_a_draft_lists_what_is_left_to_fill_in(city, manager, client):
    cycle = make(city, call_data(closes_at=None))

    page = client.get(address(city, "cycle-setup", cycle)).content.decode()

    assert "2 things are left to fill in" in page
    assert "Say when the call closes." in page
    assert "Say how much money you plan to give out." in page
    assert address(city, "cycle-publish", cycle) not in page


def test_made_up_values_are_marked_until_somebody_saves_their_part(city, manager, client):
    invented = [{"path": "cycle.pool", "value": "20000.00", "reason": "Nobody said."}]
    cycle = make(city, planned_pool_cents=2_000_000, notes={"invented": invented})
    before = client.get(address(city, "cycle-setup", cycle)).content.decode()

    client.post(address(city, "cycle-money", cycle), {"planned_pool_cents": "20,000"})
    after = client.get(address(city, "cycle-setup", cycle)).content.decode()

    assert "made up by --fill, please check" in before
    assert "made up by --fill" not in after


def test_the_notes_of_the_source_are_shown(city, manager, client):
    cycle = make(city)

    page = client.get(address(city, "cycle-setup", cycle)).content.decode()

    assert "https://tilden.example/blocks" in page
    assert "the rubric&#x27;s weights" in page


def test_a_new_call_begins_as_a_draft_with_a_form(city, manager, client):
    response = client.post(
        address(city, "cycle-create"), {"name": "Spring 2027", "year": "2027", "purpose": "Greener."}
    )

    with city_scope(city):
        cycle = Cycle.objects.get()
    assert response["Location"] == address(city, "cycle-setup", cycle)
    assert (cycle.name, cycle.status) == ("Spring 2027", Status.DRAFT)


def test_a_new_call_without_a_name_is_refused_beside_the_field(city, manager, client):
    response = client.post(address(city, "cycle-create"), {"year": "2027"})

    assert response.status_code == 200
    assert "name" in response.context["form"].errors


def upload(client, city, data, **more):
    text = data if isinstance(data, bytes) else json.dumps(data).encode()
    return client.post(address(city, "cycle-upload"), {"file": SimpleUploadedFile("call.json", text), **more})


def test_an_uploaded_call_becomes_a_draft(city, manager, client):
    response = upload(client, city, call_data())

    with city_scope(city):
        cycle = Cycle.objects.get()
    assert response["Location"] == address(city, "cycle-setup", cycle)
    assert cycle.closes_at == datetime(2026, 5, 1, 4, 59, 59, tzinfo=UTC)
    assert "not_held" in cycle.notes


def test_an_invalid_call_names_each_error_with_its_place_and_saves_nothing(city, manager, client):
    data = call_data(closes_at="soon")
    data["budget"]["columns"] = "requested"

    page = upload(client, city, data).content.decode()

    assert "/cycle/closes_at" in page
    assert "/budget/columns" in page
    with city_scope(city):
        assert not Cycle.objects.exists()


@pytest.mark.parametrize("broken", [b"{", b"[]", b"\xff\xfe", b'"text"', b"[" * 100_000])
def test_a_file_that_is_no_call_is_refused_in_words(city, manager, client, broken):
    response = upload(client, city, broken)

    assert response.status_code == 200
    assert response.context["form"].problems


def test_a_key_that_stands_twice_in_an_upload_is_named(city, manager, client):
    twice = json.dumps(call_data()).replace('"pool":', '"pool": "1.00", "pool":').encode()

    response = upload(client, city, twice)

    assert [(e.place, e.sentence) for e in response.context["form"].problems] == [
        ("", 'The key "pool" stands twice in one object.')
    ]
    with city_scope(city):
        assert not Cycle.objects.exists()


def test_another_citys_call_is_taken_over_only_on_request(city, manager, client):
    data = call_data()
    data["city"] |= {"slug": "elsewhere", "name": "Elsewhere", "timezone": "America/New_York"}

    refused = upload(client, city, data)
    taken = upload(client, city, data, adopt="on")

    assert "This file was written for Elsewhere" in refused.content.decode()
    assert taken.status_code == 302
    with city_scope(city):
        assert Cycle.objects.get().closes_at == datetime(2026, 5, 1, 4, 59, 59, tzinfo=UTC)


def test_a_call_in_another_currency_is_refused(city, manager, client):
    data = call_data()
    data["city"]["currency"] = "MXN"

    assert "another currency" in upload(client, city, data).content.decode()


def test_dates_are_typed_in_the_citys_time(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "cycle-dates", cycle),
        {
            "opens_on": "2027-03-01", "opens_hour": "09:00", "closes_on": "2027-03-31", "closes_hour": "", "decision_on": "2027-05-01",
            "workshop_required": "no", "workshop_dates": "2027-03-10 18:00\n2027-03-11",
        },
    )  # fmt: skip

    cycle = again(city, cycle)
    assert cycle.opens_at == datetime(2027, 3, 1, 15, tzinfo=UTC)
    assert cycle.closes_at == datetime(2027, 4, 1, 4, 59, 59, tzinfo=UTC)
    assert cycle.decision_on == date(2027, 5, 1)
    assert cycle.workshop == {"required": False, "dates": ["2027-03-10T18:00:00-06:00", "2027-03-11"]}


def test_dates_of_another_time_are_refused_in_a_sentence(city, manager, client):
    cycle = make(city)
    typed = {"closes_on": "9999-12-31", "opens_on": "0001-01-01", "workshop_dates": "0001-01-01 00:00"}

    errors = client.post(address(city, "cycle-dates", cycle), typed).context["form"].errors

    assert set(errors) == set(typed)
    assert {text for texts in errors.values() for text in texts} == {"Choose a year from 2000 to 2100."}


def test_a_workshop_that_was_stored_beyond_the_calendar_is_shown_as_it_stands(city, manager, client):
    far = ["0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00"]
    cycle = make(city, workshop={"required": True, "dates": far})

    page = client.get(address(city, "cycle-dates", cycle))

    assert page.status_code == 200
    assert far[0] in page.text


def test_the_dates_page_shows_again_what_was_saved_and_saving_it_changes_nothing(city, manager, client):
    cycle = make(city)
    form = client.get(address(city, "cycle-dates", cycle)).context["form"]

    typed = {name: form[name].value() or "" for name in form.fields}
    shown = {
        name: value
        if isinstance(value, str)
        else value.strftime("%H:%M")
        if hasattr(value, "hour")
        else value
        for name, value in typed.items()
    }
    client.post(address(city, "cycle-dates", cycle), shown)

    after = again(city, cycle)
    assert (after.opens_at, after.closes_at, after.workshop) == (
        cycle.opens_at,
        cycle.closes_at,
        cycle.workshop,
    )


def test_an_hour_that_the_clocks_skip_is_refused_beside_the_field(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "cycle-dates", cycle),
        {"opens_on": "2027-03-14", "opens_hour": "02:30", "closes_on": "2027-04-01"},
    )

    assert "02:30 does not exist" in response.context["form"].errors["opens_hour"][0]
    assert again(city, cycle).opens_at == cycle.opens_at


def test_a_close_before_the_opening_is_refused_and_what_was_typed_stays(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "cycle-dates", cycle), {"opens_on": "2027-04-01", "closes_on": "2027-03-01"}
    )

    assert "A call closes after it opens." in response.content.decode()
    assert 'value="2027-03-01"' in response.content.decode()
    assert again(city, cycle).closes_at == cycle.closes_at


def test_an_hour_without_its_day_is_refused(city, manager, client):
    response = client.post(address(city, "cycle-dates", make(city)), {"closes_hour": "17:00"})

    assert response.context["form"].errors["closes_on"] == ["Give the day as well."]


def test_amounts_are_saved_in_minor_units(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "cycle-money", cycle),
        {
            "planned_pool_cents": "24,000",
            "min_request_cents": "",
            "max_request_cents": "1500.50",
            "expected_awards": "16",
        },
    )

    cycle = again(city, cycle)
    assert (
        cycle.planned_pool_cents,
        cycle.min_request_cents,
        cycle.max_request_cents,
        cycle.expected_awards,
    ) == (2_400_000, None, 150_050, 16)


def test_a_cap_below_the_floor_is_refused(city, manager, client):
    response = client.post(
        address(city, "cycle-money", make(city)), {"min_request_cents": "500", "max_request_cents": "400"}
    )

    assert "The largest request can’t be below the smallest." in response.content.decode()


def rows(prefix, *given, initial=0):
    posted = {f"{prefix}-TOTAL_FORMS": str(len(given)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for index, row in enumerate(given):
        posted |= {f"{prefix}-{index}-{name}": value for name, value in row.items()}
    return posted


def test_budget_rules_are_saved_with_ceilings_and_match(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "cycle-budget", cycle),
        {
            **rows(
                "categories",
                {"key": "tools", "label": "Tools", "max_percent": "25", "max_amount": ""},
                {"key": "plants", "label": "Plants", "DELETE": "on"},
                {"key": "", "label": "Food & drink", "max_percent": "", "max_amount": "100"},
                {"key": "", "label": ""},
                initial=2,
            ),
            "columns": ["requested", "match_cash"], "disallowed": "Alcohol\n\nRent", "needs_match": "on", "match_percent": "50",
            "match_of": "total_cost", "match_may_be": "Cash", "volunteer_hour_value": "15", "match_note": "", "vendor_quotes_over": "500",
        },
    )  # fmt: skip

    assert response.status_code == 302
    assert again(city, cycle).budget == {
        "columns": ["requested", "match_cash"],
        "categories": [
            {"key": "tools", "label": "Tools", "max_percent": "25", "max_amount": None},
            {"key": "food_drink", "label": "Food & drink", "max_percent": None, "max_amount": "100.00"},
        ],
        "disallowed": ["Alcohol", "Rent"],
        "match_required": {
            "percent": "50",
            "of": "total_cost",
            "may_be": ["cash"],
            "volunteer_hour_value": "15.00",
            "note": None,
        },
        "vendor_quotes_over": "500.00",
    }
    table = form_of(city, cycle).form.question("budget_lines")
    assert [choice.value for choice in table.columns[0].choices] == ["tools", "food_drink"]
    assert [column.key for column in table.columns] == ["category", "description", "requested", "match_cash"]
    assert table.in_language("es").columns[3].label == "Dinero que aporta su grupo"


def test_the_money_asked_from_the_city_stays_a_column_when_it_is_unticked(city, manager, client):
    cycle = make(city)
    kinds = [{"key": c["key"], "label": c["label"]} for c in cycle.budget["categories"]]

    client.post(
        address(city, "cycle-budget", cycle),
        {**rows("categories", *kinds, initial=2), "columns": ["match_in_kind"], "match_of": "request"},
    )

    assert again(city, cycle).budget["columns"] == ["requested", "match_in_kind"]
    table = form_of(city, cycle).form.question("budget_lines")
    assert [column.key for column in table.columns][2:] == ["requested", "match_in_kind"]


def test_a_ceiling_over_a_hundred_percent_is_refused_beside_its_row(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "cycle-budget", cycle),
        {
            **rows("categories", {"key": "", "label": "Tools", "max_percent": "120"}),
            "columns": ["requested"],
            "match_of": "request",
        },
    )

    part = response.context["part"]
    assert "max_percent" in part.rows["categories"].forms[0].errors
    assert again(city, cycle).budget == cycle.budget


def test_a_single_capped_kind_of_cost_is_refused_with_what_to_do(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "cycle-budget", cycle),
        {
            **rows("categories", {"key": "", "label": "Food", "max_percent": "10"}),
            "columns": ["requested"],
            "match_of": "request",
        },
    )

    assert "add a kind of cost without one, like “Other”" in response.content.decode()
    assert again(city, cycle).budget == cycle.budget


def test_a_row_with_a_limit_but_no_name_is_refused(city, manager, client):
    response = client.post(
        address(city, "cycle-budget", make(city)),
        {
            **rows("categories", {"key": "", "label": "", "max_percent": "20"}),
            "columns": ["requested"],
            "match_of": "request",
        },
    )

    assert response.context["part"].rows["categories"].forms[0].errors["label"] == ["Name this kind of cost."]


def test_add_another_shows_one_row_more_and_keeps_what_was_typed(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "cycle-rubric", cycle),
        {
            **rows("gates"),
            **rows("criteria", {"key": "", "label": "Benefit", "max_points": "x"}),
            **rows("bonus"),
            "add_row": "criteria",
        },
    )

    page = response.content.decode()
    assert response.context["part"].rows["criteria"].total_form_count() == 2
    assert 'value="Benefit"' in page
    assert "usa-error-message" not in page
    assert again(city, cycle).rubric == cycle.rubric


def test_add_another_with_a_count_that_is_no_number_breaks_nothing(city, manager, client):
    cycle = make(city)
    posted = {**rows("gates"), **rows("criteria"), **rows("bonus"), "add_row": "criteria"}

    response = client.post(address(city, "cycle-rubric", cycle), {**posted, "criteria-TOTAL_FORMS": "many"})

    assert response.status_code == 200
    assert again(city, cycle).rubric == cycle.rubric


@pytest.mark.parametrize("limit", ["nan", "Infinity", "1e999999999"])
def test_a_limit_that_no_number_reaches_is_refused_beside_its_field(city, manager, client, limit):
    cycle = make(city)

    asked = client.post(
        address(city, "question-create", cycle),
        {"section": "project", "label": "How many?", "type": "number", "max": limit, **rows("columns")},
    )
    checked = client.post(
        address(city, "eligibility-create", cycle),
        {"label": "How many?", "type": "number", "limit": "lte", "limit_value": limit, "words": "Few."},
    )

    assert "max" in asked.context["form"].errors
    assert "limit_value" in checked.context["form"].errors


def test_the_rubric_is_saved(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "cycle-rubric", cycle),
        {
            **rows("gates", {"key": "complete", "label": "It is complete"}, initial=1),
            **rows("criteria", {"key": "benefit", "label": "Benefit", "max_points": "30", "guidance": "Who gains?"}, {"key": "", "label": "Benefit", "max_points": "2.5"}),
            **rows("bonus"),
            "minimum_total": "20", "reviewers": "",
        },
    )  # fmt: skip

    assert again(city, cycle).rubric == {
        "gates": [{"key": "complete", "label": "It is complete"}],
        "criteria": [
            {"key": "benefit", "label": "Benefit", "max_points": 30, "guidance": "Who gains?"},
            {"key": "benefit_2", "label": "Benefit", "max_points": 2.5, "guidance": None},
        ],
        "bonus": [],
        "minimum_total": 20,
        "reviewers": None,
    }


def test_a_minimum_over_all_points_is_refused_beside_the_field(city, manager, client):
    response = client.post(
        address(city, "cycle-rubric", make(city)),
        {
            **rows("gates"),
            **rows("criteria", {"key": "", "label": "Benefit", "max_points": "10"}),
            **rows("bonus"),
            "minimum_total": "11",
        },
    )

    assert "more than all points together" in response.context["part"].main.errors["minimum_total"][0]


def test_award_terms_are_saved_and_services_keep_their_keys(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "cycle-terms", cycle),
        {
            **rows("reports", {"key": "final_report", "kind": "Final report", "due": "July"}, {"key": "", "kind": "Photos"}, initial=1),
            "payment_modes": ["advance"], "sponsor_fee_max_percent": "7.5", "conditions": "One\nTwo", "city_services": "Mulch\nTool loans",
        },
    )  # fmt: skip

    assert again(city, cycle).award_terms == {
        "payment_modes": ["advance"],
        "sponsor_fee_max_percent": "7.5",
        "reports": [{"kind": "final_report", "due": "July"}, {"kind": "photos", "due": None}],
        "conditions": ["One", "Two"],
        "city_services": [{"key": "mulch", "label": "Mulch"}, {"key": "tool_loans", "label": "Tool loans"}],
    }


def test_papers_are_saved(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "cycle-papers", cycle),
        rows("papers", {"key": "", "label": "Tax form", "required": "on", "when": ""}),
    )

    assert again(city, cycle).attachments == [
        {"key": "tax_form", "label": "Tax form", "required": True, "when": None}
    ]


def test_a_question_is_added_to_the_self_check(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "eligibility-create", cycle),
        {
            "label": "How many volunteers?", "type": "number", "limit": "gte", "limit_value": "10", "words": "Ten or more.", "stops": "on",
            "label_es": "¿Cuántos voluntarios?",
        },
    )  # fmt: skip

    assert again(city, cycle).eligibility[1] == {
        "key": "how_many_volunteers", "label": "How many volunteers?", "type": "number", "options": [],
        "must": {"words": "Ten or more.", "test": {"op": "gte", "value": 10}}, "stops": True,
        "translations": {"es": {"label": "¿Cuántos voluntarios?"}},
    }  # fmt: skip


def test_a_question_of_the_self_check_is_changed_and_removed(city, manager, client):
    cycle = make(city)
    page = address(city, "eligibility-edit", cycle, key="lives_here")
    assert "Do you live in Tilden?" in client.get(page).content.decode()

    client.post(
        page,
        {
            "label": "Where do you live?",
            "type": "choice",
            "options": "In Tilden\nElsewhere",
            "fitting": "In Tilden",
            "words": "In Tilden.",
        },
    )
    changed = again(city, cycle).eligibility
    client.post(address(city, "cycle-eligibility", cycle), {"deed": "remove:lives_here", "sure": "yes"})

    assert (changed[0]["key"], changed[0]["must"]["test"], changed[0]["stops"]) == (
        "lives_here",
        {"op": "in", "value": ["In Tilden"]},
        False,
    )
    assert again(city, cycle).eligibility == []


WARDS = {"label": "Where?", "type": "choice", "options": "North\nSouth", "fitting": "", "words": "Here."}


def test_options_of_the_self_check_have_words_in_the_citys_other_languages(city, manager, client):
    cycle = make(city)

    client.post(address(city, "eligibility-create", cycle), {**WARDS, "options_es": "Norte\r\nSur\r\n"})

    assert again(city, cycle).eligibility[1]["translations"] == {"es": {"options": ["Norte", "Sur"]}}
    page = client.get(address(city, "eligibility-edit", cycle, key="where")).content.decode()
    assert "Norte\nSur</textarea>" in page


def test_words_that_are_not_one_per_option_are_refused_at_their_field(city, manager, client):
    cycle = make(city)

    response = client.post(address(city, "eligibility-create", cycle), {**WARDS, "options_es": "Norte"})

    assert response.context["form"].errors == {
        "options_es": ["Write one line for each option above, in the same order."]
    }
    assert len(again(city, cycle).eligibility) == 1


def test_a_question_without_options_keeps_no_words_for_them(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "eligibility-create", cycle),
        {**WARDS, "type": "yes_no", "options": "", "options_es": "Norte\nSur"},
    )

    assert "translations" not in again(city, cycle).eligibility[1]


def test_a_fitting_option_that_is_not_offered_is_refused(city, manager, client):
    response = client.post(
        address(city, "eligibility-create", make(city)),
        {"label": "Where?", "type": "choice", "options": "A\nB", "fitting": "C", "words": "A or B."},
    )

    assert "fitting" in response.context["form"].errors


@pytest.mark.parametrize("path", ["eligibility-edit", "question-edit", "section-edit"])
def test_an_unknown_key_is_not_found(city, manager, client, path):
    assert client.get(address(city, path, make(city), key="nothing")).status_code == 404


def asked(city, cycle):
    return [[q.key for q in s.questions] for s in form_of(city, cycle).form.sections]


def test_a_question_is_added_with_all_that_it_needs(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "question-create", cycle),
        {
            "section": "project", "label": "What kind of place?", "type": "single_choice", "required": "on", "options": "A park\nA street",
            "shown_question": "project_title", "shown_op": "eq", "shown_value": "Garden", "label_es": "¿Qué tipo de lugar?",
            "options_es": "Un parque\nUna calle", **rows("columns"),
        },
    )  # fmt: skip

    question = form_of(city, cycle).form.question("what_kind_of_place")
    assert response["Location"].endswith("#question-what_kind_of_place")
    assert (question.required, question.options, question.shown_when.question) == (
        True,
        ("A park", "A street"),
        "project_title",
    )
    assert question.in_language("es").choices[0].label == "Un parque"


@pytest.mark.parametrize(
    ("asked", "compared", "stored"),
    [
        ({"type": "date"}, ("gte", "04/30/2027"), "2027-04-30"),
        ({"type": "date"}, ("eq", "April 30, 2027"), "2027-04-30"),
        ({"type": "multi_choice", "options": "A\nB\nC"}, ("gte", "2"), 2),
        ({"type": "people", **rows("columns", {"label": "Name", "type": "short_text"})}, ("gte", "2"), 2),
    ],
)
@pytest.mark.usefixtures("manager")
def test_a_question_is_shown_by_an_answer_as_people_write_it(city, client, asked, compared, stored):
    cycle = make(city)
    page = address(city, "question-create", cycle)
    client.post(page, {"section": "project", "label": "First", **rows("columns"), **asked})

    client.post(
        page,
        {
            "section": "project", "label": "Then", "type": "short_text", "shown_question": "first", "shown_op": compared[0],
            "shown_value": compared[1], **rows("columns"),
        },
    )  # fmt: skip

    condition = form_of(city, cycle).form.question("then").shown_when
    assert (condition.op, condition.value) == (compared[0], stored)


HOME = {"section": "project", "label": "Home", "type": "single_choice", "options": "Own\nRent"}


@pytest.mark.parametrize(
    ("lines", "seen", "told"),
    [
        (("Rent\nOwn", "Propio\nAlquilado"), {"Rent": "Alquilado", "Own": "Propio"}, ""),
        (("Own\nRent\nOther", "Propio\nAlquilado"), {"Own": "Propio", "Rent": "Alquilado", "Other": "Other"}, "Other"),
        (("Own\nLease", "Propio\nAlquilado"), {"Own": "Propio", "Lease": "Lease"}, "Lease"),
        (("Rent\nLent", "Propio\nAlquilado"), {"Rent": "Alquilado", "Lent": "Lent"}, "Lent"),
        (("Rent\nOwn", "Alquilado\nPropio"), {"Rent": "Alquilado", "Own": "Propio"}, ""),
        (("Own\nRent", "\nAlquilado"), {"Own": "Own", "Rent": "Alquilado"}, ""),
        (("Own\nRent", "Propio\n\n\n"), {"Own": "Propio", "Rent": "Rent"}, ""),
        (("Own\nRent", ""), {"Own": "Own", "Rent": "Rent"}, ""),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("manager")
def test_words_of_options_in_another_language_stay_with_their_option(city, client, lines, seen, told):
    cycle = make(city)
    client.post(
        address(city, "question-create", cycle),
        {**HOME, "options_es": "Propio\nAlquilado", **rows("columns")},
    )

    page = client.post(
        address(city, "question-edit", cycle, key="home"),
        {**HOME, "options": lines[0], "options_es": lines[1], **rows("columns")},
        follow=True,
    )

    question = form_of(city, cycle).form.question("home").in_language("es")
    assert {choice.value: choice.label for choice in question.choices} == seen
    assert ("without words in" in page.text) == bool(told)
    assert f": {told}." in page.text if told else True


def test_too_few_words_of_options_in_another_language_are_refused_beside_the_field(city, manager, client):
    cycle = make(city)

    response = client.post(
        address(city, "question-create", cycle),
        {**HOME, "options": "Own\nRent\nOther", "options_es": "Propio\nAlquilado", **rows("columns")},
    )

    assert response.context["form"].errors["options_es"][0].startswith("Write one line for each option.")


def test_a_question_that_is_no_choice_any_more_keeps_no_words_of_options(city, manager, client):
    cycle = make(city)
    client.post(
        address(city, "question-create", cycle),
        {**HOME, "options_es": "Propio\nAlquilado", "label_es": "Vivienda", **rows("columns")},
    )

    client.post(
        address(city, "question-edit", cycle, key="home"),
        {
            **HOME,
            "type": "short_text",
            "options_es": "Propio\nAlquilado",
            "label_es": "Vivienda",
            **rows("columns"),
        },
    )

    question = form_of(city, cycle).form.question("home")
    assert (question.choices, question.translations) == ((), {"es": {"label": "Vivienda"}})


def test_a_table_is_added_with_columns(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "question-create", cycle),
        {
            "section": "project",
            "label": "Volunteers",
            "type": "people",
            "min_rows": "2",
            **rows("columns", {"key": "", "label": "Name", "type": "short_text"}, {"key": "", "label": ""}),
        },
    )

    question = form_of(city, cycle).form.question("volunteers")
    assert ([(c.key, c.label) for c in question.columns], question.min_rows) == ([("name", "Name")], 2)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"type": "single_choice", "options": "One"}, "options"),
        ({"type": "number", "min": "many"}, "min"),
        ({"type": "money", "max": "1.200"}, "max"),
        ({"type": "date", "max": "April"}, "max"),
        (
            {"type": "short_text", "shown_question": "amount", "shown_op": "gte", "shown_value": "much"},
            "shown_value",
        ),
        (
            {"type": "short_text", "shown_question": "project_title", "shown_op": "gte", "shown_value": "5"},
            "shown_op",
        ),
        ({"type": "table"}, "__all__"),
        ({"type": "short_text", "label": ""}, "label"),
    ],
)
def test_a_question_that_cant_be_asked_is_refused_beside_the_field(city, manager, client, given, field):
    cycle = make(city)
    before = asked(city, cycle)

    response = client.post(
        address(city, "question-create", cycle),
        {"section": "project", "label": "More", **rows("columns"), **given},
    )

    assert field in response.context["form"].errors
    assert asked(city, cycle) == before


def test_every_kind_of_question_can_be_added_and_is_shown_again_unchanged(city, manager, client):
    from grants.cycles.questions import Kind

    cycle = make(city)
    extra = {
        "single_choice": {"options": "A\nB"},
        "multi_choice": {"options": "A\nB", "max": "2"},
        "money": {"max": "100"},
        "date": {"min": "2027-01-01"},
    }
    for kind in Kind:
        columns = (
            rows("columns", {"key": "", "label": "Name", "type": "short_text"})
            if kind in {"table", "people"}
            else rows("columns")
        )
        client.post(
            address(city, "question-create", cycle),
            {
                "section": "project",
                "label": f"Kind {kind}",
                "type": str(kind),
                **columns,
                **extra.get(str(kind), {}),
            },
        )
    before = form_of(city, cycle).definition

    for kind in Kind:
        page = address(city, "question-edit", cycle, key=f"kind_{kind}")
        part = client.get(page).context["part"]
        posted = {
            name: part.main[name].value()
            for name in part.main.fields
            if part.main[name].value() not in (None, False, "")
        }
        posted = {
            name: "\n".join(value) if isinstance(value, list) else value for name, value in posted.items()
        }
        columns = [
            {
                "key": r["key"].value() or "",
                "label": r["label"].value() or "",
                "type": r["type"].value() or "",
            }
            for r in part.rows["columns"].forms
        ]
        assert (
            client.post(
                page, posted | rows("columns", *columns, initial=sum(bool(c["key"]) for c in columns))
            ).status_code
            == 302
        )

    assert {f"kind_{kind}" for kind in Kind} <= set(asked(city, cycle)[0])
    assert form_of(city, cycle).definition == before


def test_questions_and_sections_are_moved_and_removed(city, manager, client):
    cycle = make(city)
    page = address(city, "cycle-form", cycle)
    assert asked(city, cycle) == [["project_title", "amount"], ["budget_lines"], ["permission"]]

    client.post(page, {"deed": "question-up:amount"})
    client.post(page, {"deed": "question-down:project_title"})
    client.post(page, {"deed": "section-up:documents"})
    client.post(page, {"deed": "question-remove:permission", "sure": "yes"})
    client.post(page, {"deed": "section-remove:documents", "sure": "yes"})

    assert asked(city, cycle) == [["amount"], ["project_title", "budget_lines"]]


def test_removing_says_what_goes_and_how_much_before_it_does(city, manager, client):
    cycle = make(city)
    page = address(city, "cycle-form", cycle)

    section = client.post(page, {"deed": "section-remove:project"}).content.decode()
    question_ = client.post(page, {"deed": "question-remove:amount"}).content.decode()
    check = client.post(
        address(city, "cycle-eligibility", cycle), {"deed": "remove:lives_here"}
    ).content.decode()

    assert "The section and its 2 questions are removed from the form." in section
    assert "Remove “Amount”?" in question_
    assert "its rule is no longer checked" in check
    assert asked(city, cycle)[0] == ["project_title", "amount"]
    assert len(again(city, cycle).eligibility) == 1


def test_a_question_that_others_depend_on_is_not_removed_in_silence(city, manager, client):
    cycle = make(city)
    page = address(city, "cycle-form", cycle)
    client.post(
        address(city, "question-create", cycle),
        {
            "section": "project",
            "label": "Why",
            "type": "short_text",
            "shown_question": "project_title",
            "shown_op": "eq",
            "shown_value": "Garden",
            **rows("columns"),
        },
    )

    warned = client.post(page, {"deed": "question-remove:project_title"}).content.decode()
    refused = client.post(
        page, {"deed": "question-remove:project_title", "sure": "yes"}, follow=True
    ).content.decode()

    assert "Change or remove them first" in warned
    assert "depends on a question that does not stand before it" in refused
    assert "project_title" in asked(city, cycle)[0]


def test_a_section_is_added_and_renamed(city, manager, client):
    cycle = make(city)

    client.post(address(city, "section-create", cycle), {"title": "About you", "title_es": "Sobre usted"})
    client.post(address(city, "section-edit", cycle, key="about_you"), {"title": "You"})

    section = form_of(city, cycle).form.section("about_you")
    assert (section.title, section.translations) == ("You", {})


def test_the_second_of_two_editors_is_told(city, manager, client):
    cycle = make(city)
    seen = client.get(address(city, "cycle-form", cycle)).context["seen"]
    client.post(
        address(city, "cycle-form", cycle),
        {"deed": "question-remove:permission", "seen": seen, "sure": "yes"},
    )

    response = client.post(
        address(city, "cycle-form", cycle),
        {"deed": "question-remove:amount", "seen": seen, "sure": "yes"},
        follow=True,
    )

    assert "Somebody else changed this form" in response.content.decode()
    assert "amount" in asked(city, cycle)[0]


def test_the_form_is_locked_with_a_reason_once_somebody_answers(city, manager, client):
    cycle = make(city)
    with city_scope(city):
        ApplicationFactory(form_version=cycle.forms.get())

    page = client.get(address(city, "cycle-form", cycle)).content.decode()
    response = client.post(
        address(city, "question-create", cycle),
        {"section": "project", "label": "More", "type": "short_text", **rows("columns")},
    )

    assert "This form can’t be changed now" in page
    assert "people have begun to answer" in response.content.decode()


def test_what_stands_in_lists_is_chosen(city, manager, client):
    cycle = make(city)

    client.post(
        address(city, "form-summary", cycle),
        {"title": "project_title", "amount": "amount", "applicant": "project_title"},
    )

    assert form_of(city, cycle).summary_keys == {
        "title": "project_title", "applicant": "project_title", "group": None, "amount": "amount", "place": None, "neighborhood": None,
        "category": None, "budget": "budget_lines",
    }  # fmt: skip


def test_the_preview_shows_the_form_in_the_citys_languages(city, manager, client):
    with city_scope(city):
        cycle = create_blank_cycle(name="Spring", year=2027, actor=IMPORTER)

    english = client.get(address(city, "cycle-preview", cycle), {"section": "budget"}).content.decode()
    spanish = client.get(
        address(city, "cycle-preview", cycle), {"section": "budget", "language": "es"}
    ).content.decode()

    assert "What will it cost?" in english
    assert "¿Cuánto costará?" in spanish


def test_the_preview_offers_kinds_of_cost_in_the_calls_own_words(city, manager, client):
    cycle = make(city)
    with city_scope(city):
        Cycle.objects.update(translations={"es": {"Tools": "Herramientas"}})

    shown = {
        language: client.get(
            address(city, "cycle-preview", cycle), {"section": "budget", "language": language}
        ).content.decode()
        for language in ("en", "es")
    }

    assert '<option value="tools">Herramientas</option>' in shown["es"]
    assert '<option value="tools">Tools</option>' in shown["en"]


def test_a_form_without_sections_has_an_empty_preview(city, manager, client):
    cycle = make(city)
    with city_scope(city):
        cycle.forms.update(definition=[])

    assert (
        "The form has no sections yet." in client.get(address(city, "cycle-preview", cycle)).content.decode()
    )


def test_the_dates_page_warns_while_people_apply(city, manager, client):
    cycle = ready(city)
    before = client.get(address(city, "cycle-dates", cycle)).content.decode()
    client.post(address(city, "cycle-publish", cycle))

    assert "People are applying now." not in before
    assert "People are applying now." in client.get(address(city, "cycle-dates", cycle)).content.decode()


def test_the_later_stage_can_be_previewed_and_changed(city, manager, client):
    cycle = make(city, two_stages())

    preview = client.get(address(city, "cycle-preview", cycle), {"stage": "later"})
    client.post(address(city, "section-create", cycle) + "?stage=later", {"title": "Budget"})

    assert preview.status_code == 200
    with city_scope(city):
        later = FormVersion.objects.get(cycle=cycle, is_applied_with=False)
    assert [section.title for section in later.form.sections] == ["Money", "Budget"]


def ready(city):
    return make(
        city,
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=datetime(2099, 1, 1, tzinfo=UTC),
        planned_pool_cents=1_000_000,
    )


def test_publishing_says_what_will_happen_and_then_does_it(city, manager, client):
    cycle = ready(city)

    page = client.get(address(city, "cycle-publish", cycle)).content.decode()
    response = client.post(address(city, "cycle-publish", cycle))

    assert "It is open at once: residents can begin to apply." in page
    assert "They answer 4 questions." in page
    assert "Residents will not know whom to ask." in page
    assert response["Location"] == address(city, "cycle-setup", cycle)
    assert again(city, cycle).status == Status.PUBLISHED


def test_publishing_too_early_says_what_is_missing(city, manager, client):
    cycle = make(city)

    response = client.post(address(city, "cycle-publish", cycle))

    assert "Say how much money you plan to give out." in response.content.decode()
    assert again(city, cycle).status == Status.DRAFT


def test_a_call_is_taken_back_archived_and_copied(city, manager, client):
    cycle = ready(city)
    client.post(address(city, "cycle-publish", cycle))

    client.post(address(city, "cycle-withdraw", cycle))
    withdrawn = again(city, cycle).status
    client.post(address(city, "cycle-archive", cycle))
    copied = client.post(
        address(city, "cycle-copy", cycle), {"name": "Next year", "year": "2028"}, follow=True
    )

    assert (withdrawn, again(city, cycle).status) == (Status.DRAFT, Status.ARCHIVED)
    assert "Left blank, since last time’s would be wrong" in copied.content.decode()
    with city_scope(city):
        assert Cycle.objects.filter(name="Next year", planned_pool_cents=None).count() == 1


def test_an_open_call_is_not_archived_and_the_page_says_why(city, manager, client):
    cycle = ready(city)
    client.post(address(city, "cycle-publish", cycle))

    page = client.post(address(city, "cycle-archive", cycle)).content.decode()

    assert "This call is open." in page
    assert again(city, cycle).status == Status.PUBLISHED


def test_a_call_with_undecided_applications_is_not_archived_and_page_and_api_say_how_many(
    city, manager, client
):
    cycle = make(
        city,
        status=Status.PUBLISHED,
        opens_at=datetime(2020, 1, 1, tzinfo=UTC),
        closes_at=datetime(2020, 2, 1, tzinfo=UTC),
    )
    with city_scope(city):
        for status in ("submitted", "eligible"):
            ApplicationFactory(form_version=cycle.forms.get(), submitted=True, status=status)
    sentence = "2 applications of this call still wait for a decision."

    asked = client.get(address(city, "cycle-archive", cycle))
    page = client.post(address(city, "cycle-archive", cycle))
    api = client.post(address(city, "api-cycle-archive", cycle))

    assert sentence in asked.text
    assert sentence in page.text
    assert (api.status_code, api.json()["detail"].startswith(sentence)) == (422, True)
    assert again(city, cycle).status == Status.PUBLISHED


@pytest.mark.parametrize("count", [1, 3])
def test_the_overview_takes_the_same_statements_for_one_call_and_three(city, manager, client, count):
    for _ in range(count):
        make(city)

    with count_statements() as statements:
        response = client.get(address(city, "setup-overview"))

    assert response.content.decode().count("Better Blocks 2026") == count
    assert len(statements) <= 8


@pytest.mark.parametrize("count", [1, 3])
def test_the_call_page_takes_the_same_statements_for_one_application_and_three(city, manager, client, count):
    cycle = make(city)
    with city_scope(city):
        for _ in range(count):
            ApplicationFactory(form_version=cycle.forms.get())

    with count_statements() as statements:
        client.get(address(city, "cycle-setup", cycle))

    assert len(statements) <= 10


def test_a_stranger_is_sent_to_sign_in(city, client):
    response = client.get(address(city, "setup-overview"))

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")


def test_a_resident_is_forbidden(city, client):
    from tests.factories import UserFactory

    sign_in(client, UserFactory())

    assert client.get(address(city, "setup-overview")).status_code == 403
