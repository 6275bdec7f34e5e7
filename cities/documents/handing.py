"""Reports that a leaver waits for: their successor gets them, if they may have that kind."""

from django.utils.translation import gettext_lazy as _

from cities.access.handing import Part, hands_over
from cities.access.models import User
from cities.outbox.letters import nudge_after_commit
from cities.tenancy.scopes import current_city_id

from .actions import BEGUN_ANEW, begin_anew
from .models import Document
from .registry import kind_of
from .states import UNDER_WAY

LABEL = _("Reports that are being made")


@hands_over("documents")
def hand_documents(leaver: User, successor: User | None, _actor: User, for_real: bool) -> Part:  # noqa: FBT001  the registry's shape
    """Move what is under way. What nobody may take fails by itself: its maker's right has ended.

    It is made anew: a worker that began goes on with the leaver's eyes, and may read what is hidden from the successor.
    """
    rows = Document.objects.in_city(current_city_id()).filter(requested_by=leaver, status__in=UNDER_WAY)
    if for_real:
        rows = rows.select_for_update(no_key=True, of=("self",))
    found = list(rows.select_related("city").order_by("pk"))
    mine = [row for row in found if successor is None or _may_have(successor, row)]
    if for_real and successor is not None and mine:
        for row in mine:
            begin_anew(row)
            row.requested_by = successor
        Document.objects.bulk_update(mine, [*BEGUN_ANEW, "requested_by"])
        nudge_after_commit()
    return Part(LABEL, len(mine), left=tuple(row.title for row in found if row not in mine))


def _may_have(person: User, row: Document) -> bool:
    kind = kind_of(row.kind)
    return kind is not None and kind.may_have(person, row.city, row.subject_id)
