import pytest

from cities.audit.models import Event
from cities.audit.trail import IMPORTER
from cities.tenancy.errors import RuleError
from cities.tenancy.tickets import fingerprint
from grants.cycles.actions import (
    create_blank_cycle,
    create_cycle_from_call,
    forms,
    update_budget_rules,
    update_form,
)
from grants.cycles.calls.reading import read_call
from grants.cycles.errors import (
    FormChangedError,
    FormInUseError,
    IncompleteCycleError,
    InvalidPartError,
    WrongStatusError,
)
from grants.cycles.models import empty_budget
from grants.cycles.states import Status
from tests.factories import ApplicationFactory, CycleFactory, FormVersionFactory, question
from tests.grants.cycles.call_data import call_data, two_stages

pytestmark = pytest.mark.django_db


def sections(*questions, **more):
    return [{"key": "project", "title": "Project", "questions": list(questions)}]


TITLE = question("project_title", required=True)


def test_a_drafts_form_is_changed_in_place_and_audited(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.DRAFT))

    update_form(form.pk, sections=sections(TITLE, question("size", "number")), actor=manager)

    form.refresh_from_db()
    assert (form.number, [q.key for q in form.form.questions]) == (1, ["project_title", "size"])
    event = Event.objects.get(subject_id=form.cycle_id)
    assert event.tag == "cycle:change-form"
    assert event.data["added"] == ["size"]
    assert event.data["removed"] == ["amount", "description", "group_name", "photos", "your_name"]


def test_a_published_call_gets_a_new_version(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.PUBLISHED))

    new = update_form(form.pk, sections=sections(TITLE), actor=manager)

    form.refresh_from_db()
    assert (form.is_applied_with, len(form.form.questions)) == (False, 6)
    assert (new.number, new.is_applied_with, [q.key for q in new.form.questions]) == (
        2,
        True,
        ["project_title"],
    )


def test_a_form_that_somebody_answers_is_not_changed(city, manager):
    application = ApplicationFactory()

    with pytest.raises(FormInUseError, match="their answers would no longer fit"):
        update_form(application.form_version_id, sections=sections(TITLE), actor=manager)

    assert not Event.objects.exists()


def test_a_form_that_somebody_answers_may_be_sent_back_as_it_is(city, manager):
    application = ApplicationFactory()
    form = application.form_version

    same = update_form(form.pk, sections=form.definition, keys=form.summary_keys, actor=manager)

    assert (same.pk, same.number) == (form.pk, 1)
    assert not Event.objects.exists()


def test_budget_rules_that_are_sent_back_as_they_are_are_not_judged_again(city, manager):
    shut = budget(
        "Food", categories=[{"key": "food", "label": "Food", "max_percent": "10", "max_amount": None}]
    )
    cycle = CycleFactory(status=Status.PUBLISHED, budget=shut)

    update_budget_rules(cycle.pk, budget=shut, actor=manager)

    assert not Event.objects.exists()


def test_the_later_stage_may_still_be_written_while_people_apply_with_the_first(city, manager):
    cycle = create_cycle_from_call(read_call(two_stages()), actor=IMPORTER)
    idea, full = cycle.forms.order_by("-is_applied_with")
    ApplicationFactory(form_version=idea)

    update_form(
        full.pk, sections=sections(question("amount", "money"), question("why", "long_text")), actor=manager
    )

    full.refresh_from_db()
    assert len(full.form.questions) == 2


def test_an_archived_calls_form_is_not_changed(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.ARCHIVED))

    with pytest.raises(WrongStatusError):
        update_form(form.pk, sections=sections(TITLE), actor=manager)


