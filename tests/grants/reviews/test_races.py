"""Two people at once, on real connections."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from django.db import connection

from cities.access.actions import change_roles
from cities.access.handing import hand_over
from cities.access.models import Role
from cities.audit.models import Event
from cities.tenancy.scopes import city_scope
from grants.reviews.actions import assign_reviews, submit_review
from grants.reviews.errors import CantReviewError
from grants.reviews.models import Review

from .factories import FULL

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def after(first, second, city):
    """Do ``second`` on a connection of its own, which has to wait until ``first`` is committed. Returns what it does."""

    def on_its_own():
        try:
            with city_scope(city):
                return second()
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with city_scope(city):
            first()
            other = pool.submit(on_its_own)
            with pytest.raises(TimeoutError):
                other.result(timeout=1)
        return other.result(timeout=30)


def test_a_review_that_is_sent_while_work_is_handed_over_stays_sent(panel):
    sent, open_one = (panel.review(panel.application(), panel.robert, version=1) for _ in range(2))
    with city_scope(panel.city):
        Review.objects.filter(pk=sent.pk).update(**FULL, due_on=date(2030, 1, 1))

    (part,) = after(
        lambda: submit_review(sent.pk, version=1, actor=panel.robert),
        lambda: hand_over(panel.robert.pk, successor_id=panel.rosa.pk, actor=panel.manager),
        panel.city,
    )

    assert (part.count, part.left) == (1, ())
    assert panel.now(sent).status == "submitted"
    with city_scope(panel.city):
        assert [row.application_id for row in Review.objects.filter(reviewer=panel.rosa)] == [
            open_one.application_id
        ]
        tags = set(Event.objects.filter(subject_id=sent.application_id).values_list("tag", flat=True))
    assert tags == {"review:submit"}


def test_nobody_is_asked_to_review_while_that_role_is_taken_from_them(panel):
    application = panel.application()

    with pytest.raises(CantReviewError):
        after(
            lambda: change_roles(panel.robert.pk, roles=[Role.VIEWER], actor=panel.manager),
            lambda: assign_reviews([application.pk], [panel.robert.pk], actor=panel.manager),
            panel.city,
        )

    with city_scope(panel.city):
        assert not Review.objects.filter(application=application).exists()
