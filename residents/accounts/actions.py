"""Changes to a person's account."""

from django.db import IntegrityError, transaction

from cities.access.models import User


def open_account(email: str, *, language: str = "en") -> User:
    """Return the account of an address that was just proved, making it if there is none.

    Runs in the sign-in page's transaction, at no door: a person belongs to no city, so there is no
    trail to write to. Two first sign-ins at once make one account.
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
