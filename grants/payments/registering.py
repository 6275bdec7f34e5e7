"""What this room tells the floors below it, once at start."""

from django.utils.translation import gettext_lazy as _

from cities.interface.navigation import register

from . import documents, errors, handing, naming, notices, receivers, sentences, verifying, waiting
from .permissions import can_see_deputies_of_all, can_see_payments

__all__ = [
    "documents", "errors", "handing", "naming", "notices", "receivers", "sentences", "verifying", "waiting",
]  # fmt: skip

register(
    "staff",
    label=_("Payments"),
    route="grants:payment-list",
    icon="attach_money",
    order=50,
    rule=can_see_payments,
)
register(
    "staff",
    label=_("Receipts"),
    route="grants:receipt-list",
    icon="photo_camera",
    order=52,
    rule=can_see_payments,
)
register(
    "center",
    label=_("Deputies"),
    route="grants:center-deputy-list",
    icon="group_add",
    order=70,
    rule=can_see_deputies_of_all,
)
