"""The product under eight clients while it is killed with -9, and what its history must then agree with.

* :mod:`stage` — a city with money, people and open sessions, written before the curtain.
* :mod:`history` — every call as it ended for its caller: ok, refused or unknown.
* :mod:`client` — sends calls and writes the history; :mod:`story` — what one client does, over and over.
* :mod:`killer` — which process dies next, by a seed.
* :mod:`rows` — the database as plain rows; :mod:`checking` — the history held against them.
"""
