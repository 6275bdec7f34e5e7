"""Signing in, in tests."""

from typing import Any

from django.test import Client


def sign_in(client: Client, user: Any, *, second_factor: bool = True) -> Client:
    """Open a session for ``user``, by default with the second factor that staff need."""
    client.force_login(user)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "code"},
        *([{"method": "mfa"}] if second_factor else []),
    ]
    session.save()
    return client
