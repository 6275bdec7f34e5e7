"""A form of one section per thing a resident's test needs, and answers that complete it."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from grants.applications.actions import save_page
from grants.applications.queries import FilledForm, with_form
from tests.factories import ApplicationFactory, CycleFactory, FormVersionFactory, question

ANSWERS: dict[str, Any] = {
    "your_name": "Odessa Rhee",
    "project_title": "Tilden Street garden",
    "description": "We clear the lot and plant six trees.",
    "amount": "1,500.00",
    "site": {"address": "4 Tilden Street", "lat": 39.3, "lng": -76.6},
}


def sections() -> list[dict[str, Any]]:
    return [
        {
            "key": "about",
            "title": "About you",
            "questions": [question("your_name", required=True), question("group_name"), question("has_sponsor", "yes_no"), sponsor()],
        },
        {
            "key": "project",
            "title": "Your project",
            "questions": [
                question("project_title", required=True),
                question("description", "long_text", required=True, max_words=200),
                question("site", "location"),
                question("photos", "file", max=3),
                question("helpers", "table", columns=[{"key": "name", "label": "Name", "type": "short_text"}, {"key": "proof", "label": "Proof", "type": "file"}]),
            ],
        },
        {"key": "money", "title": "Money", "questions": [question("amount", "money", required=True)]},
    ]  # fmt: skip


def sponsor() -> dict[str, Any]:
    return question(
        "sponsor", required=True, shown_when={"question": "has_sponsor", "op": "eq", "value": True}
    )


SUMMARY_KEYS = {
    "title": "project_title",
    "group": "group_name",
    "amount": "amount",
    "place": "site",
    "applicant": "your_name",
}


def make_call(**fields: Any) -> Any:
    """A published, open cycle with the form above. Call it in the city's scope."""
    cycle = CycleFactory(
        slug=fields.pop("slug", "tilden-2026"),
        decision_on=(timezone.now() + timedelta(days=30)).date(),
        **fields,
    )
    FormVersionFactory(cycle=cycle, definition=sections(), summary_keys=SUMMARY_KEYS)
    return cycle


def make_draft(
    applicant: Any, answers: dict[str, Any] | None = None, cycle: Any = None, **fields: Any
) -> Any:
    """A draft in an open call; by default with all answers that sending it needs."""
    cycle = cycle or make_call()
    version = cycle.forms.get()
    application = ApplicationFactory(
        applicant=applicant,
        form_version=version,
        cycle=cycle,
        city_slug=cycle.city.slug,
        city_name=cycle.city.name,
        **fields,
    )
    given = ANSWERS if answers is None else answers
    if given:
        outcome = save_page(
            application.pk, {key: (value, 0) for key, value in given.items()}, actor=applicant
        )
        assert not outcome.has_trouble
        application.refresh_from_db()
    return application


def filled(application: Any) -> FilledForm:
    return FilledForm.of(with_form().get(pk=application.pk))
