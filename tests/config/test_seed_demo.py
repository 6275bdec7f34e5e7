"""The demo, written in this process as the web role: it needs no more rights than a city has.

Its money passes every rule of the books that real deeds pass.
"""

from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.core.management import call_command

from cities.access.models import Membership, Role, User
from cities.audit.models import Event, Seal
from cities.audit.verification import run_checks
from cities.outbox.models import Message
from cities.places.models import Area
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope, person_scope
from config.demo.cities import DEMO_CITIES
from config.demo.freshness import date_anew, is_stale
from config.demo.schedule import PLANS
from config.demo.seeding import seed_demo
from grants.applications.models import Answer, Application, Attachment, Note, ReferenceCounter
from grants.applications.queries import FilledForm, digest_of, with_form
from grants.applications.states import Status
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.cycles.models import Cycle
from grants.cycles.parts import CHECKS, check_part
from grants.cycles.states import Status as CycleStatus
from grants.cycles.wording import missing_texts
from grants.ledger.models import Entry
from grants.ledger.states import EntryKind
from grants.payments.models import Disbursement, Receipt
from grants.payments.states import ReceiptStatus
from grants.payments.states import Status as PaymentStatus
from grants.programs.models import CohortMember, Tranche, TrancheReceipt
from grants.reviews.models import Review
from grants.reviews.states import Status as ReviewStatus
from projects.delivery.models import Photo, Project, Update
from projects.delivery.states import UpdateStatus
from residents.accounts.personas import PERSONAS
from tests.factories import make_city

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("own_rows")]

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 10, 29, 19, 40, tzinfo=UTC)
"""A few days before the clocks change."""


@pytest.fixture(scope="module", autouse=True)
def demo(module_rows):
    """Seed once: it takes seven seconds. Each test may change the demo for itself."""
    with time_machine.travel(NOW, tick=False):
        yield seed_demo(NOW, lambda _sentence: None)


def city_of(slug):
    return City.objects.get(slug=slug)


def in_each_city():
    for place in DEMO_CITIES:
        city = city_of(place.slug)
        with city_scope(city):
            yield city


def rows_of_all():
    """Everything that the demo wrote, by model and city."""
    found = {}
    for city in in_each_city():
        for model in (
            Cycle,
            Application,
            Answer,
            Attachment,
            Note,
            Event,
            Seal,
            Membership,
            Area,
            ReferenceCounter,
            Message,
        ):
            found[city.slug, model.__name__] = sorted(map(repr, model.objects.values_list()))
    found["users"] = sorted(map(repr, User.objects.values_list()))
    found["cities"] = sorted(map(repr, City.objects.values_list()))
    return found


def test_the_demo_has_the_sixteen_cities_with_an_open_and_an_older_call_each(demo):
    assert (demo.cities, demo.cycles) == (16, 32)
    assert 1_150 <= demo.applications <= 1_300
    for city in in_each_city():
        now_open = Cycle.objects.accepting(NOW).get()
        older = Cycle.objects.exclude(pk=now_open.pk).get()
        assert city.is_demo
        assert now_open.is_demo
        assert older.is_demo
        assert older.closes_at < NOW
        assert older.status in {CycleStatus.PUBLISHED, CycleStatus.ARCHIVED}


def test_baltimores_call_closes_tonight_at_a_minute_to_midnight_there():
    with city_scope(city_of("baltimore")):
        closes_at = Cycle.objects.accepting(NOW).get().closes_at

    assert closes_at.astimezone(NEW_YORK) == datetime(2026, 10, 29, 23, 59, 59, tzinfo=NEW_YORK)


def test_every_page_of_every_city_has_something_to_show():
    statuses = Counter()
    for city in in_each_city():
        applications = Application.objects.all()
        statuses.update(applications.values_list("status", flat=True))
        assert 40 <= applications.count() <= 125
        assert Area.objects.count() >= 6
        assert Membership.objects.filter(role=Role.MANAGER, ended_at=None).count() == 1
        assert Attachment.objects.filter(removed_at=None).exists()
        assert Note.objects.exists()
        assert set(Application.objects.on_the_desk().values_list("neighborhood", flat=True)) <= set(
            Area.objects.values_list("name", flat=True)
        )
        assert not Application.objects.on_the_desk().filter(latitude=None).exists()
        assert abs(applications.exclude(latitude=None).first().latitude - city.latitude) < 0.3

    assert set(statuses) == set(Status.values)
    assert min(statuses.values()) >= 20


