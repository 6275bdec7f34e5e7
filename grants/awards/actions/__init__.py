"""What is done to awards. Money moves here together with the promise that moves it."""

from .answering import accept_award, decline_award, extend_offer, rescind_award
from .awarding import Chosen, award_application, award_applications
from .declining import Declined, decline_application, decline_applications, undo_decline

__all__ = [
    "Chosen",
    "Declined",
    "accept_award",
    "award_application",
    "award_applications",
    "decline_application",
    "decline_applications",
    "decline_award",
    "extend_offer",
    "rescind_award",
    "undo_decline",
]
