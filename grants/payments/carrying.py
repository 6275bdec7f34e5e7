"""Carry out a money deed for a page or for the API, once per key."""

from collections.abc import Callable
from typing import Any

from django.db import models

from cities.tenancy.errors import RuleError
from grants.ledger.forms import MoneyForm
from grants.ledger.once import Answer, Call, once

Deed = Callable[[], models.Model]


def answered(deed: Deed) -> Callable[[], Answer]:
    """Turn a deed into one whose answer can be kept: the id and status of the row it made or moved."""

    def answer() -> Answer:
        row: Any = deed()
        return {"id": str(row.pk), "status": str(getattr(row, "status", ""))}

    return answer


def by_page(request: Any, tag: str, form: MoneyForm, deed: Deed) -> Answer | None:
    """Carry out the deed of a form under its key. ``None``: the form says what is wrong, ``form.refused`` with which status."""
    form.refused = 422  # type: ignore[attr-defined]
    if not form.is_valid():
        return None
    try:
        return once(Call.of_page(request, tag, form), answered(deed), wait=True)
    except RuleError as refusal:
        form.refused = refusal.status  # type: ignore[attr-defined]
        form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        return None


def by_api(request: Any, tag: str, deed: Deed) -> Answer:
    """Carry out a deed of the API under its ``Idempotency-Key``. Refusals are answered by the API's own handler."""
    return once(Call.of_api(request, tag), answered(deed))
