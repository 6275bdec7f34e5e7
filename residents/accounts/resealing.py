"""A change of keys: what lies for years under the body key is encrypted anew, so that the former key may go."""

from allauth.mfa.models import Authenticator
from django.db import transaction

from cities.outbox.sealing import reseal_body

SEALED = ("secret", "seed")
"""What an app's and the recovery codes' rows keep encrypted. A passkey keeps nothing that is secret."""


def reseal_factors() -> tuple[int, int]:
    """Encrypt every factor's secret with the present key. Locks row by row. Returns how many, and how many can't be read."""
    done, unreadable = 0, 0
    held = Authenticator.objects.exclude(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    for pk in held.values_list("pk", flat=True):
        with transaction.atomic():
            # Locked: a recovery code that is used meanwhile must stay used.
            factor = Authenticator.objects.select_for_update().filter(pk=pk).first()
            for name in SEALED if factor else ():
                if name not in factor.data:
                    continue
                if (sealed := reseal_body(factor.data[name])) is None:
                    unreadable += 1
                else:
                    factor.data[name] = sealed
                    done += 1
            if factor:
                factor.save(update_fields=["data"])
    return done, unreadable
