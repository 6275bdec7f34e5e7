"""The award letter: what a city promises to one applicant, as a document for both."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cities.access.memberships import is_desk
from cities.access.models import User
from cities.documents.actions import request_document
from cities.documents.forms import ParametersForm
from cities.documents.job import Job
from cities.documents.models import Document
from cities.documents.registry import document
from cities.documents.states import CAN_RETRY
from cities.documents.writers import write_pdf
from cities.interface.fields import RowChoiceField
from cities.interface.formats import day, money
from cities.tenancy.errors import RuleError
from cities.tenancy.scopes import current_city_id
from grants.applications.conflicts import conflicted_ids

from .models import Award
from .permissions import can_see_awards
from .queries import awards_seen_by
from .states import HOLDS_MONEY, Status

LETTER = "award-letter"
OFFERED_ON_THE_CARD = 200


class NoLetterError(RuleError):
    """There is a letter for an award that stands, and for no other."""


def readable_awards(user: Any, ids: Collection[UUID]) -> set[UUID]:
    """Return which of these awards the person may have a letter of.

    Whoever ``can_see_award``; but the applicant only while it stands: a promise that was taken back is no paper to
    show a shop. The desk keeps it for the file.
    """
    at_desk = is_desk(user, current_city_id())
    rows = list(
        Award.objects.filter(pk__in=ids).values_list("pk", "applicant_id", "application_id", "status")
    )
    hidden = conflicted_ids(user, [application for _pk, _applicant, application, _status in rows])
    return {
        pk
        for pk, applicant, application, status in rows
        if (applicant == user.pk and status in HOLDS_MONEY) or (at_desk and application not in hidden)
    }


class LetterForm(ParametersForm):
    """Which award the letter is about: the newest ones that stand."""

    award = RowChoiceField(label=gettext_lazy("Award"), queryset=None)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["award"]
        newest = awards_seen_by(self.user).holding_money().order_by("-pk").values("pk")[:OFFERED_ON_THE_CARD]
        field.queryset = Award.objects.filter(pk__in=newest).order_by("-pk")
        field.empty_label = _("Choose an award")
        field.label_from_instance = lambda award: f"{award.reference} · {award.title}"

    def title(self, label: str) -> str:
        return letter_title(self.cleaned_data["award"])

    def subject_id(self) -> UUID:
        found: UUID = self.cleaned_data["award"].pk
        return found


def letter_title(award: Award) -> str:
    return _("Award letter %(reference)s") % {"reference": award.reference}


def letter_of(award: Award, user: Any) -> Document | None:
    """Return the person's newest letter of this award, unless it failed or the award has changed since."""
    found: Document | None = (
        Document.objects.filter(
            kind=LETTER, subject_id=award.pk, requested_by=user, created_at__gte=_changed_at(award)
        )
        .exclude(status__in=CAN_RETRY)
        .order_by("-pk")
        .first()
    )
    return found


def _changed_at(award: Award) -> Any:
    """Return when what the letter says last changed. Of an offer all activity does, since more time moves its last day."""
    moments = [award.offered_at, award.answered_at, award.completed_at, award.reopened_at]
    if award.status == Status.OFFERED:
        moments.append(award.last_activity_at)
    return max(at for at in moments if at is not None)


def request_letter(award: Award, *, actor: User) -> Document:
    """Have the letter of an award made, in the applicant's language. Raises ``NoLetterError`` if it doesn't stand."""
    if award.status not in HOLDS_MONEY:
        raise NoLetterError(_("There is no letter for this award, because it does not stand."))
    language = award.application.language
    with translation.override(language):
        title = letter_title(award)
    return request_document(
        LETTER, parameters={}, title=title, actor=actor, subject_id=award.pk, language=language
    )


