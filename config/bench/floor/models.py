"""One table with as many rows as a city's largest call."""

from typing import Any, ClassVar

from django.db import models


class Row(models.Model):
    """What a staff list shows of an application, in columns of the same kinds."""

    call = models.IntegerField()
    reference = models.CharField(max_length=20)
    title = models.CharField(max_length=200)
    applicant = models.CharField(max_length=160)
    group = models.CharField(max_length=160)
    neighborhood = models.CharField(max_length=120)
    status = models.CharField(max_length=12)
    requested_cents = models.BigIntegerField()
    submitted_at = models.DateTimeField()

    objects: ClassVar[Any] = models.Manager()

    class Meta:
        indexes = [models.Index(fields=["call", "-submitted_at"], name="row_by_call")]
