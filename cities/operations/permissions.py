"""Who may see how the site stands: the Center, and a monitor that knows the secret of the environment."""

from typing import Any

from cities.access.rules import is_at_center


class Monitor:
    """A machine that sent ``LYB_STATUS_TOKEN``. Nobody's account, with no right but this one."""

    pk = None
    is_authenticated = True
    is_active = False


def can_see_status(user: Any, obj: Any) -> bool:
    return isinstance(user, Monitor) or is_at_center(user, obj)
