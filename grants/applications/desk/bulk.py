"""Rows picked in the queue, on their way to one decision about all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from cities.tenancy.models import City
from grants.applications.models import Application
from grants.applications.states import Status

from .actions import Chosen, seen
from .forms import REASON_MAX
from .permissions import visible_to
from .states import CAN_DECIDE, Decision

MANY = 500


class BulkReasonForm(forms.Form):
    """The reason that each of these applicants reads."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"),
        help_text=gettext_lazy("Each of these applicants reads this word for word."),
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": gettext_lazy("Please give a reason. The applicant will read it.")},
    )


@dataclass(frozen=True, slots=True)
class Picked:
    """One picked row: its ticket, and why it can't be decided so (empty if it can)."""

    application: Application
    ticket: str
    obstacle: str


@dataclass
class Selection:
    """What was posted: first the picked rows, then, once confirmed, each row as it was seen."""

    decision: Decision | None
    ids: list[UUID]
    chosen: list[Chosen]
    form: forms.Form
    address: str
    is_confirmed: bool
    rows: list[Picked] = field(default_factory=list)

    @classmethod
    def of(cls, data: QueryDict) -> "Selection":
        named = data.get("decision", "")
        decision = Decision(named) if named in Decision.values else None
        is_confirmed = "confirmed" in data
        needs_reason = decision == Decision.INELIGIBLE
        form = BulkReasonForm(data if is_confirmed else None) if needs_reason else forms.Form(data)
        chosen = [one for one in map(_chosen, data.getlist("chosen")[:MANY]) if one]
        ids = [one.application_id for one in chosen] or [
            key for key in map(_uuid, data.getlist("selected")[:MANY]) if key
        ]
        address = data.get("address", "")
        return cls(decision, ids, chosen, form, address if address.startswith("?") else "", is_confirmed)

    @property
    def reason(self) -> str:
        return str(self.form.cleaned_data.get("reason", ""))

    @property
    def needs_reason(self) -> bool:
        return isinstance(self.form, BulkReasonForm)

    def read(self, user: Any, city: City) -> "Selection":
        """Look at the picked rows as they are now."""
        columns = (
            "id",
            "city_id",
            "reference",
            "title",
            "status",
            "screened_at",
            "submitted_at",
            "applicant_id",
            "applicant_name",
            "requested_cents",
        )
        found = visible_to(user, city).filter(pk__in=self.ids).only(*columns).order_by("reference")
        self.rows = [
            Picked(
                row,
                f"{row.pk}:{seen(row.status, row.screened_at, row.submitted_at)}",
                self._obstacle(row, user),
            )
            for row in found
        ]
        return self

    def _obstacle(self, application: Application, user: Any) -> str:
        if application.applicant_id == user.pk:
            return _("This is your own application. A colleague has to screen it.")
        if self.decision is None or Status(application.status) not in CAN_DECIDE[self.decision]:
            return _("It is “%(status)s”.") % {"status": application.get_status_display()}
        return ""

    @property
    def willing(self) -> Sequence[Picked]:
        return [row for row in self.rows if not row.obstacle]

    @property
    def gone(self) -> str:
        """How many picked rows are not on the desk any more, in words; empty where all are."""
        count = len(set(self.ids)) - len(self.rows)
        if not count:
            return ""
        words = ngettext(
            "%(count)s picked application has left the desk.",
            "%(count)s picked applications have left the desk.",
            count,
        )
        return words % {"count": count}

    @property
    def left_out(self) -> Sequence[Picked]:
        return [row for row in self.rows if row.obstacle]


def _chosen(text: str) -> Chosen | None:
    key, _colon, ticket = text.partition(":")
    application_id = _uuid(key)
    return Chosen(application_id, ticket) if application_id else None


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
