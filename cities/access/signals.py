"""What this room tells the rooms above it, inside the deed's own transaction."""

from django.dispatch import Signal

membership_ended = Signal()
"""``member_id`` holds no role in ``city_id`` any more. Sent by the actions of :mod:`.handing`."""

desk_left = Signal()
"""``member_id`` is an outside reviewer in ``city_id`` from now on, and no more; ``actor`` ended the other roles."""

person_signed_out_everywhere = Signal()
"""``person_id``: the person's sessions have just ended; whatever else lets them in must end too."""
