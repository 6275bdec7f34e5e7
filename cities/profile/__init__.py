"""How a city shows itself: contact, languages, colors, logo, time zone, fiscal year.

A room above audit and access, since its action is audited and its pages have rules; the tenant's row
itself lies in ``cities/tenancy``.
"""
