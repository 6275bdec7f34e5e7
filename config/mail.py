"""Who carries the mail: the demo's mailbox, any SMTP server, or a provider that django-anymail knows."""

import importlib.util
from collections.abc import Mapping

from django.core.exceptions import ImproperlyConfigured

SMTP = "django.core.mail.backends.smtp.EmailBackend"
MAILBOX = "residents.notices.mailbox.DemoMailbox"
PREFIX = "ANYMAIL_"


def backend(environment: Mapping[str, str], *, demo: bool) -> str:
    """Return the mail backend: named outright, by ``LYB_MAIL_PROVIDER``, or else the mailbox or SMTP.

    Raises ``ImproperlyConfigured`` for a provider that django-anymail doesn't know.
    """
    if named := environment.get("LYB_EMAIL_BACKEND"):
        return named
    provider = environment.get("LYB_MAIL_PROVIDER", "").lower()
    if not provider:
        return MAILBOX if demo else SMTP
    module = f"anymail.backends.{provider}"
    # Names with a dot would look elsewhere; the base classes and the test double are no providers.
    known = provider.isidentifier() and not provider.startswith(("base", "test"))
    if not known or importlib.util.find_spec(module) is None:
        raise ImproperlyConfigured(
            f"LYB_MAIL_PROVIDER={provider} is no provider that django-anymail knows: "
            "it is a name like amazon_ses, mailgun, mailjet, postmark, resend or sendgrid."
        )
    return f"{module}.EmailBackend"


def provider_settings(environment: Mapping[str, str]) -> dict[str, str]:
    """Return what ``ANYMAIL_…`` variables say, under the names of django-anymail's own documentation."""
    return {
        name.removeprefix(PREFIX): value for name, value in environment.items() if name.startswith(PREFIX)
    }
