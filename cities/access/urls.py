from django.urls import path

from . import api, leaving_views, reset_api, reset_views, views

urlpatterns = [
    path("<slug:city>/staff/setup/team/", views.team, name="team"),
    path("<slug:city>/staff/setup/team/invite/", views.invitation_create, name="invitation-create"),
    path(
        "<slug:city>/staff/setup/team/invitations/<uuid:pk>/withdraw/",
        views.invitation_withdraw,
        name="invitation-withdraw",
    ),
    path("<slug:city>/staff/setup/team/<uuid:pk>/", views.member_change, name="member-change"),
    path("<slug:city>/staff/setup/team/<uuid:pk>/end/", leaving_views.member_end, name="member-end"),
    path(
        "<slug:city>/staff/setup/team/<uuid:pk>/second-step/",
        reset_views.member_reset_ask,
        name="member-reset-ask",
    ),
    path(
        "<slug:city>/staff/setup/team/second-steps/<uuid:pk>/",
        reset_views.factor_reset_answer,
        name="factor-reset-answer",
    ),
    path("center/second-steps/", reset_views.center_reset_list, name="center-reset-list"),
    path("center/second-steps/<uuid:pk>/", reset_views.center_reset_answer, name="center-reset-answer"),
    path("api/v1/cities/<slug:city>/factor-resets/", reset_api.Resets.as_view(), name="api-reset-list"),
    path(
        "api/v1/cities/<slug:city>/factor-resets/<uuid:pk>/",
        reset_api.ResetAnswer.as_view(),
        name="api-reset-answer",
    ),
    path("api/v1/center/factor-resets/", reset_api.CenterResets.as_view(), name="api-center-reset-list"),
    path(
        "api/v1/center/factor-resets/<uuid:pk>/",
        reset_api.CenterResetAnswer.as_view(),
        name="api-center-reset-answer",
    ),
    path("accounts/invitations/<str:token>/", views.invitation_accept, name="invitation-accept"),
    path("api/v1/cities/<slug:city>/members/", api.MemberList.as_view(), name="api-member-list"),
    path(
        "api/v1/cities/<slug:city>/members/<uuid:pk>/", api.MemberDetail.as_view(), name="api-member-detail"
    ),
    path(
        "api/v1/cities/<slug:city>/members/<uuid:pk>/open-work/",
        api.MemberWork.as_view(),
        name="api-member-work",
    ),
    path("api/v1/cities/<slug:city>/invitations/", api.InvitationList.as_view(), name="api-invitation-list"),
    path(
        "api/v1/cities/<slug:city>/invitations/<uuid:pk>/",
        api.InvitationDetail.as_view(),
        name="api-invitation-detail",
    ),
]
