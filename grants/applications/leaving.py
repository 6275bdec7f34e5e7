"""What becomes of a resident's applications when they delete their account: drafts go, what was sent stays.

What the city has not decided about is taken back: nobody could answer an offer.
"""

from django.core.files.storage import default_storage
from django.db import connection, transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cities.access.models import User
from residents.accounts.deletion import Farewell, MayNotLeaveError, leaves_with_person

from .actions import withdraw_application
from .models import Application, Attachment
from .states import CAN_WITHDRAW
from .uploads.keeping import thumbnail_key

OPEN_MONEY = frozenset({"offered", "accepted"})
"""``Application.award_status``, as the room of awards keeps it: an offer to answer, or money to spend and prove."""


def look(person: User, farewell: Farewell) -> None:
    """Runs at the person's door: flat columns only."""
    rows = list(Application.objects.filter(applicant=person))
    farewell.places |= {row.city_id for row in rows}
    drafts = [row for row in rows if row.reference is None]
    sent = [row for row in rows if row.reference is not None]
    if drafts:
        farewell.goes.append(
            ngettext(
                "%(count)s application that you did not send, with its files.",
                "%(count)s applications that you did not send, with their files.",
                len(drafts),
            )
            % {"count": len(drafts)}
        )
    if sent:
        farewell.stays.append(
            ngettext(
                "%(count)s application that you sent. The law makes the city keep it.",
                "%(count)s applications that you sent. The law makes the city keep them.",
                len(sent),
            )
            % {"count": len(sent)}
        )
    undecided = [row for row in sent if row.status in CAN_WITHDRAW]
    if undecided:
        farewell.goes.append(
            ngettext(
                "Your part in %(count)s application that the city has not decided about: it is taken back.",
                "Your part in %(count)s applications that the city has not decided about: they are taken back.",
                len(undecided),
            )
            % {"count": len(undecided)}
        )
    if any(row.award_status for row in rows):
        farewell.stays.append(
            _(
                "Your grant, its payments and receipts, with your name. It is public money, so it stays in the books."
            )
        )
    farewell.obstacles += [_obstacle(row) for row in rows if row.award_status in OPEN_MONEY]


def erase(person: User) -> None:
    """Delete drafts in the open city for good, and take back what is undecided.

    Locks the person's applications: an offer can't be taken meanwhile.
    """
    rows = list(Application.objects.filter(applicant=person).select_for_update().order_by("pk"))
    for row in rows:
        if row.award_status in OPEN_MONEY:
            raise MayNotLeaveError(_obstacle(row))
    for row in rows:
        if row.reference is None:
            _erase_draft(row)
        elif row.status in CAN_WITHDRAW:
            withdraw_application(row.pk, actor=person)


def _erase_draft(draft: Application) -> None:
    keys = list(Attachment.objects.filter(application=draft).values_list("file", flat=True))
    with connection.cursor() as cursor:
        cursor.execute("SELECT erase_draft(%s)", [draft.pk])
    for key in keys:
        transaction.on_commit(lambda key=key: _forget_file(key))  # type: ignore[misc]


def _forget_file(key: str) -> None:
    default_storage.delete(key)
    default_storage.delete(thumbnail_key(key))


def _obstacle(row: Application) -> str:
    said = {"reference": row.reference, "city": row.city_name}
    if row.award_status == "offered":
        return _("%(city)s offers you money for %(reference)s. Say yes or no first.") % said
    return (
        _(
            "Your grant %(reference)s in %(city)s is not closed yet. First show how you spent the money, or ask the city to close it."
        )
        % said
    )


leaves_with_person("applications", look=look, erase=erase)
