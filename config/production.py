"""What production refuses to start with, told all at once: an operator should not meet one sentence per try.

What only a database can tell (how strong the role is) is asked in :mod:`config.startup`.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured
from django.http.request import validate_host

from config import mail

SHORTEST_SECRET = 50
SHORTEST_TOKEN = 24
FEWEST_DIFFERENT = 5  # as Django's own deployment check counts


def require(settings: Mapping[str, Any], environment: Mapping[str, str]) -> None:
    """Raise ``ImproperlyConfigured`` with one sentence per thing that production may not start with."""
    sentences = [
        *_about_secrets(settings, environment),
        *_about_addresses(settings),
        *_about_mail(settings, environment),
        *_about_servers(environment),
    ]
    if sentences:
        raise ImproperlyConfigured(
            "LYB_ENV=production does not start like this:\n"
            + "\n".join(f"  - {sentence}" for sentence in sentences)
        )


def _about_secrets(settings: Mapping[str, Any], environment: Mapping[str, str]) -> Iterator[str]:
    if settings["DEMO"]:
        yield "LYB_DEMO must be off: the demo signs anybody in as anybody."
    keys = {"LYB_SECRET_KEY": environment.get("LYB_SECRET_KEY", "")}
    # Left out, these are derived from the secret key; given, they must be as strong.
    keys |= {name: environment[name] for name in ("LYB_AUDIT_KEY", "LYB_BODY_KEY") if name in environment}
    for name, value in keys.items():
        if _is_weak(value):
            yield f"{name} must be a random text of at least {SHORTEST_SECRET} characters."
    # A former key still opens what it signed or sealed: one that was published would open it to everybody.
    for name in ("LYB_SECRET_KEYS_BEFORE", "LYB_AUDIT_KEYS_BEFORE", "LYB_BODY_KEYS_BEFORE"):
        former = [value.strip() for value in environment.get(name, "").split(",")]
        if any(_is_weak(value) for value in former if value):
            yield f"{name} may hold only random texts of at least {SHORTEST_SECRET} characters."
    if len(set(keys.values())) < len(keys):
        yield f"{', '.join(keys)} must differ from each other."
    if 0 < len(settings["STATUS_TOKEN"]) < SHORTEST_TOKEN:
        yield f"LYB_STATUS_TOKEN must be a random text of at least {SHORTEST_TOKEN} characters."


def _is_weak(secret: str) -> bool:
    return len(secret) < SHORTEST_SECRET or len(set(secret)) < FEWEST_DIFFERENT


def _about_addresses(settings: Mapping[str, Any]) -> Iterator[str]:
    hosts, address = settings["ALLOWED_HOSTS"], urlsplit(settings["SITE_ADDRESS"])
    if not hosts or "*" in hosts:
        yield "LYB_ALLOWED_HOSTS must name the hosts that the site is reached by, and not all (“*”)."
    if address.scheme != "https" or not address.hostname:
        yield "LYB_SITE_ADDRESS must be the site’s https:// address: letters link to it, with sign-in links."
    elif hosts and not validate_host(address.hostname, hosts):
        yield f"LYB_ALLOWED_HOSTS must hold {address.hostname}, the host of LYB_SITE_ADDRESS."


def _about_mail(settings: Mapping[str, Any], environment: Mapping[str, str]) -> Iterator[str]:
    if settings["EMAIL_BACKEND"].startswith("residents.") and not settings["DEMO"]:
        yield "LYB_EMAIL_BACKEND must send mail: the demo’s mailbox writes sign-in codes to the disk."
    # Nobody listens at this machine's port 25, and without codes nobody signs in.
    if settings["EMAIL_BACKEND"] == mail.SMTP and not environment.get("LYB_SMTP_HOST"):
        yield "LYB_SMTP_HOST or LYB_MAIL_PROVIDER must say who carries the mail."
    if not re.search(r"[^@\s]@[^@\s]+\.", settings["DEFAULT_FROM_EMAIL"]):
        yield "LYB_FROM_EMAIL must be an address that your mail provider lets you write from."


def _about_servers(environment: Mapping[str, str]) -> Iterator[str]:
    database = "DATABASE_OWNER_URL" if environment.get("LYB_DATABASE_ROLE") == "owner" else "DATABASE_URL"
    for name in (database, "REDIS_URL"):
        if not environment.get(name):
            yield f"{name} must be set: the embedded servers are for trying out."
