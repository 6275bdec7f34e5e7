from django.urls import path

from . import api, views

urlpatterns = [
    path("<slug:city>/staff/setup/city/", views.settings_edit, name="settings-edit"),
    path("<slug:city>/staff/setup/city/logo/", views.logo_edit, name="logo-edit"),
    path("<slug:city>/staff/setup/city/logo/remove/", views.logo_remove, name="logo-remove"),
    path("<slug:city>/theme.css", views.theme, name="city-theme"),
    path("<slug:city>/logo", views.logo, name="city-logo"),
    path("api/v1/cities/<slug:city>/", api.CitySettings.as_view(), name="api-city-settings"),
    path("api/v1/cities/<slug:city>/accent/", api.AccentPreview.as_view(), name="api-city-accent"),
]