def test_the_second_of_two_editors_is_told(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.DRAFT))
    seen = fingerprint(form.definition, form.summary_keys)
    update_form(form.pk, sections=sections(TITLE), seen=seen, actor=manager)

    with pytest.raises(FormChangedError, match="Somebody else changed this form"):
        update_form(form.pk, sections=sections(question("other")), seen=seen, actor=manager)


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ([TITLE, TITLE], "project_title"),
        ([question("kind", "single_choice", options=["One"])], "kind"),
        ([question("kind", "single_choice", options=["One", "One"])], "kind"),
        ([question("rows", "table")], "rows"),
        ([question("size", "number", min=5, max=4)], "size"),
        ([question("home", "single_choice", options=["Own", "Rent"], translations={"es": {"options": ["Propio"]}})], "home"),
        ([question("home", "single_choice", options=["Own", "Rent"], translations={"es": {"options": "No"}})], "home"),
        ([question("kinds", "multi_choice", options=["A", "B"], min=3)], "kinds"),
        (
            [
                question("why", shown_when={"question": "size", "op": "gte", "value": 1}),
                question("size", "number"),
            ],
            "why",
        ),
        (
            [
                question("start", "date"),
                question("why", shown_when={"question": "start", "op": "gte", "value": "04/30/2027"}),
            ],
            "why",
        ),
        (
            [
                question("kind", "yes_no"),
                question("why", shown_when={"question": "gone", "op": "eq", "value": True}),
            ],
            "why",
        ),
        (
            [
                question("kind", "single_choice", options=["A", "B"]),
                question("why", shown_when={"question": "kind", "op": "eq", "value": "C"}),
            ],
            "why",
        ),
    ],
)  # fmt: skip
def test_a_form_that_cant_be_filled_in_is_refused_at_its_question(city, manager, asked, place):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.DRAFT))

    with pytest.raises(InvalidPartError) as refusal:
        update_form(form.pk, sections=sections(*asked), actor=manager)

    assert (refusal.value.field, refusal.value.place) == ("sections", place)


def test_what_is_no_form_at_all_is_refused(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.DRAFT))

    with pytest.raises(InvalidPartError, match="This is not a form"):
        update_form(
            form.pk, sections=[{"key": "x", "questions": [{"key": "y", "type": "hologram"}]}], actor=manager
        )


def test_a_published_form_may_not_lose_all_its_questions(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.PUBLISHED))

    with pytest.raises(IncompleteCycleError):
        update_form(form.pk, sections=sections(), actor=manager)

    form.refresh_from_db()
    assert form.is_applied_with


def test_summary_keys_are_kept_dropped_and_completed_with_the_form(city, manager):
    form = FormVersionFactory(
        cycle=CycleFactory(status=Status.DRAFT),
        summary_keys={"title": "project_title", "group": "group_name", "amount": "amount"},
    )

    stored = update_form(
        form.pk,
        sections=sections(TITLE, question("site", "location"), question("request", "money")),
        actor=manager,
    )

    assert (stored.summary_keys["title"], stored.summary_keys["group"], stored.summary_keys["place"], stored.summary_keys["amount"]) == (
        "project_title", None, "site", "request",
    )  # fmt: skip


def test_summary_keys_are_chosen_by_hand(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.DRAFT))

    stored = update_form(form.pk, sections=form.definition, keys={"title": "your_name"}, actor=manager)

    assert stored.summary_keys["title"] == "your_name"


def test_the_name_of_the_person_who_applies_stays_chosen_when_the_form_changes(city, manager):
    form = FormVersionFactory(
        cycle=CycleFactory(status=Status.DRAFT),
        summary_keys={"title": "project_title", "applicant": "your_name"},
    )

    kept = update_form(
        form.pk,
        sections=sections(TITLE, question("your_name"), question("size", "number")),
        actor=manager,
    ).summary_keys["applicant"]
    gone = update_form(form.pk, sections=sections(TITLE), actor=manager).summary_keys["applicant"]

    assert (kept, gone) == ("your_name", None)


def test_summary_keys_that_are_not_sent_stay_as_they_were(city, manager):
    form = FormVersionFactory(
        cycle=CycleFactory(status=Status.DRAFT),
        summary_keys={"title": "project_title", "applicant": "your_name", "amount": "amount"},
    )

    stored = update_form(
        form.pk, sections=form.definition, keys={"group": "group_name", "amount": None}, actor=manager
    )

    assert {part: key for part, key in stored.summary_keys.items() if key} == {
        "title": "project_title",
        "applicant": "your_name",
        "group": "group_name",
    }


