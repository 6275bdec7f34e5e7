"""What this room tells the floors below it, once at start."""

from cities.audit.verification import append_only_tables

from . import leaving, notices, verifying

__all__ = ["leaving", "notices", "verifying"]

append_only_tables.update({"grants_answer", "grants_note"})
