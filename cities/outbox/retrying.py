"""Let letters that failed go again, once what stood in their way is mended."""

from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope

from .letters import nudge_after_commit
from .models import Message


def retry_letters(failed_within: timedelta) -> tuple[int, int]:
    """Put back what failed lately, and end the pauses between tries. Returns how many letters of each.

    A code or an invitation stays failed: its secret and its address were erased then. Somebody asks for it anew.
    """
    now = timezone.now()
    unexpired = Q(expires_at=None) | Q(expires_at__gt=now)
    # What a worker has in its hands keeps its lease, or it would be sent twice.
    past_any_lease = now + timedelta(seconds=settings.OUTBOX_LEASE_SECONDS)
    put_back = hurried = 0
    for city_id in City.objects.values_list("pk", flat=True):
        with city_scope(city_id):
            failed = Message.objects.filter(unexpired, failed_at__gt=now - failed_within)
            put_back += (
                failed.filter(recipient__isnull=False)
                .exclude(address="")
                .update(failed_at=None, failure="", attempts=0, claimed_until=None)
            )
            hurried += Message.objects.filter(
                sent_at=None, failed_at=None, claimed_until__gt=past_any_lease
            ).update(claimed_until=None)
            nudge_after_commit()
    return put_back, hurried
