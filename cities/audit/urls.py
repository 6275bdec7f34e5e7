"""Routes of the trail."""

from django.urls import path

from . import api, views

urlpatterns = [
    path("<slug:city>/staff/audit/", views.event_list, name="audit-event-list"),
    path("api/v1/cities/<slug:city>/audit/", api.Trail.as_view(), name="api-audit-event-list"),
]