@pytest.mark.parametrize("part", ["title", "applicant", "group", "place", "neighborhood", "category"])
def test_an_answer_of_another_kind_stands_for_nothing_in_lists(city, manager, part):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.DRAFT))

    with pytest.raises(InvalidPartError, match="is of a kind that can’t be used as") as refusal:
        update_form(form.pk, sections=form.definition, keys={part: "amount"}, actor=manager)

    assert (refusal.value.field, refusal.value.place) == ("summary_keys", "amount")


def test_summary_keys_that_lead_nowhere_are_refused(city, manager):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.DRAFT))

    with pytest.raises(InvalidPartError, match="There is no question “nothing”"):
        update_form(form.pk, sections=form.definition, keys={"title": "nothing"}, actor=manager)


def test_a_form_change_that_fails_after_its_last_write_leaves_nothing(city, manager, monkeypatch):
    form = FormVersionFactory(cycle=CycleFactory(status=Status.PUBLISHED))
    written = forms.audit.record

    def write_and_fail(*args, **kwargs):
        written(*args, **kwargs)
        raise RuleError("No.")

    monkeypatch.setattr(forms.audit, "record", write_and_fail)
    with pytest.raises(RuleError):
        update_form(form.pk, sections=sections(TITLE), actor=manager)

    assert [f.is_applied_with for f in form.cycle.forms.all()] == [True]
    assert not Event.objects.exists()


def budget(*labels, **changes):
    rows = [
        {"key": label.lower(), "label": label, "max_percent": None, "max_amount": None} for label in labels
    ]
    return {**empty_budget(), "categories": rows, **changes}


def offered(cycle):
    form = cycle.forms.get(is_applied_with=True)
    table = form.form.question(form.summary_keys["budget"])
    return [[choice.value for choice in column.choices] for column in table.columns if column.choices]


def test_new_budget_categories_are_offered_by_the_forms_table(city, manager):
    cycle = create_cycle_from_call(read_call(call_data()), actor=IMPORTER)
    assert offered(cycle) == [["tools", "plants"]]

    update_budget_rules(cycle.pk, budget=budget("Tools", "Food"), actor=manager)

    assert offered(cycle) == [["tools", "food"]]
    assert set(Event.objects.filter(subject_id=cycle.pk).values_list("tag", flat=True)) == {
        "cycle:import", "cycle:change-budget", "cycle:change-form",
    }  # fmt: skip


def test_a_form_without_categories_gets_them_and_loses_them_again(city, manager):
    cycle = create_blank_cycle(name="Spring", year=2027, actor=manager)

    update_budget_rules(cycle.pk, budget=budget("Tools"), actor=manager)
    with_categories = offered(cycle)
    update_budget_rules(cycle.pk, budget=budget(), actor=manager)

    assert with_categories == [["tools"]]
    assert offered(cycle) == []


def test_a_category_keeps_its_words_in_other_languages_and_lends_them_to_no_other(city, manager):
    kinds = {
        "key": "kind",
        "label": "Kind",
        "type": "single_choice",
        "options": ["Tools", "Food"],
        "translations": {"es": {"label": "Tipo", "options": ["Herramientas", "Comida"]}},
    }
    money = {"key": "requested", "label": "Asked", "type": "money"}
    form = FormVersionFactory(
        cycle=CycleFactory(status=Status.DRAFT, budget=budget("Tools", "Food")),
        definition=sections(TITLE, question("budget", "table", columns=[kinds, money])),
        summary_keys={"budget": "budget"},
    )

    update_budget_rules(form.cycle_id, budget=budget("Food", "Plants"), actor=manager)

    form.refresh_from_db()
    column = form.form.in_language("es").question("budget").columns[0]
    assert [(choice.value, choice.label) for choice in column.choices] == [
        ("food", "Comida"),
        ("plants", "Plants"),
    ]


def asked_columns(cycle):
    form = cycle.forms.get(is_applied_with=True)
    return [column.key for column in form.form.question(form.summary_keys["budget"]).columns]


