"""Two managers at one part of a call: the second is told, and loses nothing that was typed."""

import json

import pytest

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from cities.tenancy.tickets import fingerprint
from grants.cycles import tickets
from grants.cycles.actions import update_rubric
from grants.cycles.errors import PartChangedError
from tests.factories import ApplicationFactory, make_city, make_member
from tests.grants.cycles.test_setup_pages import address, again, form_of, make, rows
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return make_city("tilden", timezone="America/Chicago", languages=["en", "es"])


@pytest.fixture
def manager(city, client):
    user = make_member(city, Role.MANAGER)
    sign_in(client, user)
    return user


@pytest.fixture
def cycle(city):
    return make(city)


BUDGET = {"columns": ["requested"], "match_of": "request"}
TYPED = {
    "cycle-budget": ("budget", rows("categories", {"key": "", "label": "WORD"}) | BUDGET),
    "cycle-papers": ("attachments", rows("papers", {"key": "", "label": "WORD"})),
    "cycle-rubric": (
        "rubric",
        rows("gates", {"key": "", "label": "WORD"}) | rows("criteria") | rows("bonus"),
    ),
    "cycle-terms": ("award_terms", rows("reports", {"key": "", "kind": "WORD"})),
    "eligibility-create": ("eligibility", {"label": "WORD", "type": "yes_no", "words": "A rule."}),
}


def typed(page, word):
    return {
        name: value.replace("WORD", word) if isinstance(value, str) else value
        for name, value in TYPED[page][1].items()
    }


@pytest.mark.parametrize("page", TYPED)
def test_the_second_of_two_who_save_a_part_is_told_and_keeps_what_was_typed(
    city, manager, client, cycle, page
):
    seen = client.get(address(city, page, cycle)).context["seen"]
    first = client.post(address(city, page, cycle), typed(page, "Mine") | {"seen": seen})
    stands = getattr(again(city, cycle), TYPED[page][0])

    second = client.post(address(city, page, cycle), typed(page, "Yours") | {"seen": seen})

    assert (first.status_code, second.status_code) == (302, 409)
    assert "Somebody else saved this part" in second.text
    assert 'value="Yours"' in second.text
    assert getattr(again(city, cycle), TYPED[page][0]) == stands
    informed = client.post(
        address(city, page, cycle), typed(page, "Yours") | {"seen": second.context["seen"]}
    )
    assert informed.status_code == 302
    assert "yours" in json.dumps(getattr(again(city, cycle), TYPED[page][0])).lower()


