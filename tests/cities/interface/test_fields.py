import re
from html.parser import HTMLParser

import pytest
from django import forms

from cities.interface.fields import DateInput, ListSelect, MoneyField
from cities.interface.guide import WRONG, SampleForm


@pytest.mark.parametrize(
    ("typed", "cents"),
    [
        ("1250", 125_000),
        ("1,250", 125_000),
        ("1,250.50", 125_050),
        (" $1,250.5 ", 125_050),
        ("0", 0),
        ("", None),
    ],
)
def test_typed_money_becomes_minor_units(typed, cents):
    assert MoneyField(required=False).clean(typed) == cents


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("1.250,00", "Write an amount in numbers, like 1,250 or 1250.50."),
        ("1,25", "Write an amount in numbers, like 1,250 or 1250.50."),
        ("about 500", "Write an amount in numbers, like 1,250 or 1250.50."),
        ("10.005", "Write at most 2 digits after the point."),
        ("-5", "Write an amount of zero or more."),
        ("5", "Write at least $250."),
        ("5,000", "Write at most $2,000."),
    ],
)
def test_money_that_cannot_be_taken_is_refused_in_a_sentence(typed, sentence):
    field = MoneyField(min_cents=25_000, max_cents=200_000)

    with pytest.raises(forms.ValidationError) as refusal:
        field.clean(typed)

    assert refusal.value.messages == [sentence]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("9" * 30, "Write at most $100,000,000,000."),
        ("9" * 1_500_000, "Write an amount in numbers, like 1,250 or 1250.50."),
        ("1e99", "Write an amount in numbers, like 1,250 or 1250.50."),
    ],
)
def test_no_amount_is_more_than_the_books_can_hold(typed, sentence):
    with pytest.raises(forms.ValidationError) as refusal:
        MoneyField().clean(typed)

    assert refusal.value.messages == [sentence]


def test_stored_money_is_shown_as_it_would_be_typed_and_typed_money_stays():
    field = MoneyField()

    assert field.prepare_value(125_050) == "1250.50"
    assert field.prepare_value("1,250.5") == "1,250.5"


def test_a_currency_set_later_reaches_the_widget_and_its_digits():
    field = MoneyField()
    field.currency = "JPY"

    assert field.widget.currency == "JPY"
    assert field.clean("1,250") == 1_250


def test_another_spelling_of_the_same_amount_is_no_change():
    assert MoneyField().has_changed(125_000, "1,250.00") is False
    assert MoneyField().has_changed(125_000, "1,251") is True


def test_every_input_of_a_form_has_a_label_of_its_own(draw):
    html = draw("{% fields form %}", form=SampleForm())

    inputs = set(re.findall(r'<(?:input|select|textarea)[^>]* id="([^"]+)"', html))
    assert inputs == set(re.findall(r'<label[^>]* for="([^"]+)"', html))
    assert len(inputs) == 14


def test_required_is_said_in_words(draw):
    html = draw("{% field form.title %}{% field form.story %}", form=SampleForm())

    assert html.count("(required)") == 1


def test_an_error_stands_next_to_its_field_and_is_announced_with_it(draw):
    html = draw("{% field form.email %}", form=SampleForm(WRONG))

    assert 'id="id_email_error"' in html
    assert 'aria-describedby="id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert "usa-form-group--error" in html


def test_hint_and_error_are_both_announced(draw):
    html = draw("{% field form.asked %}", form=SampleForm(WRONG))

    assert 'aria-describedby="id_asked_helptext id_asked_error"' in html


def test_a_hint_of_the_page_is_announced_too(draw):
    html = draw("{% field form.email hint='Only for news.' %}", form=SampleForm())

    assert 'id="id_email_helptext">Only for news.' in html
    assert 'aria-describedby="id_email_helptext"' in html


def test_what_was_typed_is_kept(draw):
    html = draw("{% fields form %}", form=SampleForm(WRONG))

    assert 'value="dana@"' in html
    assert 'value="5,000"' in html
    assert ">\nWe plant trees.</textarea>" in html
    assert re.search(r'value="bins"[^>]*checked', html)


