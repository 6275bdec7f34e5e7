from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone

from cities.audit.models import Event
from cities.tenancy.errors import RuleError
from grants.cycles.actions import (
    changing,
    update_attachments,
    update_award_terms,
    update_cycle_dates_and_money,
    update_eligibility,
    update_rubric,
)
from grants.cycles.errors import FormInUseError, InvalidPartError, WrongStatusError
from grants.cycles.models import empty_award_terms, empty_rubric
from grants.cycles.states import Status
from tests.factories import ApplicationFactory, CycleFactory

pytestmark = pytest.mark.django_db

CLOSE = datetime(2027, 5, 1, 4, 59, 59, tzinfo=UTC)


def item(**changes):
    return {
        "key": "lives_here", "label": "Do you live here?", "type": "yes_no", "options": [],
        "must": {"words": "You live here.", "test": {"op": "eq", "value": True}}, "stops": True, **changes,
    }  # fmt: skip


def criterion(key="benefit", points=20):
    return {"key": key, "label": key.title(), "max_points": points, "guidance": None}


def test_dates_and_money_are_changed_and_audited_with_before_and_after(city, manager):
    cycle = CycleFactory(status=Status.DRAFT, closes_at=None, max_request_cents=200_000)

    update_cycle_dates_and_money(
        cycle.pk, closes_at=CLOSE, max_request_cents=250_000, decision_on=date(2027, 6, 1), actor=manager
    )

    cycle.refresh_from_db()
    assert (cycle.closes_at, cycle.max_request_cents, cycle.decision_on) == (CLOSE, 250_000, date(2027, 6, 1))
    event = Event.objects.get(subject_id=cycle.pk)
    assert (event.tag, event.actor) == ("cycle:change", manager)
    assert event.data == {
        "before": {"closes_at": None, "max_request_cents": 200_000, "decision_on": None},
        "after": {
            "closes_at": "2027-05-01T04:59:59+00:00",
            "max_request_cents": 250_000,
            "decision_on": "2027-06-01",
        },
    }


def test_saving_the_same_again_is_not_an_event(city, manager):
    cycle = CycleFactory(max_request_cents=200_000)

    update_cycle_dates_and_money(cycle.pk, max_request_cents=200_000, actor=manager)

    assert not Event.objects.exists()


def test_a_new_close_and_name_reach_the_applications(city, manager):
    application = ApplicationFactory()

    update_cycle_dates_and_money(application.cycle_id, closes_at=CLOSE, name="Renamed", actor=manager)

    application.refresh_from_db()
    assert (application.closes_at, application.cycle_name) == (CLOSE, "Renamed")


def test_made_up_values_count_as_confirmed_once_a_manager_saves_their_part(city, manager):
    invented = [{"path": p, "value": "x", "reason": "unknown"} for p in ("cycle.closes_at", "cycle.pool")]
    cycle = CycleFactory(notes={"invented": invented, "source": []})

    update_cycle_dates_and_money(cycle.pk, closes_at=cycle.closes_at, actor=manager)

    cycle.refresh_from_db()
    assert cycle.notes == {"invented": [invented[1]], "source": []}


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"closes_at": datetime(2020, 1, 1, tzinfo=UTC)}, "A call closes after it opens."),
        ({"min_request_cents": 300_000}, "The largest request can’t be below the smallest."),
        (
            {"project_starts_on": date(2027, 6, 2), "project_ends_on": date(2027, 6, 1)},
            "Projects end after they start.",
        ),
        ({"closes_at": None}, "A published call needs an opening, a close and a planned pool."),
        ({"planned_pool_cents": 0}, "A published call needs an opening, a close and a planned pool."),
    ],
)
def test_values_that_contradict_each_other_are_refused(city, manager, values, sentence):
    cycle = CycleFactory(status=Status.PUBLISHED)

    with pytest.raises(RuleError, match=sentence):
        update_cycle_dates_and_money(cycle.pk, actor=manager, **values)

    assert not Event.objects.exists()


def test_columns_that_are_no_dates_or_amounts_are_a_bug(city, manager):
    with pytest.raises(TypeError, match="status"):
        update_cycle_dates_and_money(CycleFactory().pk, status="archived", actor=manager)


UPDATES = {
    "eligibility": lambda pk, actor: update_eligibility(pk, items=[item()], actor=actor),
    "attachments": lambda pk, actor: update_attachments(
        pk, items=[{"key": "w9", "label": "W-9", "required": True, "when": None}], actor=actor
    ),
    "rubric": lambda pk, actor: update_rubric(
        pk, rubric={**empty_rubric(), "criteria": [criterion()]}, actor=actor
    ),
    "award_terms": lambda pk, actor: update_award_terms(
        pk, terms={**empty_award_terms(), "conditions": ["Finish in a year"]}, actor=actor
    ),
}


