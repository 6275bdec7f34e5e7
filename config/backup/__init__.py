"""``manage.py backup``: one file that holds database, roles and files, and the proof that it can be brought back.

:mod:`.census` counts and hashes what a database holds, :mod:`.archive` is the file, :mod:`.creating` writes one,
:mod:`.restoring` brings it back into an empty place, :mod:`.drilling` does so beside the running system and compares.
"""
