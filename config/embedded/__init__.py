"""A real PostgreSQL and a real Valkey beside the application, for a machine that has neither.

Nothing here imports Django: the addresses must stand in the environment before settings load.

* :mod:`places` — where everything lies, and the addresses that follow from it.
* :mod:`postgres`, :mod:`valkey` — start, recover and stop one server.
* :mod:`keeper` — the process whose children the two servers are.
* :mod:`services` — attach to the keeper, or start it; the last one out stops it.
* :mod:`commands` — the command lines of web, worker and beat.
* :mod:`supervisor` — ``make run``: services, preparation, web, worker, beat.
"""
