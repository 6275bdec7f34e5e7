"""Make a call that was read one of the city that it goes into."""

from dataclasses import replace

from django.utils.translation import gettext_lazy as _

from cities.tenancy.models import City

from .errors import OtherCurrencyError
from .reading import CallFile, read_call


def fitted(call: CallFile, city: City) -> CallFile:
    """Return the call with the city's own web name and time zone: its days and hours are read on the city's clocks.

    Raises ``OtherCurrencyError``, and ``InvalidCallError`` where a date makes no sense on those clocks.
    """
    stated = call.city
    if stated["currency"] != city.currency:
        raise OtherCurrencyError(_("The amounts in this file are in another currency than this city’s."))
    own = {"slug": city.slug, "timezone": city.timezone}
    if stated == stated | own:
        return call
    return replace(read_call({**call.data, "city": stated | own}), name=call.name)
