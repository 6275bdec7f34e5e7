"""Somebody who calls the API, writes down how each call ended, and asks again where that is unknown."""

import itertools
import time
from uuid import uuid4

import requests

from tests.faults.chaos.history import OK, REFUSED, UNKNOWN, Call

ANSWER_SECONDS = 20
PAUSE_SECONDS = 0.5


class GiveUpError(Exception):
    """The time is over while a call's outcome is unknown."""


class RefusedError(Exception):
    pass


class Client:
    """One of the eight. ``who`` of a call is an open session; until ``ends_at`` unknown calls are sent again."""

    def __init__(self, number, address, history, ends_at):
        self.number, self.address, self.history, self.ends_at = number, address, history, ends_at

    def ask(self, who, method, path, body=None, *, deed, claim=None, key="", file=None):
        """Call until the outcome is known; return what came. Raises ``RefusedError`` or ``GiveUpError``.

        The same key and body each time: a deed that was done before its answer was lost is answered, not done again.
        What only the answer tells (an id) is claimed by a function of it.
        """
        assert claim or method == "GET", f"Nothing is claimed: {deed}"
        for attempt in itertools.count():
            outcome, status, found = self._send(who, method, path, body, key=key, file=file)
            words = "" if outcome == OK else str(found)[:200]
            claimed = claim_of(claim, outcome, found)
            self.history.add(Call(self.number, deed, outcome, status, key, claimed, words=words))
            if outcome == OK:
                return found
            if outcome == REFUSED:
                raise RefusedError(f"{deed}: {status} {found}")
            if time.time() > self.ends_at:
                raise GiveUpError(deed)
            time.sleep(PAUSE_SECONDS * min(attempt + 1, 4))
        return None

    def pay(self, who, path, body=None, **how):
        return self.ask(who, "POST", path, body, key=str(uuid4()), **how)

    def _send(self, who, method, path, body, *, key, file):
        headers = {
            "Cookie": f"sessionid={who['session']}; csrftoken={who['token']}",
            "X-CSRFToken": who["token"],
        }
        if key:
            headers["Idempotency-Key"] = key
        sent = {"data": body, "files": {"file": ("slip.jpg", file, "image/jpeg")}} if file else {"json": body}
        try:
            answer = requests.request(
                method, self.address + path, headers=headers, timeout=ANSWER_SECONDS, **sent
            )
        except requests.RequestException as error:
            return UNKNOWN, None, type(error).__name__
        try:
            found = answer.json() if answer.content else None
        except ValueError:
            found = answer.text[:200]
        return outcome_of(answer.status_code, found), answer.status_code, found


def claim_of(claim, outcome, found):
    if not callable(claim):
        return claim
    return claim(found) if outcome == OK else None


def outcome_of(status, found):
    """A call under the same key that is still under way (409) has no outcome yet, nor has one that ended in a 5xx."""
    if status < 300:
        return OK
    is_under_way = status == 409 and "working on this already" in str(found)
    return UNKNOWN if status >= 500 or is_under_way else REFUSED
