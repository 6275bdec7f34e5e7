"""Routes of awards: the ranking, awards made, and a resident's answer; pages and API."""

from django.urls import path

from . import api, letter_api
from .views import answers, awards, deciding, extending, letters, ranking

STAFF = "<slug:city>/staff/awards/"
OWN = "<slug:city>/awards/"
API = "api/v1/cities/<slug:city>/"
API_AWARD = f"{API}awards/<uuid:pk>/"

urlpatterns = [
    path(STAFF, ranking.award_ranking, name="award-ranking"),
    path(f"{STAFF}money-left/", ranking.award_recalculate, name="award-recalculate"),
    path(f"{STAFF}offer/", deciding.award_offer, name="award-offer"),
    path(f"{STAFF}refuse/", deciding.award_refuse, name="award-refuse"),
    path(f"{STAFF}decisions/<uuid:pk>/undo/", deciding.award_refuse_undo, name="award-application-undo"),
    path(f"{STAFF}list/", awards.award_list, name="award-list"),
    path(f"{STAFF}for/<uuid:pk>/", awards.award_for, name="award-application"),
    path(f"{STAFF}<uuid:pk>/", awards.award_detail, name="award-detail"),
    path(f"{STAFF}<uuid:pk>/take-back/", awards.award_rescind, name="award-rescind"),
    path(f"{STAFF}<uuid:pk>/more-time/", extending.award_extend, name="award-extend"),
    path(f"{OWN}of/<uuid:application>/", answers.award_of, name="award-of"),
    path(f"{OWN}<uuid:pk>/answer/", answers.award_answer, name="award-answer"),
    path(f"{OWN}<uuid:pk>/letter/", letters.award_letter, name="award-letter"),
    path(f"{OWN}<uuid:pk>/answer/no/", answers.award_answer_no, name="award-answer-no"),
    path(f"{API}ranking/", api.RankingList.as_view(), name="api-award-ranking"),
    path(f"{API}awards/", api.AwardList.as_view(), name="api-award-list"),
    path(f"{API}refusals/", api.RefusalList.as_view(), name="api-award-refuse"),
    path(
        f"{API}applications/<uuid:pk>/refusal/",
        api.UndoneRefusal.as_view(),
        name="api-award-application-undo",
    ),
    path(API_AWARD, api.AwardDetail.as_view(), name="api-award-detail"),
    path(f"{API_AWARD}acceptance/", api.Acceptance.as_view(), name="api-award-accept"),
    path(f"{API_AWARD}refusal/", api.AnswerNo.as_view(), name="api-award-answer-no"),
    path(f"{API_AWARD}letter/", letter_api.Letter.as_view(), name="api-award-letter"),
    path(f"{API_AWARD}extension/", api.Extension.as_view(), name="api-award-extend"),
    path(f"{API_AWARD}rescission/", api.Rescission.as_view(), name="api-award-rescind"),
]
