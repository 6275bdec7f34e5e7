"""What a case asks of the database, counted in this process: the server that is timed counts nothing."""

import re
from dataclasses import dataclass

from django.db import connection
from django.test import Client as InProcess
from django.test.utils import CaptureQueriesContext

from .asking import CSRF, Answer, Call, proved

_CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|SAVEPOINT|RELEASE|SET CONSTRAINTS)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Statements:
    """How many there are, transaction control apart, and how long they take together."""

    count: int
    milliseconds: float


def ask_in_process(call: Call) -> Answer:
    """Answer a call as the server does, here."""
    client = InProcess(enforce_csrf_checks=True, headers={"host": "localhost", "accept-language": "en"})
    client.cookies.load({"sessionid": call.session, "csrftoken": CSRF})
    extra = {
        name: value for name, value in call.headers.items() if name in {"X-CSRFToken", "Idempotency-Key"}
    }
    response = client.generic(
        call.method, call.path, call.body, content_type=call.content_type or "text/html", headers=extra
    )
    return proved(call, Answer(response.status_code, response.content))


class Asked(CaptureQueriesContext):
    """Statements as they are asked."""

    def __init__(self) -> None:
        super().__init__(connection)

    def found(self) -> Statements:
        counted = [query for query in self.captured_queries if not _CONTROL.match(query["sql"])]
        return Statements(len(counted), sum(float(query["time"]) for query in counted) * 1000)


def statements(call: Call) -> Statements:
    """Count what one more call asks, after another has warmed up what it asks once."""
    with Asked() as asked:
        ask_in_process(call)
    return asked.found()
