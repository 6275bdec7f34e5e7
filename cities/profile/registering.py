"""What this room tells the floors below it, once at start."""

from . import sentences

__all__ = ["sentences"]
