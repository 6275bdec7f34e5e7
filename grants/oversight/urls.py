"""Routes of the Center's ledger, pages and API. No route here is named after a city (``city``): that opens its door."""

from django.urls import path

from . import api, payment_api, payment_views, views

DISBURSEMENTS = "center/disbursements/"
RECEIPT = "center/receipts/<uuid:pk>/"
API = "api/v1/"

urlpatterns = [
    path("center/", views.overview, name="center-overview"),
    path("center/cities/<slug:slug>/", views.city_detail, name="center-city-detail"),
    path(DISBURSEMENTS, payment_views.disbursement_list, name="center-disbursement-list"),
    path(f"{DISBURSEMENTS}export/", payment_views.disbursement_export, name="center-disbursement-export"),
    path(f"{DISBURSEMENTS}<uuid:pk>/", payment_views.disbursement_detail, name="center-disbursement-detail"),
    path(RECEIPT, payment_views.receipt_picture, name="center-receipt-picture"),
    path(f"{RECEIPT}small/", payment_views.receipt_picture_small, name="center-receipt-picture-small"),
    path("center/exceptions/", payment_views.exception_list, name="center-exception-list"),
    path(f"{API}center/overview/", api.Overview.as_view(), name="api-center-overview"),
    path(f"{API}center/cities/", api.CityList.as_view(), name="api-center-city-list"),
    path(f"{API}center/cities/<slug:slug>/", api.CityDetail.as_view(), name="api-center-city-detail"),
    path(
        f"{API}{DISBURSEMENTS}",
        payment_api.CenterDisbursements.as_view(),
        name="api-center-disbursement-list",
    ),
    path(
        f"{API}{DISBURSEMENTS}export/",
        payment_api.CenterExports.as_view(),
        name="api-center-disbursement-export",
    ),
    path(
        f"{API}{DISBURSEMENTS}<uuid:pk>/",
        payment_api.CenterDisbursement.as_view(),
        name="api-center-disbursement-detail",
    ),
    path(
        f"{API}center/exceptions/", payment_api.CenterExceptions.as_view(), name="api-center-exception-list"
    ),
]
