"""The life of the demo's grants after screening: reviewed, awarded, paid, proved, and shown on the block."""

from .story import fund_city, tell_money

__all__ = ["fund_city", "tell_money"]
