"""Limits that hold under parallel requests: one SQL statement decides and counts.

Kept in the database and consumed in a transaction of their own, so that they survive a refusal.
Each limit allows ``uses`` at once and grows back evenly over ``seconds`` (the "leaky bucket").
"""

import logging
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from cities.access.clients import client_block, client_network
from cities.tenancy.errors import RuleError

logger = logging.getLogger(__name__)

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Limit:
    """``uses`` within ``seconds`` for one bearer."""

    name: str
    uses: int
    seconds: int

    def key(self, *bearer: str) -> str:
        """Return what stands in the table: nobody reads an address from it."""
        return salted_hmac(
            "residents.limits", "\n".join([self.name, *bearer]), algorithm="sha256"
        ).hexdigest()


# Many residents share one address in a library's workshop, so a client has more room than a mailbox.
CODES_PER_CLIENT = Limit("codes-per-client", 60, HOUR)
CODES_PER_MAILBOX = Limit("codes-per-mailbox", 8, HOUR)
CODES_PER_MAILBOX_A_DAY = Limit("codes-per-mailbox-a-day", 24, DAY)
# Smaller than a mailbox's, so that one stranger can't use up what its owner needs.
CODES_PER_CLIENT_AND_MAILBOX = Limit("codes-per-client-and-mailbox", 4, 20 * MINUTE)

TRIES_PER_CODE = Limit("tries-per-code", 3, DAY)
# The same row with room for one use: only a code of which nothing was compared yet has it.
FIRST_TRY_PER_CODE = Limit(TRIES_PER_CODE.name, 1, TRIES_PER_CODE.seconds // TRIES_PER_CODE.uses)
TRIES_PER_MAILBOX = Limit("tries-per-mailbox", 15, HOUR)
TRIES_PER_CLIENT = Limit("tries-per-client", 60, HOUR)
# Below what FAILURES_ANYWHERE grows back in an hour, so that no /48 uses that up alone.
TRIES_PER_BLOCK = Limit("tries-per-block", 10 * TRIES_PER_CLIENT.uses, HOUR)
# 20^8 codes: at this rate a spray over all accounts wins once in some 2,900 years.
FAILURES_ANYWHERE = Limit("failures-anywhere", 10_000, 10 * HOUR)


class TooManyError(RuleError):
    """A limit is used up."""

    status = 429


_CONSUME = """
INSERT INTO residents_allowance AS kept (key, used_until)
SELECT key, now() + make_interval(secs => step)
FROM unnest(%(keys)s::text[], %(steps)s::float8[]) AS asked (key, step) ORDER BY key
ON CONFLICT (key) DO UPDATE SET used_until = greatest(kept.used_until, now()) + (excluded.used_until - now())
WHERE greatest(kept.used_until, now()) + (excluded.used_until - now()) <= now() + make_interval(
    secs => (%(rooms)s::float8[])[array_position(%(keys)s::text[], kept.key::text)])
RETURNING key
"""


def consume(*asked: tuple[Limit, tuple[str, ...]]) -> list[Limit]:
    """Use all of these limits once, or none of them; return those that were used up already.

    None: else a stranger who is refused at once would go on using up what a mailbox's owner needs.
    Opens a transaction of its own: call it outside of any other (``@in_steps``), else a refusal's
    rollback gives the use back.
    """
    keys = {limit.key(*bearer): limit for limit, bearer in asked}
    parameters: dict[str, Any] = {
        "keys": list(keys),
        "steps": [limit.seconds / limit.uses for limit in keys.values()],
        "rooms": [limit.seconds + 0.001 for limit in keys.values()],
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CONSUME, parameters)
        allowed = {row[0] for row in cursor.fetchall()}
        if len(allowed) < len(keys):
            transaction.set_rollback(True)
    return [limit for key, limit in keys.items() if key not in allowed]


def is_used_up(limit: Limit, *bearer: str) -> bool:
    """Say whether the next use would be refused, without using it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM residents_allowance WHERE key = %s "
            "AND used_until + make_interval(secs => %s) > now() + make_interval(secs => %s))",
            [limit.key(*bearer), limit.seconds / limit.uses, limit.seconds + 0.001],
        )
        return bool(cursor.fetchone()[0])


def count_code_request(request: HttpRequest, email: str) -> None:
    """Count a code asked for. Raises :class:`TooManyError` if client or mailbox have had enough."""
    client = client_network(request)
    refused = consume(
        (CODES_PER_CLIENT, (client,)),
        (CODES_PER_CLIENT_AND_MAILBOX, (client, email)),
        (CODES_PER_MAILBOX, (email,)),
        (CODES_PER_MAILBOX_A_DAY, (email,)),
    )
    if CODES_PER_CLIENT in refused:
        raise TooManyError(
            _("Many codes were asked for from your network. Please wait a few minutes and try again.")
        )
    if CODES_PER_MAILBOX_A_DAY in refused:
        raise TooManyError(
            _("We sent many codes to this address today. Please use the newest one, or wait an hour."),
            field="email",
        )
    if refused:
        raise TooManyError(
            _(
                "We sent several codes to this address already. Please use the newest one, or wait 10 minutes."
            ),
            field="email",
        )


def count_try(request: HttpRequest, code_id: str, email: str) -> None:
    """Count a try at a code, before it is compared. Raises :class:`TooManyError`.

    Parallel tries can't pass: the count is made and committed by one statement each.

    While everybody's budget of wrong codes is used up, the first try at each code is still compared, else
    whoever uses it up locks out everybody. That is safe: it gives one guess for each code that was asked for,
    and a mailbox gets 24 codes a day (``CODES_PER_MAILBOX_A_DAY``). A spray over 100,000 accounts, from however
    many clients, is 2.4 million guesses a day among 20^8 codes: it wins once in some 29 years.
    """
    is_strict = is_used_up(FAILURES_ANYWHERE)
    per_code = FIRST_TRY_PER_CODE if is_strict else TRIES_PER_CODE
    asked = [
        (per_code, (code_id,)),
        (TRIES_PER_MAILBOX, (email,)),
        (TRIES_PER_CLIENT, (client_network(request),)),
    ]
    if block := client_block(request):
        asked.append((TRIES_PER_BLOCK, (block,)))
    refused = consume(*asked)
    if refused == [FIRST_TRY_PER_CODE]:
        raise TooManyError(
            _(
                "Many wrong codes are coming in right now, so each code can be tried only once. Please ask for a new one."
            )
        )
    if refused:
        raise TooManyError(_("That was wrong too often. Please ask for a new code, or wait a while."))


def count_failure() -> None:
    """Count a wrong code against everybody's budget, and alarm if that was the last of it."""
    if not consume((FAILURES_ANYWHERE, ())) and is_used_up(FAILURES_ANYWHERE):
        logger.error("sign_in.failed_code_budget_used_up")
