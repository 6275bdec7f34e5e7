"""The only place where a resident's application changes. Each action runs inside ``city_scope``."""

from .answers import PageSaved, SavedAnswer, save_answer, save_page
from .files import attach_file, remove_file
from .starting import start_application
from .submission import reopen_application, submit_application, withdraw_application

__all__ = [
    "PageSaved",
    "SavedAnswer",
    "attach_file",
    "remove_file",
    "reopen_application",
    "save_answer",
    "save_page",
    "start_application",
    "submit_application",
    "withdraw_application",
]
