"""What sign-in remembers besides the person: how far its limits are used up."""

from django.db import models


class Allowance(models.Model):
    """How far one limit is used up, for one address or client (never named: ``key`` is a keyed hash).

    ``used_until`` is the time at which the limit will be whole again; each use moves it on by a step
    (see :mod:`residents.accounts.limits`). Belongs to no city: nobody is signed in yet.
    """

    key = models.CharField(primary_key=True, max_length=64)
    used_until = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["used_until"], name="allowance_used_until")]
