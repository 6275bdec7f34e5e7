"""The deeds that are written, each on a real row, which is put back before the next."""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from cities.access.models import Role, User
from cities.tenancy.models import City
from grants.applications.models import Answer
from grants.awards.models import Award
from grants.payments.seats import is_party
from grants.reviews.models import Review
from grants.reviews.rubric import Rubric

from .asking import Call, Visitor
from .cases import Ask, Calls, Case
from .errors import NoDataError
from .people import People
from .sample import Sample, holders, open_drafts, sent_to_open_calls

CENTS = 100
REASON = "Only a measurement."
SENTENCE = 40
LATEST = 50


class Writes:
    """Looks for rows that can be written again and again."""

    def __init__(self, sample: Sample, people: People) -> None:
        self.sample, self.people = sample, people

    def cases(self) -> list[Case]:
        return [
            Case("autosave", "write", 1.5, self.autosaves),
            Case("submit", "write", 2.5, self.submissions),
            Case("score", "write", 3, self.scores),
            Case("approve", "write", 3, self.approvals),
            Case("record payment", "write", 3, self.records),
        ]

    def autosaves(self, ask: Ask) -> Calls:
        """One sentence of a draft, typed a little differently each time, and at the end as it was."""
        city, answer = self.sample.first("a draft with a sentence", _sentence)
        visitor = self.people.signed_in(answer.application.applicant)
        address = reverse("grants:api-answer", args=[city.slug, answer.application_id, answer.question])
        version, said = answer.version, str(answer.value)

        def save(value: str) -> Call:
            return visitor.send("PUT", address, {"value": value, "version": version}, proof='"version":')

        try:
            while True:
                try:
                    yield save(f"{said} {version % 10}")
                finally:
                    version += 1
        finally:
            ask(save(said))

    def submissions(self, ask: Ask) -> Calls:
        """One that was sent is opened again, and sent again."""
        city, sent = self.sample.first(
            "an application sent to an open call", lambda _city: sent_to_open_calls().first()
        )
        visitor = self.people.signed_in(sent.applicant)
        reopen, submit = (
            reverse(f"grants:api-{name}", args=[city.slug, sent.pk]) for name in ("reopening", "submission")
        )
        while True:
            ask(visitor.send("POST", reopen, proof='"draft"'))
            yield visitor.send("POST", submit, {"declaration": True}, proof='"submitted"')

    def scores(self, ask: Ask) -> Calls:
        """Points of one criterion, typed up and down, and at the end as they were."""
        city, review = self.sample.first("a review under way", _review)
        visitor = self.people.signed_in(review.reviewer)
        address = reverse("grants:api-review-mine", args=[city.slug, review.pk])
        key = Rubric.from_json(review.application.cycle.rubric).criteria[0].key
        before, version = review.scores.get(key, ""), review.version
        if review.cleared_at is None:
            ask(visitor.send("POST", f"{address}opening/", proof='"sheet":'))

        def save(points: str) -> Call:
            return visitor.send(
                "PATCH", address, {"version": version, "scores": {key: points}}, proof='"total":'
            )

        try:
            while True:
                try:
                    yield save("1" if version % 2 else "2")
                finally:
                    version += 1
        finally:
            ask(save(before))

    def approvals(self, ask: Ask) -> Calls:
        """A payment is requested, approved, and refused, so that its money is free again."""
        table = self._table()
        while True:
            payment = table.requested(ask)
            try:
                yield table.approval(payment)
            finally:
                ask(table.deed(table.approver, payment, "refuse", reason=REASON))

    def records(self, ask: Ask) -> Calls:
        """A payment is requested, approved and recorded, and the record taken back."""
        table = self._table()
        while True:
            payment = table.requested(ask)
            ask(table.approval(payment))
            try:
                yield table.record(payment)
            finally:
                ask(table.deed(table.recorder, payment, "void", reason=REASON))

    def _table(self) -> "Table":
        city, (award, cast) = self.sample.first("an award to pay, and three people to do it", _payable)
        return Table(city, award, *(self.people.signed_in(person) for person in cast))


@dataclass(frozen=True, slots=True)
class Table:
    """The three who pay one award."""

    city: City
    award: Award
    requester: Visitor
    approver: Visitor
    recorder: Visitor

    def requested(self, ask: Ask) -> str:
        """Request a payment and return its key."""
        body = {
            "award": str(self.award.pk),
            "amount_cents": CENTS,
            "payee_name": self.award.payee_name or "A neighbor",
            "method": "check",
        }
        address = reverse("grants:api-payment-list", args=[self.city.slug])
        answer = ask(self.requester.send("POST", address, body, key=uuid4().hex, status=201))
        return str(answer.json()["id"])

    def approval(self, payment: str) -> Call:
        return self.deed(self.approver, payment, "approve")

    def record(self, payment: str) -> Call:
        today = timezone.localdate(timezone=self.city.zone)
        return self.deed(
            self.recorder, payment, "record", paid_on=today.isoformat(), voucher_number=f"B-{payment[-8:]}"
        )

    def deed(self, who: Visitor, payment: str, name: str, **body: str) -> Call:
        address = reverse(f"grants:api-payment-{name}", args=[self.city.slug, payment])
        return who.send("POST", address, body, key=uuid4().hex, proof='"status":')


def _sentence(_city: City) -> Answer | None:
    """Return the standing answer of an open draft that is a sentence."""
    for draft in open_drafts()[:LATEST]:
        standing: dict[str, Answer] = {}
        for answer in Answer.objects.filter(application=draft).order_by("version"):
            standing[answer.question] = answer
        for answer in standing.values():
            if isinstance(answer.value, str) and len(answer.value) > SENTENCE:
                answer.application = draft
                return answer
    return None


def _review(_city: City) -> Review | None:
    rows: Any = Review.objects.filter(status="assigned", application__status__in=("submitted", "eligible"))
    rows = rows.select_related("reviewer", "application__cycle")
    found: Review | None = rows.order_by(F("cleared_at").desc(nulls_last=True), "id").first()
    return found


def _payable(_city: City) -> tuple[Award, tuple[User, User, User]] | None:
    """Return an accepted award with money left, and three people who have no part in it."""
    rows = Award.objects.filter(
        status="accepted", amount_cents__gte=F("paid_cents") + F("released_cents") + 2 * CENTS
    )
    try:
        finance, approvers = holders(Role.FINANCE), holders(Role.APPROVER, Role.MANAGER)
    except NoDataError:
        return None
    for award in rows.order_by("disbursement_count", "id")[:LATEST]:
        cast = _cast(award, finance, approvers)
        if cast is not None and _has_room(award):
            return award, cast
    return None


def _cast(award: Award, finance: list[User], approvers: list[User]) -> tuple[User, User, User] | None:
    free = [person for person in finance if not is_party(person, award)]
    others = [person for person in approvers if person not in free and not is_party(person, award)]
    return (free[0], others[0], free[1]) if len(free) > 1 and others else None


def _has_room(award: Award) -> bool:
    from grants.payments.actions.disbursements import room_cents  # noqa: PLC0415

    return room_cents(award) >= 2 * CENTS
