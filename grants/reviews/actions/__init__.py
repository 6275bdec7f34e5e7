"""State changes of reviews. Each locks the application first, then the review."""

from .assigning import assign_reviews, release_review, release_unsent, share_reviews
from .conflicts import declare_conflict, lift_conflict
from .outdating import outdate_reviews
from .scoring import open_review, reopen_review, save_review, submit_review

__all__ = [
    "assign_reviews",
    "declare_conflict",
    "lift_conflict",
    "open_review",
    "outdate_reviews",
    "release_review",
    "release_unsent",
    "reopen_review",
    "save_review",
    "share_reviews",
    "submit_review",
]
