import json
import re
from html.parser import HTMLParser

import pytest
from django.http import QueryDict
from django.template import Context, Template
from django.utils.translation import override

from grants.cycles.questions import BoundQuestion, FormDefinition, Kind, Problem, ShownFile, clean, parse
from tests.grants.cycles.samples import (
    COLUMN_TYPES,
    browser_post,
    drawn,
    question,
    question_json,
    sample_answers,
    unseen_sections,
)

FILE = "0190b7a4-0000-7000-8000-000000000001"
ALL = FormDefinition.from_json(unseen_sections())


def posted(fields):
    data = QueryDict(mutable=True)
    for name, values in fields.items():
        data.setlist(name, values)
    return data


class Page(HTMLParser):
    """Ids, label targets, descriptions and open tags of some markup."""

    VOID = {"input", "img", "br"}

    def __init__(self, html):
        super().__init__()
        self.ids, self.targets, self.described, self.inputs, self.stack = [], set(), set(), [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        if tag not in self.VOID:
            self.stack.append(tag)
        if "id" in found:
            self.ids.append(found["id"])
        if tag == "label":
            self.targets.add(found["for"])
        self.described |= set(found.get("aria-describedby", "").split()) | set(
            found.get("aria-labelledby", "").split()
        )
        if tag in {"input", "textarea", "select"} and found.get("type") != "hidden":
            self.inputs.append(found)

    def handle_endtag(self, tag):
        assert self.stack.pop() == tag


@pytest.mark.parametrize("asked", ALL.questions, ids=lambda q: q.key)
def test_what_is_shown_comes_back_as_it_was(asked):
    value = sample_answers(ALL).get(asked.key)

    fields = browser_post([BoundQuestion(asked, value, version=4)])

    assert fields[f"v.{asked.key}"] == ["4"]
    again = clean(asked, parse(asked, posted(fields)))
    expected = _as_page_holds(asked, value)
    assert again.value == expected
    assert again.problems == ()


def _as_page_holds(asked, value):
    """In a table an address is one line: its parts come back joined."""
    if asked.key != "everything" or not value:
        return value
    return [{**row, "c_address": {"street": "12 Tilden Street, Marlow Falls, OH 44120"}} for row in value]


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        ("number", "twenty"),
        ("money", "about 50"),
        ("date", "next spring"),
        ("email", "ana@"),
        ("phone", "call me"),
        ("date_range", {"start": "soon", "end": "2026-05-01"}),
        ("location", {"address": "Here", "lat": "north", "lng": ""}),
    ],
)
def test_what_was_typed_stays_in_its_field(kind, raw):
    asked = question(kind)
    cleaned = clean(asked, raw)

    fields = browser_post([BoundQuestion(asked, cleaned.value, cleaned.problems)])

    assert clean(asked, parse(asked, posted(fields))).value == cleaned.value


@pytest.mark.parametrize("kind", ["yes_no", "single_choice", "multi_choice"])
def test_a_choice_that_is_none_is_told_beside_the_options(kind):
    asked = question(kind, options=["Clean", "Green"] if "choice" in kind else [])
    cleaned = clean(asked, "Blue")

    assert "You entered: Blue" in drawn(BoundQuestion(asked, cleaned.value, cleaned.problems))


@pytest.mark.parametrize(("count", "control"), [(12, 'type="radio"'), (13, "<select")])
def test_a_long_list_of_choices_becomes_a_drop_down(count, control):
    options = [f"Ward {number}" for number in range(1, count + 1)]
    bound = BoundQuestion(question("single_choice", options=options), "Ward 7")

    html = drawn(bound)

    assert control in html
    assert f'id="{bound.anchor}"' in html
    assert browser_post([bound])["q.it"] == ["Ward 7"]


@pytest.mark.parametrize("asked", ALL.questions, ids=lambda q: q.key)
def test_markup_is_whole_and_every_input_has_a_label(asked):
    html = drawn(BoundQuestion(asked, sample_answers(ALL).get(asked.key), [Problem("Look again.")]))
    page = Page(html)

    assert page.stack == []
    assert len(page.ids) == len(set(page.ids))
    assert page.targets <= set(page.ids)
    assert page.described <= set(page.ids)
    assert {found["id"] for found in page.inputs} <= page.targets
    assert "Look again." in html


