"""``manage.py bench``: how long pages and API calls take, as a ratio to a floor under the same server."""
