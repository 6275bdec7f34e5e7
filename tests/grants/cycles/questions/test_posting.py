import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from grants.cycles.questions import (
    added_rows,
    attachment_ids,
    has_button,
    posted_files,
    with_file,
    without_file,
)
from tests.grants.cycles.samples import question

COLUMNS = [
    {"key": "item", "label": "Item", "type": "short_text"},
    {"key": "quote", "label": "Quote", "type": "file"},
]
ONE, TWO = "0190b7a4-0000-7000-8000-000000000001", "0190b7a4-0000-7000-8000-000000000002"


def test_files_come_with_their_place_in_the_answer():
    photo = SimpleUploadedFile("a.jpg", b"x")
    files = MultiValueDict(
        {
            "f.it": [photo, photo],
            "f.other": [photo],
            "f.it.r2.quote": [photo],
            "f.it.r2.item": [photo],
            "f.it.x": [photo],
        }
    )

    assert posted_files(question("file"), files) == [((), photo), ((), photo)]
    assert posted_files(question("table", columns=COLUMNS), files) == [(("r2", "quote"), photo)]


def test_a_file_joins_and_leaves_an_answer():
    asked = question("file")

    both = with_file(asked, with_file(asked, None, (), ONE), (), TWO)

    assert both == [ONE, TWO]
    assert attachment_ids(asked, both) == (ONE, TWO)
    assert without_file(asked, both, ONE) == [TWO]
    assert without_file(asked, [TWO], TWO) is None


def test_a_file_joins_and_leaves_a_cell_also_of_a_row_that_is_not_there_yet():
    asked = question("table", columns=COLUMNS)

    rows = with_file(asked, [{"_id": "r1", "item": "Soil"}], ("r1", "quote"), ONE)
    more = with_file(asked, rows, ("r2", "quote"), TWO)

    assert more == [{"_id": "r1", "item": "Soil", "quote": [ONE]}, {"_id": "r2", "quote": [TWO]}]
    assert attachment_ids(asked, more) == (ONE, TWO)
    assert without_file(asked, rows, ONE) == [{"_id": "r1", "item": "Soil", "quote": None}]


@pytest.mark.parametrize("value", [True, False, None, 7, "words", {"typed": "x"}, ["words"], [None]])
def test_an_answer_of_another_shape_names_no_attachments(value):
    assert attachment_ids(question("table", columns=COLUMNS), value) == ()
    assert attachment_ids(question("yes_no"), value) == ()


def test_a_cell_whose_file_was_taken_off_names_none():
    asked = question("table", columns=COLUMNS)

    assert attachment_ids(asked, [{"_id": "r1", "quote": None}, {"_id": "r2", "quote": [TWO]}]) == (TWO,)


def test_a_file_does_not_join_a_cell_of_words():
    with pytest.raises(KeyError):
        with_file(question("table", columns=COLUMNS), [], ("r1", "item"), ONE)


def test_buttons_inside_a_question_are_told_from_going_on():
    asked = question("table", columns=COLUMNS)

    assert has_button(QueryDict("add_row=it"))
    assert not has_button(QueryDict("save=1"))
    assert added_rows(asked, QueryDict("add_row=it")) == 1
    assert added_rows(asked, QueryDict("add_row=other")) == 0
