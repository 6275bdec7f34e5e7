"""Routes of the review room, pages and API."""

from django.urls import path

from .api import asking as api_asking
from .api import reviewing as api_reviewing
from .views import asking, reviewing

MINE = "<slug:city>/review/"
STAFF = "<slug:city>/staff/reviews/"
API_MINE = "api/v1/cities/<slug:city>/review/"
API = "api/v1/cities/<slug:city>/desk/reviews/"
API_APPLICATION = "api/v1/cities/<slug:city>/desk/applications/<uuid:pk>/"

urlpatterns = [
    path(MINE, reviewing.review_list, name="review-list"),
    path(f"{MINE}<uuid:pk>/", reviewing.review_sheet, name="review-sheet"),
    path(f"{MINE}<uuid:pk>/open/", reviewing.review_open, name="review-open"),
    path(f"{MINE}<uuid:pk>/conflict/", reviewing.review_conflict, name="review-conflict"),
    path(f"{MINE}<uuid:pk>/send/", reviewing.review_submit, name="review-submit"),
    path(f"{MINE}<uuid:pk>/change/", reviewing.review_reopen, name="review-reopen"),
    path(STAFF, asking.progress_list, name="reviews-progress"),
    path(f"{STAFF}assign/", asking.review_assign, name="reviews-assign"),
    path(f"{STAFF}applications/<uuid:pk>/", asking.application_reviews, name="reviews-application"),
    path(
        f"{STAFF}applications/<uuid:pk>/own-conflict/",
        asking.conflict_declare,
        name="reviews-conflict-declare",
    ),
    path(f"{STAFF}applications/<uuid:pk>/conflicts/", asking.conflict_record, name="reviews-conflict-record"),
    path(f"{STAFF}conflicts/<uuid:pk>/lift/", asking.conflict_lift, name="reviews-conflict-lift"),
    path(f"{STAFF}<uuid:pk>/release/", asking.review_release, name="review-release"),
    path(f"{STAFF}<uuid:pk>/return/", asking.review_return, name="review-return"),
    path(API_MINE, api_reviewing.MyReviews.as_view(), name="api-review-list"),
    path(f"{API_MINE}<uuid:pk>/", api_reviewing.MyReview.as_view(), name="api-review-mine"),
    path(f"{API_MINE}<uuid:pk>/opening/", api_reviewing.Opening.as_view(), name="api-review-opening"),
    path(f"{API_MINE}<uuid:pk>/conflict/", api_reviewing.OwnConflict.as_view(), name="api-review-conflict"),
    path(
        f"{API_MINE}<uuid:pk>/submission/", api_reviewing.Submission.as_view(), name="api-review-submission"
    ),
    path(f"{API_MINE}<uuid:pk>/reopening/", api_reviewing.Reopening.as_view(), name="api-review-reopening"),
    path(API, api_asking.Progress.as_view(), name="api-reviews-progress"),
    path(f"{API}sharing/", api_asking.Sharing.as_view(), name="api-reviews-sharing"),
    path(f"{API}<uuid:pk>/", api_asking.OneReview.as_view(), name="api-review-release"),
    path(f"{API}<uuid:pk>/return/", api_asking.Returning.as_view(), name="api-review-return"),
    path(
        f"{API_APPLICATION}reviews/", api_asking.ApplicationReviews.as_view(), name="api-reviews-application"
    ),
    path(
        f"{API_APPLICATION}own-conflict/",
        api_asking.DeskConflict.as_view(),
        name="api-reviews-conflict-declare",
    ),
    path(f"{API_APPLICATION}conflicts/", api_asking.Conflicts.as_view(), name="api-reviews-conflict-record"),
    path(
        "api/v1/cities/<slug:city>/desk/conflicts/<uuid:pk>/lifting/",
        api_asking.Lifting.as_view(),
        name="api-reviews-conflict-lift",
    ),
]