def test_the_showcase_has_every_status_and_many_photos_in_its_open_call():
    with city_scope(city_of("baltimore")):
        cycle = Cycle.objects.accepting(NOW).get()
        statuses = set(cycle.applications.values_list("status", flat=True))
        photographed = cycle.applications.filter(file_count__gt=0).count()

    assert statuses == set(Status.values) - {Status.AWARDED, Status.UNFUNDED}
    assert photographed >= 12


def test_what_was_sent_is_complete_within_the_rules_and_hashed_as_submitting_would():
    checked = 0
    for _city in in_each_city():
        for application in with_form().exclude(status=Status.DRAFT).order_by("id")[:12]:
            form = FilledForm.of(application)
            assert form.missing() == ()
            assert form.findings() == ()
            assert digest_of(form) == application.answers_hash
            assert {
                column: getattr(application, column) for column in form.flat_columns()
            } == form.flat_columns()
            assert application.note_count == application.notes.count()
            checked += 1

    assert checked == 16 * 12


def test_drafts_have_flat_columns_that_agree_with_their_answers():
    for _city in in_each_city():
        for application in with_form().filter(status=Status.DRAFT):
            form = FilledForm.of(application)
            assert {
                column: getattr(application, column) for column in form.flat_columns()
            } == form.flat_columns()
            assert form.missing()


def test_more_comes_in_towards_the_close():
    with city_scope(city_of("baltimore")):
        cycle = Cycle.objects.accepting(NOW).get()
        sent = list(cycle.applications.exclude(submitted_at=None).values_list("submitted_at", flat=True))
    middle = cycle.opens_at + (NOW - cycle.opens_at) / 2

    assert all(cycle.opens_at <= moment <= NOW for moment in sent)
    assert sum(moment > middle for moment in sent) > 2 * sum(moment <= middle for moment in sent)


def test_references_count_up_without_gaps():
    for city in in_each_city():
        for counter in ReferenceCounter.objects.all():
            numbers = Application.objects.filter(reference__contains=f"-{counter.year}-").values_list(
                "reference", flat=True
            )
            assert sorted(numbers) == [
                f"{city.reference_prefix}-{counter.year}-{number:04d}"
                for number in range(1, counter.last + 1)
            ]
        for cycle in Cycle.objects.all():
            in_time = cycle.applications.exclude(submitted_at=None).order_by("submitted_at")
            assert list(in_time.values_list("reference", flat=True)) == sorted(
                in_time.values_list("reference", flat=True)
            )


def test_each_sent_application_has_its_events_and_each_event_its_seal():
    for _city in in_each_city():
        events = Counter(Event.objects.values_list("tag", flat=True))
        sent = Application.objects.exclude(status=Status.DRAFT)
        assert events["application:submit"] == sent.count()
        assert events["application:withdraw"] == sent.filter(status=Status.WITHDRAWN).count()
        assert events["application:mark-ineligible"] == sent.filter(status=Status.INELIGIBLE).count()
        assert events["application:add-note"] == Note.objects.count()
        assert Seal.objects.count() == Event.objects.count()


def test_calls_of_cities_that_speak_spanish_say_everything_in_it():
    spoken = 0
    for city in City.objects.cities().filter(languages__contains=["es"]):
        with city_scope(city):
            for cycle in Cycle.objects.all():
                assert missing_texts(cycle, "es") == []
                spoken += 1

    assert spoken > 2


def test_spanish_applications_come_from_cities_that_offer_spanish():
    for city in in_each_city():
        languages = set(Application.objects.values_list("language", flat=True))
        assert languages == set(city.languages)


def test_the_parts_of_each_call_pass_the_rules_of_the_setup_page():
    for _city in in_each_city():
        for cycle in Cycle.objects.all():
            for part in CHECKS:
                check_part(part, getattr(cycle, part))


