"""Routes of the desk, pages and API."""

from django.urls import path

from . import api, views

STAFF = "<slug:city>/staff/applications/"
API = "api/v1/cities/<slug:city>/desk/applications/"

urlpatterns = [
    path(STAFF, views.application_list, name="desk-application-list"),
    path(f"{STAFF}screening/", views.application_bulk_screen, name="desk-application-bulk-screen"),
    path(f"{STAFF}<uuid:pk>/", views.application_detail, name="desk-application-detail"),
    path(f"{STAFF}<uuid:pk>/screening/", views.application_screen, name="desk-application-screen"),
    path(f"{STAFF}<uuid:pk>/notes/", views.application_note, name="desk-application-note"),
    path(API, api.ApplicationList.as_view(), name="api-desk-application-list"),
    path(f"{API}screenings/", api.BulkScreening.as_view(), name="api-desk-application-bulk-screen"),
    path(f"{API}<uuid:pk>/", api.ApplicationDetail.as_view(), name="api-desk-application-detail"),
    path(f"{API}<uuid:pk>/screening/", api.Screening.as_view(), name="api-desk-application-screen"),
    path(f"{API}<uuid:pk>/notes/", api.Notes.as_view(), name="api-desk-application-notes"),
]
