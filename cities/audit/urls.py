"""Routes of the trail."""

from django.urls import path

from . import api, views
from .readings import api as readings_api
from .readings import views as readings

urlpatterns = [
    path("<slug:city>/staff/audit/", views.event_list, name="audit-event-list"),
    path("<slug:city>/staff/readings/", readings.reading_list, name="reading-list"),
    path("api/v1/cities/<slug:city>/audit/", api.Trail.as_view(), name="api-audit-event-list"),
    path("api/v1/cities/<slug:city>/readings/", readings_api.Readings.as_view(), name="api-reading-list"),
]
