"""Many applications at once, to measure with."""

from .loading import seed_load

__all__ = ["seed_load"]
