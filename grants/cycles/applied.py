"""Statuses of applications that this room counts or keeps true.

Applications lie in a later room, so they are reached through the cycle's relation and not imported; a
test compares these words with that room's own.
"""

DRAFT = "draft"
TO_SCREEN = "submitted"
RUNNING = frozenset({"submitted", "eligible"})
"""Still in for an award, so waiting for the decision."""
RECEIVED = RUNNING | {"ineligible", "awarded", "unfunded"}
"""What came in. What was withdrawn counts nowhere."""
OFFERED = "offered"
"""The status of an award that its applicant hasn't answered."""
