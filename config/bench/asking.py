"""What is asked of a server, and a client that times the asking."""

import http.client
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .errors import BenchError

PATIENCE = 60
IDLE_SECONDS = 1.0
"""Servers close a connection that was idle for two; ours is opened anew before that, untimed."""

CSRF = "b" * 32
UNSAFE = frozenset({"POST", "PUT", "PATCH", "DELETE"})


@dataclass(frozen=True, slots=True)
class Call:
    """One request by somebody who has signed in, and what its answer must be."""

    path: str
    session: str
    method: str = "GET"
    body: bytes = b""
    content_type: str = ""
    key: str = ""
    """The ``Idempotency-Key`` of a money call."""
    status: int = 200
    proof: str = ""
    """What must stand in the answer, at least ``times`` times."""
    times: int = 1

    @property
    def headers(self) -> dict[str, str]:
        found = {"Cookie": f"sessionid={self.session}; csrftoken={CSRF}", "Accept-Language": "en"}
        if self.method in UNSAFE:
            found |= {"X-CSRFToken": CSRF, "Content-Type": self.content_type}
        return found | ({"Idempotency-Key": self.key} if self.key else {})


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: bytes
    seconds: float = 0.0

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody with a session."""

    session: str

    def get(self, path: str, **proof: Any) -> Call:
        return Call(path, self.session, **proof)

    def send(self, method: str, path: str, body: Mapping[str, Any] | None = None, **proof: Any) -> Call:
        """Return a call of the API."""
        sent = json.dumps(body or {}).encode()
        return Call(path, self.session, method, sent, "application/json", **proof)


@dataclass
class Client:
    """One connection to one server, kept open."""

    port: int
    used_at: float = 0.0
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)

    def ask(self, call: Call) -> Answer:
        """Return the answer. Raises ``BenchError`` if it isn't the one that is to be timed."""
        if time.monotonic() - self.used_at > IDLE_SECONDS:
            self.connection.close()
            self.connection.connect()
        begun = time.perf_counter()
        try:
            self.connection.request(call.method, call.path, body=call.body or None, headers=call.headers)
            response = self.connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException) as fault:
            self.connection.close()
            raise BenchError(f"{call.method} {call.path} was not answered: {fault!r}") from fault
        seconds = time.perf_counter() - begun
        self.used_at = time.monotonic()
        return proved(call, Answer(response.status, body, seconds))

    def close(self) -> None:
        self.connection.close()


def proved(call: Call, answer: Answer) -> Answer:
    """Return the answer if it is what the call is about: a quick refusal or an empty page is no result."""
    if answer.status != call.status:
        raise BenchError(
            f"{call.method} {call.path} was answered {answer.status} instead of {call.status}: {answer.body[:300]!r}"
        )
    if answer.body.count(call.proof.encode()) < call.times:
        raise BenchError(
            f"{call.method} {call.path} doesn't hold {call.proof!r} {call.times} times: that page is no measure."
        )
    return answer
