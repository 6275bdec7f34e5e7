import pytest

from grants.cycles.questions import (
    Budget,
    CompleteForm,
    FormDefinition,
    Frame,
    budget_question,
    complete_form,
    evaluate,
    evaluate_answers,
    missing,
    stored_form,
)
from tests.grants.cycles.samples import question_json, sample_answers, unseen_call

CATEGORY = {"max_percent": None, "max_amount": None}


def budget(**parts):
    return Budget.from_json(
        {
            "columns": ["requested"],
            "categories": [],
            "disallowed": [],
            "match_required": None,
            "vendor_quotes_over": None,
            **parts,
        }
    )


def match(percent, of="request"):
    return {"percent": percent, "of": of, "may_be": [], "volunteer_hour_value": None, "note": None}


def form(*questions, key="s"):
    return FormDefinition.from_json([{"key": key, "title": key, "questions": list(questions)}])


def codes(evaluation):
    return [(finding.code, finding.stops) for finding in evaluation.findings]


MONEY = {"key": "amount", "label": "Amount", "type": "money"}
ITEM = {"key": "item", "label": "Item", "type": "short_text"}
LINE = {"key": "line", "label": "Line", "type": "single_choice"}


def test_lines_add_up_per_column():
    rules = budget(columns=["requested", "match_cash"])
    lines = [{"requested": 10050, "match_cash": 5}, {"requested": 1}, {"match_cash": None}]

    found = evaluate(rules, lines)

    assert dict(found.totals) == {"requested": 10051, "match_cash": 5}
    assert (found.requested_cents, found.match_cents, found.total_cents) == (10051, 5, 10056)
    assert found.findings == ()


@pytest.mark.parametrize(
    ("percent", "amount", "base", "ceiling"),
    [
        ("10", None, 100_00, 10_00),
        ("10", "5.00", 100_00, 5_00),
        ("10", "50.00", 100_00, 10_00),
        (None, "50.00", 100_00, 50_00),
        (None, None, 100_00, None),
        ("33.33", None, 99_99, 33_32),  # 3332.667 is rounded down
        ("0", None, 100_00, 0),
    ],
)
def test_a_ceiling_is_the_lesser_of_share_and_amount_rounded_down(percent, amount, base, ceiling):
    rules = budget(
        categories=[{"key": "food", "label": "Food", "max_percent": percent, "max_amount": amount}]
    )

    found = evaluate(rules, [], Frame(requested_cents=base))

    assert found.categories[0].ceiling_cents == ceiling


def test_a_category_over_its_ceiling_stops_with_what_to_take_off():
    rules = budget(categories=[{"key": "food", "label": "Food", "max_percent": "10", "max_amount": None}])
    lines = [{"category": "food", "requested": 120_00}, {"category": None, "requested": 880_00}]

    found = evaluate(rules, lines)

    assert codes(found) == [("over_ceiling", True)]
    assert found.findings[0].sentence == "Food may take $100 at most. Your lines ask for $120. Take off $20."
    assert found.categories[0].sentence == "No more than $100 (10 percent of the grant)."
    assert found.categories[0].over_cents == 20_00


def test_ceilings_are_of_the_award_once_there_is_one():
    rules = budget(categories=[{"key": "food", "label": "Food", "max_percent": "10", "max_amount": None}])
    lines = [{"category": "food", "requested": 80_00}, {"requested": 920_00}]

    assert evaluate(rules, lines).findings == ()
    assert codes(evaluate(rules, lines, Frame(award_cents=500_00))) == [("over_ceiling", True)]


@pytest.mark.parametrize(
    ("asked", "code"), [(250_00, None), (249_99, "below_floor"), (2500_00, None), (2500_01, "above_cap")]
)
def test_the_request_stays_between_floor_and_cap(asked, code):
    found = evaluate(budget(), [], Frame(requested_cents=asked, floor_cents=250_00, cap_cents=2500_00))

    assert codes(found) == ([(code, True)] if code else [])


