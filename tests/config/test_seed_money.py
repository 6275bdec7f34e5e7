"""The demo's money, written as the web role: it must pass every rule of the books that real deeds pass."""

from collections import Counter
from datetime import UTC, datetime

import pytest
import time_machine
from django.db import transaction

from cities.audit.verification import run_checks
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, city_scope
from config.demo.seeding import seed_demo
from grants.applications.models import Application
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from grants.ledger.models import Entry
from grants.ledger.states import EntryKind
from grants.payments.models import Disbursement, Receipt
from grants.payments.states import ReceiptStatus, Status
from grants.programs.models import Tranche, TrancheReceipt
from grants.reviews.models import Review
from grants.reviews.states import Status as ReviewStatus
from projects.delivery.models import Photo, Project, Update
from projects.delivery.states import UpdateStatus

pytestmark = pytest.mark.slow

NOW = datetime(2026, 10, 29, 19, 40, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def demo(django_db_setup, django_db_blocker):
    with django_db_blocker.unblock(), time_machine.travel(NOW, tick=False), transaction.atomic():
        seed_demo(NOW, lambda _sentence: None)
        yield
        transaction.set_rollback(True)


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
        (Disbursement, "status", set(Status)),
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