def test_new_money_columns_are_asked_by_the_forms_table_and_dropped_ones_are_not(city, manager):
    cycle = create_blank_cycle(name="Spring", year=2027, actor=manager)

    update_budget_rules(cycle.pk, budget=budget(columns=["requested", "match_cash", "seeds"]), actor=manager)
    grown = asked_columns(cycle)
    update_budget_rules(cycle.pk, budget=budget("Tools", columns=["requested", "seeds"]), actor=manager)

    assert grown == ["description", "requested", "match_cash", "seeds"]
    assert asked_columns(cycle) == ["category", "description", "requested", "seeds"]
    assert Event.objects.filter(tag="cycle:change-form").count() == 2


def test_a_money_column_of_the_forms_own_stays_when_the_rules_change(city, manager):
    table = question(
        "budget",
        "table",
        columns=[{"key": key, "label": key, "type": "money"} for key in ("amount", "other_funds")],
    )
    form = FormVersionFactory(
        cycle=CycleFactory(status=Status.DRAFT),
        definition=sections(TITLE, table),
        summary_keys={"budget": "budget"},
    )

    update_budget_rules(form.cycle_id, budget=budget(columns=["requested", "in_kind"]), actor=manager)
    update_budget_rules(form.cycle_id, budget=budget(columns=["requested"]), actor=manager)

    assert asked_columns(form.cycle) == ["amount", "other_funds"]


def test_money_columns_may_not_change_while_people_apply(city, manager):
    cycle = create_cycle_from_call(read_call(call_data()), actor=IMPORTER)
    ApplicationFactory(form_version=cycle.forms.get())

    with pytest.raises(FormInUseError):
        update_budget_rules(
            cycle.pk, budget={**cycle.budget, "columns": ["requested", "match_cash"]}, actor=manager
        )

    cycle.refresh_from_db()
    assert cycle.budget["columns"] == ["requested"]


def in_use(manager):
    """A call that somebody applies with, and its budget rules."""
    cycle = create_cycle_from_call(read_call(call_data()), actor=IMPORTER)
    rules = {
        **cycle.budget,
        "columns": ["requested", "in_kind"],
        "match_required": {
            "percent": "50", "of": "total_cost", "may_be": [], "volunteer_hour_value": None, "note": None,
        },
    }  # fmt: skip
    update_budget_rules(cycle.pk, budget=rules, actor=manager)
    ApplicationFactory(form_version=cycle.forms.get())
    return cycle, rules


def with_ceilings(rules, tools, plants):
    """Return the rules with other ceilings: tools in percent, plants as an amount."""
    first, second = rules["categories"]
    return {**rules, "categories": [{**first, "max_percent": tools}, {**second, "max_amount": plants}]}


def with_match(rules, **changes):
    return {**rules, "match_required": {**rules["match_required"], **changes}}


@pytest.mark.parametrize(
    "loosened",
    [
        lambda rules: with_ceilings(rules, "30", "500"),
        lambda rules: with_ceilings(rules, None, None),
        lambda rules: with_match(rules, percent="25.5"),
        lambda rules: with_match(rules, of="request"),
        lambda rules: {**rules, "match_required": None},
        lambda rules: {**rules, "columns": rules["columns"][::-1]},
        lambda rules: {**rules, "disallowed": ["Alcohol", "Food"], "vendor_quotes_over": "100.00"},
    ],
)
def test_budget_rules_may_be_loosened_while_people_apply(city, manager, loosened):
    cycle, rules = in_use(manager)

    update_budget_rules(cycle.pk, budget=loosened(rules), actor=manager)

    cycle.refresh_from_db()
    assert cycle.budget == loosened(rules)


@pytest.mark.parametrize(
    "stricter",
    [
        lambda rules: with_ceilings(rules, "19.99", "400.00"),
        lambda rules: with_ceilings(rules, "20", "399.99"),
        lambda rules: {**rules, "categories": [{**c, "max_amount": "10.00"} for c in rules["categories"]]},
        lambda rules: with_match(rules, percent="50.01"),
        lambda rules: {**rules, "columns": ["requested"]},
    ],
)
def test_budget_rules_do_not_become_stricter_while_people_apply(city, manager, stricter):
    cycle, rules = in_use(manager)

    with pytest.raises(FormInUseError, match="ceilings can only be raised"):
        update_budget_rules(cycle.pk, budget=stricter(rules), actor=manager)

    cycle.refresh_from_db()
    assert cycle.budget == rules


