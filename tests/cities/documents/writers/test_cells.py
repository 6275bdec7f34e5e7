"""No cell is a live formula, whoever wrote the text, in either kind of file."""

import csv
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cities.documents.writers import Cents, Workbook, neutral, write_csv
from tests.proving import EXAMPLES, count

ZONE = ZoneInfo("America/New_York")
LIVE = re.compile(r"[\s\0\ufeff\u200b]*[=+\-@\t\r\0＝＋－＠]")
DANGEROUS = ['=HYPERLINK("http://x","y")', "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "\0=1", "\x01=1", " =1", "\u00a0=1", "\u200b=1", "\ufeff=1", "＝1"]  # fmt: skip
texts = st.text(max_size=60) | st.builds(
    "".join, st.tuples(st.sampled_from(["", " ", "\t", "\0", "\u200b", ";", ","]), st.sampled_from("=+-@＝\t\r\0"), st.text(max_size=20))
)  # fmt: skip
QUICK = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    deadline=None,
    max_examples=count(60, EXAMPLES),
)


def csv_cells(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def xlsx_cells(path, number=0):
    book = openpyxl.load_workbook(path)
    return list(book.worksheets[number].iter_rows())


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert neutral(text).startswith("'")


@pytest.mark.parametrize("text", ["Garden", "a=b", "5 + 5", "", "'quoted", "3-1"])
def test_any_other_text_stays_as_it_is(text):
    assert neutral(text) == text


@QUICK
@pytest.mark.property
@given(rows=st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=4))
def test_no_csv_cell_is_live_and_none_breaks_out(tmp_path, rows):
    path = tmp_path / "x.csv"

    assert write_csv(path, ["A", "B"], rows, zone=ZONE) == len(rows)

    for separator in ",;\t":  # the last two where a comma is the decimal sign
        with path.open(encoding="utf-8-sig", newline="") as file:
            cells = [cell for row in csv.reader(file, delimiter=separator) for cell in row]
        assert [cell for cell in cells if LIVE.match(cell)] == []
    assert [len(row) for row in csv_cells(path)] == [2] * (len(rows) + 1)


@QUICK
@pytest.mark.property
@given(rows=st.lists(st.lists(texts, min_size=2, max_size=2), min_size=1, max_size=4))
def test_no_workbook_cell_is_live(tmp_path, rows):
    path = tmp_path / "x.xlsx"
    with Workbook(path, title="=T", zone=ZONE) as book:
        assert book.sheet("=Sheet", ["=A", "B"], rows) == len(rows)

    cells = [cell for row in xlsx_cells(path) for cell in row]

    assert {cell.data_type for cell in cells} <= {"s", "inlineStr", "n"}
    assert [cell.value for cell in cells if isinstance(cell.value, str) and LIVE.match(cell.value)] == []


def test_the_pattern_of_these_tests_finds_what_was_not_neutralised(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text('"A","B"\r\n"x;=1","y"\r\n=2,y\r\n', encoding="utf-8-sig")

    assert [cell for row in csv_cells(path) for cell in row if LIVE.match(cell)] == ["=2"]


def test_numbers_days_and_money_are_values_and_not_text(tmp_path):
    row = [
        -5,
        Decimal("2.50"),
        Cents(-123456, "USD"),
        Cents(500, "JPY"),
        date(2026, 11, 1),
        datetime(2026, 11, 2, 3, 30, tzinfo=UTC),
        None,
    ]
    write_csv(tmp_path / "x.csv", list("ABCDEFG"), [row], zone=ZONE)
    with Workbook(tmp_path / "x.xlsx", title="T", zone=ZONE) as book:
        book.sheet("S", list("ABCDEFG"), [row])

    assert csv_cells(tmp_path / "x.csv")[1] == [
        "-5", "2.50", "-1234.56", "500", "2026-11-01", "2026-11-01 22:30:00", "",
    ]  # fmt: skip
    assert [cell.value for cell in xlsx_cells(tmp_path / "x.xlsx")[1]] == [
        -5, 2.5, -1234.56, 500, datetime(2026, 11, 1), datetime(2026, 11, 1, 22, 30), None,
    ]  # fmt: skip


def test_a_text_too_long_for_a_cell_is_cut_visibly(tmp_path):
    with Workbook(tmp_path / "x.xlsx", title="T", zone=ZONE) as book:
        book.sheet("S", ["A"], [["x" * 40_000]])

    value = xlsx_cells(tmp_path / "x.xlsx")[1][0].value

    assert (len(value), value[-1]) == (32_767, "…")


def test_rows_of_all_sheets_are_counted_and_facts_are_not(tmp_path):
    with Workbook(tmp_path / "x.xlsx", title="T", zone=ZONE) as book:
        book.facts("About", "T", [("City", "Baltimore"), ("Made", date(2026, 1, 2))])
        book.sheet("One", ["A"], [["x"], ["y"]])
        book.sheet("Two: [x]/y?" + "z" * 40, ["A"], [])

    book_read = openpyxl.load_workbook(tmp_path / "x.xlsx")
    assert book.row_count == 2
    assert [sheet.title for sheet in book_read.worksheets][:2] == ["About", "One"]
    assert len(book_read.worksheets[2].title) <= 31
