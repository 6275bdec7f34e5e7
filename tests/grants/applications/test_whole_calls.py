"""Whole calls, real ones and one that nobody has seen: applied to through the pages and over the API."""

import json

import pytest
from django.core.management import call_command

from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application
from grants.applications.queries import digest_of
from grants.cycles.models import Cycle
from grants.cycles.questions import BoundQuestion, Budget, Kind, visible_keys
from grants.cycles.questions.posting import file_columns
from tests.grants.applications.forms import filled
from tests.grants.applications.uploads.making import picture, sent
from tests.grants.cycles.samples import (
    REAL_CALLS,
    browser_post,
    needs_real_calls,
    sample_answers,
    unseen_call,
)
from tests.people import sign_in

CALLS = [
    pytest.param(None, id="unseen"),
    *[pytest.param(path, id=path.stem, marks=[pytest.mark.real, needs_real_calls]) for path in REAL_CALLS],
]


class Call:
    """An imported call, open now, with an answer to everything it asks."""

    def __init__(self, cycle):
        self.cycle, self.city = cycle, cycle.city
        with city_scope(self.city):
            self.form = cycle.forms.get(is_applied_with=True).form
        self.answers = sample_answers(self.form, Budget.from_json(cycle.budget))
        self.visible = visible_keys(self.form, self.answers)

    def value(self, question):
        """The answer without its files: those come as files."""
        value = self.answers.get(question.key)
        if question.type == Kind.FILE:
            return None
        drop = set(file_columns(question))
        return (
            [{key: cell for key, cell in row.items() if key not in drop} for row in value]
            if drop and value
            else value
        )

    def files(self, question):
        """How many files the question needs, and in which cells."""
        if question.key not in self.visible:
            return []
        if question.type == Kind.FILE:
            return [()] * len(self.answers[question.key])
        return (
            [(row["_id"], column) for row in self.answers[question.key] for column in file_columns(question)]
            if file_columns(question)
            else []
        )

    def application(self):
        with city_scope(self.city):
            return Application.objects.get()


@pytest.fixture(params=CALLS)
def call(request, db, tmp_path, files):
    path = request.param
    if path is None:
        path = tmp_path / "call.json"
        path.write_text(json.dumps(unseen_call()))
    call_command("import_call", str(path), "--shift", "--fill")
    city = City.objects.get(slug=json.loads(path.read_text())["city"]["slug"])
    with city_scope(city):
        cycle = Cycle.objects.select_related("city").get()
        if cycle.opens_at and not cycle.is_open():
            Cycle.objects.update(opens_at=cycle.created_at)
            cycle.refresh_from_db()
    return Call(cycle)


def photos():
    number = 0
    while True:
        number += 1
        yield sent(picture(color=(number % 256, number * 7 % 256, 90)), f"photo {number}.jpg")


def test_everybody_can_read_it(client, call):
    home = f"/{call.city.slug}/calls/{call.cycle.slug}/"

    assert call.cycle.name.split(",")[0] in client.get(home).text.replace("&#x27;", "'")
    assert client.get(f"{home}check/").status_code == 200
    assert client.get(home, headers={"accept-language": "es"}).status_code == 200


def test_it_is_applied_to_through_its_pages(client, call, resident):
    sign_in(client, resident, second_factor=False)
    supply = photos()
    started = client.post(f"/{call.city.slug}/apply/{call.cycle.slug}/", {"name": "Odessa Rhee"})
    overview = started["Location"]

    for section in call.form.sections:
        asked = [question for question in section.questions if question.key in call.visible]
        if not asked:
            continue
        assert client.get(f"{overview}{section.key}/").status_code == 200
        posted = browser_post(BoundQuestion(question, value=call.value(question)) for question in asked)
        for question in asked:
            for place in call.files(question):
                posted.setdefault(".".join(("f", question.key, *place)), []).append(next(supply))
        answer = client.post(f"{overview}{section.key}/", posted)
        assert answer.status_code == 302, (section.key, answer.context["page"].errors)

    review = client.get(f"{overview}check-answers/")
    assert review.context["missing"] == []
    assert review.context["findings"] == ()
    assert (
        client.post(f"{overview}check-answers/", {"declaration": "on"})["Location"] == f"{overview}thank-you/"
    )
    application = call.application()
    assert application.status == "submitted"
    assert application.answered_count == application.question_count == len(call.visible)
    for page in ("", "thank-you/", "check-answers/"):
        assert client.get(f"{overview}{page}").status_code == 200


def test_it_is_applied_to_over_the_api(client, call, resident):
    sign_in(client, resident, second_factor=False)
    supply, api = photos(), f"/api/v1/cities/{call.city.slug}/applications/"
    path = (
        f"{api}{client.post(api, {'call': call.cycle.slug}, content_type='application/json').json()['id']}/"
    )

    for question in call.form.questions:
        if question.key in call.visible and question.type != Kind.FILE:
            saved = client.put(
                f"{path}answers/{question.key}/",
                {"value": call.value(question), "version": 0},
                content_type="application/json",
            )
            assert (saved.status_code, saved.json().get("problems")) == (200, []), question.key
        for place in call.files(question):
            told = {
                "question": question.key,
                "file": next(supply),
                **dict(zip(("row", "column"), place, strict=False)),
            }
            assert client.post(f"{path}files/", told).status_code == 201

    sent_in = client.post(f"{path}submission/", {"declaration": True}, content_type="application/json")
    assert (sent_in.status_code, sent_in.json().get("missing"), sent_in.json().get("findings")) == (
        200,
        [],
        [],
    )
    application = call.application()
    with city_scope(call.city):
        assert digest_of(filled(application)) == application.answers_hash
