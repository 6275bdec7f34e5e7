"""Routes of the operators."""

from django.urls import path

from . import api, views

urlpatterns = [
    path("status", views.status, name="status"),
    path("api/v1/status/", api.status, name="api-status"),
]
