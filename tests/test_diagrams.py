"""The state diagrams in the READMEs say what ``states.py`` says, arrow by arrow."""

import re

import pytest

from cities.documents import states as documents
from grants.applications import states as applications
from grants.applications.desk import states as desk
from grants.awards import states as awards
from grants.cycles import states as cycles
from grants.payments import states as payments
from grants.reviews import states as reviews
from projects.delivery import states as delivery
from tests.services import ROOT

ARROW = re.compile(r"^ +(\S+) --> (\w+)", re.MULTILINE)


def diagrams(path: str) -> list[set[tuple[str, str]]]:
    blocks = re.findall(r"```mermaid\nstateDiagram-v2\n(.*?)```", (ROOT / path).read_text(), re.DOTALL)
    return [set(ARROW.findall(block)) for block in blocks]


def arrows(*moves: tuple[frozenset, str]) -> set[tuple[str, str]]:
    """Every arrow of deeds given as (statuses that they may start from, status that they lead to)."""
    return {(str(start), str(target)) for starts, target in moves for start in starts}


CYCLE = arrows(
    (cycles.CAN_PUBLISH, "published"), (cycles.CAN_WITHDRAW, "draft"), (cycles.CAN_ARCHIVE, "archived")
)
APPLICATION = arrows(
    (applications.CAN_SUBMIT, "submitted"),
    (applications.CAN_REOPEN, "draft"),
    (applications.CAN_WITHDRAW, "withdrawn"),
    *((starts, decision.value) for decision, starts in desk.CAN_DECIDE.items()),
    (awards.CAN_AWARD, "awarded"),
    (awards.CAN_TURN_DOWN, "unfunded"),
    (awards.CAN_UNDO_DECLINE, "eligible"),
    (frozenset({"awarded"}), "eligible"),  # what taking back the offer does to the application
)
REVIEW = arrows(
    (reviews.CAN_SUBMIT, "submitted"),
    (reviews.CAN_REOPEN, "assigned"),
    (reviews.CAN_RECUSE, "recused"),
    (reviews.CAN_RELEASE, "released"),
    (reviews.CAN_OUTDATE, "outdated"),
)
AWARD = arrows(
    (awards.CAN_ACCEPT, "accepted"),
    (awards.CAN_DECLINE, "declined"),
    (awards.CAN_RESCIND, "rescinded"),
    (awards.CAN_EXTEND, "offered"),
    (awards.CAN_COMPLETE, "completed"),
)
DISBURSEMENT = arrows(
    (payments.CAN_APPROVE, "approved"),
    (payments.CAN_REFUSE, "refused"),
    (payments.CAN_RECORD, "paid"),
    (payments.CAN_VOID, "voided"),
)
RECEIPT = arrows(
    *((payments.CAN_DECIDE_RECEIPT, decided) for decided in ("accepted", "partly", "refused")),
    (payments.CAN_UNDO_RECEIPT, "submitted"),
    (payments.CAN_REMOVE_RECEIPT, "removed"),
)
DOCUMENT = arrows(
    (documents.CAN_CANCEL, "cancelled"),
    (documents.CAN_RETRY, "waiting"),
    # What the worker does, not people
    (frozenset({"waiting"}), "running"),
    *((frozenset({"running"}), target) for target in ("waiting", "running", "finished", "failed")),
)
UPDATE = arrows(
    (delivery.CAN_PUBLISH, "published"), (delivery.CAN_HIDE, "hidden"), (delivery.CAN_REMOVE, "removed")
)


@pytest.mark.parametrize(
    ("path", "number", "first", "expected"),
    [
        ("grants/README.md", 0, "draft", CYCLE),
        ("grants/README.md", 1, "draft", APPLICATION),
        ("grants/README.md", 2, "assigned", REVIEW),
        ("grants/README.md", 3, "offered", AWARD),
        ("grants/README.md", 4, "requested", DISBURSEMENT),
        ("grants/README.md", 5, "submitted", RECEIPT),
        ("grants/payments/README.md", 0, "requested", DISBURSEMENT),
        ("grants/payments/README.md", 1, "submitted", RECEIPT),
        ("cities/documents/README.md", 0, "waiting", DOCUMENT),
        ("projects/README.md", 0, "waiting", UPDATE),
    ],
)
def test_a_diagram_has_exactly_the_arrows_of_the_states(path, number, first, expected):
    drawn = diagrams(path)[number]

    assert sorted(drawn) == sorted(expected | {("[*]", first)})


@pytest.mark.parametrize(
    ("path", "number", "statuses"),
    [
        ("grants/README.md", 1, applications.Status),
        ("grants/README.md", 3, awards.Status),
        ("projects/README.md", 1, delivery.Status),
    ],
)
def test_a_diagram_shows_every_status(path, number, statuses):
    named = {state for arrow in diagrams(path)[number] for state in arrow} - {"[*]"}

    assert named == set(statuses.values)
