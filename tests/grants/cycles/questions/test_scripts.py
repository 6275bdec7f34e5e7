"""Questions in a real browser: the scripts agree with the server, rows come and go, axe finds nothing."""

import json
from pathlib import Path

import pytest
from django.conf import settings
from django.http import QueryDict

from grants.cycles.questions import (
    BoundQuestion,
    Condition,
    FormDefinition,
    Problem,
    clean,
    parse,
    visible_keys,
)
from grants.cycles.questions.conditions import holds
from tests.grants.cycles.questions.conftest import DIST
from tests.grants.cycles.questions.test_conditions import OPTIONS
from tests.grants.cycles.samples import drawn, question, question_json, sample_answers, unseen_sections

pytestmark = pytest.mark.browser

AXE = Path(settings.BASE_DIR, "node_modules/axe-core/axe.min.js")
FORM = FormDefinition.from_json(unseen_sections())


def bound(answers, **options):
    keys = visible_keys(FORM, answers)
    return [BoundQuestion(q, answers.get(q.key), visible=q.key in keys, **options) for q in FORM.questions]


READ = "async () => (await import('/js/questions.js')).readAnswer(document.querySelector('[data-question]'))"


@pytest.mark.parametrize("asked", FORM.questions, ids=lambda q: q.key)
def test_the_script_reads_what_the_api_takes(show, asked):
    value = sample_answers(FORM).get(asked.key)

    typed = show([BoundQuestion(asked, value)]).evaluate(READ)

    cleaned = clean(asked, json.loads(json.dumps(typed)))
    assert cleaned.storable
    assert cleaned.problems == ()
    if asked.key != "everything":  # an address in a cell is one line
        assert cleaned.value == value


CASES = [
    ("yes_no", [True, False, None], [("eq", True), ("eq", False)]),
    ("single_choice", ["Green", None], [("eq", "Green"), ("eq", "Art"), ("in", ["Art", "Green"])]),
    (
        "multi_choice",
        [["Clean", "Art"], None],
        [
            ("eq", "Art"),
            ("eq", ["Art", "Clean"]),
            ("eq", ["Art"]),
            ("in", ["Green", "Art"]),
            ("gte", 2),
            ("lte", 1),
        ],
    ),
    (
        "number",
        [20, 19.5, 1250, 0, {"typed": "many"}, None],
        [("gte", 20), ("lte", 19.5), ("eq", 1250), ("in", [0, 5]), ("gte", "1000")],
    ),
    (
        "money",
        [{"cents": 200000}, {"cents": 50}, {"typed": "lots"}, None],
        [("gte", "2000.00"), ("lte", "0.50"), ("eq", "2000")],
    ),
    (
        "date",
        ["2026-04-27", {"typed": "soon"}, None],
        [("lte", "2026-05-01"), ("gte", "2026-05-01"), ("eq", "2026-04-27")],
    ),
    (
        "people",
        [[{"_id": "r1", "name": "Ana"}, {"_id": "r2", "name": "Ben"}], None],
        [("gte", 2), ("lte", 2), ("gte", 3)],
    ),
    ("short_text", ["abc", None], [("eq", "abc"), ("gte", 1)]),
]


@pytest.mark.parametrize(("kind", "values", "conditions"), CASES, ids=[case[0] for case in CASES])
def test_the_script_judges_conditions_as_the_server_does(show, kind, values, conditions):
    columns = [{"key": "name", "label": "Name", "type": "short_text"}] if kind == "people" else []
    asked = question(kind, options=OPTIONS if "choice" in kind else [], columns=columns)
    judge = (
        "async (conditions) => { const { holds } = await import('/js/conditions.js');"
        " return conditions.map((c) => holds(c, document.querySelector('[data-question]'))); }"
    )

    for value in values:
        page = show([BoundQuestion(asked, value)])
        wanted = [Condition("it", op, wanted) for op, wanted in conditions]
        assert page.evaluate(judge, [c.to_json() for c in wanted]) == [
            holds(c, asked, value) for c in wanted
        ], value


