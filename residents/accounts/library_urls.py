"""The routes of django-allauth that we need, under the names that it reverses; nothing else of it is mounted."""

from django.urls import path

from .views import factors, sign_in

urlpatterns = [
    path("accounts/login/", sign_in.sign_in, name="account_login"),
    path("accounts/login/", sign_in.sign_in, name="account_request_login_code"),
    path("accounts/login/code/", sign_in.sign_in_code, name="account_confirm_login_code"),
    path("accounts/logout/", sign_in.sign_out, name="account_logout"),
    path("accounts/factor/", factors.index, name="mfa_index"),
    path("accounts/factor/give/", factors.authenticate, name="mfa_authenticate"),
    path("accounts/factor/again/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("accounts/factor/app/", factors.activate_app, name="mfa_activate_totp"),
    path("accounts/factor/app/remove/", factors.deactivate_app, name="mfa_deactivate_totp"),
    path("accounts/factor/passkeys/", factors.list_passkeys, name="mfa_list_webauthn"),
    path("accounts/factor/passkeys/add/", factors.add_passkey, name="mfa_add_webauthn"),
    path(
        "accounts/factor/passkeys/again/", factors.reauthenticate_passkey, name="mfa_reauthenticate_webauthn"
    ),
    path("accounts/factor/passkeys/<int:pk>/remove/", factors.remove_passkey, name="mfa_remove_webauthn"),
    path("accounts/factor/codes/", factors.view_codes, name="mfa_view_recovery_codes"),
    path("accounts/factor/codes/new/", factors.generate_codes, name="mfa_generate_recovery_codes"),
    path("accounts/factor/codes/download/", factors.download_codes, name="mfa_download_recovery_codes"),
]
