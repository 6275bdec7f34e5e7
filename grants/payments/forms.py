"""What is typed about payments, receipts and deputies. Forms that move money carry a key."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from cities.interface.days import DayField
from cities.interface.fields import MoneyField
from grants.ledger.forms import MoneyForm

from .states import Method, Seat, VoidCause

REASON_MAX = 1000
UNDO_MAX = 200


class PaymentFilter(forms.Form):
    """The filter of the payments' queue, as it stands in the address."""

    q = forms.CharField(
        label=_("Search by payee, project or number"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    method = forms.ChoiceField(label=_("Method"), required=False, choices=[("", _("Any")), *Method.choices])
    cycle = forms.ChoiceField(label=_("Call"), required=False)
    tab = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, cycles: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cycle"].choices = [("", _("Any")), *cycles]  # type: ignore[attr-defined]

    @property
    def wanted(self) -> dict[str, str]:
        """What was understood, empty values left out."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


class AwardFilter(forms.Form):
    """What finds an award to request a payment on."""

    q = forms.CharField(
        label=_("Search by payee, project or number"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
    tab = forms.CharField(required=False, widget=forms.HiddenInput())

    @property
    def words(self) -> str:
        """What is searched for; nothing where it can't be read."""
        self.is_valid()
        return str(self.cleaned_data.get("q", ""))


class CurrencyForm(MoneyForm):
    """Base of forms with amounts in the city's currency."""

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency


class RequestForm(CurrencyForm):
    """A payment that somebody asks for."""

    amount_cents = MoneyField(label=_("Amount"), min_cents=1)
    payee_name = forms.CharField(
        label=_("Payee"),
        max_length=160,
        help_text=_("Who gets the money: the grantee, a fiscal sponsor, or a shop."),
    )
    method = forms.ChoiceField(
        label=_("Method"), choices=Method.choices, help_text=_("No account or card numbers are kept here.")
    )
    purpose = forms.CharField(
        label=_("What it is for"),
        max_length=200,
        required=False,
        help_text=_("The grantee reads this when it is paid."),
    )


class RecordForm(MoneyForm):
    """What the bank or the finance system says of a payment that was made."""

    paid_on = DayField(label=_("Paid on"))
    voucher_number = forms.CharField(label=_("Voucher or check number"), max_length=60)


class ReasonForm(MoneyForm):
    """Why a payment is refused or voided."""

    reason = forms.CharField(
        label=_("Reason"), max_length=REASON_MAX, widget=forms.Textarea(attrs={"rows": 3})
    )


class VoidForm(ReasonForm):
    """What happened to a payment whose record is taken back, and why."""

    cause = forms.ChoiceField(
        label=_("What happened?"), choices=VoidCause.choices, widget=forms.RadioSelect()
    )

    field_order = ("key", "cause", "reason")


class ReceiptFields(forms.Form):
    """What the grantee says about a receipt."""

    vendor = forms.CharField(label=_("Name of the shop"), max_length=120)
    bought_on = DayField(label=_("Day on the receipt"))
    amount_cents = MoneyField(label=_("Total on the receipt"), min_cents=1)
    what = forms.CharField(
        label=_("What you bought"),
        max_length=200,
        required=False,
        help_text=_("A few words, like “paint and brushes”."),
    )
    category = forms.CharField(label=_("Part of your budget"), max_length=80, required=False)


class ReceiptForm(ReceiptFields, CurrencyForm):
    """A receipt with its picture. On a phone the first button opens the camera, the other one the files."""

    photo = forms.FileField(
        label=_("Take a photo of the receipt"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*", "capture": "environment"}),
        help_text=_("Lay it flat, in good light. All four corners should be in the picture."),
    )
    file = forms.FileField(
        label=_("Or choose a photo or PDF that you have"),
        required=False,
        widget=forms.FileInput(attrs={"accept": "image/*,application/pdf"}),
    )

    field_order = ("photo", "file", "vendor", "bought_on", "amount_cents", "what", "category")

    def __init__(self, *args: Any, categories: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if categories:
            choices = [("", _("I’m not sure")), *((name, name) for name in categories)]
            self.fields["category"].widget = forms.Select(choices=choices)
        else:
            del self.fields["category"]

    @property
    def has_lost_file(self) -> bool:
        """Say whether the photo has to be chosen again: a browser doesn't send it back to the page."""
        return bool(self.files) and bool(self.errors)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        if cleaned.get("photo") and cleaned.get("file"):
            self.add_error("file", _("Please send one file for each receipt."))
        elif not (cleaned.get("photo") or cleaned.get("file") or {"photo", "file"} & set(self.errors)):
            self.add_error("photo", _("Please take a photo of the receipt, or choose one that you have."))
        return cleaned


class DecisionForm(CurrencyForm):
    """How much of a receipt is accepted, and why not all of it."""

    accepted_cents = MoneyField(label=_("Eligible amount"), min_cents=0)
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("The grantee reads this word for word. Say what is not covered, and what could be done."),
        required=False,
        max_length=REASON_MAX,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ReturnForm(CurrencyForm):
    """Money that came back."""

    amount_cents = MoneyField(label=_("Amount"), min_cents=1)
    returned_on = DayField(label=_("Returned on"))
    reference = forms.CharField(label=_("Voucher or check number"), max_length=60)
    reason = forms.CharField(label=_("Why it came back"), max_length=300)


class UndoForm(MoneyForm):
    """Why what stands in the books was wrong: a line in the books."""

    reason = forms.CharField(label=_("Reason"), max_length=UNDO_MAX, help_text=_("The grantee reads this."))


class NominateForm(forms.Form):
    """Somebody of the desk for a seat."""

    person = forms.ChoiceField(label=_("Person"), help_text=_("Anybody with a role at the city’s desk."))
    seat = forms.ChoiceField(label=_("Seat"), choices=Seat.choices, widget=forms.RadioSelect())
    reason = forms.CharField(
        label=_("Why a deputy is needed"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The Center reads this and decides."),
    )

    def __init__(self, *args: Any, people: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [("", _("Choose")), *people]  # type: ignore[attr-defined]


class EndDeputyForm(forms.Form):
    """Why a deputy is refused or ended."""

    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The deputy and whoever named them read it."),
    )
