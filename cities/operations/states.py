from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class State(TextChoices):
    """How something stands; the worst of all is how the site stands."""

    OK = "ok", _("Fine")
    WARNING = "warning", _("Look at it")
    FAILING = "failing", _("Failing")


TONES = {State.OK: "success", State.WARNING: "warning", State.FAILING: "danger"}


def worst(states: list[State]) -> State:
    return max(states, key=list(State).index, default=State.OK)
