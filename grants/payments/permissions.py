"""Who may do what with the money of an award. A declared conflict of interest hides an award's money from its holder."""

from typing import Any, cast

from django.db.models import Count, Q, Sum

from cities.access.memberships import is_desk, roles_in
from cities.access.models import Role, User
from cities.access.rules import is_at_center, is_officer
from grants.applications.models import open_conflicts
from grants.awards.models import Award

from .models import Deputy, Disbursement, DisbursementTotal, Receipt, Return
from .seats import is_party, may_sit
from .states import ReceiptStatus, Seat

PROVERS = frozenset({Role.MANAGER, Role.STAFF, Role.FINANCE})


def person(request: Any) -> User:
    """Return who asks, on a route whose rule lets only people in who have signed in."""
    return cast("User", request.user)


def is_conflicted(user: Any, award: Award) -> bool:
    """Say whether the person declared a conflict with the award's application. Asks nothing where the row brought them."""
    people = award.__dict__.get("conflicted")
    if people is not None:
        return user.pk in people
    return bool(open_conflicts(user).filter(application_id=award.application_id).exists())


def untouched_by(user: Any) -> Q:
    """Return the condition on awards that leaves out what a person declared a conflict with."""
    return ~Q(application_id__in=open_conflicts(user).values("application_id"))


def _hidden_from(user: Any) -> Any:
    """Return the awards that a person declared a conflict with: few, so a list that leaves them out keeps its index."""
    return Award.objects.filter(application_id__in=open_conflicts(user).values("application_id")).values("pk")


def _works_on(user: Any, award: Award) -> bool:
    return is_desk(user, award.city_id) and not is_conflicted(user, award)


# -- Pages of the city ---------------------------------------------------------------------------
def can_see_payments(user: Any, city: Any) -> bool:
    """Everybody at the city's desk reads payments, receipts and deputies."""
    return is_desk(user, city.pk)


def can_request_here(user: Any, city: Any) -> bool:
    """Finance, and deputies for finance, request payments."""
    return may_sit(user, city.pk, Seat.FINANCE)


def can_prove_here(user: Any, city: Any) -> bool:
    """Managers, staff and finance decide about receipts."""
    return _proves(user, city.pk)


def can_name_deputies(user: Any, city: Any) -> bool:
    """Managers name deputies and end them."""
    return Role.MANAGER in roles_in(user, city.pk)


def can_end_deputy(user: Any, deputy: Deputy) -> bool:
    return Role.MANAGER in roles_in(user, deputy.city_id)


def can_see_deputies_of_all(user: Any, _obj: Any) -> bool:
    """Officers and auditors of the Center read deputies of all cities."""
    return is_at_center(user, None)


def can_answer_deputies(user: Any, _obj: Any) -> bool:
    """Officers of the Center approve deputies or refuse them."""
    return is_officer(user, None)


# -- One award -------------------------------------------------------------------------------------
def can_see_money(user: Any, award: Award) -> bool:
    """The parties of the award, and the city's desk."""
    return is_party(user, award) or _works_on(user, award)


def can_see_award_money(user: Any, award: Award) -> bool:
    """The desk's page of one award's money."""
    return _works_on(user, award)


def can_request(user: Any, award: Award) -> bool:
    return may_sit(user, award.city_id, Seat.FINANCE) and not is_conflicted(user, award)


def can_record_return(user: Any, award: Award) -> bool:
    return can_request(user, award)


def can_undo_return(user: Any, row: Return) -> bool:
    """Whoever may record a return. That they recorded no payment, the action says."""
    return can_record_return(user, row.award)


def can_complete(user: Any, award: Award) -> bool:
    """Managers end an award, and open it again."""
    return Role.MANAGER in roles_in(user, award.city_id) and not is_conflicted(user, award)


def can_add_receipt(user: Any, award: Award) -> bool:
    """The parties; and staff, for a receipt that somebody brought on paper."""
    return is_party(user, award) or (_proves(user, award.city_id) and not is_conflicted(user, award))


# -- One payment -----------------------------------------------------------------------------------
def can_see_disbursement(user: Any, disbursement: Disbursement) -> bool:
    return _works_on(user, disbursement.award)


def can_approve(user: Any, disbursement: Disbursement) -> bool:
    """Approvers and managers, and deputies for them. That it is a second person, the action says."""
    return _sits(user, disbursement, Seat.APPROVER)


def can_refuse(user: Any, disbursement: Disbursement) -> bool:
    """Whoever has any seat: a refusal spends nothing."""
    return _sits(user, disbursement, Seat.APPROVER, Seat.FINANCE)


def can_record(user: Any, disbursement: Disbursement) -> bool:
    """Finance, and deputies for finance. That it is a third person, the action says."""
    return _sits(user, disbursement, Seat.FINANCE)


def can_void(user: Any, disbursement: Disbursement) -> bool:
    return _sits(user, disbursement, Seat.FINANCE)


def _sits(user: Any, disbursement: Disbursement, *wanted: Seat) -> bool:
    if "conflicted" in disbursement.__dict__:
        disbursement.award.__dict__["conflicted"] = disbursement.__dict__["conflicted"]
    return may_sit(user, disbursement.city_id, *wanted) and not is_conflicted(user, disbursement.award)


# -- One receipt -----------------------------------------------------------------------------------
def can_see_receipt(user: Any, receipt: Receipt) -> bool:
    """On the desk's page. Grantees read theirs on the page of the award."""
    return _works_on(user, receipt.award)


def can_see_picture(user: Any, receipt: Receipt) -> bool:
    """The parties of the award, and the desk."""
    return can_see_money(user, receipt.award)


def can_decide(user: Any, receipt: Receipt) -> bool:
    """Managers, staff and finance. That it isn't their own receipt, the action says."""
    return _proves(user, receipt.city_id) and not is_conflicted(user, receipt.award)


def can_remove(user: Any, receipt: Receipt) -> bool:
    """The parties of the award, and whoever sent it for them."""
    return is_party(user, receipt.award) or (receipt.uploaded_by_id == user.pk and can_decide(user, receipt))


def _proves(user: Any, city_id: Any) -> bool:
    return bool(roles_in(user, city_id) & PROVERS) or may_sit(user, city_id, Seat.FINANCE)


# -- Lists that agree with the predicates row by row -------------------------------------------------
def disbursements_visible_to(user: Any, city: Any) -> Any:
    rows = Disbursement.objects.exclude(award__in=_hidden_from(user))
    return rows if can_see_payments(user, city) else rows.none()


def totals_visible_to(user: Any, city: Any) -> Any:
    """Return the kept totals by call and method, and what is hidden from the person as rows to take off, below zero."""
    columns = ("award__cycle__slug", "award__cycle__name", "method")
    hidden = Disbursement.objects.filter(award__in=_hidden_from(user)).order_by().values(*columns)
    kept = DisbursementTotal.objects.values_list("cycle__slug", "cycle__name", "method", "count", "cents")
    if not can_see_payments(user, city):
        return kept.none()
    return kept.union(
        hidden.annotate(n=-Count("id"), sum=-Sum("amount_cents")).values_list(*columns, "n", "sum"), all=True
    )


def receipts_visible_to(user: Any, city: Any) -> Any:
    rows = Receipt.objects.exclude(award__in=_hidden_from(user)).exclude(status=ReceiptStatus.REMOVED)
    return rows if can_see_payments(user, city) else rows.none()
