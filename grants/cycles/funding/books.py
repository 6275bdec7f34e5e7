"""The city's books, page by page: entries newest first, filtered by what the address says."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, Subquery, Sum
from django.utils.translation import gettext as _

from cities.audit.subjects import Subject, hidden_from, subjects_of
from cities.tenancy.cursors import moment_cursor, read_moment
from cities.tenancy.models import City
from grants.cycles.models import Cycle
from grants.ledger.models import Entry, Posting

from .forms import LedgerFilter

SIZE = 50


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as people read it. ``change_cents`` is what it did to the account asked for, if one is.

    Of a hidden one the reader learns the amount, since sums hold it, but not whom it was about or by whom. Whoever asks
    about a hidden row alone gets none of its entries.
    """

    entry: Entry
    subject: Subject | None
    change_cents: int | None
    is_hidden: bool = False

    @property
    def about(self) -> UUID | None:
        return None if self.is_hidden else self.entry.subject_id

    @property
    def memo(self) -> str:
        return _("Hidden from you: you have a conflict of interest.") if self.is_hidden else self.entry.memo

    @property
    def who(self) -> str:
        if self.is_hidden:
            return "—"
        return str(self.entry.actor) if self.entry.actor else self.entry.actor_name


class Books:
    """One view of the entries, as an address describes it. Each part is read when it is asked for, once."""

    def __init__(self, city: City, query: Mapping[str, str], *, reader: Any, size: int = SIZE) -> None:
        self.city, self.query, self.reader, self.size = city, query, reader, size

    @cached_property
    def form(self) -> LedgerFilter:
        cycles = Cycle.objects.order_by("-closes_at", "name").values_list("pk", "name")
        return LedgerFilter(self.query, cycles=[(str(key), name) for key, name in cycles])

    @cached_property
    def wanted(self) -> dict[str, Any]:
        return self.form.wanted

    @property
    def has_account(self) -> bool:
        return "account" in self.wanted

    @cached_property
    def sides(self) -> Any:
        """The postings on the account and in the pool that are asked for."""
        sides = Posting.objects.all()
        if "account" in self.wanted:
            sides = sides.filter(account__kind=self.wanted["account"])
        if "cycle" in self.wanted:
            sides = sides.filter(account__pool_id=self.wanted["cycle"])
        return sides

    @cached_property
    def rows(self) -> Any:
        rows = Entry.objects.select_related("actor").order_by("-posted_at", "-id")
        if "kind" in self.wanted:
            rows = rows.filter(kind=self.wanted["kind"])
        if "about" in self.wanted:
            rows = rows.filter(subject_id=self.wanted["about"])
        if {"account", "cycle"} & set(self.wanted):
            rows = rows.filter(pk__in=self.sides.values("entry_id"))
        if self.has_account:
            of_entry = self.sides.filter(entry=OuterRef("pk")).order_by().values("entry")
            rows = rows.annotate(change=Subquery(of_entry.annotate(n=Sum("cents")).values("n")))
        return rows.none() if self._asks_for_hidden else rows

    @property
    def _asks_for_hidden(self) -> bool:
        """Whether the one row that is asked about is hidden from the reader: then its amounts say too much."""
        if "about" not in self.wanted:
            return False
        entries: Any = Entry.objects.filter(subject_id=self.wanted["about"])[:1]
        return bool(hidden_from(self.reader, self.city, entries))

    @cached_property
    def total_cents(self) -> int | None:
        """What the whole filter did to the account that is asked for, in minor units; ``None`` without one."""
        if not self.has_account:
            return None
        return int(self.rows.order_by().aggregate(total=Sum("change"))["total"] or 0)

    @cached_property
    def _found(self) -> list[Entry]:
        rows = self.rows
        if place := read_moment(str(self.query.get("after", ""))):
            at, entry_id = place
            rows = rows.filter(Q(posted_at__lte=at) & (Q(posted_at__lt=at) | Q(id__lt=entry_id)))
        return list(rows[: self.size + 1])

    @cached_property
    def page(self) -> list[Row]:
        entries = self._found[: self.size]
        rows: Any = entries  # named, and hidden, as events are
        hidden = hidden_from(self.reader, self.city, rows)
        subjects = subjects_of(self.city, [entry for entry in rows if entry.pk not in hidden])
        return [
            Row(
                entry,
                self._named(entry, subjects),
                getattr(entry, "change", None),
                is_hidden=entry.pk in hidden,
            )
            for entry in entries
        ]

    def _named(self, entry: Entry, found: Mapping[UUID, Subject]) -> Subject | None:
        """Return what the entry is about; of a call, here its money is meant."""
        named = found.get(entry.subject_id)
        if named is None or entry.subject_type != Cycle._meta.label_lower:
            return named
        return Subject(named.label, f"/{self.city.slug}/staff/money/calls/{entry.subject_id}/")

    @property
    def after(self) -> str:
        """The cursor of what is older, empty at the end."""
        if len(self._found) <= self.size:
            return ""
        last = self._found[self.size - 1]
        return moment_cursor(last.posted_at, last.pk)
