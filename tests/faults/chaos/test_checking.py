"""The checker of histories: a run that went well has no complaint, and each way of going wrong has its own."""

from collections import Counter

import pytest

from tests.faults.chaos.checking import PARTS, Run, check
from tests.faults.chaos.client import Client, claim_of, outcome_of
from tests.faults.chaos.history import OK, REFUSED, UNKNOWN, Call, Claim, History
from tests.faults.chaos.killer import Fault

AWARD = Claim("award", {"application": "a1", "cents": 400})
PAYMENT = Claim("payment", {"disbursement": "d1", "voucher": "7"})
OVER = Claim("disbursement", {"award": "w1", "purpose": "Over"})
SHEET = Claim("sheet", {"review": "r1", "version": 1, "impact": "25"})
SCORE = Claim("score", {"review": "r1", "total": "42.50", "mean": "42.50"})
LETTER = Claim("document", {"id": "x1", "subject": "w1"})


def call(outcome, claim, key=""):
    return Call(0, claim.table, outcome, {OK: 200, REFUSED: 422, UNKNOWN: None}[outcome], key, claim)


def good_run(**changes):
    """One award of 400 cents from a pool of 1,000, paid and proved in part, its letter made, one notice sent twice."""
    rows = {
        "application": [{"id": "a1"}],
        "answer": [],
        "submission": [{"application": "a1"}],
        "screening": [{"application": "a1"}],
        "review": [{"application": "a1", "reviewer": "u1"}],
        "opening": [{"review": "r1", "application": "a1"}],
        "sheet": [{"review": "r1", "version": 1, "impact": "25"}],
        "score": [{"review": "r1", "application": "a1", "total": "42.50", "mean": "42.50"}],
        "award": [{"id": "w1", "application": "a1", "cents": 400}],
        "acceptance": [{"award": "w1"}],
        "project": [{"kind": "project", "id": "p1", "subject": "w1"}],
        "disbursement": [{"id": "d1", "award": "w1", "purpose": "First", "cents": 300}],
        "approval": [{"disbursement": "d1"}],
        "payment": [{"disbursement": "d1", "award": "w1", "voucher": "7", "cents": 300}],
        "receipt": [{"id": "b1", "award": "w1", "vendor": "Hill Hardware"}],
        "decision": [{"receipt": "b1", "award": "w1", "cents": 200}],
        "event": [
            {"kind": kind, "subject": subject}
            for kind, subject in (
                ("application:submit", "a1"),
                ("application:mark-eligible", "a1"),
                ("review:assign", "a1"),
                ("review:open", "a1"),
                ("review:submit", "a1"),
                ("award:offer", "w1"),
                ("award:accept", "w1"),
                ("project:open", "p1"),
                ("document:request", "x1"),
                ("document:request", "x2"),
                ("document:finish", "x1"),
                ("disbursement:request", "d1"),
                ("disbursement:approve", "d1"),
                ("disbursement:record-payment", "d1"),
                ("receipt:add", "b1"),
                ("receipt:accepted", "b1"),
                ("somebody:looked", "x"),
            )
        ],
        "entry": [
            {"kind": "commitment", "subject": "w1", "cents": 400},
            {"kind": "payment", "subject": "d1", "cents": 300},
            {"kind": "substantiation", "subject": "b1", "cents": 200},
        ],
        "balance": [
            {"kind": "available", "subject": "c1", "cents": 600},
            {"kind": "paid", "subject": "w1", "cents": 300},
        ],
        "moneycall": [{"key": "k1"}],
        "document": [
            {"id": "x1", "subject": "w1", "status": "finished", "failure": ""},
            {"id": "x2", "subject": "w1", "status": "failed", "failure": "No."},
        ],
        "making": [{"document": "x1"}],
        "message": [
            {"kind": kind, "subject": subject, "key": kind, "sent": True, "failed": False, "failure": ""}
            for kind, subject in (
                ("application-submitted", "a1"),
                ("application-screened", "a1"),
                ("award-offered", "w1"),
                ("award-confirmed", "w1"),
                ("project-opened", "p1"),
                ("payment-made", "w1"),
                ("receipt-decided", "w1"),
                ("somebody-invited", "x"),
            )
        ],
    }
    return Run(
        calls=[
            call(UNKNOWN, AWARD, "k1"),
            call(OK, AWARD, "k1"),
            call(UNKNOWN, PAYMENT, "k2"),
            call(REFUSED, OVER, "k3"),
            call(OK, SHEET),
            call(OK, SCORE),
            call(OK, LETTER),
        ],
        rows=rows | changes.pop("rows", {}),
        pool=changes.pop("pool", 1_000),
        faults=changes.pop("faults", [Fault("postgres", under_way=1)]),
        letters=changes.pop("letters", Counter({"n1@example.org": 2, "n2@example.org": 1})),
        expected=frozenset({"n1@example.org", "n2@example.org"}),
    )


