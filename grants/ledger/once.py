"""Money calls happen once: the same key and body get the same answer, however often they are sent."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.access.models import User
from cities.tenancy.errors import ConflictError, RuleError
from cities.tenancy.refusals import after_refusal
from cities.tenancy.scopes import current_city_id, current_scope, reopen
from cities.tenancy.writing import Insertion

from .errors import InProgressError, KeyReusedError
from .forms import MoneyForm
from .models import MoneyCall

OK = 200
KEY_MAX = 80

Answer = dict[str, Any]

_CALL = Insertion(MoneyCall)

_USED_KEY = gettext_lazy(
    "This key was used before, for something else. Nothing was done. Please use a new key."
)
_CHANGED_PAGE = gettext_lazy(
    "You sent this page once already, with something else in it. This time nothing was done. "
    "If you want this as well, please send it again."
)


@dataclass(frozen=True, slots=True)
class Call:
    """One money call: who asks for which deed, under which key, with which body (JSON)."""

    key: str
    deed: str
    actor: User
    body: Answer
    is_page: bool = False

    @classmethod
    def of_api(cls, request: Any, deed: str) -> Call:
        """Read a call of the API: the key stands in ``Idempotency-Key``, the address belongs to the body."""
        body = {"path": request.get_full_path(), "data": _listed(request.data)}
        return cls(request.headers.get("Idempotency-Key", ""), deed, request.user, body)

    @classmethod
    def of_page(cls, request: Any, deed: str, form: MoneyForm) -> Call:
        """Read a call of a page: the key stands in the form that was shown (:class:`.forms.MoneyForm`)."""
        data = _listed(form.data)
        data = {name: value for name, value in data.items() if name not in {"key", "csrfmiddlewaretoken"}}
        body = {"path": request.get_full_path(), "data": data}
        return cls(form.cleaned_data["key"], deed, request.user, body, True)

    @property
    def body_hash(self) -> str:
        text = json.dumps([self.deed, str(self.actor.pk), self.body], sort_keys=True, default=str)
        return hashlib.sha256(text.encode()).hexdigest()


def once(call: Call, deed: Callable[[], Answer], *, wait: bool = False) -> Answer:
    """Carry out a deed, which is one action, under its key, or repeat the answer it had. Returns JSON-able facts.

    The key's advisory lock is taken first, else the second call would wait in silence for the first one's
    rows; with ``wait`` (a page that was clicked twice) it does wait. A refusal is remembered too, in a step of its
    own, since the request's transaction is rolled back.

    Raises ``KeyReusedError`` (422: same key, other body or person), ``InProgressError`` (409), or the deed's
    own ``RuleError``, now or as it was then.
    """
    if not call.key or len(call.key) > KEY_MAX:
        raise KeyReusedError(
            _("A money call needs an idempotency key of at most %(most)s characters."), most=KEY_MAX
        )
    earlier = _earlier(call.key, wait=wait)
    if earlier is not None:
        return _repeat(earlier, call)
    try:
        answer = deed()
    except RuleError as refusal:
        _remember_refusal(call, refusal)
        raise
    _CALL.write(_row(call, OK, answer))
    return answer


def _listed(data: Any) -> Any:
    """Return all values of a form: of several boxes under one name, ``items()`` would give the last alone."""
    return dict(data.lists()) if isinstance(data, MultiValueDict) else data


# Two statements sent at once: the second sees what was committed by whoever held the lock before. As one statement
# it would look from before the lock. By city: the Center's door shows everybody's calls.
_LOCK_AND_LOOK = f"""
SELECT {{lock}}(hashtextextended(%(name)s, 0));
SELECT body_hash, status, answer FROM {MoneyCall._meta.db_table} WHERE city_id = %(city)s AND key = %(key)s
"""  # noqa: S608  only the name of our own table is put in


def _earlier(key: str, *, wait: bool) -> MoneyCall | None:
    """Take the key's lock, and return the call that used the key before."""
    city_id = current_city_id()
    lock = "pg_advisory_xact_lock" if wait else "pg_try_advisory_xact_lock"
    with connection.cursor() as cursor:
        cursor.execute(
            _LOCK_AND_LOOK.format(lock=lock), {"name": f"money:{city_id}:{key}", "city": city_id, "key": key}
        )
        if cursor.fetchone()[0] is False:  # where it waits, the lock answers nothing
            raise InProgressError(_("We are working on this already. Please wait a moment and look again."))
        cursor.nextset()
        found = cursor.fetchone()
    if found is None:
        return None
    body_hash, status, answer = found
    return MoneyCall(body_hash=body_hash, status=status, answer=json.loads(answer))


def _repeat(earlier: MoneyCall, call: Call) -> Answer:
    if earlier.body_hash != call.body_hash:
        raise KeyReusedError(_CHANGED_PAGE if call.is_page else _USED_KEY)
    if earlier.status == OK:
        answer: Answer = earlier.answer
        return answer
    refused = ConflictError if earlier.status == ConflictError.status else RuleError
    raise refused(earlier.answer["detail"], field=earlier.answer["field"])


def _remember_refusal(call: Call, refusal: RuleError) -> None:
    scope = current_scope()

    def remember() -> None:
        with reopen(scope):
            row = _row(call, refusal.status, {"detail": str(refusal), "field": refusal.field})
            MoneyCall.objects.bulk_create([row], ignore_conflicts=True)

    after_refusal(remember)


def _row(call: Call, status: int, answer: Answer) -> MoneyCall:
    return MoneyCall(
        city_id=current_city_id(),
        key=call.key,
        actor=call.actor,
        deed=call.deed,
        body_hash=call.body_hash,
        status=status,
        answer=answer,
    )
