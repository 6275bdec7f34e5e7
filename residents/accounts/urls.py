"""Routes of the room. Those that allauth reverses stand in ``library_urls``, without a namespace."""

from django.conf import settings
from django.urls import path

from . import api, session_api
from .views import deletion, demo, factors, kept, lost, profile, sessions

_demo = [
    path("demo/", demo.demo_home, name="demo-home"),
    path("demo/mail/", demo.demo_mail, name="demo-mail"),
]

urlpatterns = [
    path("accounts/factor/required/", factors.factor_required, name="factor-required"),
    path("accounts/factor/lost/", lost.factor_lost, name="factor-lost"),
    path("accounts/kept/", kept.kept_list, name="kept-list"),
    path("accounts/kept/<str:key>/send/", kept.kept_send, name="kept-send"),
    path("accounts/kept/<str:key>/discard/", kept.kept_discard, name="kept-discard"),
    path("me/account/", profile.account, name="account"),
    path("me/account/email/", profile.email_change, name="email-change"),
    path("me/account/email/code/", profile.email_prove, name="email-prove"),
    path("me/account/delete/", deletion.account_delete, name="account-delete"),
    path("me/account/sessions/end-others/", sessions.session_end_others, name="session-end-others"),
    path("me/account/sessions/<uuid:pk>/end/", sessions.session_end, name="session-end"),
    path("api/v1/me/sessions/", session_api.Sessions.as_view(), name="api-sessions"),
    path("api/v1/me/sessions/<uuid:pk>/", session_api.SessionDetail.as_view(), name="api-session"),
    path("api/v1/me/account/", api.Account.as_view(), name="api-account"),
    path("api/v1/me/account/email/", api.AccountEmail.as_view(), name="api-account-email"),
    path("api/v1/me/account/email/code/", api.AccountEmailCode.as_view(), name="api-account-email-code"),
    *(_demo if settings.DEMO else []),
]
