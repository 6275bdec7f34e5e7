"""The city's books, to somebody with a conflict of interest: the amounts, but not whom they were for."""

import pytest

from grants.applications.models import Conflict
from grants.cycles.funding.books import Books
from grants.payments.actions import decide_receipt, record_return

from .factories import paid, receipt_of, yesterday


@pytest.fixture
def moved(award, trio, staff):
    """An award with an entry of each kind that it can have."""
    paid(award, trio)
    decide_receipt(receipt_of(award).pk, accepted_cents=10_000, actor=staff)
    record_return(
        award.pk, amount_cents=5, returned_on=yesterday(), reference="1", reason="Left over", actor=trio[0]
    )
    return award


def test_the_books_hide_whom_an_entry_is_about(in_city, moved, manager, insider):
    Conflict(
        city=in_city, application=moved.application, person=manager, kind="family", declared_by=manager
    ).save(force_insert=True)

    rows = Books(in_city, {}, reader=manager).page

    hidden = [row for row in rows if row.is_hidden]
    assert {row.entry.kind for row in hidden} == {"commitment", "payment", "substantiation", "return"}
    assert all(
        row.subject is row.about is None and "conflict of interest" in row.memo and row.who == "—"
        for row in hidden
    )
    assert not any(row.is_hidden for row in Books(in_city, {}, reader=insider).page)


def test_the_books_say_nothing_of_a_hidden_award_to_whoever_asks_about_it_alone(
    in_city, moved, manager, insider
):
    Conflict(
        city=in_city, application=moved.application, person=manager, kind="family", declared_by=manager
    ).save(force_insert=True)

    def asked(reader, row):
        books = Books(in_city, {"about": str(row.pk), "account": "to_prove"}, reader=reader)
        return len(books.page), books.total_cents

    assert asked(insider, moved) == (1, moved.amount_cents)
    for row in (moved, moved.receipts.get(), moved.disbursements.get(), moved.returns.get()):
        assert asked(manager, row) == (0, 0)
