from django.urls import path

from . import api, sentences, views  # noqa: F401  the sentences register themselves

urlpatterns = [
    path("<slug:city>/staff/setup/team/", views.team, name="team"),
    path("<slug:city>/staff/setup/team/invite/", views.invitation_create, name="invitation-create"),
    path(
        "<slug:city>/staff/setup/team/invitations/<uuid:pk>/withdraw/",
        views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("<slug:city>/staff/setup/team/<uuid:pk>/", views.member_change, name="member-change"),
    path("<slug:city>/staff/setup/team/<uuid:pk>/end/", views.member_end, name="member-end"),
    path("accounts/invitations/<str:token>/", views.invitation_accept, name="invitation-accept"),
    path("api/v1/cities/<slug:city>/members/", api.MemberList.as_view(), name="api-member-list"),
    path(
        "api/v1/cities/<slug:city>/members/<uuid:pk>/", api.MemberDetail.as_view(), name="api-member-detail"
    ),
    path("api/v1/cities/<slug:city>/invitations/", api.InvitationList.as_view(), name="api-invitation-list"),
    path(
        "api/v1/cities/<slug:city>/invitations/<uuid:pk>/",
        api.InvitationDetail.as_view(),
        name="api-invitation-detail",
    ),
]