@pytest.mark.parametrize("part", UPDATES)
def test_a_part_is_replaced_and_audited(city, manager, part):
    cycle = CycleFactory(status=Status.DRAFT)
    before = getattr(cycle, part)

    UPDATES[part](cycle.pk, manager)

    cycle.refresh_from_db()
    assert getattr(cycle, part) != before
    event = Event.objects.get(subject_id=cycle.pk)
    assert (event.tag, event.data) == (
        f"cycle:change-{part.replace('_', '-')}",
        {"before": {part: before}, "after": {part: getattr(cycle, part)}},
    )


@pytest.mark.parametrize("part", UPDATES)
def test_an_archived_call_is_not_changed(city, manager, part):
    cycle = CycleFactory(status=Status.ARCHIVED)

    with pytest.raises(WrongStatusError, match="archived"):
        UPDATES[part](cycle.pk, manager)


@pytest.mark.parametrize("part", UPDATES)
def test_an_update_that_fails_after_its_last_write_leaves_nothing(city, manager, part, monkeypatch):
    cycle = CycleFactory(status=Status.DRAFT)
    before = getattr(cycle, part)
    written = changing.audit.record

    def write_and_fail(*args, **kwargs):
        written(*args, **kwargs)
        raise RuleError("No.")

    monkeypatch.setattr(changing.audit, "record", write_and_fail)
    with pytest.raises(RuleError):
        UPDATES[part](cycle.pk, manager)

    cycle.refresh_from_db()
    assert getattr(cycle, part) == before
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("items", "place"),
    [
        ([item(), item()], "1"),
        ([item(type="choice", options=["Only one"], must={"words": "", "test": None})], "0.options"),
        ([item(options=["Yes"])], "0.options"),
        ([item(must={"words": "", "test": {"op": "gte", "value": 3}})], "0.must.test"),
        ([item(type="number", must={"words": "", "test": {"op": "gte", "value": "many"}})], "0.must.test"),
        (
            [
                item(
                    type="choice",
                    options=["A", "B"],
                    must={"words": "", "test": {"op": "in", "value": ["C"]}},
                )
            ],
            "0.must.test",
        ),
    ],
)
def test_a_self_check_that_nobody_can_pass_is_refused_at_its_place(city, manager, items, place):
    cycle = CycleFactory()

    with pytest.raises(InvalidPartError) as refusal:
        update_eligibility(cycle.pk, items=items, actor=manager)

    assert (refusal.value.field, refusal.value.place) == ("eligibility", place)


@pytest.mark.parametrize(
    ("rubric", "place"),
    [
        ({"criteria": [criterion(), criterion()]}, "criteria.1"),
        ({"criteria": [criterion(points=0)]}, "criteria.0.max_points"),
        ({"criteria": [criterion(points=20)], "minimum_total": 21}, "minimum_total"),
    ],
)
def test_a_rubric_that_nobody_can_score_is_refused_at_its_place(city, manager, rubric, place):
    with pytest.raises(InvalidPartError) as refusal:
        update_rubric(CycleFactory().pk, rubric={**empty_rubric(), **rubric}, actor=manager)

    assert refusal.value.place == place


@pytest.mark.parametrize(
    ("terms", "place"),
    [
        ({"payment_modes": ["cash"]}, "payment_modes"),
        ({"sponsor_fee_max_percent": "101"}, "sponsor_fee_max_percent"),
        ({"sponsor_fee_max_percent": "ten"}, "sponsor_fee_max_percent"),
        (
            {"city_services": [{"key": "mulch", "label": "a"}, {"key": "mulch", "label": "b"}]},
            "city_services.1",
        ),
    ],
)
def test_award_terms_that_make_no_sense_are_refused_at_their_place(city, manager, terms, place):
    with pytest.raises(InvalidPartError) as refusal:
        update_award_terms(CycleFactory().pk, terms={**empty_award_terms(), **terms}, actor=manager)

    assert refusal.value.place == place


def test_a_later_close_lets_people_apply_longer(city, manager):
    cycle = CycleFactory(
        opens_at=timezone.now() - timedelta(days=9), closes_at=timezone.now() - timedelta(days=1)
    )
    assert not cycle.is_open()

    cycle = update_cycle_dates_and_money(
        cycle.pk, closes_at=timezone.now() + timedelta(days=1), actor=manager
    )

    assert cycle.is_open()


@pytest.mark.parametrize(
    "test", [{"op": "in", "value": [{"a": 1}]}, {"op": "eq", "value": {}}, {"op": "in", "value": [["a"]]}]
)
def test_a_test_by_what_is_no_answer_at_all_is_refused(city, manager, test):
    cycle = CycleFactory(status=Status.DRAFT)
    asked = item(type="choice", options=["a", "b"], must={"words": "A.", "test": test})

    with pytest.raises(InvalidPartError, match="never be met"):
        update_eligibility(cycle.pk, items=[asked], actor=manager)


def rule(op, value, **changes):
    return {"must": {"words": "So.", "test": {"op": op, "value": value}}, **changes}


