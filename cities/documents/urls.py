"""Routes of documents: at the desk, of a person, at the Center."""

from django.urls import path

from . import api, views

_DESK = "<slug:city>/staff/reports/"
_OWN = "<slug:city>/documents/<uuid:pk>/"
_CENTER = "center/reports/"
_CITY_API = "api/v1/cities/<slug:city>/documents/"
_CENTER_API = "api/v1/center/documents/"

urlpatterns = [
    path(_DESK, views.report_list, name="report-list"),
    path(f"{_DESK}<uuid:pk>/", views.report_detail, name="report-detail"),
    path(_OWN, views.document_detail, name="document-detail"),
    path(f"{_OWN}file/", views.document_file, name="document-file"),
    path(f"{_OWN}cancel/", views.document_cancel, name="document-cancel"),
    path(f"{_OWN}retry/", views.document_retry, name="document-retry"),
    path(_CENTER, views.center_report_list, name="center-report-list"),
    path(f"{_CENTER}<uuid:pk>/", views.center_report_detail, name="center-report-detail"),
    path(f"{_CENTER}<uuid:pk>/file/", views.center_document_file, name="center-report-file"),
    path(f"{_CENTER}<uuid:pk>/cancel/", views.center_document_cancel, name="center-report-cancel"),
    path(f"{_CENTER}<uuid:pk>/retry/", views.center_document_retry, name="center-report-retry"),
    path(_CITY_API, api.Documents.as_view(), name="api-document-list"),
    path(f"{_CITY_API}<uuid:pk>/", api.DocumentDetail.as_view(), name="api-document-detail"),
    path(f"{_CITY_API}<uuid:pk>/file/", api.DocumentFile.as_view(), name="api-document-file"),
    path(f"{_CITY_API}<uuid:pk>/cancel/", api.DocumentCancellation.as_view(), name="api-document-cancel"),
    path(f"{_CITY_API}<uuid:pk>/retry/", api.DocumentRepetition.as_view(), name="api-document-retry"),
    path(_CENTER_API, api.CenterDocuments.as_view(), name="api-center-document-list"),
    path(f"{_CENTER_API}<uuid:pk>/", api.CenterDocumentDetail.as_view(), name="api-center-document-detail"),
    path(f"{_CENTER_API}<uuid:pk>/file/", api.CenterDocumentFile.as_view(), name="api-center-document-file"),
    path(
        f"{_CENTER_API}<uuid:pk>/cancel/",
        api.CenterDocumentCancellation.as_view(),
        name="api-center-document-cancel",
    ),
    path(
        f"{_CENTER_API}<uuid:pk>/retry/",
        api.CenterDocumentRepetition.as_view(),
        name="api-center-document-retry",
    ),
]