@document(
    LETTER,
    label=gettext_lazy("Award letter"),
    summary=gettext_lazy("The letter for one award, in the language in which the applicant applied."),
    rule=can_see_awards,
    subjects=readable_awards,
    format="pdf",
    form=LetterForm,
)
def make_letter(job: Job) -> str:
    """Set the letter of the award that the document is about."""
    award = Award.objects.select_related("application", "cycle", "city").get(pk=job.subject_id)
    if award.status not in HOLDS_MONEY:
        raise NoLetterError(_("There is no letter for this award, because it does not stand."))
    with translation.override(award.application.language):
        title = letter_title(award)
        data = {**_frame(job, award), **_words(award)}
        job.step(40)
        write_pdf(
            job.path, "/grants/awards/letter.typ", data, title=title, language=award.application.language
        )
    return f"{award.reference}-letter.pdf"


def _frame(job: Job, award: Award) -> dict[str, Any]:
    """What stands around the words: whose letter it is, to whom, of which day."""
    city, application = award.city, award.application
    contact = [city.contact_name, city.contact_address, city.contact_phone, city.contact_email]
    return {
        "author": city.name,
        "accent": city.accent_color,
        "city": city.name,
        "contact": [line for line in contact if line],
        "program": "Love Your Block",
        "page_of": _("Page %(page)s of %(pages)s") % {"page": "{page}", "pages": "{pages}"},
        "date": day(job.as_of.astimezone(city.zone).date()),
        "to": [line for line in (application.applicant_name, application.group_name) if line],
        "reference": award.reference,
    }


def _words(award: Award) -> dict[str, Any]:
    told = {
        "amount": money(award.amount_cents, award.city.currency),
        "title": award.title,
        "city": award.city.name,
        "call": award.application.cycle_name,
        "name": award.application.applicant_name or str(_("neighbor")),
    }
    return {
        "greeting": _("Dear %(name)s,") % told,
        "news": _(
            "We are happy to tell you that %(city)s gives a grant of %(amount)s to your project “%(title)s”. You applied for it in %(call)s."
        )
        % told,
        "facts_heading": _("Your grant"),
        "facts": [[str(term), value] for term, value in _facts(award) if value],
        "conditions_heading": _("What you agree to") if award.conditions else "",
        "conditions": [line.strip() for line in award.conditions.splitlines() if line.strip()],
        "next_heading": _("What happens next"),
        "next": _next(award),
        "thanks": _("Thank you for the care you give your block."),
        "signature": award.city.contact_name or award.city.name,
    }


def _facts(award: Award) -> list[tuple[str, str]]:
    currency = award.city.currency
    period = f"{day(award.starts_on)} – {day(award.ends_on)}" if award.starts_on and award.ends_on else ""
    return [
        (_("Amount"), money(award.amount_cents, currency)),
        (_("You asked for"), money(award.requested_cents, currency) if award.requested_cents else ""),
        (_("Reference"), award.reference),
        (_("Paid to"), award.payee_name),
        (_("How it is paid"), award.payment_mode_word),
        (_("Time for the project"), period),
        (
            _("Please answer by"),
            day(award.answer_by_on) if award.status == Status.OFFERED and award.answer_by_on else "",
        ),
    ]


def _next(award: Award) -> list[dict[str, str]]:
    """Return the next steps; ``page`` is short enough to be typed in from paper."""
    page = settings.SITE_ADDRESS + "/me/"
    if award.status == Status.OFFERED:
        wait = _(
            "Please wait with buying anything until you have said yes and the city has told you how it pays."
        )
        return [_step(_("Say yes or no to this grant on your page:"), page), _step(wait)]
    if award.status == Status.ACCEPTED:
        on = day(award.answered_at.astimezone(award.city.zone).date()) if award.answered_at else ""
        said = _("You said yes on %(day)s. The city pays %(payee)s.") % {"day": on, "payee": award.payee_name}
        return [
            _step(said),
            _step(_("Keep every receipt. Take a photo of each one and add it on your page:"), page),
        ]
    if not award.paid_cents:
        return [_step(_("This grant has ended. Nothing was paid, and there is nothing more to do."))]
    return [_step(_("Your project is complete, and every dollar is proved. There is nothing more to do."))]


def _step(words: str, page: str = "") -> dict[str, str]:
    return {"words": words, "page": page}
