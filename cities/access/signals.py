"""What this room tells the rooms above it, inside the deed's own transaction."""

from django.dispatch import Signal

membership_ended = Signal()
"""``member_id`` holds no role in ``city_id`` any more. Sent by the actions of :mod:`.handing`."""

roles_changed = Signal()
"""``actor`` gave ``member_id`` other roles in ``city_id``: ``before`` and ``after`` are sets of roles, neither empty."""

person_signed_out_everywhere = Signal()
"""``person_id``: the person's sessions have just ended; whatever else lets them in must end too."""
