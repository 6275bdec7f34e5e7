"""Routes of the room. Those that allauth reverses stand in ``library_urls``, without a namespace."""

from django.conf import settings
from django.urls import path

from .views import demo, factors, kept

_demo = [
    path("demo/", demo.demo_home, name="demo-home"),
    path("demo/mail/", demo.demo_mail, name="demo-mail"),
]

urlpatterns = [
    path("accounts/factor/required/", factors.factor_required, name="factor-required"),
    path("accounts/kept/", kept.kept_list, name="kept-list"),
    path("accounts/kept/<str:key>/send/", kept.kept_send, name="kept-send"),
    path("accounts/kept/<str:key>/discard/", kept.kept_discard, name="kept-discard"),
    *(_demo if settings.DEMO else []),
]
