"""The read log: what the Center looked at in cities, written by it and read by them (DESIGN, "Read log")."""

from .pages import register_pages
from .writing import record_list, record_opening, record_openings

__all__ = ["record_list", "record_opening", "record_openings", "register_pages"]
