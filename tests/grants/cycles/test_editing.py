import pytest

from cities.tenancy.tickets import fingerprint
from grants.cycles.editing import (
    DOWN,
    UP,
    form_problems,
    free_key,
    move_question,
    move_section,
    with_question,
    with_section,
    without_question,
    without_section,
)
from grants.cycles.questions import FormDefinition, Section
from tests.factories import question


def form(**sections):
    return FormDefinition.from_json(
        [
            {"key": key, "title": key, "questions": [question(one) for one in asked.split()]}
            for key, asked in sections.items()
        ]
    )


def outline(definition):
    return {section.key: " ".join(q.key for q in section.questions) for section in definition.sections}


@pytest.mark.parametrize(
    ("words", "taken", "key"),
    [
        ("What is it?", [], "what_is_it"),
        ("¿Qué es?", [], "que_es"),
        ("Name", ["name", "name_2"], "name_3"),
        ("2 leaders", [], "question_2_leaders"),
        ("名前", [], "question"),
        ("x" * 90, [], "x" * 40),
    ],
)
def test_a_key_is_made_of_words_and_is_free(words, taken, key):
    assert free_key(words, taken) == key


def test_a_question_moves_within_its_section_and_over_its_ends():
    start = form(one="a b", two="c")

    assert outline(move_question(start, "b", UP)) == {"one": "b a", "two": "c"}
    assert outline(move_question(start, "b", DOWN)) == {"one": "a", "two": "b c"}
    assert outline(move_question(start, "c", UP)) == {"one": "a b c", "two": ""}
    assert outline(move_question(start, "a", UP)) == outline(start)
    assert outline(move_question(start, "c", DOWN)) == outline(start)
    assert outline(move_question(start, "nothing", UP)) == outline(start)


def test_sections_move_and_go():
    start = form(one="a", two="b", three="c")

    assert list(outline(move_section(start, "three", UP))) == ["one", "three", "two"]
    assert list(outline(move_section(start, "one", UP))) == ["one", "two", "three"]
    assert list(outline(without_section(start, "two"))) == ["one", "three"]
    assert outline(without_question(start, "b")) == {"one": "a", "two": "", "three": "c"}


def test_a_question_is_replaced_in_place_or_moved_to_another_section():
    start = form(one="a b", two="c")
    changed = FormDefinition.from_json(
        [{"key": "x", "questions": [question("a", label="Changed")]}]
    ).questions[0]

    here, there = with_question(start, "one", changed), with_question(start, "two", changed)

    assert (outline(here), here.question("a").label) == ({"one": "a b", "two": "c"}, "Changed")
    assert outline(there) == {"one": "b", "two": "c a"}


def test_a_section_is_added_or_replaced():
    start = form(one="a")

    assert list(outline(with_section(start, Section("two", "Two", ())))) == ["one", "two"]
    assert with_section(start, Section("one", "Renamed", ())).section("one").title == "Renamed"


def test_a_fingerprint_tells_every_change():
    definition = form(one="a").to_json()
    changed = form(one="b").to_json()

    assert fingerprint(definition, {"title": "a"}) == fingerprint(form(one="a").to_json(), {"title": "a"})
    assert (
        len({fingerprint(definition, {}), fingerprint(changed, {}), fingerprint(definition, {"title": "a"})})
        == 3
    )


def test_a_sound_form_has_no_problems_and_twins_are_named():
    sound, twins = form(one="a", two="b"), FormDefinition((*form(one="a").sections, *form(one="a").sections))

    assert form_problems(sound) == []
    assert [place for place, _sentence in form_problems(twins)] == ["one", "a"]


@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("number", 0, 2.5),
        ("money", "10", 20.5),
        ("date", "2027-04-30", None),
        ("file", 1, 3),
        ("short_text", "any", {}),
        ("number", None, None),
    ],
)
def test_limits_that_suit_the_kind_are_no_problem(kind, low, high):
    assert problems_of(kind, low, high) == []


@pytest.mark.parametrize(
    ("kind", "low"),
    [("number", "many"), ("number", "NaN"), ("number", 1e300), ("money", "1.234"), ("date", "2027-02-30"), ("file", "three"),
     ("file", -1), ("file", True), ("file", 2.5), ("multi_choice", 1_000_000), ("number", {"a": 1}), ("file", [1])],
)  # fmt: skip
def test_a_limit_that_no_answer_can_be_compared_with_is_named(kind, low):
    assert "does not fit the kind of answer" in problems_of(kind, low, None)[0]


def problems_of(kind, low, high):
    options = {"options": ["a", "b"]} if kind == "multi_choice" else {}
    section = {"key": "one", "questions": [question("asked", kind, min=low, max=high, **options)]}
    return [sentence for _place, sentence in form_problems(FormDefinition.from_json([section]))]
