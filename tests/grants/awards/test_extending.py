"""An offer has a last day to answer, on the city's calendar; the city can name a later one."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from cities.audit.models import Event
from cities.outbox.models import Message
from cities.tenancy.scopes import city_scope
from grants.applications.conflicts import ConflictOfInterestError
from grants.applications.models import Application, Conflict
from grants.awards.actions import accept_award, decline_award, extend_offer, rescind_award
from grants.awards.errors import AlreadyAnsweredError, AnswerDayError, OfferLapsedError, OwnApplicationError
from grants.awards.models import Award
from grants.awards.states import CAN_EXTEND, Status
from residents.notices.registry import write_letter
from tests.people import sign_in
from tests.queries import count_statements

from .factories import make_application, make_award


def local_today(award):
    return timezone.localdate(timezone=award.city.zone)


def lapse(award, days=1):
    """Let the last day to answer be over."""
    award.answer_by_on = local_today(award) - timedelta(days=days)
    award.save(update_fields=["answer_by_on"])
    return award


@pytest.fixture
def award(in_city):
    return make_award()


def late_on(award, *, after_midnight):
    """A minute before or after the end of the last day, where the city lies."""
    end = datetime.combine(award.answer_by_on + timedelta(days=1), datetime.min.time(), award.city.zone)
    return (end + timedelta(minutes=1 if after_midnight else -1)).astimezone(ZoneInfo("UTC"))


def test_an_offer_is_accepted_until_its_last_day_ends_in_the_city(award):
    with time_machine.travel(late_on(award, after_midnight=False), tick=False):
        accept_award(award.pk, payee_name="Rosa Vega", actor=award.applicant)

    award.refresh_from_db()
    assert award.status == Status.ACCEPTED


def test_a_minute_later_it_is_not(award):
    with (
        time_machine.travel(late_on(award, after_midnight=True), tick=False),
        pytest.raises(OfferLapsedError),
    ):
        accept_award(award.pk, payee_name="Rosa Vega", actor=award.applicant)

    award.refresh_from_db()
    assert award.status == Status.OFFERED


def test_a_lapsed_offer_can_still_be_declined_or_taken_back(in_city, manager):
    declined, rescinded = lapse(make_award()), lapse(make_award())

    decline_award(declined.pk, actor=declined.applicant)
    rescind_award(rescinded.pk, reason="No answer came", actor=manager)

    assert set(Award.objects.values_list("status", flat=True)) == {Status.DECLINED, Status.RESCINDED}


def test_more_time_is_audited_the_applicant_told_and_the_offer_accepted(award, manager):
    lapse(award)
    day = local_today(award) + timedelta(days=3)

    extend_offer(award.pk, answer_by_on=day, actor=manager)
    accept_award(award.pk, payee_name="Rosa Vega", actor=award.applicant)

    award.refresh_from_db()
    assert (award.status, award.answer_by_on) == (Status.ACCEPTED, day)
    event = Event.objects.get(tag="award:extend")
    assert (event.data["before"], event.data["after"]) == (
        (local_today(award) - timedelta(days=1)).isoformat(),
        day.isoformat(),
    )
    message = Message.objects.get(kind="award-extended")
    assert message.recipient == award.applicant
    assert "more time" in write_letter(message).subject


def test_the_applicants_own_page_has_the_new_day_and_the_amount_still(award, manager):
    day = award.answer_by_on + timedelta(days=7)

    extend_offer(award.pk, answer_by_on=day, actor=manager)

    application = Application.objects.get(pk=award.application_id)
    assert application.next_date_on == day
    assert application.awarded_cents == award.amount_cents


@pytest.mark.parametrize("days", [-1, 0])
def test_a_new_day_is_later_than_the_one_that_stands(award, manager, days):
    with pytest.raises(AnswerDayError, match="later day"):
        extend_offer(award.pk, answer_by_on=award.answer_by_on + timedelta(days=days), actor=manager)


def test_a_new_day_is_not_over(award, manager):
    lapse(award, days=5)

    with pytest.raises(AnswerDayError, match="to come"):
        extend_offer(award.pk, answer_by_on=local_today(award) - timedelta(days=1), actor=manager)


def test_a_slip_in_the_year_holds_no_money_for_decades(award, manager):
    with pytest.raises(AnswerDayError, match="look at the year again"):
        extend_offer(award.pk, answer_by_on=local_today(award) + timedelta(days=367), actor=manager)


@pytest.mark.parametrize("status", sorted(set(Status) - CAN_EXTEND))
def test_only_a_standing_offer_gets_more_time(award, manager, status):
    if status in {Status.ACCEPTED, Status.COMPLETED}:
        accept_award(award.pk, payee_name="Rosa Vega", actor=award.applicant)
    elif status == Status.DECLINED:
        decline_award(award.pk, actor=award.applicant)
    else:
        rescind_award(award.pk, reason="Twice", actor=manager)

    with pytest.raises(AlreadyAnsweredError):
        extend_offer(award.pk, answer_by_on=local_today(award) + timedelta(days=60), actor=manager)


def test_nobody_gives_more_time_to_themselves_or_somebody_close(award, manager):
    day = award.answer_by_on + timedelta(days=7)
    Conflict.objects.create(
        city_id=award.city_id, application=award.application, person=manager, declared_by=manager
    )

    with pytest.raises(OwnApplicationError):
        extend_offer(award.pk, answer_by_on=day, actor=award.applicant)
    with pytest.raises(ConflictOfInterestError):
        extend_offer(award.pk, answer_by_on=day, actor=manager)


# -- Pages and API -----------------------------------------------------------------------------------------
@pytest.fixture
def lapsed(city, manager):
    with city_scope(city):
        return lapse(make_award(city_slug="tilden"))


def key_in(response):
    return re.search(r'name="key" value="(\w+)"', response.content.decode())[1]


def test_the_residents_page_says_that_the_day_is_over_and_whom_to_call(lapsed):
    browser, url = sign_in(Client(), lapsed.applicant), f"/tilden/awards/{lapsed.pk}/answer/"

    page = browser.get(url).content.decode()
    late = browser.post(url, {"key": "k", "payee_name": "Rosa", "agrees": "on"})

    assert "The last day to answer is over" in page
    assert "The last day to answer was" in page
    assert "Please answer by" not in page
    assert "312 555 0100" in page
    assert "Yes, I accept" not in page
    assert late.status_code == 409
    assert "Please call Tilden soon" in late.content.decode()


def test_the_list_marks_an_offer_whose_time_is_over_without_asking_for_each(lapsed, manager, city):
    client, url = sign_in(Client(), manager), "/tilden/staff/awards/list/"
    client.get(url)
    with count_statements() as one:
        alone = client.get(url).content.decode()
    with city_scope(city):
        for days in (1, -1):
            of_the_same_call = make_application(form_version=lapsed.application.form_version)
            lapse(make_award(application=of_the_same_call), days=days)
    with count_statements() as three:
        page = client.get(url).content.decode()

    assert [found.count("Time is over") for found in (alone, page)] == [1, 2]
    assert page.count("data-row-link") == 3
    assert len(three) == len(one)


def test_a_manager_gives_more_time_once_and_what_was_typed_stays_beside_a_refusal(lapsed, manager, city):
    client, url = sign_in(Client(), manager), f"/tilden/staff/awards/{lapsed.pk}/"
    yesterday = (local_today(lapsed) - timedelta(days=1)).isoformat()
    day = (local_today(lapsed) + timedelta(days=9)).isoformat()

    assert f"{url}more-time/" in client.get(url).content.decode()
    refused = client.post(
        f"{url}more-time/", {"key": key_in(client.get(f"{url}more-time/")), "answer_by_on": yesterday}
    )
    key = key_in(refused)
    done = [client.post(f"{url}more-time/", {"key": key, "answer_by_on": day}).status_code for _ in range(2)]

    assert refused.status_code == 422
    assert yesterday in refused.content.decode()
    assert "Please choose a day to come" in refused.content.decode()
    assert done == [302, 302]
    with city_scope(city):
        assert Event.objects.filter(tag="award:extend").count() == 1


def test_the_api_gives_more_time(lapsed, manager):
    client = sign_in(Client(), manager)
    day = (local_today(lapsed) + timedelta(days=9)).isoformat()

    answer = client.post(
        f"/api/v1/cities/tilden/awards/{lapsed.pk}/extension/",
        {"answer_by_on": day},
        content_type="application/json",
        headers={"Idempotency-Key": "more"},
    )

    assert (answer.status_code, answer.json()["answer_by_on"]) == (200, day)
