"""What this room tells the floors below it, once at start."""

from . import errors, verifying

__all__ = ["errors", "verifying"]