@pytest.mark.parametrize(
    ("percent", "of", "requested", "added", "needed", "short"),
    [
        ("100", "request", 500_00, 500_00, 500_00, False),
        ("100", "request", 500_00, 499_99, 500_00, True),
        ("50", "total_cost", 500_00, 500_00, 500_00, False),
        ("50", "total_cost", 500_00, 400_00, 450_00, True),
        ("33.33", "request", 99_99, 33_33, 33_33, False),  # 3332.667 is rounded up
        ("0", "request", 500_00, 0, 0, False),
    ],
)
def test_a_match_is_of_the_request_or_of_the_total_rounded_up(percent, of, requested, added, needed, short):  # noqa: PLR0917
    rules = budget(columns=["requested", "match_cash"], match_required=match(percent, of))

    found = evaluate(rules, [{"requested": requested, "match_cash": added}])

    assert found.match_needed_cents == needed
    assert codes(found) == ([("match_short", True)] if short else [])


def test_a_match_that_no_column_holds_is_for_staff():
    rules = budget(match_required=match("50"))

    found = evaluate(rules, [{"requested": 100_00}])

    assert codes(found) == [("match_unseen", False)]


def test_a_match_without_a_percentage_is_only_shown():
    rules = budget(columns=["requested", "match_cash"], match_required=match(None))

    assert evaluate(rules, [{"requested": 100_00}]).match_needed_cents is None
    assert evaluate(rules, [{"requested": 100_00}]).findings == ()


@pytest.mark.parametrize("exact", [True, False])
def test_lines_that_differ_from_the_amount_are_told(exact):
    found = evaluate(budget(), [{"requested": 100_00}], Frame(requested_cents=90_00, exact=exact))

    assert codes(found) == [("lines_differ", exact)]
    assert (
        found.findings[0].sentence
        == "You ask for $90, but your budget lines add up to $100. Make them the same."
    )


@pytest.mark.parametrize(
    ("section", "question", "is_budget"),
    [
        ("budget", question_json("lines", "table", columns=[ITEM, MONEY]), True),
        ("s", question_json("budget_lines", "table", columns=[ITEM, MONEY]), True),
        ("s", question_json("x", "table", label="Costs", columns=[ITEM, MONEY]), True),
        ("budget", question_json("match_sources", "table", columns=[ITEM, MONEY]), False),
        ("budget", question_json("list", "table", columns=[ITEM]), False),
        ("events", question_json("events", "table", columns=[ITEM, MONEY]), False),
        ("budget", question_json("total", "money"), False),
    ],
)
def test_the_budget_table_holds_money_and_says_so(section, question, is_budget):
    found = budget_question(form(question, key=section))

    assert (found is not None) is is_budget


def test_a_choice_column_of_the_budget_offers_the_categories_by_key():
    categories = [
        {"key": "other_1", "label": "Other", **CATEGORY},
        {"key": "other_2", "label": "Other", **CATEGORY},
    ]
    table = question_json("budget_lines", "table", columns=[LINE, MONEY])

    complete = complete_form(form(table), budget(categories=categories))

    column = complete.definition.question("budget_lines").columns[0]
    assert [(c.value, c.label) for c in column.choices] == [("other_1", "Other 1"), ("other_2", "Other 2")]
    assert complete.budget_key == "budget_lines"
    assert [note.place for note in complete.notes] == ["questions.budget_lines.columns.line"]


def test_a_choice_column_elsewhere_takes_text_and_offers_the_kinds_of_match():
    table = question_json("match_sources", "table", columns=[LINE, MONEY])
    rules = budget(match_required={**match("50"), "may_be": ["in_kind"]})

    column = complete_form(form(table), rules).definition.question("match_sources").columns[0]

    assert (column.choices, column.suggestions) == ((), ("In kind",))
    assert column.as_question().type == "short_text"


