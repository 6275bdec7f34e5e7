from django.urls import path

from . import views

urlpatterns = [
    path("me/account/tokens/", views.token_list, name="token-list"),
    path("me/account/tokens/new/", views.token_create, name="token-create"),
    path("me/account/tokens/<uuid:pk>/revoke/", views.token_revoke, name="token-revoke"),
]
