"""What is done to projects and what is told about them."""

from .projects import (
    change_project,
    describe_project,
    finish_project,
    open_project,
    publish_project,
    set_project_status,
    unpublish_project,
)
from .updates import add_update, forget_updates, hide_update, publish_update, remove_update

__all__ = [
    "add_update",
    "change_project",
    "describe_project",
    "finish_project",
    "forget_updates",
    "hide_update",
    "open_project",
    "publish_project",
    "publish_update",
    "remove_update",
    "set_project_status",
    "unpublish_project",
]
