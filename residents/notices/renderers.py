"""Letters of the two lower floors. Each upper floor registers its own in its ``notices.py``."""

from django.utils.translation import gettext as _

from cities.access.models import Role
from cities.outbox.models import Message

from .registry import Letter, letter, renders


@renders("sign-in-code", in_inbox=False)
def sign_in_code(message: Message, secret: str | None) -> Letter:
    return letter("residents/notices/sign_in_code", message, code=secret or "")


@renders("invitation", in_inbox=False)
def invitation(message: Message, secret: str | None) -> Letter:
    """``data``: city, inviter, roles, days. The secret is the link's path: it lets its bearer in."""
    return letter("residents/notices/invitation", message, path=secret or "", roles=_role_names(message))


@renders("roles-changed")
def roles_changed(message: Message, _secret: str | None) -> Letter:
    """``data``: city, slug (empty for the Center), roles (none: access has ended)."""
    slug, roles = message.data["slug"], _role_names(message)
    at_desk = f"/{slug}/staff/" if slug else "/center/"
    return letter("residents/notices/roles_changed", message, path=at_desk if roles else "/me/", roles=roles)


def _role_names(message: Message) -> list[str]:
    return [str(Role(role).label) for role in message.data["roles"]]


@renders("second-factor-changed")
def second_factor_changed(message: Message, _secret: str | None) -> Letter:
    """``data``: change (what the sign-in library calls it)."""
    words = {
        "totp_activated": _("An authenticator app was set up."),
        "totp_deactivated": _("The authenticator app was turned off."),
        "webauthn_added": _("A passkey was made."),
        "webauthn_removed": _("A passkey was removed."),
        "recovery_codes_generated": _("New recovery codes were made; the old ones no longer work."),
    }
    change = words.get(str(message.data["change"]), _("Your second step at sign-in was changed."))
    return letter("residents/notices/second_factor_changed", message, path="/accounts/factor/", change=change)


@renders("email-change-code", in_inbox=False)
def email_change_code(message: Message, secret: str | None) -> Letter:
    return letter("residents/notices/email_change_code", message, code=secret or "")


@renders("email-changed", in_inbox=False)
def email_changed(message: Message, _secret: str | None) -> Letter:
    """``data``: to (the new address, masked). Sent to the former address."""
    return letter("residents/notices/email_changed", message)


@renders("token-made")
def token_made(message: Message, _secret: str | None) -> Letter:
    """``data``: name, place (empty: the person's own things), can_write. The token itself is not in it."""
    return letter("residents/notices/token_made", message, path="/me/account/tokens/")


@renders("factor-reset-asked")
def factor_reset_asked(message: Message, _secret: str | None) -> Letter:
    return letter("residents/notices/factor_reset_asked", message)


@renders("factor-reset-for-center")
def factor_reset_for_center(message: Message, _secret: str | None) -> Letter:
    """``data``: place (where it was asked)."""
    return letter("residents/notices/factor_reset_for_center", message, path="/center/second-steps/")


@renders("factor-reset-done")
def factor_reset_done(message: Message, _secret: str | None) -> Letter:
    return letter("residents/notices/factor_reset_done", message, path="/accounts/login/")


@renders("work-handed-over")
def work_handed_over(message: Message, _secret: str | None) -> Letter:
    """``data``: leaver, count."""
    path = f"/{message.city.slug}/staff/" if message.city.slug else "/center/"
    return letter("residents/notices/work_handed_over", message, path=path)


@renders("account-deleted", in_inbox=False)
def account_deleted(message: Message, _secret: str | None) -> Letter:
    return letter("residents/notices/account_deleted", message)
