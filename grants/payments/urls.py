"""Routes of payments, receipts and deputies: the desk, the Center, and the grantee."""

from django.urls import path

from .api import awards as awards_api
from .api import deputies as deputies_api
from .api import disbursements as payments_api
from .api import receipts as receipts_api
from .views import awards, deputies, disbursements, grantee, receipts

STAFF = "<slug:city>/staff/"
PAYMENTS = f"{STAFF}payments/"
PAYMENT = f"{PAYMENTS}<uuid:pk>/"
MONEY = f"{PAYMENTS}awards/<uuid:pk>/"
RECEIPTS = f"{STAFF}receipts/"
DEPUTIES = f"{STAFF}deputies/"
CENTER = "center/deputies/"
AWARD = "<slug:city>/awards/<uuid:pk>/"
API = "api/v1/cities/<slug:city>/"
API_PAYMENT = f"{API}payments/<uuid:pk>/"
API_AWARD = f"{API}awards/<uuid:pk>/"
API_RECEIPT = f"{API}receipts/<uuid:pk>/"
API_CENTER = "api/v1/center/deputies/"

urlpatterns = [
    path(CENTER, deputies.center_deputy_list, name="center-deputy-list"),
    path(f"{CENTER}<uuid:pk>/approve/", deputies.center_deputy_approve, name="center-deputy-approve"),
    path(f"{CENTER}<uuid:pk>/refuse/", deputies.center_deputy_refuse, name="center-deputy-refuse"),
    path(PAYMENTS, disbursements.payment_list, name="payment-list"),
    path(f"{PAYMENTS}new/", disbursements.payment_create, name="payment-create"),
    path(PAYMENT, disbursements.payment_detail, name="payment-detail"),
    path(f"{PAYMENT}approve/", disbursements.payment_approve, name="payment-approve"),
    path(f"{PAYMENT}refuse/", disbursements.payment_refuse, name="payment-refuse"),
    path(f"{PAYMENT}record/", disbursements.payment_record, name="payment-record"),
    path(f"{PAYMENT}void/", disbursements.payment_void, name="payment-void"),
    path(MONEY, awards.payment_award, name="payment-award"),
    path(f"{MONEY}return/", awards.payment_return, name="payment-return"),
    path(f"{PAYMENTS}returns/<uuid:pk>/undo/", awards.payment_return_undo, name="payment-return-undo"),
    path(f"{MONEY}complete/", awards.payment_complete, name="payment-complete"),
    path(f"{MONEY}reopen/", awards.payment_reopen, name="payment-reopen"),
    path(RECEIPTS, receipts.receipt_list, name="receipt-list"),
    path(f"{RECEIPTS}<uuid:pk>/", receipts.receipt_detail, name="receipt-detail"),
    path(f"{RECEIPTS}<uuid:pk>/decision/", receipts.receipt_decide, name="receipt-decide"),
    path(f"{RECEIPTS}<uuid:pk>/undo/", receipts.receipt_undo, name="receipt-undo"),
    path(DEPUTIES, deputies.deputy_list, name="deputy-list"),
    path(f"{DEPUTIES}new/", deputies.deputy_create, name="deputy-create"),
    path(f"{DEPUTIES}<uuid:pk>/end/", deputies.deputy_end, name="deputy-end"),
    path(AWARD, grantee.award_money, name="award-money"),
    path(f"{AWARD}receipts/new/", grantee.receipt_create, name="receipt-create"),
    path("<slug:city>/receipts/<uuid:pk>/", grantee.receipt_read, name="receipt-read"),
    path("<slug:city>/receipts/<uuid:pk>/small/", grantee.receipt_small, name="receipt-small"),
    path("<slug:city>/receipts/<uuid:pk>/remove/", grantee.receipt_remove, name="receipt-remove"),
    path(f"{API}payments/", payments_api.Payments.as_view(), name="api-payment-list"),
    path(API_PAYMENT, payments_api.Payment.as_view(), name="api-payment-detail"),
    path(f"{API_PAYMENT}approval/", payments_api.Approval.as_view(), name="api-payment-approve"),
    path(f"{API_PAYMENT}refusal/", payments_api.Refusal.as_view(), name="api-payment-refuse"),
    path(f"{API_PAYMENT}record/", payments_api.Recording.as_view(), name="api-payment-record"),
    path(f"{API_PAYMENT}void/", payments_api.Voiding.as_view(), name="api-payment-void"),
    path(f"{API_AWARD}money/", awards_api.AwardMoneyDetail.as_view(), name="api-award-money"),
    path(f"{API_AWARD}returns/", awards_api.Returns.as_view(), name="api-award-return"),
    path(f"{API}returns/<uuid:pk>/undo/", awards_api.ReturnUndoing.as_view(), name="api-return-undo"),
    path(f"{API_AWARD}completion/", awards_api.Completion.as_view(), name="api-award-complete"),
    path(f"{API_AWARD}reopening/", awards_api.Reopening.as_view(), name="api-award-reopen"),
    path(f"{API_AWARD}receipts/", receipts_api.AwardReceipts.as_view(), name="api-award-receipt-create"),
    path(f"{API}receipts/", receipts_api.Receipts.as_view(), name="api-receipt-list"),
    path(API_RECEIPT, receipts_api.ReceiptDetail.as_view(), name="api-receipt-detail"),
    path(f"{API_RECEIPT}decision/", receipts_api.Decision.as_view(), name="api-receipt-decide"),
    path(f"{API_RECEIPT}undo/", receipts_api.Undoing.as_view(), name="api-receipt-undo"),
    path(f"{API}deputies/", deputies_api.Deputies.as_view(), name="api-deputy-list"),
    path(f"{API}deputies/<uuid:pk>/", deputies_api.DeputyDetail.as_view(), name="api-deputy-detail"),
    path(API_CENTER, deputies_api.CenterDeputies.as_view(), name="api-center-deputy-list"),
    path(
        f"{API_CENTER}<uuid:pk>/", deputies_api.CenterDeputyDetail.as_view(), name="api-center-deputy-detail"
    ),
    path(
        f"{API_CENTER}<uuid:pk>/approval/",
        deputies_api.CenterDeputyApproval.as_view(),
        name="api-center-deputy-approve",
    ),
]
