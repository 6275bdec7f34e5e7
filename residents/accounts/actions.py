"""Changes to a person's account. A person belongs to no city: what is audited stands in the Center's trail."""

from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.audit import trail
from cities.tenancy.actions import action
from cities.tenancy.errors import RuleError

from . import notices

PROFILE_FIELDS = ("name", "phone", "language", "may_be_contacted", "may_share_story")


class AddressTakenError(RuleError):
    """Another account signs in with this address."""


class UnknownLanguageError(RuleError):
    """Letters and reports are written in the languages of the site, and break in any other."""


def open_account(email: str, *, language: str = "en") -> User:
    """Return the account of an address that was just proved, making it if there is none.

    Runs in the sign-in page's transaction, at no door: there is no trail to write to. Two first
    sign-ins at once make one account.
    """
    address = email.strip().lower()
    found = User.objects.filter(email=address).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            return User.objects.create_user(address, language=language)
    except IntegrityError:
        return User.objects.get(email=address)


@action
def change_profile(user_id: UUID, *, actor: User, **fields: object) -> User:
    """Change name, phone, language and consents. Locks the account; the trail names the fields, not the words.

    Raises :class:`UnknownLanguageError`.
    """
    if "language" in fields and fields["language"] not in dict(settings.LANGUAGES):
        raise UnknownLanguageError(_("Choose from the languages of this site."), field="language")
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    changed = [name for name in PROFILE_FIELDS if name in fields and getattr(user, name) != fields[name]]
    if not changed:
        return user
    for name in changed:
        setattr(user, name, fields[name])
    user.full_clean(exclude=["password"])
    user.save(update_fields=changed)
    trail.record("person:change", actor=actor, subject=user, fields=changed)
    return user


@action
def change_email(user_id: UUID, *, email: str, actor: User) -> User:
    """Sign in with another address from now on; it was proved by a code. The old one is told.

    Locks the account. Raises :class:`AddressTakenError`.
    """
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    former, address = user.email, email.strip().lower()
    if former == address:
        return user
    if User.objects.filter(email=address).exists():
        raise AddressTakenError(
            _("Another account uses this address. Sign in with it, or choose another one."), field="email"
        )
    user.email = address
    user.full_clean(exclude=["password"])
    user.save(update_fields=["email"])
    trail.record("person:change-email", actor=actor, subject=user)
    notices.email_changed(user, former)
    return user
