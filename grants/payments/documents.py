"""What can be made of a whole call: a report to read, and a workbook to reckon with."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.access.memberships import is_desk
from cities.documents.forms import ParametersForm
from cities.documents.job import Job
from cities.documents.registry import document
from cities.documents.writers import Workbook, write_pdf
from cities.interface.fields import RowChoiceField
from cities.tenancy.errors import RuleError
from grants.applications.models import Application, open_conflicts
from grants.cycles.models import Cycle
from grants.reviews.queries import unread_by

from .permissions import can_see_payments
from .report import report_data, rows_of
from .workbook import write_sheets


class GoneError(RuleError):
    """The call is no longer there."""


def may_share(user: Any, city: Any) -> bool:
    """Whoever has no conflict of interest here may open what colleagues asked for: it holds every application."""
    return is_desk(user, city.pk) and not open_conflicts(user).exists()


def may_share_scores(user: Any, city: Any) -> bool:
    """The same, but nobody who applied here or has yet to score: what a colleague asked for holds all scores."""
    if not may_share(user, city) or unread_by(user).exists():
        return False
    return not Application.objects.on_the_desk().filter(applicant=user).exists()


def last_conflict_at(user: Any) -> datetime | None:
    """Return when the person's latest conflict of interest that stands was declared: files made before may hold it."""
    found: datetime | None = open_conflicts(user).aggregate(last=Max("declared_at"))["last"]
    return found


class CycleForm(ParametersForm):
    """Which call the report is about."""

    cycle = RowChoiceField(label=gettext_lazy("Call"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["cycle"]
        field.queryset = Cycle.objects.order_by("-closes_at", "name")
        field.empty_label = None

    def parameters(self) -> dict[str, Any]:
        return {"cycle": str(self.cleaned_data["cycle"].pk)}

    def title(self, label: str) -> str:
        return f"{label}: {self.cleaned_data['cycle'].name}"


def _cycle(job: Job) -> Cycle:
    found: Cycle | None = Cycle.objects.filter(pk=UUID(job.parameters["cycle"])).first()
    if found is None:
        raise GoneError(_("This call is no longer there."))
    return found


@document(
    "cycle-report",
    label=gettext_lazy("Report of a call"),
    summary=gettext_lazy(
        "Applications, money and neighborhoods of one call in drawings and tables, to read, print and hand on."
    ),
    rule=can_see_payments,
    shared=may_share,
    closed_until=last_conflict_at,
    format="pdf",
    form=CycleForm,
)
def make_report(job: Job) -> str:
    """Set the report of a call, without what the requester has a conflict of interest with."""
    cycle = _cycle(job)
    rows = rows_of(cycle, job.requester)
    job.expect(rows.awards.count() + 1)
    data = report_data(job, cycle, rows)
    job.row_count = len(data["awards"])
    job.step(90)
    write_pdf(job.path, "/grants/payments/report.typ", data, title=job.title, language=job.language)
    return f"{cycle.slug}-report.pdf"


@document(
    "cycle-workbook",
    label=gettext_lazy("Workbook of a call"),
    summary=gettext_lazy(
        "Every application, award, payment and receipt of one call, a sheet each, for your own sums."
    ),
    rule=can_see_payments,
    shared=may_share_scores,
    closed_until=last_conflict_at,
    format="xlsx",
    form=CycleForm,
)
def make_workbook(job: Job) -> str:
    """Write the workbook of a call, without what the requester has a conflict of interest with."""
    cycle = _cycle(job)
    rows = rows_of(cycle, job.requester)
    job.expect(sum(each.count() for each in rows.all))
    with Workbook(job.path, title=job.title, zone=job.place.zone) as book:
        write_sheets(book, job, cycle, rows)
        job.row_count = book.row_count
    return f"{cycle.slug}.xlsx"
