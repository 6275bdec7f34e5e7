"""The demo: sixteen cities of the 2024–26 cohort with invented people, calls and applications.

``cities``, ``calls`` and ``projects`` hold what is told; ``applications`` turns it into rows; ``seeding``
writes them; ``freshness`` moves their dates. ``load`` writes many rows for measuring. All names of people,
neighborhoods and groups are invented.
"""