def test_a_drop_down_is_read_as_the_choice_or_as_nothing(show):
    page = show(
        [BoundQuestion(question("single_choice", options=[f"Ward {number}" for number in range(13)]))]
    )

    assert page.evaluate(READ) == ""
    page.get_by_label("It").select_option("Ward 7")
    assert page.evaluate(READ) == "Ward 7"


def test_questions_come_and_go_with_the_answer_and_hidden_inputs_are_not_posted(show):
    page = show(bound({"has_sponsor": True, "sponsor": "Riverbend"}))
    sponsor = page.locator("[data-question=sponsor]")

    assert sponsor.is_visible()
    page.locator("label[for=q-has_sponsor-no]").click()
    assert not sponsor.is_visible()
    names = "() => [...new FormData(document.querySelector('form')).keys()]"
    assert not {"q.sponsor", "v.sponsor"} & set(page.evaluate(names))

    page.locator("label[for=q-has_sponsor-yes]").click()
    assert sponsor.is_visible()
    assert page.locator("#q-sponsor").input_value() == "Riverbend"
    assert {"q.sponsor", "v.sponsor"} <= set(page.evaluate(names))


def test_a_hidden_question_hides_what_depends_on_it(show):
    yes = {"op": "eq", "value": True}
    asked = [
        question_json("a", "yes_no"),
        question_json("b", "yes_no", shown_when={"question": "a", **yes}),
        question_json("c", "short_text", shown_when={"question": "b", **yes}),
    ]
    form = FormDefinition.from_json([{"key": "s", "title": "S", "questions": asked}])
    page = show([BoundQuestion(q, True if q.key != "c" else "x") for q in form.questions])

    page.locator("label[for=q-a-no]").click()

    assert [page.locator(f"[data-question={key}]").is_visible() for key in "abc"] == [True, False, False]


def test_rows_are_added_numbered_and_removed(show):
    columns = [
        {"key": "item", "label": "Item", "type": "short_text"},
        {"key": "amount", "label": "Amount", "type": "money"},
    ]
    asked = question("table", columns=columns, max_rows=3)
    page = show([BoundQuestion(asked, [{"_id": "r4", "item": "Soil"}])])
    add = page.locator("button[name=add_row]")
    rows = (
        "() => [...document.querySelectorAll('[data-rows-list] > [data-row]')].map((row) => row.dataset.row)"
    )

    add.click()
    page.keyboard.type("Beds")
    add.click()
    assert page.evaluate(rows) == ["r4", "r5", "r6"]
    assert not add.is_visible()
    assert page.locator("p[data-row-name]").all_inner_texts() == ["Line 1", "Line 2", "Line 3"]

    page.locator("button[name=remove_row]").first.click()
    assert page.evaluate(rows) == ["r5", "r6"]
    assert page.locator("p[data-row-name]").all_inner_texts() == ["Line 1", "Line 2"]
    assert add.is_visible()
    assert page.evaluate(READ) == [
        {"_id": "r5", "item": "Beds", "amount": ""},
        {"_id": "r6", "item": "", "amount": ""},
    ]

    page.locator("button[name=remove_row]").first.click()
    page.locator("button[name=remove_row]").first.click()
    assert page.evaluate(rows) == ["r7"]


def test_a_removed_rows_id_is_not_given_again(show):
    asked = question("people", columns=[{"key": "name", "label": "Name", "type": "short_text"}])
    page = show([BoundQuestion(asked, [{"_id": "r1", "name": "Ana"}, {"_id": "r2", "name": "Ben"}])])

    page.locator("button[name=add_row]").click()
    page.locator("button[name=remove_row]").last.click()
    page.locator("button[name=add_row]").click()

    assert page.locator("[data-row]").last.get_attribute("data-row") == "r4"


