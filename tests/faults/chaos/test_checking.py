"""The checker of histories: a run that went well has no complaint, and each way of going wrong has its own."""

from collections import Counter

import pytest

from tests.faults.chaos.checking import Run, check
from tests.faults.chaos.client import outcome_of
from tests.faults.chaos.history import OK, REFUSED, UNKNOWN, Call, Claim, History
from tests.faults.chaos.killer import Fault

AWARD = Claim("award", {"application": "a1", "cents": 400})
PAYMENT = Claim("payment", {"disbursement": "d1", "voucher": "7"})
OVER = Claim("disbursement", {"award": "w1", "purpose": "Over"})


def call(outcome, claim):
    return Call(0, claim.table, outcome, {OK: 200, REFUSED: 422, UNKNOWN: None}[outcome], claim=claim)


def good_run(**changes):
    """One award of 400 cents from a pool of 1,000, paid in part, its letter made, one notice sent twice."""
    rows = {
        "application": [{"id": "a1"}],
        "answer": [],
        "submission": [{"application": "a1"}],
        "screening": [],
        "review": [],
        "score": [],
        "award": [{"id": "w1", "application": "a1", "cents": 400}],
        "acceptance": [{"award": "w1"}],
        "disbursement": [{"id": "d1", "award": "w1", "purpose": "First", "cents": 300}],
        "approval": [{"disbursement": "d1"}],
        "payment": [{"disbursement": "d1", "award": "w1", "voucher": "7", "cents": 300}],
        "receipt": [],
        "decision": [],
        "event": [
            {"tag": tag, "subject": subject}
            for tag, subject in (
                ("application:submit", "a1"),
                ("award:offer", "w1"),
                ("award:accept", "w1"),
                ("disbursement:request", "d1"),
                ("disbursement:approve", "d1"),
                ("disbursement:record-payment", "d1"),
                ("somebody:looked", "x"),
            )
        ],
        "entry": [
            {"kind": "commitment", "subject": "w1", "cents": 400},
            {"kind": "payment", "subject": "d1", "cents": 300},
        ],
        "balance": [
            {"kind": "available", "subject": "c1", "cents": 600},
            {"kind": "paid", "subject": "w1", "cents": 300},
        ],
        "document": [
            {"id": "x1", "status": "finished", "failure": ""},
            {"id": "x2", "status": "failed", "failure": "No."},
        ],
        "message": [{"key": "m1", "sent": True, "failed": False, "failure": ""}],
    }
    return Run(
        calls=[call(UNKNOWN, AWARD), call(OK, AWARD), call(UNKNOWN, PAYMENT), call(REFUSED, OVER)],
        rows=rows | changes.pop("rows", {}),
        pool=changes.pop("pool", 1_000),
        faults=changes.pop("faults", [Fault("postgres", under_way=1)]),
        letters=changes.pop("letters", Counter({"n1@example.org": 2, "n2@example.org": 1})),
        expected=frozenset({"n1@example.org", "n2@example.org"}),
    )


def without(table, number=0):
    rows = good_run().rows[table]
    return {table: rows[:number] + rows[number + 1 :]}


def doubled(table):
    return {table: good_run().rows[table] * 2}


def changed(table, **values):
    first, *others = good_run().rows[table]
    return {table: [first | values, *others]}


def test_a_run_that_went_well_has_no_complaint():
    assert check(good_run()) == []


def test_a_call_without_an_answer_may_have_been_done_or_not():
    nothing_paid = {
        **without("payment"),
        **without("entry", 1),
        **without("balance", 1),
        **without("event", 5),
    }

    assert check(good_run(rows=nothing_paid)) == []


@pytest.mark.parametrize(
    ("rows", "complaint"),
    [
        (without("award"), "Acknowledged, but there 0 times: award"),
        (changed("award", cents=399), "Acknowledged, but there 0 times: award"),
        (doubled("award"), "Acknowledged, but there 2 times: award"),
        (doubled("payment"), "Unknown, and there 2 times: payment"),
        (
            {
                "disbursement": [
                    *good_run().rows["disbursement"],
                    {"id": "d2", "award": "w1", "purpose": "Over"},
                ]
            },
            "Refused, but there: disbursement",
        ),
        (without("event", 1), "Half done: award:offer of w1 is 0 times in the trail, 1 times in its table"),
        (
            without("acceptance"),
            "Half done: award:accept of w1 is 1 times in the trail, 0 times in its table",
        ),
        (without("entry", 1), "Half done: payment of d1 is 0 times in the books, 1 times in its table"),
        (doubled("entry"), "Half done: commitment of w1 is 2 times in the books, 1 times in its table"),
        (changed("balance", cents=500), "The pool holds 500 cents, and 600 weren’t awarded"),
        (changed("payment", cents=401), "Paid 401 of 400 cents: award w1"),
        (changed("payment", cents=299), "The books don’t say what was paid: award w1"),
        (changed("message", sent=False), "Neither sent nor given up with a reason: m1"),
        (changed("document", status="running"), "Neither made nor failed with a reason: document x1"),
        (changed("document", status="failed"), "Neither made nor failed with a reason: document x1"),
    ],
)
def test_rows_that_contradict_what_was_said_are_told(rows, complaint):
    complaints = check(good_run(rows=rows))

    assert any(each.startswith(complaint) for each in complaints), complaints


@pytest.mark.parametrize(
    ("changes", "complaint"),
    [
        ({"faults": []}, "No fault landed: this run proves nothing."),
        ({"pool": 399}, "Overspent: 400 of 399 cents were awarded"),
        ({"letters": Counter({"n1@example.org": 1})}, "Lost: no letter to n2@example.org"),
        (
            {"letters": Counter({"n1@example.org": 2, "n2@example.org": 2})},
            "2 letters went out once more; 1 were under way when something was killed",
        ),
    ],
)
def test_a_run_that_lost_doubled_or_proved_nothing_is_told(changes, complaint):
    assert complaint in check(good_run(**changes))


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (201, {}, OK),
        (422, {"detail": "No"}, REFUSED),
        (409, {"detail": "Changed"}, REFUSED),
        (409, {"detail": "We are working on this already."}, UNKNOWN),
        (500, None, UNKNOWN),
        (503, {"detail": "Down"}, UNKNOWN),
    ],
)
def test_what_a_caller_knows_follows_from_the_answer(status, body, outcome):
    assert outcome_of(status, body) == outcome


def test_a_history_is_kept_as_lines_on_disk(tmp_path):
    history = History(tmp_path / "history.jsonl")

    history.add(call(OK, AWARD))

    (line,) = (tmp_path / "history.jsonl").read_text().splitlines()
    assert '"outcome": "ok"' in line
    assert '"cents": 400' in line
