"""What the callers saw. Only this is held against the database, as nobody outside knows more."""

import json
import time
from dataclasses import asdict, dataclass, field
from threading import Lock

OK, REFUSED, UNKNOWN = "ok", "refused", "unknown"


@dataclass(frozen=True)
class Claim:
    """If the call was done, exactly one row of ``table`` has these values."""

    table: str
    where: dict

    @property
    def name(self):
        return f"{self.table} {json.dumps(self.where, sort_keys=True)}"


@dataclass(frozen=True)
class Call:
    client: int
    deed: str
    outcome: str
    status: int | None
    """None: no answer came."""
    key: str = ""
    claim: Claim | None = None
    at: float = field(default_factory=time.time)
    words: str = ""


class History:
    """All calls, also as JSON lines on disk."""

    def __init__(self, path):
        self.calls, self._lock, self._file = [], Lock(), path.open("w", encoding="utf-8")

    def add(self, call):
        with self._lock:
            self.calls.append(call)
            self._file.write(json.dumps(asdict(call)) + "\n")
            self._file.flush()

    def count(self, outcome):
        return sum(call.outcome == outcome for call in self.calls)
