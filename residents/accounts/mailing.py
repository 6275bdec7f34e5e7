"""Mail about accounts. It belongs to no city, so its outbox rows lie in the Center's tenant."""

from datetime import timedelta
from typing import Any

from allauth.account import app_settings
from django.utils import timezone

from cities.access.models import User
from cities.outbox.letters import enqueue
from cities.outbox.models import Message
from cities.tenancy.scopes import CENTER_ID, city_scope


def mail_code(kind: str, code_id: str, email: str, code: str, *, language: str) -> None:
    """Queue a code, first of all mail. It is encrypted, and erased once sent or expired."""
    with city_scope(CENTER_ID):
        enqueue(
            kind,
            key=f"{kind}:{code_id}",
            address=email,
            language=language,
            secret_body=code,
            priority=Message.Priority.CODE,
            expires_at=timezone.now() + timedelta(seconds=app_settings.LOGIN_BY_CODE_TIMEOUT),
        )


def tell_person(kind: str, key: str, user: User, *, address: str = "", **data: Any) -> None:
    """Queue a notice about the person's own account, to their address or a former one."""
    with city_scope(CENTER_ID):
        enqueue(kind, key=f"{kind}:{key}", recipient=user, address=address, **data)
