"""Routes of a city's money."""

from django.urls import path

from . import api, views

MONEY = "<slug:city>/staff/money/"
API = "api/v1/cities/<slug:city>/money/"

urlpatterns = [
    path(MONEY, views.money_overview, name="money-overview"),
    path(f"{MONEY}entries/", views.entry_list, name="money-entry-list"),
    path(f"{MONEY}grants/<uuid:pk>/accept/", views.grant_accept, name="money-grant-accept"),
    path(f"{MONEY}tranches/<uuid:pk>/confirm/", views.tranche_confirm, name="money-tranche-confirm"),
    path(f"{MONEY}calls/<uuid:pk>/", views.cycle_money, name="money-cycle"),
    path(f"{MONEY}calls/<uuid:pk>/allocate/", views.cycle_allocate, name="money-cycle-allocate"),
    path(f"{MONEY}calls/<uuid:pk>/take-back/", views.cycle_deallocate, name="money-cycle-deallocate"),
    path(API, api.MoneyOverview.as_view(), name="api-money-overview"),
    path(f"{API}entries/", api.EntryList.as_view(), name="api-money-entry-list"),
    path(f"{API}grants/<uuid:pk>/acceptance/", api.GrantAcceptance.as_view(), name="api-money-grant-accept"),
    path(f"{API}tranches/<uuid:pk>/receipt/", api.TrancheReceipt.as_view(), name="api-money-tranche-confirm"),
    path(f"{API}calls/<uuid:pk>/allocations/", api.Allocations.as_view(), name="api-money-cycle-allocate"),
    path(
        f"{API}calls/<uuid:pk>/deallocations/", api.Deallocations.as_view(), name="api-money-cycle-deallocate"
    ),
]
