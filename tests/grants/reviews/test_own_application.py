"""Staff who applied learn neither who reviews their own application nor who has a conflict of interest with it."""

import pytest
from django.test import Client

from cities.access.models import Role
from cities.audit.queries import trail_page
from cities.tenancy.scopes import city_scope
from grants.applications.desk.actions import add_note
from grants.reviews.actions import assign_reviews, declare_conflict
from tests.factories import make_member
from tests.people import sign_in

pytestmark = pytest.mark.django_db
NAMES = ("Robert Hale", "Rosa Diaz", "Dan Close")


@pytest.fixture
def applied(panel):
    return make_member(panel.city, Role.MANAGER, name="Ada Applied")


@pytest.fixture
def own(panel, applied):
    """An application of a manager, whose reviewers and whose conflict of interest are on record."""
    application = panel.application(title="Of a manager", applicant=applied)
    close = make_member(panel.city, Role.STAFF, name="Dan Close")
    with city_scope(panel.city):
        assign_reviews([application.pk], [panel.robert.pk, panel.rosa.pk], actor=panel.manager)
        declare_conflict(application.pk, person=close, kind="family", actor=panel.manager)
        add_note(application.pk, text="For colleagues", actor=panel.manager)
    return application


@pytest.mark.parametrize(
    "address", ["/baltimore/staff/applications/", "/api/v1/cities/baltimore/desk/applications/"]
)
def test_the_history_of_ones_own_application_names_no_reviewer(own, panel, applied, address):
    mine, theirs = (
        sign_in(Client(), reader).get(f"{address}{own.pk}/").content.decode()
        for reader in (applied, panel.manager)
    )

    assert [name in mine for name in NAMES] == [False] * 3
    assert [name in theirs for name in NAMES] == [True] * 3
    assert ("For colleagues" in mine, "For colleagues" in theirs) == (False, True)


@pytest.mark.parametrize("address", ["/baltimore/staff/audit/", "/api/v1/cities/baltimore/audit/"])
def test_the_trail_names_no_reviewer_of_ones_own_application(own, panel, applied, address):
    mine, theirs = (
        sign_in(Client(), reader).get(address).content.decode() for reader in (applied, panel.manager)
    )

    assert [name in mine for name in NAMES] == [False] * 3
    assert [name in theirs for name in NAMES] == [True] * 3
    assert ("Hidden from you" in mine, "Hidden from you" in theirs) == (True, False)


def test_the_trail_hides_only_the_deeds_of_reviewing_ones_own_application(own, panel, applied):
    other = panel.application(title="Of a neighbor")
    with city_scope(panel.city):
        assign_reviews([other.pk], [panel.robert.pk], actor=panel.manager)
        lines = trail_page(panel.city, {}, reader=applied).lines

    hidden = {line.event.tag for line in lines if line.is_hidden}
    shown = {(line.tag, line.subject_id) for line in lines if not line.is_hidden}
    assert hidden == {"review:assign", "conflict:declare"}
    assert {("application:add-note", own.pk), ("review:assign", other.pk)} <= shown
    assert {(line.subject, line.tag, line.subject_id) for line in lines if line.is_hidden} == {
        (None, "", None)
    }


@pytest.mark.parametrize("reads", ["page", "api"])
def test_no_count_tells_who_reviews_ones_own_application(panel, applied, reads):
    other, own = panel.application(title="Of a neighbor"), panel.application(applicant=applied)
    panel.review(other, panel.robert)
    panel.review(own, panel.robert, sent=True)
    panel.review(own, panel.rosa, status="recused")

    mine, theirs = (counted(sign_in(Client(), reader), reads) for reader in (applied, panel.manager))

    assert mine == {"Robert Hale": (1, 0, 0), "Rosa Diaz": (0, 0, 0)}
    assert theirs == {"Robert Hale": (2, 1, 0), "Rosa Diaz": (0, 0, 1)}


def counted(client, reads):
    """Assigned, in and conflicts of both reviewers, as the page or the API says them."""
    if reads == "api":
        rows = client.get("/api/v1/cities/baltimore/desk/reviews/").json()["reviewers"]
        found = {row["name"]: (row["assigned"], row["done"], row["conflicts"]) for row in rows}
    else:
        loads = client.get("/baltimore/staff/reviews/").context["queue"].loads
        found = {load.user.name: (load.assigned, load.done, load.conflicts) for load in loads}
    return {name: found[name] for name in ("Robert Hale", "Rosa Diaz")}
