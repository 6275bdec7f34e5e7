"""Call files: real calls for applications in one exchange format, read into the product.

The format's rule is ``schema.json``. Nothing here writes: importing is an action of the cycle's room.
"""

from .dates import CycleDates
from .errors import CallError, InvalidCallError, OtherCurrencyError
from .filling import Filled, Invented, fill
from .fitting import fitted
from .holding import Fate, NotHeld, not_held
from .reading import CallFile, read_call
from .shifting import Shifted, shift

__all__ = [
    "CallError",
    "CallFile",
    "CycleDates",
    "Fate",
    "Filled",
    "InvalidCallError",
    "Invented",
    "NotHeld",
    "OtherCurrencyError",
    "Shifted",
    "fill",
    "fitted",
    "not_held",
    "read_call",
    "shift",
]
