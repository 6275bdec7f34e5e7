"""What everybody may read of calls, without an account: pages and API."""
