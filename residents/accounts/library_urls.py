"""The routes of django-allauth that we need, under the names that it reverses; nothing else of it is mounted."""

from django.urls import path

from .views import sign_in

urlpatterns = [
    path("accounts/login/", sign_in.sign_in, name="account_login"),
    path("accounts/login/", sign_in.sign_in, name="account_request_login_code"),
    path("accounts/login/code/", sign_in.sign_in_code, name="account_confirm_login_code"),
    path("accounts/logout/", sign_in.sign_out, name="account_logout"),
]
