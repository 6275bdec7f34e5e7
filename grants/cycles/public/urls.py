"""Routes that everybody may open. The city's home catches any first word, so this room's routes come last."""

from django.urls import path

from . import api, views

urlpatterns = [
    path("", views.program_home, name="program-home"),
    path("<slug:city>/calls/<slug:slug>/", views.call_detail, name="call-detail"),
    path("<slug:city>/calls/<slug:slug>/check/", views.call_check, name="call-check"),
    path("api/v1/calls/", api.OpenCalls.as_view(), name="api-open-calls"),
    path("api/v1/cities/<slug:city>/calls/", api.CityCalls.as_view(), name="api-calls"),
    path("api/v1/cities/<slug:city>/calls/<slug:slug>/", api.CityCall.as_view(), name="api-call"),
    path(
        "api/v1/cities/<slug:city>/calls/<slug:slug>/check/",
        api.EligibilityCheck.as_view(),
        name="api-call-check",
    ),
    path("<slug:city>/", views.city_home, name="city-home"),
]
