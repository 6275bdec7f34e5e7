"""Whatever is done with money, in whatever order: the books say what a plain model of them says.

The model is a dictionary of amounts and one rule: nothing but a source falls below zero.
"""

from collections import Counter, defaultdict
from datetime import date
from math import ceil

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from cities.access.models import Role
from cities.audit import trail as audit
from cities.audit.trail import SEEDER
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError
from cities.tenancy.models import new_id
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.cycles.funding.actions import allocate, deallocate
from grants.cycles.funding.queries import standings
from grants.ledger.models import Balance
from grants.ledger.posting import Deed, Line, post, reverse_entry
from grants.ledger.queries import told
from grants.ledger.states import SOURCES, AccountKind, EntryKind
from grants.programs.actions import accept_grant, confirm_tranche, grant_program, send_tranche
from tests.factories import CycleFactory, make_city, make_member, make_officer
from tests.proving import OPERATIONS, SHARE, count

pytestmark = pytest.mark.django_db

STEPS = count(25, 60)
FEWEST_STEPS = STEPS * 9 // 10
"""Some examples end before their last step."""
SENT_ON = date(2026, 2, 2)
A = AccountKind

amounts = st.integers(1, 60)
which = st.integers(0, 10_000)


@action
def write(kind, cycle, lines):
    """An award's money, posted as the rooms above post it."""
    entry = post(
        Deed(kind, f"{kind}:{new_id()}", cycle, SEEDER), [Line(*line, pool_id=cycle.pk) for line in lines]
    )
    audit.record(f"test:{kind}", actor=SEEDER, subject=cycle, **told(entry))
    return entry


@action
def undo(entry, cycle):
    mirror = reverse_entry(entry, key=f"undo:{new_id()}", subject=cycle, actor=SEEDER)
    audit.record("test:undo", actor=SEEDER, subject=cycle, **told(mirror))
    return mirror


