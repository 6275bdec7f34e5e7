"""What neighbors in the demo want to do, by kind of call."""

from . import block, greening, murals, safety
from .idea import Cost, Idea, Words

IDEAS: dict[str, tuple[Idea, ...]] = {
    "block": block.IDEAS,
    "murals": murals.IDEAS,
    "greening": greening.IDEAS,
    "safety": safety.IDEAS,
}

__all__ = ["IDEAS", "Cost", "Idea", "Words"]
