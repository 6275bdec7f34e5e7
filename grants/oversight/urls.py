"""Routes of the Center's ledger, pages and API. No route here is named after a city (``city``): that opens its door."""

from django.urls import path

from . import api, views

urlpatterns = [
    path("center/", views.overview, name="center-overview"),
    path("center/cities/<slug:slug>/", views.city_detail, name="center-city-detail"),
    path("api/v1/center/overview/", api.Overview.as_view(), name="api-center-overview"),
    path("api/v1/center/cities/", api.CityList.as_view(), name="api-center-city-list"),
    path("api/v1/center/cities/<slug:slug>/", api.CityDetail.as_view(), name="api-center-city-detail"),
]