@pytest.mark.parametrize("page", [page for page in TYPED if page.startswith("cycle-")])
def test_a_second_click_on_save_is_no_conflict(city, manager, client, cycle, page):
    seen = client.get(address(city, page, cycle)).context["seen"]

    answers = [
        client.post(address(city, page, cycle), typed(page, "Mine") | {"seen": seen}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 302]


DATES = {"opens_on": "2027-02-01", "closes_on": "2027-03-07", "decision_on": "2027-04-01"}
COLUMNS = {
    "cycle-basics": (
        {"name": "Blocks", "year": "2027", "purpose": "Mine"},
        {"name": "Blocks", "year": "2027", "purpose": "Yours"},
        {"purpose": "Over the API."},
    ),
    "cycle-dates": (
        DATES | {"closes_on": "2027-03-14"},
        DATES | {"workshop_dates": "2027-02-20"},
        {"closes_at": "2027-03-21"},
    ),
    "cycle-money": (
        {"planned_pool_cents": "9000", "max_request_cents": "1500"},
        {"planned_pool_cents": "5000", "max_request_cents": "1500"},
        {"planned_pool_cents": 123_400},
    ),
}
"""What a colleague saves, what is typed on the page that was opened before, and a change over the API."""


@pytest.mark.parametrize("page", COLUMNS)
def test_an_old_page_of_dates_money_or_name_undoes_nothing_of_a_colleague(city, manager, client, cycle, page):
    theirs, mine, _api = COLUMNS[page]
    columns = tickets.COLUMNS[page.removeprefix("cycle-")]
    seen = client.get(address(city, page, cycle)).context["seen"]

    first = [client.post(address(city, page, cycle), theirs | {"seen": seen}) for _ in range(2)]
    stands = again(city, cycle)
    second = client.post(address(city, page, cycle), mine | {"seen": seen})

    assert [answer.status_code for answer in (*first, second)] == [302, 302, 409]
    assert "Somebody else saved this part" in second.text
    assert {name: getattr(again(city, cycle), name) for name in columns} == {
        name: getattr(stands, name) for name in columns
    }
    assert {name: second.context["form"].data[name] for name in mine} == mine
    informed = client.post(address(city, page, cycle), mine | {"seen": second.context["seen"]})
    assert informed.status_code == 302
    assert [getattr(again(city, cycle), name) for name in columns] != [
        getattr(stands, name) for name in columns
    ]


def test_an_old_page_of_dates_does_not_shut_the_call_for_who_is_applying(city, manager, client, cycle):
    with city_scope(city):
        application = ApplicationFactory(form_version=cycle.forms.get(is_applied_with=True))
    page = address(city, "cycle-dates", cycle)
    seen = client.get(page).context["seen"]
    client.post(page, DATES | {"closes_on": "2027-03-14", "seen": seen})

    client.post(page, DATES | {"workshop_dates": "2027-02-20", "seen": seen})

    with city_scope(city):
        application.refresh_from_db()
    assert application.closes_at.date().isoformat() == "2027-03-15"  # 11:59 pm in Chicago


def test_a_ticket_of_dates_is_kept_while_input_is_corrected(city, manager, client, cycle):
    page = address(city, "cycle-dates", cycle)
    seen = client.get(page).context["seen"]
    client.post(page, DATES)

    corrected = client.post(page, DATES | {"closes_on": "never", "seen": seen})

    assert (corrected.status_code, corrected.context["seen"]) == (200, seen)
    assert f'name="seen" value="{seen}"' in corrected.text


def test_a_second_click_on_save_adds_no_second_question(city, manager, client, cycle):
    page = "eligibility-create"
    seen = client.get(address(city, page, cycle)).context["seen"]

    answers = [
        client.post(address(city, page, cycle), typed(page, "Mine") | {"seen": seen}) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [302, 409]
    assert [item["label"] for item in again(city, cycle).eligibility].count("Mine") == 1


def test_adding_a_row_keeps_the_ticket_of_the_page(city, manager, client, cycle):
    seen = client.get(address(city, "cycle-rubric", cycle)).context["seen"]
    client.post(address(city, "cycle-rubric", cycle), typed("cycle-rubric", "Mine"))

    grown = client.post(
        address(city, "cycle-rubric", cycle),
        typed("cycle-rubric", "Yours") | {"seen": seen, "add_row": "gates"},
    )

    assert grown.context["seen"] == seen


def test_a_move_in_a_list_that_somebody_changed_is_refused_in_words(city, manager, client, cycle):
    page = address(city, "cycle-eligibility", cycle)
    seen, key = client.get(page).context["seen"], again(city, cycle).eligibility[0]["key"]
    client.post(address(city, "eligibility-create", cycle), typed("eligibility-create", "Mine"))
    stands = again(city, cycle).eligibility

    answer = client.post(page, {"deed": f"down:{key}", "seen": seen}, follow=True)

    assert "This is how it is now" in answer.text
    assert again(city, cycle).eligibility == stands


def test_a_question_that_somebody_removed_is_missed_in_words_and_what_was_typed_stays(
    city, manager, client, cycle
):
    listed = client.get(address(city, "cycle-eligibility", cycle)).context["seen"]
    key = again(city, cycle).eligibility[0]["key"]
    client.post(
        address(city, "cycle-eligibility", cycle), {"deed": f"remove:{key}", "sure": "yes", "seen": listed}
    )

    moved = client.post(
        address(city, "cycle-eligibility", cycle), {"deed": f"up:{key}", "seen": listed}, follow=True
    )
    changed = client.post(
        address(city, "eligibility-edit", cycle, key=key),
        typed("eligibility-create", "Yours") | {"seen": listed},
    )

    assert "Somebody else removed this question" in moved.text
    assert changed.status_code == 409
    assert 'value="Yours"' in changed.text


def test_the_form_editor_keeps_its_ticket_while_input_is_corrected(city, manager, client, cycle):
    page = address(city, "section-create", cycle)
    seen = client.get(page).context["seen"]
    client.post(page, {"title": "Mine", "seen": seen})

    corrected = client.post(page, {"title": "", "seen": seen})
    late = client.post(page, {"title": "Yours", "seen": corrected.context["seen"]})

    assert corrected.context["seen"] == seen
    assert late.status_code == 409
    assert "Somebody else changed this form" in late.text
    assert "Yours" not in [section.title for section in form_of(city, cycle).form.sections]


def send(client, path, data):
    response = client.patch(path, json.dumps(data), content_type="application/json")
    return response.status_code, response.json()


@pytest.mark.parametrize("part", ["eligibility", "budget", "attachments", "rubric", "award_terms"])
def test_the_api_gives_a_ticket_per_part_and_refuses_an_old_one(city, manager, client, cycle, part):
    path = address(city, "api-cycle-detail", cycle)
    told = client.get(path).json()
    empty = {"attachments": [], "eligibility": []}
    stripped = {
        "budget": {**told["budget"], "disallowed": ["Rent"]},
        "rubric": {**told["rubric"], "reviewers": "Neighbors"},
        "award_terms": {**told["award_terms"], "conditions": ["Be kind"]},
    }
    changed = (stripped | empty)[part]

    first = send(client, path, {part: changed, "seen": {part: told["seen"][part]}})
    again_same = send(client, path, {part: changed, "seen": {part: told["seen"][part]}})
    second = send(client, path, {part: told[part], "seen": {part: told["seen"][part]}})

    assert (first[0], again_same[0], second[0]) == (200, 200, 409)
    assert "Somebody else saved this part" in second[1]["detail"]
    assert first[1]["seen"][part] != told["seen"][part]


@pytest.mark.parametrize("page", COLUMNS)
def test_the_api_has_a_ticket_for_dates_money_and_name(city, manager, client, cycle, page):
    part, path = page.removeprefix("cycle-"), address(city, "api-cycle-detail", cycle)
    told, change = client.get(path).json(), COLUMNS[page][2]
    back = {name: told[name] for name in change}

    first = send(client, path, change | {"seen": {part: told["seen"][part]}})
    again_same = send(client, path, change | {"seen": {part: told["seen"][part]}})
    second = send(client, path, back | {"seen": {part: told["seen"][part]}})
    unasked = send(client, path, back)

    assert (first[0], again_same[0], second[0], unasked[0]) == (200, 200, 409, 200)
    assert unasked[1]["seen"][part] == told["seen"][part] != first[1]["seen"][part]


def test_the_api_tells_the_forms_ticket_too(city, manager, client, cycle):
    path = address(city, "api-cycle-detail", cycle)
    told = client.get(path).json()
    sections = told["form"]["sections"]
    shorter = [{**sections[0], "title": "Another"}, *sections[1:]]

    first = send(client, path, {"form": {"sections": shorter}, "seen": {"form": told["seen"]["form"]}})
    second = send(client, path, {"form": {"sections": sections}, "seen": {"form": told["seen"]["form"]}})

    assert (first[0], second[0]) == (200, 409)


def test_an_action_that_nobody_gives_a_ticket_asks_for_none(city, manager, cycle):
    with city_scope(city):
        changed = update_rubric(cycle.pk, rubric={**cycle.rubric, "reviewers": "A"}, actor=manager)
        with pytest.raises(PartChangedError):
            update_rubric(
                cycle.pk,
                rubric={**cycle.rubric, "reviewers": "B"},
                actor=manager,
                seen=fingerprint(cycle.rubric),
            )

    assert changed.rubric["reviewers"] == "A"


@pytest.mark.parametrize(
    ("page", "deed", "written"),
    [
        ("question-edit", "question-remove:amount", {"section": "project", "label": "Yours", "type": "money"} | rows("columns")),
        ("section-edit", "section-remove:documents", {"title": "Yours"}),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("manager")
def test_what_a_colleague_removed_from_the_form_is_told_and_what_was_typed_stays(
    city, client, page, deed, written
):
    cycle = make(city)
    path = address(city, page, cycle, key=deed.partition(":")[2])
    seen = client.get(path).context["seen"]
    client.post(address(city, "cycle-form", cycle), {"deed": deed, "sure": "yes", "seen": seen})

    late = client.post(path, written | {"seen": seen})
    informed = client.post(path, written | {"seen": late.context["seen"]})

    assert (late.status_code, informed.status_code) == (409, 302)
    assert "Somebody else changed this form" in late.text
    assert 'value="Yours"' in late.text
    form = form_of(city, cycle).form
    assert form.question("yours") or form.section("yours")


def test_a_question_is_kept_when_a_colleague_removed_every_section(city, manager, client, cycle):
    path = address(city, "question-edit", cycle, key="amount")
    seen = client.get(path).context["seen"]
    with city_scope(city):
        cycle.forms.update(definition=[])

    late = client.post(
        path, {"section": "project", "label": "Yours", "type": "money", "seen": seen} | rows("columns")
    )

    assert late.status_code == 200
    assert "section" in late.context["form"].errors
    assert 'value="Yours"' in late.text


def test_an_old_page_of_what_stands_in_lists_is_told(city, manager, client, cycle):
    path = address(city, "form-summary", cycle)
    seen = client.get(path).context["seen"]
    client.post(path, {"title": "project_title", "seen": seen})

    late = client.post(path, {"amount": "amount", "seen": seen})

    assert late.status_code == 409
    assert "Somebody else changed this form" in late.text


@pytest.mark.parametrize("deed", ["question-up:gone", "question-remove:gone", "section-remove:gone"])
def test_a_move_of_what_a_colleague_removed_from_the_form_is_told(city, manager, client, cycle, deed):
    answer = client.post(address(city, "cycle-form", cycle), {"deed": deed}, follow=True)

    assert "Somebody else removed this from the form meanwhile." in answer.text
    assert "Saved." not in answer.text
