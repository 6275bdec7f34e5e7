from datetime import timedelta

import pytest
from django.utils import timezone

from cities.access.models import OpenSession
from residents.accounts.limits import MINUTE, Limit, consume, is_used_up
from residents.accounts.models import Allowance
from residents.accounts.tasks import sweep

pytestmark = pytest.mark.django_db


def test_whole_limits_and_ended_sessions_are_forgotten_and_the_others_kept():
    limit = Limit("test", 1, 10 * MINUTE)
    consume((limit, ("ana",)))
    Allowance.objects.create(key="old", used_until=timezone.now() - timedelta(hours=1))
    for name, hours in (("old", -1), ("new", 1)):
        OpenSession.objects.create(
            key_hash=name, session_data="", expire_date=timezone.now() + timedelta(hours=hours)
        )

    assert sweep() == 2

    assert is_used_up(limit, "ana")
    assert [session.key_hash for session in OpenSession.objects.all()] == ["new"]