class Money(RuleBasedStateMachine):
    done = 0
    """Operations of all runs."""

    def __init__(self):
        super().__init__()
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.officer = make_officer()
        self.city = make_city(f"city-{new_id().hex[-12:]}")
        self.finance = make_member(self.city, Role.FINANCE)
        with city_scope(self.city):
            self.cycles = [CycleFactory(), CycleFactory()]
        self.books = {CENTER_ID: Counter(), self.city.pk: Counter()}
        self.grants, self.accepted, self.tranches, self.confirmed = [], set(), [], set()
        self.awards, self.entries, self.reversed = [], [], set()

    def teardown(self):
        transaction.set_rollback(True)
        self.outer.__exit__(None, None, None)

    # -- The model -----------------------------------------------------------------------------------

    def fits(self, tenant, moves):
        held = self.books[tenant]
        return all(held[key] + cents >= 0 for key, cents in moves.items() if key[0] not in SOURCES)

    def expect(self, tenant, moves, deed, *, allowed=True):
        """Do the deed; it is refused exactly if the model says so. Returns what came of it."""
        Money.done += 1
        with center_scope(self.officer) if tenant == CENTER_ID else city_scope(self.city):
            if not (allowed and self.fits(tenant, moves)):
                with pytest.raises(RuleError):
                    deed()
                return None
            done = deed()
        for key, cents in moves.items():
            self.books[tenant][key] += cents
        return done

    def pick(self, rows, number):
        return rows[number % len(rows)]

    # -- The Center's money --------------------------------------------------------------------------

    @rule(cents=amounts)
    def grant(self, cents):
        done = self.expect(
            CENTER_ID,
            {},
            lambda: grant_program(
                recipient_id=self.city.pk, amount_cents=cents, currency="USD", starts_on=date(2026, 1, 1),
                ends_on=date(2026, 12, 31), reference=f"G{len(self.grants)}", actor=self.officer,
            ),
        )  # fmt: skip
        self.books[CENTER_ID].update({(A.GRANTED, done.pk): cents, (A.APPROPRIATION, done.pk): -cents})
        self.grants.append((done.pk, cents))

    @precondition(lambda self: self.grants)
    @rule(number=which, cents=amounts)
    def send(self, number, cents):
        grant, _cents = self.pick(self.grants, number)
        moves = {(A.GRANTED, grant): -cents, (A.SENT, grant): cents}
        done = self.expect(
            CENTER_ID,
            moves,
            lambda: send_tranche(
                grant, amount_cents=cents, sent_on=SENT_ON, bank_reference="W", actor=self.officer
            ),
        )
        if done:
            self.tranches.append((done.pk, grant, cents))

    # -- The city's ----------------------------------------------------------------------------------

    @precondition(lambda self: self.grants)
    @rule(number=which)
    def accept(self, number):
        grant, cents = self.pick(self.grants, number)
        moves = {(A.FUNDING, grant): -cents, (A.RECEIVABLE, grant): cents}
        self.expect(
            self.city.pk,
            moves,
            lambda: accept_grant(grant, actor=self.finance),
            allowed=grant not in self.accepted,
        )
        self.accepted.add(grant)

    @precondition(lambda self: self.tranches)
    @rule(number=which)
    def confirm(self, number):
        tranche, grant, cents = self.pick(self.tranches, number)
        moves = {(A.RECEIVABLE, grant): -cents, (A.UNALLOCATED, self.city.pk): cents}
        done = self.expect(
            self.city.pk,
            moves,
            lambda: confirm_tranche(tranche, received_on=SENT_ON, actor=self.finance),
            allowed=grant in self.accepted and tranche not in self.confirmed,
        )
        if done:
            self.confirmed.add(tranche)

    @rule(number=which, cents=amounts, back=st.booleans())
    def move(self, number, cents, back):
        cycle, deed = self.pick(self.cycles, number), deallocate if back else allocate
        onto = -cents if back else cents
        moves = {(A.UNALLOCATED, self.city.pk): -onto, (A.AVAILABLE, cycle.pk): onto}
        self.note(
            moves, self.expect(self.city.pk, moves, lambda: deed(cycle.pk, amount_cents=cents, actor=SEEDER))
        )

    @rule(number=which, cents=amounts)
    def commit(self, number, cents):
        cycle, award = self.pick(self.cycles, number), new_id()
        moves = {
            (A.AVAILABLE, cycle.pk): -cents, (A.COMMITTED, award): cents,
            (A.OBLIGATED, award): -cents, (A.TO_PROVE, award): cents,
        }  # fmt: skip
        if self.write(EntryKind.COMMITMENT, cycle, moves):
            self.awards.append((award, cycle))

    @precondition(lambda self: self.awards)
    @rule(number=which, cents=amounts, kind=st.sampled_from(["pay", "prove", "return", "deobligate"]))
    def handle(self, number, cents, kind):
        award, cycle = self.pick(self.awards, number)
        released = {
            (A.TO_PROVE, award): -cents,
            (A.OBLIGATED, award): cents,
            (A.AVAILABLE, cycle.pk): cents,
        }
        entry_kind, moves = {
            "pay": (EntryKind.PAYMENT, {(A.COMMITTED, award): -cents, (A.PAID, award): cents}),
            "prove": (EntryKind.SUBSTANTIATION, {(A.TO_PROVE, award): -cents, (A.PROVED, award): cents}),
            "return": (EntryKind.RETURN, {(A.PAID, award): -cents, **released}),
            "deobligate": (EntryKind.DEOBLIGATION, {(A.COMMITTED, award): -cents, **released}),
        }[kind]
        self.write(entry_kind, cycle, moves)

    @precondition(lambda self: self.entries)
    @rule(number=which)
    def reverse(self, number):
        entry, moves = self.pick(self.entries, number)
        mirrored = {key: -cents for key, cents in moves.items()}
        done = self.expect(
            self.city.pk,
            mirrored,
            lambda: undo(entry, self.cycles[0]),
            allowed=entry.pk not in self.reversed,
        )
        if done:
            self.reversed.add(entry.pk)
            self.note(mirrored, done)

    def write(self, kind, cycle, moves):
        lines = [(account, subject, cents) for (account, subject), cents in moves.items()]
        return self.note(moves, self.expect(self.city.pk, moves, lambda: write(kind, cycle, lines)))

    def note(self, moves, entry):
        if entry:
            self.entries.append((entry, moves))
        return entry

    # -- What always holds ---------------------------------------------------------------------------

    @invariant()
    def the_books_say_what_the_model_says(self):
        for tenant, held in self.books.items():
            with city_scope(tenant):
                rows = list(Balance.objects.values_list("account__kind", "account__subject_id", "cents"))
            assert sum(cents for *_key, cents in rows) == 0
            assert [row for row in rows if row[0] not in SOURCES and row[2] < 0] == []
            assert {(kind, subject): cents for kind, subject, cents in rows if cents} == {
                key: cents for key, cents in held.items() if cents
            }

    @invariant()
    def no_cycle_gives_more_than_it_was_allocated(self):
        with city_scope(self.city):
            found = standings(self.cycles)
        allocated = defaultdict(int)
        for entry, moves in self.entries:
            if entry.kind in {EntryKind.ALLOCATION, EntryKind.DEALLOCATION} or self.mirrors_allocation(moves):
                for (kind, subject), cents in moves.items():
                    allocated[subject] += cents if kind == A.AVAILABLE else 0
        assert {cycle.pk: found[cycle.pk].allocated_cents for cycle in self.cycles} == {
            cycle.pk: allocated[cycle.pk] for cycle in self.cycles
        }

    def mirrors_allocation(self, moves):
        return (A.UNALLOCATED, self.city.pk) in moves


@pytest.mark.property
def test_the_books_agree_with_a_plain_model(record_property):
    Money.done = 0
    run_state_machine_as_test(
        Money,
        settings=settings(
            max_examples=ceil(count(100, OPERATIONS) / FEWEST_STEPS),
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=not SHARE,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.generate, Phase.shrink],
        ),
    )
    record_property("count", Money.done)


def test_the_machine_notices_books_that_disagree():
    """Its bug, planted once: money that moves although the model knows nothing of it."""
    machine = Money()
    machine.grant(cents=50)
    machine.send(number=0, cents=50)
    machine.accept(number=0)
    machine.confirm(number=0)
    machine.move(number=0, cents=50, back=False)
    machine.the_books_say_what_the_model_says()

    with city_scope(machine.city):
        deallocate(machine.cycles[0].pk, amount_cents=1, actor=SEEDER)

    with pytest.raises(AssertionError):
        machine.the_books_say_what_the_model_says()
    machine.teardown()
