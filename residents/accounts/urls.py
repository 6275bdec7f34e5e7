"""Routes of the room. Those that allauth reverses stand in ``library_urls``, without a namespace."""

from django.conf import settings
from django.urls import path

from . import api
from .views import demo, factors, kept, profile

_demo = [
    path("demo/", demo.demo_home, name="demo-home"),
    path("demo/mail/", demo.demo_mail, name="demo-mail"),
]

urlpatterns = [
    path("accounts/factor/required/", factors.factor_required, name="factor-required"),
    path("accounts/kept/", kept.kept_list, name="kept-list"),
    path("accounts/kept/<str:key>/send/", kept.kept_send, name="kept-send"),
    path("accounts/kept/<str:key>/discard/", kept.kept_discard, name="kept-discard"),
    path("me/account/", profile.account, name="account"),
    path("me/account/email/", profile.email_change, name="email-change"),
    path("me/account/email/code/", profile.email_prove, name="email-prove"),
    path("api/v1/me/account/", api.Account.as_view(), name="api-account"),
    path("api/v1/me/account/email/", api.AccountEmail.as_view(), name="api-account-email"),
    path("api/v1/me/account/email/code/", api.AccountEmailCode.as_view(), name="api-account-email-code"),
    *(_demo if settings.DEMO else []),
]