def test_problems_from_the_api_stand_where_the_server_would_put_them(show):
    columns = [{"key": "item", "label": "Item", "type": "short_text"}]
    asked = question("table", columns=columns, help="Please.")
    problems = [Problem("Add 1 more row."), Problem("Write an answer.", place=("r1", "item"))]
    tell = (
        "async (problems) => { const { showProblems } = await import('/js/questions.js');"
        " showProblems(document.querySelector('[data-question]'), problems); }"
    )
    ties = (
        "() => [...document.querySelectorAll('[aria-describedby]')].map((e) => e.getAttribute('aria-describedby').split(' ')"
        ".map((id) => document.getElementById(id)?.innerText.replace(/^Error:\\s*/, '').trim()))"
    )
    drawn_by_server = show([BoundQuestion(asked, [{"_id": "r1"}], problems)])
    page = show([BoundQuestion(asked, [{"_id": "r1"}])])

    page.evaluate(tell, [{"sentence": p.sentence, "place": list(p.place)} for p in problems])
    assert (
        page.evaluate(ties)
        == drawn_by_server.evaluate(ties)
        == [["Please.", "Add 1 more row."], ["Write an answer."]]
    )
    assert page.locator("#q-it-r1-item").get_attribute("aria-invalid") == "true"

    page.evaluate(tell, [])
    assert page.locator(".usa-error-message").count() == 0
    assert page.locator("#q-it-r1-item").get_attribute("aria-invalid") is None


@pytest.mark.parametrize("state", ["empty", "answered", "wrong"])
def test_axe_finds_nothing_on_any_type_in_any_state_on_a_phone(show, state):
    if not AXE.exists() or not (DIST / "css/lyb.css").exists():
        pytest.skip("The theme is not built (npm ci && npm run build): the pages were not looked at.")
    answers = {} if state == "empty" else sample_answers(FORM)
    wrong = {"problems": [Problem("Look at this again.")]} if state == "wrong" else {}
    shown = [
        BoundQuestion(q, answers.get(q.key), **wrong, **({"theirs": answers.get(q.key)} if wrong else {}))
        for q in FORM.questions
    ]
    page = show(shown)

    page.evaluate(AXE.read_text())
    found = page.evaluate(
        "async () => (await axe.run()).violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 200))])"
    )

    assert found == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= window.innerWidth")


def test_a_page_without_scripts_posts_the_same_form(chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    asked = FORM.question("leaders")
    page.set_content(f"<form>{drawn(BoundQuestion(asked))}</form>")

    page.locator("input[name='q.leaders.r1.c_short_text']").fill("Ana")
    fields = {
        "v.leaders": "0",
        "q.leaders._rows": "r1",
        "q.leaders.r1.c_short_text": page.locator("input[name='q.leaders.r1.c_short_text']").input_value(),
    }
    context.close()

    data = QueryDict(mutable=True)
    data.update(fields)
    assert clean(asked, parse(asked, data)).value == [{"_id": "r1", "c_short_text": "Ana"}]


def test_everything_to_touch_is_at_least_44_pixels_tall(show):
    if not (DIST / "css/lyb.css").exists():
        pytest.skip("The theme is not built (npm ci && npm run build): the pages were not looked at.")
    page = show([BoundQuestion(q, sample_answers(FORM).get(q.key)) for q in FORM.questions])

    targets = (
        "label[class$=__label], button, summary, select, textarea, input:not([type=radio], [type=checkbox])"
    )
    small = page.evaluate(
        "(targets) => [...document.querySelectorAll(targets)].filter((e) => e.checkVisibility())"
        ".map((e) => [e.outerHTML.slice(0, 120), e.closest('.usa-input-group') ?? e])"
        ".map(([html, e]) => [html, Math.round(e.getBoundingClientRect().height)])"
        ".filter(([, height]) => height < 44)",
        targets,
    )

    assert small == []


def test_a_note_of_what_became_of_an_answer_takes_no_room_while_it_is_empty(show):
    page = show([BoundQuestion(question("short_text"))])
    note = page.locator("[data-saved]")
    height = "(note) => note.getBoundingClientRect().height"

    assert note.evaluate(height) == 0

    note.evaluate("(note) => { note.dataset.save = 'saved'; note.textContent = 'Saved'; }")

    assert note.evaluate(height) > 20