def test_a_form_without_a_budget_gets_one_from_the_rules():
    complete = complete_form(
        form(question_json("budget_lines", "short_text"), key="budget"),
        budget(columns=["requested", "match_cash", "odd_money"]),
    )

    table = complete.definition.question(complete.budget_key)
    assert table.key == "budget_lines_2"
    assert [(c.key, c.type) for c in table.columns] == [
        ("description", "short_text"),
        ("requested", "money"),
        ("match_cash", "money"),
        ("odd_money", "money"),
    ]
    assert [section.key for section in complete.definition.sections] == ["budget", "budget_2"]
    assert table.required


def test_lines_are_optional_where_the_rules_ask_nothing_of_them():
    complete = complete_form(form(question_json("q", "yes_no")), budget())

    assert not complete.definition.question(complete.budget_key).required


def test_the_first_of_two_stages_gets_no_budget_and_no_documents():
    definition = FormDefinition.from_json(
        [
            {"key": key, "title": key, "questions": [question_json(f"{key}_q", "yes_no")]}
            for key in ("idea_a", "full_a")
        ]
    )
    papers = [{"key": "w9", "label": "W-9", "required": True, "when": None}]

    complete = complete_form(
        definition, budget(columns=["requested", "match_cash"]), papers, ("idea", "full")
    )

    assert complete.definition == definition
    assert complete.budget_key is None


def test_papers_that_no_question_asks_for_become_uploads():
    call = unseen_call()
    definition = FormDefinition.from_json(call["sections"])

    complete = complete_form(
        definition,
        Budget.from_json(call["budget"]),
        [*call["attachments"], {"key": "photos", "label": "P", "required": True, "when": None}],
    )

    papers = complete.definition.section("documents").questions
    assert [(q.key, q.type, q.required, q.help) for q in papers] == [
        ("w9", "file", True, None),
        ("permit", "file", False, "if you dig"),
    ]


def test_a_stored_form_is_the_completed_one():
    call = unseen_call()
    complete = complete_form(
        FormDefinition.from_json(call["sections"]), Budget.from_json(call["budget"]), call["attachments"]
    )

    again = stored_form(complete.definition.to_json(), complete.summary.to_json())

    assert again == CompleteForm(complete.definition, complete.budget_key, complete.summary)


def test_an_application_is_judged_by_its_own_lines_amount_and_match():
    call = unseen_call()
    rules = Budget.from_json(call["budget"])
    complete = complete_form(FormDefinition.from_json(call["sections"]), rules, call["attachments"])
    good = sample_answers(complete.definition, rules)
    table = complete.budget_key
    frame = Frame(floor_cents=250_00, cap_cents=2500_00)

    assert missing(complete.definition, good) == ()
    assert evaluate_answers(complete, rules, good, frame).findings == ()

    lines = [{"_id": "r1", "category": "food", "description": "Lunch", "requested": {"cents": 400_00}}]
    found = evaluate_answers(complete, rules, good | {table: lines}, frame)
    assert codes(found) == [("lines_differ", True), ("over_ceiling", True), ("match_short", True)]


def test_a_match_table_of_its_own_counts_and_the_budget_asks_only_for_the_grant():
    amount = question_json("amount", "money")
    table = question_json("match_sources", "table", columns=[ITEM, MONEY])
    rules = budget(columns=["requested", "match_cash"], match_required=match("100"))
    complete = complete_form(form(amount, table), rules)
    answers = {
        "amount": {"cents": 500_00},
        complete.budget_key: [{"_id": "r1", "description": "Soil", "requested": {"cents": 500_00}}],
        "match_sources": [
            {"_id": "r1", "item": "Cash", "amount": {"cents": 300_00}},
            {"_id": "r2", "amount": {"cents": 200_00}},
        ],
    }

    assert [c.key for c in complete.definition.question(complete.budget_key).columns] == [
        "description",
        "requested",
    ]
    assert evaluate_answers(complete, rules, answers).findings == ()
    assert codes(evaluate_answers(complete, rules, answers | {"match_sources": None})) == [
        ("match_short", True)
    ]


def test_a_form_without_a_budget_has_nothing_to_judge():
    assert evaluate_answers(CompleteForm(form(question_json("q", "yes_no"))), budget(), {}) is None
