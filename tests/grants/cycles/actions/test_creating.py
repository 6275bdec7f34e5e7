import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from cities.audit.models import Event
from cities.audit.trail import IMPORTER, SystemActor
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import city_scope
from grants.cycles.actions import clone_cycle, create_blank_cycle, create_cycle_from_call
from grants.cycles.calls.reading import read_call
from grants.cycles.models import Cycle, FormVersion
from grants.cycles.states import Status
from tests.factories import UserFactory, make_city
from tests.grants.cycles.call_data import call_data, two_stages

pytestmark = pytest.mark.django_db
REAL = sorted(Path(__file__).resolve().parents[5].joinpath("shared/data/calls").glob("*-20*.json"))


@pytest.fixture
def scope():
    city = make_city("tilden", timezone="America/Chicago")
    with city_scope(city):
        yield city


def test_a_call_becomes_a_draft_with_all_that_it_holds(scope):
    cycle = create_cycle_from_call(read_call(call_data()), actor=IMPORTER)

    cycle.refresh_from_db()
    assert (cycle.status, cycle.slug, cycle.year) == (Status.DRAFT, "better-blocks-2026", 2026)
    assert cycle.opens_at == datetime(2026, 4, 1, 14, tzinfo=UTC)
    assert cycle.closes_at == datetime(2026, 5, 1, 4, 59, 59, tzinfo=UTC)
    assert (cycle.decision_on, cycle.project_starts_on) == (date(2026, 6, 1), None)
    assert (cycle.min_request_cents, cycle.max_request_cents, cycle.planned_pool_cents) == (
        50_000,
        250_050,
        None,
    )
    data = call_data()
    assert [cycle.eligibility, cycle.budget, cycle.attachments, cycle.rubric, cycle.award_terms] == [
        data["eligibility"], data["budget"], data["attachments"], data["rubric"], data["award"],
    ]  # fmt: skip
    assert cycle.workshop == {"required": True, "dates": ["2026-04-10"]}
    assert cycle.notes["source"] == data["source"]
    assert cycle.notes["not_visible"] == ["the rubric's weights"]


def test_a_one_stage_call_has_one_form_with_budget_table_and_papers(scope):
    cycle = create_cycle_from_call(read_call(call_data()), actor=IMPORTER)

    (form,) = cycle.forms.all()
    assert (form.stage, form.number, form.is_applied_with) == ("full", 1, True)
    assert [section.key for section in form.form.sections] == ["project", "budget", "documents"]
    assert (form.summary_keys["title"], form.summary_keys["amount"], form.summary_keys["budget"]) == (
        "project_title",
        "amount",
        "budget_lines",
    )


def test_of_two_stages_the_idea_is_applied_with_and_the_rest_is_kept_for_later(scope):
    cycle = create_cycle_from_call(read_call(two_stages()), actor=IMPORTER)

    idea, full = cycle.forms.order_by("-is_applied_with")
    assert [(f.stage, f.is_applied_with, [s.key for s in f.form.sections]) for f in (idea, full)] == [
        ("idea", True, ["idea_project"]),
        ("full", False, ["full_money"]),
    ]
    assert cycle.notes["stages"] == ["idea", "full"]


def test_the_import_is_audited_under_its_name(scope):
    cycle = create_cycle_from_call(read_call(call_data()), actor=SystemActor("call import"), shifted_weeks=3)

    event = Event.objects.get(subject_id=cycle.pk)
    assert (event.tag, event.actor_name, event.data["shifted_weeks"]) == ("cycle:import", "call import", 3)


def test_a_second_call_of_the_same_name_gets_a_web_name_of_its_own(scope):
    first, second = (create_cycle_from_call(read_call(call_data()), actor=IMPORTER) for _ in range(2))

    assert (first.slug, second.slug) == ("better-blocks-2026", "better-blocks-2026-2")


def test_notes_of_the_import_stand_beside_the_files_own(scope):
    cycle = create_cycle_from_call(
        read_call(call_data()),
        actor=IMPORTER,
        notes={"not_held": [{"path": "/x", "fate": "noted", "sentence": "No."}]},
    )

    assert cycle.notes["not_held"][0]["path"] == "/x"
    assert cycle.notes["not_visible"] == ["the rubric's weights"]


@pytest.mark.real
@pytest.mark.skipif(not REAL, reason="the real calls are not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_every_real_call_becomes_a_cycle(scope, path):
    data = json.loads(path.read_text(encoding="utf-8"))

    cycle = create_cycle_from_call(read_call(path), actor=IMPORTER)

    assert cycle.name == data["cycle"]["name"]
    kept = {q.key for form in cycle.forms.all() for q in form.form.questions}
    assert {q["key"] for s in data["sections"] for q in s["questions"]} <= kept


def test_a_blank_cycle_has_a_form_that_can_be_applied_with(scope):
    manager = UserFactory()

    cycle = create_blank_cycle(name="Spring 2027", year=2027, actor=manager)

    form = cycle.forms.get()
    assert (cycle.status, cycle.slug, form.is_applied_with) == (Status.DRAFT, "spring-2027", True)
    assert form.summary_keys == {
        "title": "project_title", "group": "group_name", "amount": "amount_requested", "place": "project_place",
        "neighborhood": None, "category": None, "budget": "budget_lines",
    }  # fmt: skip
    assert form.form.in_language("es").section("project").title == "Su proyecto"
    assert Event.objects.get(subject_id=cycle.pk).tag == "cycle:create"


def test_a_cycle_without_a_name_is_refused(scope):
    with pytest.raises(RuleError) as refusal:
        create_blank_cycle(name="", year=2027, actor=UserFactory())

    assert refusal.value.field == "name"
    assert not Cycle.objects.exists()
    assert not FormVersion.objects.exists()


def test_a_copy_has_the_rules_and_forms_but_no_dates_and_no_pool(scope):
    original = create_cycle_from_call(read_call(two_stages()), actor=IMPORTER)

    clone = clone_cycle(original.pk, name="Better Blocks 2027", year=2027, actor=UserFactory())

    copy = Cycle.objects.get(pk=clone.cycle.pk)
    assert (copy.status, copy.year, copy.opens_at, copy.closes_at, copy.planned_pool_cents) == (
        Status.DRAFT,
        2027,
        None,
        None,
        None,
    )
    assert (copy.eligibility, copy.budget, copy.max_request_cents) == (
        original.eligibility,
        original.budget,
        original.max_request_cents,
    )
    assert [f.definition for f in copy.forms.order_by("stage")] == [
        f.definition for f in original.forms.order_by("stage")
    ]
    assert copy.workshop == {"required": True, "dates": []}
    assert copy.notes["copied_from"] == {"id": str(original.pk), "name": original.name}
    assert {"closes", "workshop dates"} <= set(clone.left_blank)
    assert Event.objects.get(subject_id=copy.pk).data["original"] == str(original.pk)


def test_a_copy_takes_the_newest_version_of_each_form(scope):
    original = create_blank_cycle(name="Spring", year=2026, actor=UserFactory())
    old = original.forms.get()
    old.is_applied_with = False
    old.save()
    FormVersion.objects.create(
        cycle=original, stage="full", number=2, definition=old.definition[:1], is_applied_with=True
    )

    copy = clone_cycle(original.pk, name="Autumn", year=2026, actor=UserFactory()).cycle

    assert [(f.number, f.is_applied_with, len(f.definition)) for f in copy.forms.all()] == [(1, True, 1)]
