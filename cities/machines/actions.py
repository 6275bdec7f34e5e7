"""Making and revoking tokens. Each runs in the scope of the place it is about; without a place, of the Center."""

from datetime import timedelta
from uuid import UUID

from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.memberships import is_desk_anywhere
from cities.access.models import Membership, User
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID

from . import notices
from .errors import NoPlaceError, NoSecondFactorError, TooLongError, TooManyTokensError
from .models import ApiToken
from .spelling import new_secret, secret_hash

MOST_DAYS = 365
MOST_TOKENS = 20


@action
def make_token(
    *, name: str, scope: str, days: int, place: City | None, has_second_factor: bool, actor: User
) -> tuple[ApiToken, str]:
    """Make a token of the actor's for ``place``; return it with the secret, which is known only now.

    ``has_second_factor``: whether the session was opened with one. Locks the actor and their roles there,
    and writes to them. Raises ``TooLongError``, ``TooManyTokensError``, ``NoPlaceError``, ``NoSecondFactorError``.
    """
    User.objects.select_for_update(no_key=True).get(pk=actor.pk)
    _refuse_excess(actor, days)
    if place is not None:
        _lock_roles(actor, place)
    if not has_second_factor and is_desk_anywhere(actor):
        raise NoSecondFactorError(_("Please sign in with your second step first."))

    secret, now = new_secret(), timezone.now()
    token = ApiToken(
        user=actor, place=place, name=name.strip(), scope=scope, secret_hash=secret_hash(secret), has_second_factor=has_second_factor,
        created_at=now, expires_at=now + timedelta(days=days),
    )  # fmt: skip
    token.full_clean()
    token.save(force_insert=True)
    trail.record("token:make", actor=actor, subject=token, scope=scope, until=token.expires_at)
    notices.token_made(token, actor)
    return token, secret


@action
def revoke_token(token_id: UUID, *, actor: User) -> ApiToken:
    """End a token of the actor's: its next request is refused. Locks it. Revoking twice changes nothing."""
    token = ApiToken.objects.select_for_update(no_key=True).get(pk=token_id, user=actor)
    if token.ended_at is None:
        token.ended_at = timezone.now()
        token.save(update_fields=["ended_at"])
        trail.record("token:revoke", actor=actor, subject=token)
    return token


def end_tokens_of(user_id: UUID, *, place_id: UUID | None = None) -> int:
    """End a person's tokens, all of them or those of one place; return how many there were.

    For whoever ends a membership, resets a second factor or closes an account: part of that deed, which says in
    the trail why. Needs no scope.
    """
    tokens = ApiToken.objects.living().filter(user_id=user_id)
    if place_id is not None:
        tokens = tokens.filter(place_id=place_id)
    return tokens.update(ended_at=Now())


def tenant_of(place: City | None) -> UUID:
    """Name the tenant in whose scope a token for ``place`` is made and revoked."""
    return place.pk if place is not None else CENTER_ID


def _refuse_excess(actor: User, days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise TooLongError(_("A token works for a year at most."), field="days")
    if ApiToken.objects.living().filter(user=actor).count() >= MOST_TOKENS:
        raise TooManyTokensError(_("You have many tokens. Please revoke one that you no longer use."))


def _lock_roles(actor: User, place: City) -> None:
    """Whoever ends these roles at this moment waits, and then ends the token, too."""
    held = Membership.objects.filter(user=actor, ended_at__isnull=True).select_for_update(no_key=True)
    if not list(held):
        raise NoPlaceError(_("You have no role in %(place)s any more."), field="place", place=place.name)
