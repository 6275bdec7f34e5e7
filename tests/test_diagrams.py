"""The state diagrams in the READMEs say what ``states.py`` says, arrow by arrow, or what a message does."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from cities.documents import states as documents
from cities.outbox import tasks
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.applications import states as applications
from grants.applications.desk import states as desk
from grants.awards import states as awards
from grants.cycles import states as cycles
from grants.payments import states as payments
from grants.reviews import states as reviews
from projects.delivery import states as delivery
from tests.services import ROOT

ARROW = re.compile(r"^ +(\S+) --> (\w+)", re.MULTILINE)
LABEL = re.compile(r"^ +\S+ --> \w+:(.*)$", re.MULTILINE)
FLOORS = ("cities", "residents", "grants", "projects")


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
    (awards.CAN_REOPEN, "accepted"),
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
        ("grants/cycles/README.md", 0, "draft", CYCLE),
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


@pytest.mark.parametrize("floor", FLOORS)
def test_each_floors_readme_has_a_state_diagram_and_says_who_may_do_what(floor):
    assert diagrams(f"{floor}/README.md") != []
    assert "\n## Who may do what\n" in (ROOT / floor / "README.md").read_text()


def test_no_arrows_words_hold_what_mermaid_would_end_them_at():
    paths = [path for floor in FLOORS for path in (ROOT / floor).rglob("README.md")]
    words = {label for path in paths for label in LABEL.findall(path.read_text())}

    assert len(words) > 20
    assert {label for label in words if set(label) & set(":;")} == set()


# -- A message has no table of states: it is sent, late and failing once, and its row is looked at ------


def state_of(message: Message) -> str:
    with city_scope(CENTER_ID):
        row = Message.objects.get(pk=message.pk)
    if row.sent_at or row.failed_at:
        return "sent" if row.sent_at else "failed"
    return "claimed" if row.claimed_until and row.claimed_until > timezone.now() else "waiting"


def change(**fields):
    with city_scope(CENTER_ID):
        Message.objects.update(**fields)


def lease_ends(_message):
    change(claimed_until=timezone.now() - timedelta(minutes=1))


def expires(_message):
    change(expires_at=timezone.now() - timedelta(minutes=1))


def is_relayed(_message):
    tasks.relay()


def is_swept(_message):
    tasks.erase_spent_bodies()


def is_sent(message):
    with city_scope(CENTER_ID):
        attempts = Message.objects.get(pk=message.pk).attempts
    tasks.send(str(CENTER_ID), str(message.pk), attempts)


def has_failed_all_but_once(_message):
    change(attempts=Message.MAX_ATTEMPTS - 1, failure="OSError")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["cities/README.md", "cities/outbox/README.md"])
def test_a_messages_life_has_exactly_the_arrows_of_what_becomes_of_it(path, monkeypatch):
    def breaks(_message, _body):
        raise OSError

    lives = {
        "well": [is_relayed, is_sent],
        "lost": [is_relayed, lease_ends, is_relayed],
        "late": [is_relayed, expires, is_sent],
        "never": [expires, is_swept],
        "broken": [is_relayed, is_sent, lease_ends],
        "broken for good": [has_failed_all_but_once, is_relayed, is_sent],
    }
    seen = set()
    for name, deeds in lives.items():
        with monkeypatch.context() as patch:
            patch.setattr(tasks, "_sender", [breaks if name.startswith("broken") else lambda *_: None])
            with city_scope(CENTER_ID):
                Message.objects.all().delete()
                message = enqueue("x", key=name, address="ana@example.org")
            state = "[*]"
            for deed in (None, *deeds):
                if deed:
                    deed(message)
                seen |= {(state, state_of(message))}
                state = state_of(message)

    assert {(before, after) for before, after in seen if before != after} == diagrams(path)[0]
