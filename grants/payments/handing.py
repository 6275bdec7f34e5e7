"""A leaver's seats as a deputy: they end, since the Center approved a person and not a chair."""

from django.utils.translation import gettext_lazy as _

from cities.access.handing import Part, hands_over
from cities.access.models import User

from .actions.deputies import end_deputy
from .models import Deputy

LABEL = _("Seats as a deputy at payments")


@hands_over("deputies")
def end_deputies(leaver: User, _successor: User | None, actor: User, for_real: bool) -> Part:  # noqa: FBT001  the registry's shape
    ids = list(
        Deputy.objects.filter(person=leaver, ended_at__isnull=True)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    for pk in ids if for_real else ():
        end_deputy(pk, actor=actor)
    return Part(LABEL, len(ids), ends=True)
