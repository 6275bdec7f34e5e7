"""The pages of money and documents on a phone: axe finds nothing, and nothing has to be pushed sideways."""

from datetime import timedelta

import pytest
from django.utils import timezone

from cities.access.models import FactorReset
from cities.documents.actions import request_document
from cities.tenancy.scopes import CENTER_ID, city_scope
from grants.awards.states import Status
from grants.payments.actions import nominate_deputy
from tests.browser import AXE
from tests.factories import make_officer
from tests.grants.payments.factories import make_award
from tests.grants.programs.center import make_cohort
from tests.grants.programs.factories import make_grant, make_tranche
from tests.people import sign_in

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

WIDTH = 360
SPILT = """[...document.querySelectorAll(".data--stack td")]
    .filter((one) => one.scrollHeight > one.clientHeight + 1).map((one) => one.outerHTML.slice(0, 120))"""
SIDEWAYS = """[...document.querySelectorAll(".table-scroll"), document.documentElement]
    .filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.outerHTML.slice(0, 120))"""


@pytest.fixture
def grant(city):
    """A program grant with a tranche, both still to be confirmed by the city."""
    officer = make_officer()
    grant = make_grant(officer, city)
    make_tranche(officer, grant)
    return grant


@pytest.fixture
def walk(chromium, live_server, client):
    """Look at pages one after the other as one person; returns what is wrong with each."""

    def look(user, paths, language="en"):
        sign_in(client, user)
        context = chromium.new_context(viewport={"width": WIDTH, "height": 900}, reduced_motion="reduce")
        cookies = {"sessionid": client.cookies["sessionid"].value, "django_language": language}
        context.add_cookies(
            [{"name": name, "value": value, "url": live_server.url} for name, value in cookies.items()]
        )
        page = context.new_page()
        wrong = {}
        for path in paths:
            answer = page.goto(f"{live_server.url}{path}")
            page.evaluate(AXE.read_text())
            found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")["violations"]
            faults = [(one["id"], one["nodes"][0]["html"][:120]) for one in found]
            faults += page.evaluate(SIDEWAYS) + page.evaluate(SPILT)
            if answer.status != 200 or faults:
                wrong[path] = (answer.status, faults)
        context.close()
        return wrong

    return look


def test_the_citys_pages_of_money_fit_a_phone(walk, world, grant, trio, manager):
    award, city = world["award"], grant.recipient
    desk = f"/{city.slug}/staff"
    with city_scope(city):
        offered = make_award(status=Status.OFFERED, answer_by_on=timezone.localdate() - timedelta(days=3))
        nominate_deputy(person_id=trio[1].pk, seat="finance", reason="Two are away", actor=manager)
        request_document(
            "cycle-report", parameters={"cycle": str(award.cycle_id)}, title="A call", actor=manager
        )

    assert (
        walk(
            trio[0],
            [
                f"{desk}/money/",
                f"{desk}/money/entries/",
                f"{desk}/money/calls/{award.cycle_id}/",
                f"{desk}/money/grants/{grant.pk}/accept/",
                f"{desk}/payments/?tab=all",
                f"{desk}/payments/?tab=paid",
                f"{desk}/payments/new/?tab=waiting",
                f"{desk}/payments/new/",
                f"{desk}/payments/new/?award={award.pk}",
                f"{desk}/payments/awards/{award.pk}/",
                f"{desk}/payments/awards/{award.pk}/return/",
                f"{desk}/receipts/?tab=all",
                f"{desk}/receipts/{world['receipt'].pk}/",
                f"{desk}/deputies/",
            ],
        )
        == {}
    )
    assert (
        walk(trio[2], [f"{desk}/payments/{world[name].pk}/" for name in ("approved", "paid", "voided")]) == {}
    )
    assert (
        walk(
            manager,
            [
                f"{desk}/awards/{offered.pk}/",
                f"{desk}/awards/{offered.pk}/more-time/",
                f"{desk}/deputies/new/",
                f"{desk}/payments/awards/{award.pk}/complete/",
                f"{desk}/reports/",
            ],
        )
        == {}
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_grantees_pages_fit_a_phone(walk, city, world, language):
    award, applicant = world["award"], world["applicant"]
    with city_scope(city):
        lapsed = make_award(
            applicant=applicant, status=Status.OFFERED, answer_by_on=timezone.localdate() - timedelta(days=3)
        )
    own = f"/{city.slug}/awards/{award.pk}"

    assert (
        walk(
            applicant,
            [
                f"{own}/",
                f"{own}/receipts/new/",
                f"{own}/letter/",
                f"/{city.slug}/receipts/{world['receipt'].pk}/remove/",
                f"/{city.slug}/awards/{lapsed.pk}/answer/",
            ],
            language,
        )
        == {}
    )


def test_the_centers_pages_of_money_fit_a_phone(walk, world, grant):
    officer = grant.created_by
    cohort = make_cohort(officer, "2024–26", grant.recipient)
    with city_scope(CENTER_ID):
        request_document("disbursements-csv", parameters={}, title="All payments", actor=officer)
        FactorReset.objects.create(person=officer, asked_by=officer, reason="A new phone")

    assert (
        walk(
            officer,
            [
                "/center/grants/",
                "/center/grants/new/",
                f"/center/grants/{grant.pk}/",
                "/center/disbursements/",
                f"/center/disbursements/{world['paid'].pk}/",
                "/center/exceptions/",
                "/center/deputies/",
                "/center/people/",
                "/center/second-steps/",
                "/center/cohorts/",
                f"/center/cohorts/{cohort.pk}/",
                "/center/reports/",
            ],
        )
        == {}
    )
