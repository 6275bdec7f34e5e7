"""Routes of the desk for calls: the staff home, setup, and the API over the same actions."""

from django.urls import path

from . import api
from .views import eligibility, form_editor, home, overview, parts, preview, publishing

SETUP = "<slug:city>/staff/setup/"
CYCLE = f"{SETUP}calls/<uuid:pk>/"
API = "api/v1/cities/<slug:city>/"
API_CYCLE = f"{API}cycles/<uuid:pk>/"

urlpatterns = [
    path("<slug:city>/staff/", home.staff_home, name="staff-home"),
    path(SETUP, overview.setup_overview, name="setup-overview"),
    path(f"{SETUP}calls/new/", overview.cycle_create, name="cycle-create"),
    path(f"{SETUP}calls/upload/", overview.cycle_upload, name="cycle-upload"),
    path(CYCLE, parts.cycle_setup, name="cycle-setup"),
    path(f"{CYCLE}name/", parts.cycle_basics, name="cycle-basics"),
    path(f"{CYCLE}dates/", parts.cycle_dates, name="cycle-dates"),
    path(f"{CYCLE}money/", parts.cycle_money, name="cycle-money"),
    path(f"{CYCLE}self-check/", eligibility.cycle_eligibility, name="cycle-eligibility"),
    path(f"{CYCLE}self-check/new/", eligibility.eligibility_item, name="eligibility-create"),
    path(f"{CYCLE}self-check/questions/<slug:key>/", eligibility.eligibility_item, name="eligibility-edit"),
    path(f"{CYCLE}budget/", parts.cycle_budget, name="cycle-budget"),
    path(f"{CYCLE}papers/", parts.cycle_papers, name="cycle-papers"),
    path(f"{CYCLE}rubric/", parts.cycle_rubric, name="cycle-rubric"),
    path(f"{CYCLE}terms/", parts.cycle_terms, name="cycle-terms"),
    path(f"{CYCLE}words/", parts.cycle_wording, name="cycle-wording"),
    path(f"{CYCLE}form/", form_editor.cycle_form, name="cycle-form"),
    path(f"{CYCLE}form/lists/", form_editor.form_summary, name="form-summary"),
    path(f"{CYCLE}form/new-section/", form_editor.form_section, name="section-create"),
    path(f"{CYCLE}form/sections/<slug:key>/", form_editor.form_section, name="section-edit"),
    path(f"{CYCLE}form/new-question/", form_editor.form_question, name="question-create"),
    path(f"{CYCLE}form/questions/<slug:key>/", form_editor.form_question, name="question-edit"),
    path(f"{CYCLE}preview/", preview.cycle_preview, name="cycle-preview"),
    path(f"{CYCLE}publish/", publishing.cycle_publish, name="cycle-publish"),
    path(f"{CYCLE}withdraw/", publishing.cycle_withdraw, name="cycle-withdraw"),
    path(f"{CYCLE}archive/", publishing.cycle_archive, name="cycle-archive"),
    path(f"{CYCLE}copy/", publishing.cycle_copy, name="cycle-copy"),
    path(f"{API}cycles/", api.CycleList.as_view(), name="api-cycle-list"),
    path(API_CYCLE, api.CycleDetail.as_view(), name="api-cycle-detail"),
    path(f"{API_CYCLE}publish/", api.CyclePublish.as_view(), name="api-cycle-publish"),
    path(f"{API_CYCLE}withdraw/", api.CycleWithdraw.as_view(), name="api-cycle-withdraw"),
    path(f"{API_CYCLE}archive/", api.CycleArchive.as_view(), name="api-cycle-archive"),
    path(f"{API_CYCLE}copy/", api.CycleCopy.as_view(), name="api-cycle-copy"),
    path(f"{API}summary/", api.Summary.as_view(), name="api-summary"),
]
