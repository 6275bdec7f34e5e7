"""Routes of cohorts, founding and people. No route here is named after a city (``city``): that opens its door."""

from django.urls import path

from .api import cohorts as cohorts_api
from .api import granting as granting_api
from .api import people as people_api
from .views import cohorts, founding, granting, people

COHORTS = "center/cohorts/"
COHORT = f"{COHORTS}<uuid:pk>/"
CITY = "center/cities/<slug:slug>/"
PEOPLE = "center/people/"
GRANTS = "center/grants/"
GRANT = f"{GRANTS}<uuid:pk>/"
API = "api/v1/"

urlpatterns = [
    path(COHORTS, cohorts.cohort_list, name="center-cohort-list"),
    path(f"{COHORTS}new/", cohorts.cohort_create, name="center-cohort-create"),
    path(COHORT, cohorts.cohort_detail, name="center-cohort-detail"),
    path(f"{COHORT}edit/", cohorts.cohort_edit, name="center-cohort-edit"),
    path(f"{COHORT}cities/", cohorts.cohort_add_city, name="center-cohort-add-city"),
    path(f"{COHORT}cities/<slug:slug>/remove/", cohorts.cohort_remove_city, name="center-cohort-remove-city"),
    path("center/new-city/", founding.city_create, name="center-city-create"),
    path(f"{CITY}edit/", founding.city_edit, name="center-city-edit"),
    path(f"{CITY}people/invite/", people.member_invite, name="center-member-invite"),
    path(f"{CITY}people/<uuid:pk>/", people.member_edit, name="center-member-edit"),
    path(f"{CITY}people/<uuid:pk>/remove/", people.member_remove, name="center-member-remove"),
    path(
        f"{CITY}invitations/<uuid:pk>/withdraw/",
        people.invitation_withdraw,
        name="center-invitation-withdraw",
    ),
    path(PEOPLE, people.people, name="center-people"),
    path(f"{PEOPLE}invite/", people.member_invite, name="center-person-invite"),
    path(f"{PEOPLE}<uuid:pk>/", people.member_edit, name="center-person-edit"),
    path(f"{PEOPLE}<uuid:pk>/remove/", people.member_remove, name="center-person-remove"),
    path(
        f"{PEOPLE}invitations/<uuid:pk>/withdraw/",
        people.invitation_withdraw,
        name="center-person-invitation-withdraw",
    ),
    path(f"{API}{COHORTS}", cohorts_api.CohortList.as_view(), name="api-center-cohort-list"),
    path(f"{API}{COHORT}", cohorts_api.CohortDetail.as_view(), name="api-center-cohort-detail"),
    path(f"{API}{COHORT}cities/", cohorts_api.CohortCities.as_view(), name="api-center-cohort-cities"),
    path(
        f"{API}{COHORT}cities/<slug:slug>/", cohorts_api.CohortCity.as_view(), name="api-center-cohort-city"
    ),
    path(f"{API}{CITY}members/", people_api.Members.as_view(), name="api-center-member-list"),
    path(f"{API}{CITY}members/<uuid:pk>/", people_api.Member.as_view(), name="api-center-member-detail"),
    path(f"{API}{CITY}invitations/", people_api.Invitations.as_view(), name="api-center-invitation-list"),
    path(
        f"{API}{CITY}invitations/<uuid:pk>/",
        people_api.InvitationDetail.as_view(),
        name="api-center-invitation-detail",
    ),
    path(f"{API}{PEOPLE}", people_api.CenterMembers.as_view(), name="api-center-person-list"),
    path(
        f"{API}{PEOPLE}invitations/",
        people_api.CenterInvitations.as_view(),
        name="api-center-person-invitation-list",
    ),
    path(
        f"{API}{PEOPLE}invitations/<uuid:pk>/",
        people_api.CenterInvitation.as_view(),
        name="api-center-person-invitation-detail",
    ),
    path(f"{API}{PEOPLE}<uuid:pk>/", people_api.CenterMember.as_view(), name="api-center-person-detail"),
    path(GRANTS, granting.grant_list, name="center-grant-list"),
    path(f"{GRANTS}new/", granting.grant_create, name="center-grant-create"),
    path(GRANT, granting.grant_detail, name="center-grant-detail"),
    path(f"{GRANT}tranches/", granting.tranche_send, name="center-tranche-send"),
    path(f"{API}{GRANTS}", granting_api.GrantList.as_view(), name="api-center-grant-list"),
    path(f"{API}{GRANT}", granting_api.GrantDetail.as_view(), name="api-center-grant-detail"),
    path(f"{API}{GRANT}tranches/", granting_api.Tranches.as_view(), name="api-center-tranche-list"),
]
