"""Routes of the resident's side. What is fixed under an application has a hyphen, which no section's key has."""

from django.urls import path

from .api import views as api
from .views import files, overview, sections, sending, starting

APPLY = "<slug:city>/apply/"
MINE = f"{APPLY}<uuid:pk>/"
API = "api/v1/cities/<slug:city>/applications/"

urlpatterns = [
    path("me/", overview.applications_mine, name="applications-mine"),
    path(MINE, overview.apply_overview, name="apply-overview"),
    path(f"{MINE}check-answers/", sending.apply_review, name="apply-review"),
    path(f"{MINE}thank-you/", sending.apply_thanks, name="apply-thanks"),
    path(f"{MINE}take-back/", sending.apply_withdraw, name="apply-withdraw"),
    path(f"{MINE}open-again/", sending.apply_reopen, name="apply-reopen"),
    path(f"{MINE}<slug:section>/", sections.apply_section, name="apply-section"),
    path(f"{APPLY}<slug:slug>/", starting.apply_start, name="apply-start"),
    path("<slug:city>/files/<uuid:pk>/", files.file_read, name="file-read"),
    path("<slug:city>/files/<uuid:pk>/small/", files.file_small, name="file-small"),
    path(API, api.ApplicationList.as_view(), name="api-applications"),
    path(f"{API}<uuid:pk>/", api.ApplicationDetail.as_view(), name="api-application"),
    path(f"{API}<uuid:pk>/answers/<slug:question>/", api.AnswerDetail.as_view(), name="api-answer"),
    path(f"{API}<uuid:pk>/files/", api.FileList.as_view(), name="api-files"),
    path(f"{API}<uuid:pk>/files/<uuid:file>/", api.FileDetail.as_view(), name="api-file"),
    path(f"{API}<uuid:pk>/submission/", api.Submission.as_view(), name="api-submission"),
    path(f"{API}<uuid:pk>/withdrawal/", api.Withdrawal.as_view(), name="api-withdrawal"),
    path(f"{API}<uuid:pk>/reopening/", api.Reopening.as_view(), name="api-reopening"),
    path("api/v1/me/applications/", api.MyApplications.as_view(), name="api-my-applications"),
]
