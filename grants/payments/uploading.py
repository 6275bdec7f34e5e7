"""A receipt in three steps, none of which holds a transaction while its picture is read or stored."""

from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from cities.access.models import User
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.applications.uploads import ReadyFile, StoredFile, read_upload, store_upload
from grants.awards.models import Award
from grants.ledger.once import Answer, Call, once

from .actions import NewReceipt, add_receipt
from .actions.receipts import require_day, require_open
from .permissions import can_add_receipt
from .queries import awards_with_cycle


def award_for_receipt(award_id: UUID, actor: User) -> Award:
    """Return an award of the open city that this person may add receipts to. Raises ``Http404``, ``PermissionDenied``."""
    award: Award | None = awards_with_cycle().filter(pk=award_id).first()
    if award is None:
        raise Http404
    if not can_add_receipt(actor, award):
        raise PermissionDenied
    return award


def receive_receipt(
    city: City,
    award_id: UUID,
    said: NewReceipt,
    file: "UploadedFile[Any]",
    *,
    key: str,
    actor: User,
    is_page: bool = False,
) -> UUID:
    """Check the right and the award; make the picture safe and store it; check again and link it, once per ``key``.

    Opens its own scopes: call it from a view marked ``@in_steps``. Returns the receipt's id. Raises ``FileRefusedError``, what
    :func:`.actions.add_receipt` raises, and ``KeyReusedError`` (a key that was used for something else).
    """
    with city_scope(city):
        award = award_for_receipt(award_id, actor)
        require_open(award)
        require_day(award, said.bought_on)
    ready = read_upload(file)
    call = Call(key, "receipt:add", actor, _body(award_id, said, ready), is_page)
    stored = store_upload(ready)
    with city_scope(city):
        award_for_receipt(award_id, actor)
        answer = once(call, lambda: _linked(award_id, said, stored, actor), wait=True)
    return UUID(answer["id"])


def _linked(award_id: UUID, said: NewReceipt, stored: StoredFile, actor: User) -> Answer:
    return {"id": str(add_receipt(award_id, said, stored, actor=actor).pk)}


def _body(award_id: UUID, said: NewReceipt, ready: ReadyFile) -> Answer:
    facts = [said.vendor, said.bought_on.isoformat(), said.amount_cents, said.what, said.category]
    return {"award": str(award_id), "said": facts, "sha256": ready.sha256}
