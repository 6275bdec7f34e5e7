"""The pages and calls that are read."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import Count
from django.urls import reverse

from cities.access.models import Role
from cities.tenancy.scopes import center_scope, city_scope
from grants.applications.desk.paging import Order, Place, order_of
from grants.applications.models import Application
from grants.applications.states import ON_THE_DESK
from grants.awards.states import RANKED
from grants.cycles.models import FormVersion
from grants.oversight.disbursements import ORDERS
from grants.payments.models import Disbursement

from .asking import Call, Visitor
from .cases import Case, page
from .errors import NoDataError
from .people import People
from .sample import Sample, open_drafts

PAGE = 50
DEEP = 9_950
ROW = "data-row-link"


class Reads:
    """Looks for the addresses. A page of the largest city is read by its staff."""

    def __init__(self, sample: Sample, people: People) -> None:
        self.sample, self.people = sample, people

    def cases(self) -> list[Case]:
        return [
            page("staff queue, first page", 2, lambda: self.queue({})),
            page("staff queue, filtered", 2, self.queue_filtered),
            page("staff queue, searched by name", 2, self.queue_searched),
            page(f"staff queue, after {DEEP:,} rows", 2, self.queue_deep),
            page("staff queue, API", 2, self.queue_api),
            page("application page", 3, self.application),
            page("ranking page of 400", 3, self.ranking),
            page("form page", 2, self.form_page),
            page("/me/", 2, self.me),
            page("Center disbursements, first page", 2, lambda: self.center({})),
            page(
                "Center disbursements, filtered",
                2,
                lambda: self.center({"status": "paid", "method": "check"}),
            ),
            page(f"Center disbursements, after {DEEP:,} rows", 2, self.center_deep),
            page("a city's payments", 2, self.payments),
        ]

    # -- The desk ----------------------------------------------------------------------------------
    def queue(self, query: dict[str, str], *, name: str = "desk-application-list", proof: str = ROW) -> Call:
        city = self.sample.largest
        with city_scope(city):
            call = _busiest_call()
            rows = min(PAGE, _on_the_desk(call).count()) if not query else 1
        address = reverse(f"grants:{name}", args=[city.slug])
        asked = urlencode({"cycle": call["cycle__slug"], **query})
        return self._staff(city).get(f"{address}?{asked}", proof=proof, times=max(rows, 1))

    def queue_filtered(self) -> Call:
        with city_scope(self.sample.largest):
            commonest = _commonest(_on_the_desk(_busiest_call()), "neighborhood")
        return self.queue({"status": "submitted", "neighborhood": commonest})

    def queue_searched(self) -> Call:
        with city_scope(self.sample.largest):
            somebody = (
                _on_the_desk(_busiest_call()).exclude(applicant_name="").order_by("submitted_at").first()
            )
        return self.queue({"q": somebody.applicant_name})

    def queue_deep(self) -> Call:
        with city_scope(self.sample.largest):
            after = _cursor(_on_the_desk(_busiest_call()), order_of(""))
        return self.queue({"after": after})

    def queue_api(self) -> Call:
        return self.queue({}, name="api-desk-application-list", proof='"reference":')

    def application(self) -> Call:
        """One with photos and a note, as most that are read have."""
        city = self.sample.largest
        with city_scope(city):
            rows = _on_the_desk(_busiest_call()).order_by("-file_count", "-note_count", "id")
            found = rows.first()
        address = reverse("grants:desk-application-detail", args=[city.slug, found.pk])
        return self._staff(city).get(address, proof=found.reference)

    def ranking(self) -> Call:
        city = self.sample.largest
        with city_scope(city):
            call = _busiest_call()
            rows = min(400, Application.objects.filter(cycle=call["cycle"], status__in=RANKED).count())
        if not rows:
            raise NoDataError("no application of the largest city is ready for a decision")
        address = reverse("grants:award-ranking", args=[city.slug])
        manager = self.people.signed_in(self.sample.member(city, Role.MANAGER))
        return manager.get(f"{address}?cycle={call['cycle__slug']}", proof=ROW, times=rows)

    def payments(self) -> Call:
        def find(_city: Any) -> int | None:
            return min(PAGE, Disbursement.objects.count()) or None

        city, rows = self.sample.first("a payment", find)
        address = reverse("grants:payment-list", args=[city.slug])
        finance = self.people.signed_in(self.sample.member(city, Role.FINANCE, Role.MANAGER))
        return finance.get(f"{address}?tab=all", proof=ROW, times=rows)

    def _staff(self, city: Any) -> Visitor:
        return self.people.signed_in(self.sample.member(city, Role.STAFF, Role.MANAGER))

    # -- Residents ---------------------------------------------------------------------------------
    def form_page(self) -> Call:
        city, draft = self.sample.first("an open draft", lambda _city: open_drafts().first())
        with city_scope(city):
            definition = FormVersion.objects.get(pk=draft.form_version_id).definition
        section = max(definition, key=lambda each: len(each["questions"]))
        address = reverse("grants:apply-section", args=[city.slug, draft.pk, section["key"]])
        return self.people.signed_in(draft.applicant).get(address, proof="<form")

    def me(self) -> Call:
        _city, draft = self.sample.first("an open draft", lambda _city: open_drafts().first())
        address = reverse("grants:applications-mine")
        return self.people.signed_in(draft.applicant).get(address, proof=str(draft.pk))

    # -- The Center --------------------------------------------------------------------------------
    def center(self, query: dict[str, str]) -> Call:
        officer = self.sample.officer()
        address = reverse("grants:center-disbursement-list")
        with center_scope(officer):
            rows = min(PAGE, Disbursement.objects.count()) if not query else 1
        if not rows:
            raise NoDataError("there is no payment")
        visitor = self.people.signed_in(officer)
        return visitor.get(f"{address}?{urlencode(query)}", proof=f'href="{address}0', times=rows)

    def center_deep(self) -> Call:
        order = Order("requested", *ORDERS["requested"], descending=True)
        with center_scope(self.sample.officer()):
            after = _cursor(Disbursement.objects.all(), order)
        return self.center({"after": after})


def _busiest_call() -> dict[str, Any]:
    """Return the call with most applications of the open city."""
    rows = Application.objects.filter(status__in=ON_THE_DESK)
    found: dict[str, Any] | None = (
        rows.values("cycle", "cycle__slug").annotate(n=Count("id")).order_by("-n").first()
    )
    if found is None:
        raise NoDataError("no application was sent")
    return found


def _on_the_desk(call: dict[str, Any]) -> Any:
    return Application.objects.filter(status__in=ON_THE_DESK, cycle=call["cycle"])


def _commonest(rows: Any, column: str) -> str:
    return str(rows.values_list(column).annotate(n=Count("id")).order_by("-n").first()[0])


def _cursor(rows: Any, order: Order) -> str:
    """Return the cursor after 9,950 rows, or where the last page begins if there are fewer."""
    place = max(min(DEEP, rows.count() - PAGE), 1) - 1
    row = order.sorted(rows).annotate(order_value=order.expression).values("id", "order_value")[place:][:1]
    (found,) = row
    return Place(found["order_value"], found["id"]).cursor()
