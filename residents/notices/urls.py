from django.urls import path

from . import api, views

urlpatterns = [
    path("me/inbox/", views.inbox, name="inbox"),
    path("me/inbox/read/", views.inbox_read, name="inbox-read"),
    path("me/inbox/<uuid:pk>/", views.inbox_letter, name="inbox-letter"),
    path("api/v1/me/inbox/", api.Inbox.as_view(), name="api-inbox"),
    path("api/v1/me/inbox/<uuid:pk>/read/", api.InboxRead.as_view(), name="api-inbox-read"),
]
