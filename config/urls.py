"""The URL map. Each floor brings its own routes; those of cities come last, since their names are free.

A city's routes begin with ``<slug:city>/``; what stands before them is in ``RESERVED_SLUGS``.
"""

from django.conf import settings
from django.urls import include, path

from residents.accounts.views.language import set_language

from . import docs, views
from .routing import floor

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("i18n/setlang/", set_language, name="set_language"),
    path("api/docs/", docs.api_docs, name="api-docs"),
    path("api/v1/schema/", docs.SchemaView.as_view(), name="api-schema"),
    *([] if settings.PRODUCTION else [path("styleguide/", include("cities.interface.urls"))]),
    path("", floor("cities")),
    path("", include("residents.urls")),
    path("", floor("projects")),
    path("", floor("grants")),
]

handler400 = "config.views.bad_request"
handler404 = "config.views.page_not_found"
handler500 = "config.views.server_error"
