"""Tickets: what a page or a client saw, sent back with a change, to tell whether somebody else saved in between."""

import hashlib
import json
from typing import Any


def fingerprint(*stored: Any) -> str:
    """Return a short hash of what is stored. Moments and days count as read from the database."""
    canonical = json.dumps(stored, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