WARD = {"type": "choice", "options": ["Ward 1", "Ward 2"], "stops": False}
AGE = {"type": "number", "stops": False}
STRICTER = {
    "the other answer fits": (item(), item(**rule("eq", False))),
    "no test any more": (item(), item(must={"words": "So.", "test": None})),
    "a test where staff judged": (item(must={"words": "So.", "test": None}), item()),
    "it stops now": (item(stops=False), item()),
    "another kind of answer": (item(), item(**rule("gte", 5, type="number"))),
    "another question": (item(), item(key="owns_here")),
    "a renamed option": (
        item(**rule("in", ["Ward 1"], **WARD)),
        item(**rule("in", ["Ward One"], **WARD | {"options": ["Ward One", "Ward 2"]})),
    ),
    "fewer options fit": (
        item(**rule("in", ["Ward 1", "Ward 2"], **WARD)),
        item(**rule("in", ["Ward 1"], **WARD)),
    ),
    "a higher least": (item(**rule("gte", 16, **AGE)), item(**rule("gte", 18, **AGE))),
    "a least for a most": (item(**rule("lte", 20, **AGE)), item(**rule("gte", 20, **AGE))),
}
LOOSER = {
    "other words": (item(), item(label="Is it home?", translations={"es": {"label": "¿Vive aquí?"}})),
    "staff look instead": (item(), item(stops=False)),
    "more options fit": (
        item(**rule("eq", "Ward 1", **WARD)),
        item(**rule("in", ["Ward 3", "Ward 1"], **WARD | {"options": ["Ward 3", "Ward 2", "Ward 1"]})),
    ),
    "a lower least": (item(**rule("gte", 18, **AGE)), item(**rule("gte", "16", **AGE))),
}


@pytest.mark.parametrize("change", STRICTER)
def test_once_people_apply_the_self_check_does_not_become_stricter(city, manager, change):
    before, after = STRICTER[change]
    cycle = CycleFactory(eligibility=[before])
    ApplicationFactory(form_version__cycle=cycle)

    with pytest.raises(FormInUseError, match="can’t become stricter"):
        update_eligibility(cycle.pk, items=[after], actor=manager)

    cycle.refresh_from_db()
    assert cycle.eligibility == [before]


@pytest.mark.parametrize("items", [[], [item(), item(key="owns_here")]])
def test_once_people_apply_the_self_check_neither_loses_nor_gains_a_question(city, manager, items):
    cycle = CycleFactory(eligibility=[item()])
    ApplicationFactory(form_version__cycle=cycle)

    with pytest.raises(FormInUseError):
        update_eligibility(cycle.pk, items=items, actor=manager)


@pytest.mark.parametrize("change", LOOSER)
def test_words_and_more_room_in_the_self_check_are_free_while_people_apply(city, manager, change):
    before, after = LOOSER[change]
    cycle = CycleFactory(eligibility=[before])
    ApplicationFactory(form_version__cycle=cycle)

    update_eligibility(cycle.pk, items=[after], actor=manager)

    cycle.refresh_from_db()
    assert cycle.eligibility == [after]


def test_before_anybody_applies_the_self_check_may_become_stricter(city, manager):
    cycle = CycleFactory(eligibility=[item(stops=False)])

    update_eligibility(cycle.pk, items=[item()], actor=manager)

    cycle.refresh_from_db()
    assert cycle.eligibility == [item()]


@pytest.mark.parametrize(
    "values",
    [
        {"max_request_cents": 199_999},
        {"min_request_cents": 25_001},
        {"min_request_cents": 0, "max_request_cents": 100_000},
    ],
)
def test_once_people_apply_the_limits_of_a_request_do_not_become_stricter(city, manager, values):
    cycle = CycleFactory(min_request_cents=25_000, max_request_cents=200_000)
    ApplicationFactory(form_version__cycle=cycle)

    with pytest.raises(FormInUseError, match="only be lowered, the largest only raised"):
        update_cycle_dates_and_money(cycle.pk, actor=manager, **values)

    assert not Event.objects.filter(subject_id=cycle.pk).exists()


def test_a_limit_where_there_was_none_is_refused_while_people_apply(city, manager):
    cycle = CycleFactory(max_request_cents=None)
    ApplicationFactory(form_version__cycle=cycle)

    with pytest.raises(FormInUseError):
        update_cycle_dates_and_money(cycle.pk, max_request_cents=900_000, actor=manager)


@pytest.mark.parametrize(
    "values",
    [
        {"min_request_cents": 10_000, "max_request_cents": 300_000},
        {"max_request_cents": None},
        {"decision_on": None},
    ],
)
def test_limits_of_a_request_may_be_loosened_while_people_apply(city, manager, values):
    cycle = CycleFactory(min_request_cents=25_000, max_request_cents=200_000)
    ApplicationFactory(form_version__cycle=cycle)

    update_cycle_dates_and_money(cycle.pk, actor=manager, **values)

    cycle.refresh_from_db()
    assert {name: getattr(cycle, name) for name in values} == values
