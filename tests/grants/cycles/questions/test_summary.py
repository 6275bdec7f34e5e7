import pytest

from grants.cycles.questions import Budget, FormDefinition, complete_form, summary, summary_keys
from tests.grants.cycles.samples import question_json, sample_answers, unseen_call

MONEY = {"key": "amount", "label": "Amount", "type": "money"}
ADDRESS = {"key": "address", "label": "Address", "type": "address"}


def keys_of(*questions):
    return summary_keys(FormDefinition.from_json([{"key": "s", "title": "S", "questions": list(questions)}]))


@pytest.mark.parametrize(
    ("part", "right", "wrong"),
    [
        (
            "title",
            question_json("p", "short_text", label="Name of your project"),
            question_json("l", "short_text", label="Name of the project leader"),
        ),
        (
            "title",
            question_json("project_title", "short_text"),
            question_json("job_title", "short_text", label="Your title"),
        ),
        (
            "group",
            question_json("organization", "short_text"),
            question_json("fiduciary", "short_text", label="Organization holding the money"),
        ),
        (
            "group",
            question_json("g", "short_text", label="Neighborhood group"),
            question_json("group_type", "single_choice", options=["A", "B"]),
        ),
        (
            "amount",
            question_json("m", "money", label="How much are you asking for?"),
            question_json("match_amount", "money"),
        ),
        (
            "amount",
            question_json("total", "money", label="Total"),
            question_json("t", "money", label="Total project cost"),
        ),
        (
            "place",
            question_json("x", "location", label="Where?"),
            question_json("mailing_address", "address"),
        ),
        (
            "place",
            question_json("locations", "table", columns=[ADDRESS]),
            question_json("budget_sites", "table", columns=[MONEY]),
        ),
        (
            "neighborhood",
            question_json("ward", "single_choice", options=["1", "2"]),
            question_json("g", "short_text", label="Neighborhood group"),
        ),
        (
            "category",
            question_json("project_kind", "multi_choice", options=["A", "B"]),
            question_json("group_category", "single_choice", options=["A", "B"]),
        ),
    ],
)
def test_each_part_of_the_summary_is_found_and_not_mistaken(part, right, wrong):
    assert getattr(keys_of(wrong, right), part) == right["key"]
    assert getattr(keys_of(wrong), part) is None


def test_a_key_counts_more_than_a_label_and_the_first_more_than_the_next():
    by_label = question_json("a", "short_text", label="Title of the project")
    by_key = question_json("project_name", "short_text")
    second = question_json("project_title", "short_text")

    assert keys_of(by_label, by_key, second).title == "project_name"


def test_the_summary_is_flat():
    call = unseen_call()
    complete = complete_form(FormDefinition.from_json(call["sections"]), Budget.from_json(call["budget"]))
    answers = sample_answers(complete.definition)

    found = summary(complete.definition, complete.summary, answers)

    assert (found.title, found.group) == ("Tilden Street Neighbors", "Tilden Street Neighbors")
    assert found.amount_cents == 50_000
    assert found.place == "Tilden and 4th; Tilden / 4th"
    assert (found.lat, found.lng) == (39.290385, -76.612189)
    assert found.category == "Clean; Green"
    assert found.neighborhood == ""


def test_without_an_amount_question_the_lines_tell_the_amount():
    rules = Budget.from_json({"columns": ["requested", "in_kind"]})
    form = FormDefinition.from_json([{"key": "s", "title": "S", "questions": [question_json("q", "yes_no")]}])
    complete = complete_form(form, rules)
    lines = [
        {"_id": "r1", "requested": {"cents": 7}, "in_kind": {"cents": 100}},
        {"_id": "r2", "requested": {"cents": 5}},
    ]

    found = summary(
        complete.definition,
        complete.summary,
        {complete.budget_key: lines},
        budget=rules,
        budget_key=complete.budget_key,
    )

    assert found.amount_cents == 12


def test_hidden_answers_are_not_in_the_summary():
    shown_when = {"question": "q", "op": "eq", "value": True}
    form = FormDefinition.from_json(
        [
            {
                "key": "s",
                "title": "S",
                "questions": [
                    question_json("q", "yes_no"),
                    question_json("project_title", "short_text", shown_when=shown_when),
                ],
            }
        ]
    )

    assert summary(form, summary_keys(form), {"q": False, "project_title": "Old"}).title == ""