@pytest.mark.parametrize("kind", list(COLUMN_TYPES))
def test_an_error_stands_at_its_field_and_is_tied_to_it(kind):
    asked = question(kind, options=["A", "B"] if "choice" in kind else [])

    html = drawn(BoundQuestion(asked, None, [Problem("Look again.")]))

    assert re.search(r'id="q-it_error"', html)
    assert re.search(r'aria-describedby="[^"]*q-it_error"', html)


def test_an_error_of_a_part_stands_at_the_part():
    asked = question("table", columns=[{"key": "item", "label": "Item", "type": "date_range"}])
    bound = BoundQuestion(asked, [{"_id": "r1"}], [Problem("Look again.", place=("r1", "item", "end"))])

    assert re.search(r'aria-describedby="q-it-r1-item-end_error"', drawn(bound))
    assert bound.errors == [("q-it-r1-item-end", "Look again.")]


def test_the_wrapper_tells_the_scripts_all_they_need():
    asked = question("short_text", shown_when={"question": "has_sponsor", "op": "eq", "value": True})
    bound = BoundQuestion(asked, version=7, visible=False)

    html = drawn(bound)

    assert 'data-question="it" data-type="short_text" data-version="7" data-required' in html
    assert json.loads(bound.shown_when) == {"question": "has_sponsor", "op": "eq", "value": True}
    assert re.search(r"<div class=\"question\"[^>]* hidden>", html)


def test_a_conflict_shows_both_answers():
    html = drawn(BoundQuestion(question("long_text"), "Mine", version=3, theirs="Theirs <b>"))

    assert "Somebody else changed this answer" in html
    assert "Theirs &lt;b&gt;" in html
    assert ">\nMine</textarea>" in html


def test_a_conflict_with_an_emptied_answer_says_so():
    assert "<strong>Their answer:</strong> empty" in drawn(
        BoundQuestion(question("long_text"), "Mine", theirs=None)
    )


@pytest.mark.parametrize(
    ("parts", "value", "extra", "rows", "can_add"),
    [
        ({}, None, 0, ["r1"], True),
        ({"min_rows": 3}, None, 0, ["r1", "r2", "r3"], True),
        ({"min_rows": 2}, [{"_id": "r5", "name": "Ana"}], 0, ["r5", "r6"], True),
        ({}, [{"_id": "r5", "name": "Ana"}], 1, ["r5", "r6"], True),
        ({"max_rows": 1}, [{"_id": "r1", "name": "Ana"}], 0, ["r1"], False),
        ({"min_rows": 100}, None, 0, [f"r{n}" for n in range(1, 31)], True),
    ],
)
def test_rows_are_offered_up_to_the_least_and_on_request(parts, value, extra, rows, can_add):
    asked = question("people", columns=[{"key": "name", "label": "Name", "type": "short_text"}], **parts)
    bound = BoundQuestion(asked, value, extra_rows=extra)

    assert browser_post([bound])["q.it._rows"] == rows
    assert ('name="add_row" value="it" formnovalidate>' in drawn(bound)) is can_add


def test_files_are_listed_with_size_and_a_button_to_remove_them():
    html = drawn(
        BoundQuestion(question("file"), [FILE], files=[ShownFile(FILE, "before.jpg", 1_500_000, "/f/1")])
    )

    assert '<a href="/f/1">before.jpg</a>' in html
    assert "1.4\xa0MB" in html
    assert f'name="remove_file" value="{FILE}"' in html


@pytest.mark.parametrize(
    ("kind", "fragments"),
    [
        ("email", ['type="email"', 'autocomplete="email"', 'inputmode="email"']),
        ("phone", ['type="tel"', 'autocomplete="tel"']),
        ("number", ['inputmode="decimal"']),
        ("money", ['inputmode="decimal"', "usa-input-prefix", ">$<"]),
        ("date", ['type="date"']),
        ("address", ['autocomplete="section-it postal-code"']),
        ("location", ["data-location-map", 'data-lat-input="q-it-lat"']),
        ("file", ["multiple", 'accept="image/*']),
    ],
)
def test_fields_are_fit_for_phones(kind, fragments):
    html = drawn(BoundQuestion(question(kind)))

    assert [fragment for fragment in fragments if fragment not in html] == []