def test_the_summary_links_each_error_to_an_input_that_is_there(draw):
    html = draw("{% fields form %}", form=SampleForm(WRONG))

    targets = re.findall(r'<li><a href="#([^"]+)"', html)
    assert targets == ["id_title", "id_email", "id_asked", "id_begins_on", "id_kind_0", "id_agree"]
    for target in targets:
        assert f'id="{target}"' in html


def test_a_form_without_errors_has_no_summary(draw):
    assert draw("{% error_summary form %}", form=SampleForm()) == ""


def test_only_and_skip_choose_fields(draw):
    form = SampleForm()

    assert re.findall(r'data-field="(\w+)"', draw("{% fields form only='email title' %}", form=form)) == [
        "email",
        "title",
    ]
    assert 'data-field="email"' not in draw("{% fields form skip='email' %}", form=form)


def test_hidden_fields_are_drawn_without_a_label(draw):
    class Hidden(forms.Form):
        version = forms.IntegerField(widget=forms.HiddenInput, initial=3)

    html = draw("{% fields form %}", form=Hidden())

    assert html == '<input type="hidden" name="version" value="3" id="id_version">'


def test_what_is_wrong_with_a_hidden_field_is_said_without_a_link_to_nowhere(draw):
    class Hidden(forms.Form):
        key = forms.CharField(
            widget=forms.HiddenInput, error_messages={"required": "Please send this again."}
        )

    html = draw("{% fields form %}", form=Hidden({}))

    assert '<p class="usa-alert__text">Please send this again.</p>' in html
    assert 'href="#' not in html


def test_one_of_several_boxes_does_not_demand_them_all(draw):
    class Choices(forms.Form):
        services = forms.MultipleChoiceField(
            choices=[("a", "A"), ("b", "B")], widget=forms.CheckboxSelectMultiple
        )

    assert " required" not in draw("{% field form.services %}", form=Choices()).replace(
        "(required)", ""
    ).replace('class="required"', "")


def test_labels_hints_and_options_are_escaped(draw):
    class Nasty(forms.Form):
        name = forms.ChoiceField(
            label="<b>label</b>",
            help_text="<b>hint</b>",
            choices=[("x", "<b>option</b>")],
            widget=forms.RadioSelect,
        )

    html = draw("{% fields form %}", form=Nasty({"name": "<b>typed</b>"}))

    assert "<b>" not in html
    assert html.count("&lt;b&gt;") >= 4


def test_a_date_is_sent_to_the_browser_as_iso(draw):
    class Starts(forms.Form):
        begins_on = forms.DateField(widget=DateInput())

    html = draw("{% field form.begins_on %}", form=Starts({"begins_on": "2026-12-01"}))

    assert 'type="date"' in html
    assert 'value="2026-12-01"' in html


def test_a_control_of_ones_own_gets_the_same_words(draw):
    html = draw(
        "{% control label='Street' id='street' hint='Or a corner' error='Where is it?' required=True %}<input id='street'>{% endcontrol %}"
    )

    assert '<label class="usa-label" for="street">Street' in html
    assert 'id="street_helptext"' in html
    assert 'id="street_error"' in html
    assert "<input id='street'>" in html


class PlaceForm(forms.Form):
    place = forms.CharField(required=False, widget=ListSelect())


@pytest.mark.parametrize("asked", ["", "Oak & Elm", "<b>", "Elm"])
def test_a_list_of_what_there_is_is_drawn_as_djangos_own(asked):
    offered = [("", "Any"), ("Elm", "Elm"), ("Oak & Elm", "Oak & Elm"), ("<b>", "<b>")]
    form = PlaceForm({"place": asked})
    form.fields["place"].widget.offered = offered

    drawn = str(form["place"])

    assert [(option["value"], option["label"], option["selected"]) for option in options(drawn)] == [
        (value, word, value == asked) for value, word in offered
    ]


def options(html):
    """The options of a list, as a browser reads them."""
    found = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            if tag == "option":
                given = dict(attrs)
                found.append({"value": given["value"], "selected": "selected" in given, "label": ""})

        def handle_data(self, data):
            if found:
                found[-1]["label"] += data

    Reader().feed(html)
    return found