def test_personas_work_where_they_should():
    for persona in PERSONAS:
        user = User.objects.get(email=persona.email)
        with person_scope(user):
            roles = {(row.city.slug, row.role) for row in Membership.objects.select_related("city")}
        assert roles == ({(persona.city_slug, persona.role)} if persona.role else set())


def test_both_residents_have_applications_in_more_than_one_city():
    for persona in PERSONAS:
        if not persona.role:
            user = User.objects.get(email=persona.email)
            with person_scope(user):
                mine = list(Application.objects.of(user).values_list("city_slug", "status", "language"))
                told = Message.objects.filter(recipient=user).count()
            assert len({city for city, _, _ in mine}) >= 2
            assert {"draft", "submitted"} <= {status for _, status, _ in mine}
            assert {language for _, _, language in mine} == {persona.language}
            assert told >= 1


def test_the_center_has_its_people_and_the_cohort():
    with city_scope(CENTER_ID):
        roles = set(Membership.objects.values_list("role", flat=True))
        members = set(CohortMember.objects.values_list("recipient__slug", flat=True))

    assert roles == {Role.OFFICER, Role.AUDITOR}
    assert members == set(PLANS)


def test_seeding_again_changes_nothing():
    before = rows_of_all()

    again = seed_demo(NOW + timedelta(hours=2), lambda _sentence: None)

    assert (again.cities, again.applications) == (0, 0)
    assert rows_of_all() == before


def test_a_role_that_was_taken_away_stays_away():
    with city_scope(city_of("baltimore")):
        Membership.objects.filter(role=Role.STAFF).update(ended_at=NOW)

    seed_demo(NOW, lambda _sentence: None)

    with city_scope(city_of("baltimore")):
        assert not Membership.objects.filter(role=Role.STAFF, ended_at=None).exists()


def test_the_demo_is_stale_once_tonight_is_over():
    with time_machine.travel(datetime(2026, 10, 29, 23, 59, tzinfo=NEW_YORK), tick=False):
        fresh_still = is_stale()
    with time_machine.travel(datetime(2026, 10, 30, 0, 1, tzinfo=NEW_YORK), tick=False):
        stale = is_stale()

    assert (fresh_still, stale) == (False, True)


def test_dating_anew_moves_whole_days_on_each_citys_clocks_over_the_end_of_summer_time():
    later = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)
    before = {
        city.slug: [
            c.closes_at.astimezone(city.zone).replace(tzinfo=None) for c in Cycle.objects.order_by("slug")
        ]
        for city in in_each_city()
    }

    with time_machine.travel(later, tick=False):
        days = date_anew(later)
        stale = is_stale()

    assert (days, stale) == (5, False)
    for city in in_each_city():
        now = [c.closes_at.astimezone(city.zone).replace(tzinfo=None) for c in Cycle.objects.order_by("slug")]
        assert now == [moment + timedelta(days=5) for moment in before[city.slug]]


def test_dating_anew_keeps_applications_in_step_and_out_of_the_future():
    later = datetime(2026, 11, 3, 15, 0, tzinfo=UTC)

    date_anew(later)

    for _city in in_each_city():
        for application in Application.objects.select_related("cycle"):
            assert application.closes_at == application.cycle.closes_at
            assert application.last_activity_at <= later
            assert (
                application.submitted_at is None
                or application.cycle.opens_at <= application.submitted_at <= later
            )
        assert Event.objects.filter(tag="demo:date-anew", data={"days": 5}).count() == 1
        assert Seal.objects.count() == Event.objects.count()


def test_dating_anew_twice_on_one_day_moves_once():
    later = NOW + timedelta(days=3)
    date_anew(later)
    before = rows_of_all()

    again = date_anew(later + timedelta(hours=1))

    assert again == 0
    assert rows_of_all() == before


