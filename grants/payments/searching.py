"""What somebody types to find a payment, at a city or at the Center."""

import re

from django.db.models import Q

REFERENCE = re.compile(r"([^/]+?)\s*(?:/\s*(\d{0,4}))?", re.ASCII)


def typed(words: str) -> Q:
    """Return the condition of words that were typed: a payee, a voucher number, or a reference, with its number or without.

    Voucher numbers have slashes too, so before one stands a reference only if nothing or a number follows.
    """
    found = Q(payee_name__icontains=words) | Q(voucher_number__iexact=words)
    if not (parts := REFERENCE.fullmatch(words)):
        return found
    reference, number = parts.groups()
    of_award = Q(award__reference__istartswith=reference)
    return found | (of_award & Q(number=int(number)) if number else of_award)