def without(table, number=0):
    rows = good_run().rows[table]
    return {table: rows[:number] + rows[number + 1 :]}


def lost(part, kind, subject):
    return {part: [row for row in good_run().rows[part] if (row["kind"], row["subject"]) != (kind, subject)]}


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
        **lost("event", "disbursement:record-payment", "d1"),
        **lost("message", "payment-made", "w1"),
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
        (changed("sheet", impact="24"), "Acknowledged, but there 0 times: sheet"),
        (changed("score", total="42.49"), "Acknowledged, but there 0 times: score"),
        (changed("score", mean=None), "Acknowledged, but there 0 times: score"),
        (without("document"), "Acknowledged, but there 0 times: document"),
        (without("moneycall"), "Forgotten: award under the key k1"),
        (doubled("entry"), "Half done: commitment of w1 is 2 times in the books, 1 times in its table"),
        (changed("balance", cents=500), "The pool holds 500 cents, and 600 weren’t awarded"),
        (changed("payment", cents=401), "Paid 401 of 400 cents: award w1"),
        (changed("payment", cents=299), "The books don’t say what was paid: award w1"),
        (changed("message", sent=False), "Neither sent nor given up with a reason: application-submitted"),
        (changed("document", status="running"), "Neither made nor failed with a reason: document x1"),
        (changed("document", status="failed"), "Neither made nor failed with a reason: document x1"),
    ],
)
def test_rows_that_contradict_what_was_said_are_told(rows, complaint):
    complaints = check(good_run(rows=rows))

    assert any(each.startswith(complaint) for each in complaints), complaints


@pytest.mark.parametrize(
    ("part", "table", "column", "kind", "words"),
    [
        (part, table, column, kind, words)
        for part, (facts, words) in PARTS.items()
        for table, (column, kind) in facts.items()
    ],
)
def test_whichever_half_of_a_deed_is_lost_is_told(part, table, column, kind, words):
    subject = good_run().rows[table][0][column]

    without_row = check(good_run(rows=without(table)))
    without_part = check(good_run(rows=lost(part, kind, subject)))

    deed = f"Half done: {kind} of {subject} is"
    assert f"{deed} 1 times in {words}, 0 times in its table" in without_row
    assert f"{deed} 0 times in {words}, 1 times in its table" in without_part


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


def test_what_only_the_answer_tells_is_claimed_once_it_is_there():
    def letter(found):
        return Claim("document", {"id": found["id"], "subject": "w1"})

    assert claim_of(AWARD, UNKNOWN, None) == AWARD
    assert claim_of(letter, UNKNOWN, "ConnectionError") is None
    assert claim_of(letter, OK, {"id": "x1"}) == LETTER


def test_a_write_that_claims_nothing_is_not_sent():
    with pytest.raises(AssertionError, match="Nothing is claimed: letter"):
        Client(0, "", None, 0).ask({}, "POST", "/letter/", deed="letter")


def test_a_history_is_kept_as_lines_on_disk(tmp_path):
    history = History(tmp_path / "history.jsonl")

    history.add(call(OK, AWARD))

    (line,) = (tmp_path / "history.jsonl").read_text().splitlines()
    assert '"outcome": "ok"' in line
    assert '"cents": 400' in line