def test_dating_anew_touches_neither_other_cities_nor_other_calls():
    from tests.factories import ApplicationFactory, CycleFactory

    elsewhere = make_city("springfield")
    with city_scope(elsewhere):
        ApplicationFactory(submitted=True, form_version__cycle__is_demo=True)
        theirs = sorted(map(repr, [*Cycle.objects.values_list(), *Application.objects.values_list()]))
    with city_scope(city_of("baltimore")):
        own = CycleFactory(is_demo=False)

    date_anew(NOW + timedelta(days=4))

    with city_scope(elsewhere):
        assert sorted(map(repr, [*Cycle.objects.values_list(), *Application.objects.values_list()])) == theirs
    with city_scope(city_of("baltimore")):
        assert Cycle.objects.get(pk=own.pk).closes_at == own.closes_at


def test_the_command_says_when_the_demo_is_stale(capsys):
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        call_command("seed", "demo")

    assert (
        capsys.readouterr().out
        == "The demo’s dates have passed. “manage.py seed demo --fresh” dates it anew.\n"
    )


def test_the_command_dates_anew_when_asked(capsys):
    with time_machine.travel(NOW + timedelta(days=2), tick=False):
        call_command("seed", "demo", "--fresh")

    assert "moved by 2 days" in capsys.readouterr().out


def test_a_city_of_a_demo_name_that_is_no_demo_city_is_left_alone():
    with city_scope(city_of("reno")):
        City.objects.filter(slug="reno").update(is_demo=False)

    seeded = seed_demo(NOW, lambda _sentence: None)

    assert seeded.left_alone == ["Reno"]


# -- Money -------------------------------------------------------------------------------------------
def counted(model, field):
    found = Counter()
    for city in City.objects.cities().filter(is_demo=True):
        with city_scope(city):
            found.update(model.objects.values_list(field, flat=True))
    return found


@pytest.mark.parametrize(
    ("model", "field", "wanted"),
    [
        (Award, "status", set(AwardStatus)),
        (Disbursement, "status", set(PaymentStatus)),
        (Receipt, "status", set(ReceiptStatus) - {ReceiptStatus.REMOVED}),
        (Review, "status", set(ReviewStatus) - {ReviewStatus.RELEASED, ReviewStatus.OUTDATED}),
        (Update, "status", {UpdateStatus.WAITING, UpdateStatus.PUBLISHED}),
        (
            Entry,
            "kind",
            set(EntryKind) - {EntryKind.GRANT, EntryKind.TRANCHE, EntryKind.DEALLOCATION},
        ),
    ],
)
def test_the_demo_shows_every_state_of_a_grant(model, field, wanted):
    assert wanted <= set(counted(model, field))


def test_the_books_of_the_demo_balance_and_stand_in_its_trail():
    for name in ("ledger sums", "ledger balances", "ledger in the trail"):
        (findings,) = run_checks(name)

        assert findings.breaks == []
        assert findings.examined > 500


def test_three_cities_have_not_confirmed_their_last_tranche():
    with city_scope(CENTER_ID):
        sent = Tranche.objects.count()
    confirmed = counted(TrancheReceipt, "city_id").total()

    assert sent - confirmed == 3


def test_the_english_resident_has_an_award_that_is_half_paid_and_waits_for_a_decision_about_a_receipt():
    with city_scope(City.objects.get(slug="baltimore")):
        award = Award.objects.get(applicant__email="resident@demo.example")

        assert award.status == AwardStatus.ACCEPTED
        assert 0 < award.proved_cents < award.paid_cents < award.amount_cents
        assert set(award.receipts.values_list("status", flat=True)) == {
            "accepted",
            "partly",
            "refused",
            "submitted",
        }
        assert Project.objects.filter(award=award, published_at__isnull=False).exists()
        assert Photo.objects.filter(update__project__award=award).exists()


def test_flat_columns_repeat_the_awards():
    for city in City.objects.cities().filter(is_demo=True):
        with city_scope(city):
            for award in Award.objects.select_related("application").exclude(
                status__in=[AwardStatus.DECLINED, AwardStatus.RESCINDED]
            ):
                application = award.application
                assert (application.award_status, application.awarded_cents) == (
                    award.status,
                    award.amount_cents,
                )
                assert (application.paid_cents, application.proved_cents) == (
                    award.paid_cents,
                    award.proved_cents,
                )
            assert not Application.objects.filter(scored_count__gt=0, score_mean=None).exists()