def test_a_match_is_not_asked_for_once_people_apply_without_one(city, manager):
    cycle, rules = in_use(manager)
    update_budget_rules(cycle.pk, budget={**rules, "match_required": None}, actor=manager)

    with pytest.raises(FormInUseError):
        update_budget_rules(cycle.pk, budget=rules, actor=manager)


def test_a_percentage_of_the_total_cost_is_stricter_than_the_same_of_the_request(city, manager):
    cycle, rules = in_use(manager)
    update_budget_rules(cycle.pk, budget=with_match(rules, of="request"), actor=manager)

    with pytest.raises(FormInUseError):
        update_budget_rules(cycle.pk, budget=rules, actor=manager)


def test_kinds_of_cost_stay_while_people_apply(city, manager):
    cycle, rules = in_use(manager)

    with pytest.raises(FormInUseError, match="begun to answer"):
        update_budget_rules(cycle.pk, budget={**rules, "categories": []}, actor=manager)


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"columns": []}, "columns"),
        ({"columns": ["requested", "requested"]}, "columns.1"),
        (
            {"categories": [{"key": "a", "label": "A", "max_percent": "101", "max_amount": None}]},
            "categories.0.max_percent",
        ),
        (
            {"categories": [{"key": "a", "label": "A", "max_percent": None, "max_amount": "-1"}]},
            "categories.0.max_amount",
        ),
        ({"vendor_quotes_over": "much"}, "vendor_quotes_over"),
    ],
)
def test_budget_rules_that_make_no_sense_are_refused_at_their_place(city, manager, changes, place):
    with pytest.raises(InvalidPartError) as refusal:
        update_budget_rules(CycleFactory().pk, budget={**empty_budget(), **changes}, actor=manager)

    assert (refusal.value.field, refusal.value.place) == ("budget", place)


def kind(label, percent=None, amount=None):
    return {"key": label.lower(), "label": label, "max_percent": percent, "max_amount": amount}


def match(percent, of):
    return {"percent": percent, "of": of, "may_be": [], "volunteer_hour_value": None, "note": None}


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"categories": [kind("Food", "10")]}, "categories"),
        ({"categories": [kind("Food", "10"), kind("Tools", "89.99", "400.00")]}, "categories"),
        ({"match_required": match("100", "total_cost")}, "match_required.percent"),
        ({"match_required": match("150", "total_cost")}, "match_required.percent"),
    ],
)
def test_budget_rules_that_would_shut_everybody_out_are_refused(city, manager, changes, place):
    with pytest.raises(InvalidPartError) as refusal:
        update_budget_rules(CycleFactory().pk, budget={**empty_budget(), **changes}, actor=manager)

    assert (refusal.value.field, refusal.value.place) == ("budget", place)


@pytest.mark.parametrize(
    "changes",
    [
        {"categories": [kind("Food", "10"), kind("Other")]},
        {"categories": [kind("Food", "10"), kind("Tools", "90")]},
        {"categories": [kind("Food", "10"), kind("Tools", None, "400.00")]},
        {"match_required": match("99.99", "total_cost")},
        {"match_required": match("150", "request")},
        {"match_required": match(None, "total_cost")},
    ],
)
def test_budget_rules_that_a_budget_can_meet_are_saved(city, manager, changes):
    cycle = update_budget_rules(CycleFactory().pk, budget={**empty_budget(), **changes}, actor=manager)

    assert cycle.budget == {**empty_budget(), **changes}


def test_ceilings_below_the_smallest_request_are_not_set_on_a_published_call(city, manager):
    draft = CycleFactory(status=Status.DRAFT, min_request_cents=50_000)
    published = CycleFactory(status=Status.PUBLISHED, min_request_cents=50_000)
    rules = {**empty_budget(), "categories": [kind("Food", None, "499.99")]}

    update_budget_rules(draft.pk, budget=rules, actor=manager)
    with pytest.raises(IncompleteCycleError, match="less than the smallest request"):
        update_budget_rules(published.pk, budget=rules, actor=manager)

    published.refresh_from_db()
    assert published.budget == empty_budget()