def test_another_persons_email_is_not_filled_in_with_ones_own():
    assert "autocomplete" not in drawn(BoundQuestion(question("email", key="president_email")))


@pytest.mark.parametrize(
    ("kind", "parts", "hint"),
    [
        ("money", {"min": "500.00", "max": "5000.00"}, "From $500 to $5,000."),
        ("money", {"max": "1000.00"}, "$1,000 at most."),
        ("number", {"min": 20}, "20 or more."),
        ("date", {"min": "2026-04-13", "max": "2026-06-23"}, "From April 13, 2026 to June 23, 2026."),
        ("date", {"max": "2026-06-23"}, "On June 23, 2026 or earlier."),
        ("multi_choice", {"min": 2}, "Choose 2 or more."),
        ("multi_choice", {"max": 1}, "Choose up to 1."),
        ("file", {"min": 2, "max": 2}, "2 files."),
        ("people", {"min_rows": 20}, "At least 20 people."),
        ("table", {"min_rows": 1, "max_rows": 7}, "Up to 7 lines."),
    ],
)
def test_limits_are_told_before_they_are_broken(kind, parts, hint):
    columns = [{"key": "name", "label": "Name", "type": "short_text"}] if kind in {"people", "table"} else []
    asked = question(
        kind, help="Please.", columns=columns, options=["A", "B", "C"] if "choice" in kind else [], **parts
    )

    assert f"Please. {hint}" in drawn(BoundQuestion(asked))


def test_a_page_in_spanish_says_which_words_are_english():
    with override("es"):
        plain = drawn(BoundQuestion(question("short_text", label="Group")))
        translated = drawn(
            BoundQuestion(question("short_text", label="Group", translations={"es": {"label": "Grupo"}}))
        )

    assert '<span lang="en">Group</span>' in plain
    assert "Grupo" in translated
    assert 'lang="en"' not in translated


def test_counters_know_the_limits():
    html = drawn(BoundQuestion(question("long_text", max_words=150, max_chars=2000)))

    assert 'data-max-words="150" data-max-chars="2000"' in html


def read(asked, value, **options):
    template = Template("{% load questions %}{% answer asked value currency='USD' files=files %}")
    return template.render(Context({"asked": asked, "value": value, "files": options.get("files", ())}))


def test_the_tags_draw_a_question_and_its_answer():
    template = Template("{% load questions %}{% question bound %}")

    assert 'data-question="it"' in template.render(Context({"bound": BoundQuestion(question("yes_no"))}))
    assert "Yes" in read(question("yes_no"), True)


def test_a_table_is_read_as_a_table_with_a_total():
    columns = [
        {"key": "item", "label": "Item", "type": "short_text"},
        {"key": "amount", "label": "Amount", "type": "money"},
    ]
    rows = [
        {"_id": "r1", "item": "Soil", "amount": {"cents": 4050}},
        {"_id": "r2", "item": "Beds", "amount": {"cents": 5950}},
    ]

    html = read(question("table", columns=columns), rows)

    assert '<td class="num">$40.50</td>' in html
    assert re.search(r'<tfoot>.*<th scope="row">Total</th><td class="num">\$100</td>', html)


@pytest.mark.parametrize("kind", list(Kind))
def test_no_answer_is_said(kind):
    assert "No answer" in read(
        question(kind, columns=[{"key": "a", "label": "A", "type": "short_text"}]), None
    )


def test_an_answer_to_read_escapes_what_was_typed():
    assert "&lt;script&gt;" in read(question("long_text"), "<script>")
    assert "&lt;script&gt;" in read(question("money"), {"typed": "<script>"})


@pytest.mark.parametrize("asked", ALL.questions, ids=lambda q: q.key)
def test_every_type_is_read(asked):
    html = read(asked, sample_answers(ALL).get(asked.key), files=[])

    assert Page(html).stack == []


def test_a_form_page_stays_light():
    questions = [question_json(f"q{n}", "long_text") for n in range(30)]
    form = FormDefinition.from_json([{"key": "s", "title": "S", "questions": questions}])

    html = "".join(drawn(BoundQuestion(asked)) for asked in form.questions)

    assert len(html) < 30 * 1200
