import pytest

from grants.cycles.questions import DefinitionError, FormDefinition, Kind
from tests.grants.cycles.samples import question, question_json, unseen_sections


def test_a_definition_goes_through_json_unchanged():
    sections = unseen_sections()

    assert FormDefinition.from_json(sections).to_json() == sections
    assert FormDefinition.from_json({"sections": sections}).to_json() == sections


def test_the_unseen_form_uses_every_type_and_every_column_type():
    definition = FormDefinition.from_json(unseen_sections())

    assert {question.type for question in definition.questions} == set(Kind)
    columns = {column.type for question in definition.questions for column in question.columns}
    assert columns == set(Kind) - {Kind.TABLE, Kind.PEOPLE}


def test_our_own_keys_go_through_json_too():
    column = {
        "key": "a",
        "label": "A",
        "type": "single_choice",
        "options": [{"value": "x", "label": "X"}, "y"],
    }
    suggested = {
        "key": "b",
        "label": "B",
        "type": "multi_choice",
        "suggestions": ["one"],
        "translations": {"es": {"label": "Be"}},
    }
    section = {
        "key": "s",
        "title": "Section",
        "questions": [
            question_json("t", "table", columns=[column, suggested], translations={"es": {"label": "Tabla"}})
        ],
        "translations": {"es": {"title": "Sección"}},
    }

    assert FormDefinition.from_json([section]).to_json() == [section]


@pytest.mark.parametrize(
    "broken",
    [
        "sections",
        {},
        7,
        [{"key": "s"}],
        [{"key": "s", "questions": [{"key": "q"}]}],
        [{"key": "s", "questions": [{"key": "q", "type": "riddle"}]}],
        [
            {
                "key": "s",
                "questions": [{"key": "q", "type": "table", "columns": [{"key": "c", "type": "table"}]}],
            }
        ],
        [{"key": "s", "questions": [{"key": "q", "type": "yes_no", "shown_when": {"question": "x"}}]}],
        [None],
    ],
)
def test_what_is_no_form_is_refused(broken):
    with pytest.raises(DefinitionError):
        FormDefinition.from_json(broken)


def test_questions_and_sections_are_found_by_key():
    definition = FormDefinition.from_json(unseen_sections())

    assert definition.question("site").type == Kind.LOCATION
    assert definition.section_of("site").key == "project"
    assert definition.section("money").title == "Money"
    assert definition.question("nothing") is None
    assert definition.section_of("nothing") is None


def test_a_two_stage_form_is_applied_with_by_its_first_stage():
    sections = [
        {"key": f"{stage}_one", "title": stage, "questions": [question_json(f"{stage}_q", "yes_no")]}
        for stage in ("idea", "full")
    ]
    definition = FormDefinition.from_json(sections)

    assert [s.key for s in definition.applied_with(["idea", "full"]).sections] == ["idea_one"]
    assert [s.key for s in definition.later_than(["idea", "full"]).sections] == ["full_one"]
    assert [s.key for s in definition.for_stage("full").sections] == ["full_one"]
    assert definition.applied_with(["full"]) == definition
    assert definition.later_than(["full"]).sections == ()


def test_a_question_reads_in_the_readers_language_where_it_is_translated():
    asked = question(
        "single_choice",
        label="Season",
        help="Pick one.",
        options=["Spring", "Fall"],
        translations={"es": {"label": "Temporada", "options": ["Primavera", "Otoño"]}},
    )

    spanish = asked.in_language("es-mx")

    assert (spanish.label, spanish.help) == ("Temporada", "Pick one.")
    assert [(c.value, c.label) for c in spanish.choices] == [("Spring", "Primavera"), ("Fall", "Otoño")]
    assert asked.in_language("fr") == asked


def test_translated_options_of_another_number_are_not_used():
    asked = question(
        "single_choice", options=["Spring", "Fall"], translations={"es": {"options": ["Primavera"]}}
    )

    assert asked.in_language("es").choices == asked.choices
