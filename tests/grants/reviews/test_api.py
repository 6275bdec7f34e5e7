import json

import pytest

from cities.tenancy.scopes import city_scope
from grants.applications.models import Answer, Conflict
from grants.reviews.models import Review
from grants.reviews.states import Status
from tests.people import sign_in
from tests.queries import count_statements

from .factories import FULL

pytestmark = pytest.mark.django_db
MINE = "/api/v1/cities/baltimore/review/"
DESK = "/api/v1/cities/baltimore/desk/"


def send(client, method, address, data=None):
    return getattr(client, method)(address, json.dumps(data or {}), content_type="application/json")


@pytest.fixture
def review(panel, application):
    return panel.review(application, panel.robert)


@pytest.fixture
def robert(client, panel):
    return sign_in(client, panel.robert, second_factor=False)


@pytest.fixture
def manager(client, panel):
    return sign_in(client, panel.manager)


def test_a_reviewer_goes_the_whole_way(robert, panel, application):
    review = panel.review(application, panel.robert, cleared_at=None)
    with city_scope(panel.city):
        Answer.objects.create(
            application=application, question="description", version=1, value="Six beds.", written_by=application.applicant
        )  # fmt: skip
    one = f"{MINE}{review.pk}/"

    listed = robert.get(MINE).json()["to_do"]
    closed = robert.get(one).json()
    early = send(robert, "patch", one, {"version": 0, "comment": "x"})
    opened = send(robert, "post", f"{one}opening/").json()
    saved = send(robert, "patch", one, {"version": 0, "scores": {"impact": "25"}}).json()
    left = send(robert, "post", f"{one}submission/", {"version": 1})
    rest = {**FULL, "scores": {"budget": "17.5"}, "version": 1}
    whole = send(robert, "patch", one, rest).json()
    sent = send(robert, "post", f"{one}submission/", {"version": 2}).json()
    again = send(robert, "post", f"{one}reopening/").json()

    assert [(row["reference"], row["is_open"]) for row in listed] == [(application.reference, False)]
    assert (closed["application"], closed["rubric"]["criteria"][0]["most"]) == (None, "30")
    assert early.status_code == 422
    assert opened["application"]["answers"]["description"] == "Six beds."
    assert (saved["version"], saved["total"], saved["most"]) == (1, "25", "55.5")
    assert (left.status_code, [one["place"] for one in left.json()["problems"]]) == (
        422,
        ["gates.workshop", "scores.budget"],
    )
    assert (whole["problems"], whole["total"]) == ([], "47.5")
    assert (sent["status"], sent["total"]) == ("submitted", "47.5")
    assert (again["status"], again["total"]) == ("assigned", "47.5")


@pytest.mark.django_db(transaction=True)
def test_saving_a_score_takes_nine_statements_at_most(robert, panel, review):
    one = f"{MINE}{review.pk}/"

    with count_statements() as statements:
        assert send(robert, "patch", one, {"version": 0, "scores": {"impact": "25"}}).status_code == 200

    assert len(statements) <= 9, "\n".join(statements)


def test_an_older_version_is_told_the_one_that_stands(robert, review):
    one = f"{MINE}{review.pk}/"
    send(robert, "patch", one, {"version": 0, "comment": "First"})

    late = send(robert, "patch", one, {"version": 0, "comment": "Second"})

    assert (late.status_code, late.json()["code"], late.json()["version"]) == (409, "conflict", 1)


def test_an_amount_is_taken_as_it_is_typed_or_in_cents(robert, panel, review):
    one = f"{MINE}{review.pk}/"

    typed = send(robert, "patch", one, {"version": 0, "recommended": "1,250.50"}).json()
    cents = send(robert, "patch", one, {"version": 1, "recommended_cents": 90_000}).json()
    empty = send(robert, "patch", one, {"version": 2, "recommended": ""}).json()
    wrong = send(robert, "patch", one, {"version": 3, "recommended": "a lot"})

    assert [one["recommended_cents"] for one in (typed, cents, empty)] == [125_050, 90_000, None]
    assert wrong.status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"scores": {"beauty": "1"}},
        {"scores": "x"},
        {"gates": {"workshop": "perhaps"}},
        {"scores": {"impact": "1" * 21}},
        {"recommended_cents": -1},
        {"version": "x"},
    ],
)
def test_what_does_not_fit_is_refused_and_nothing_kept(robert, panel, review, changes):
    answer = send(robert, "patch", f"{MINE}{review.pk}/", {"version": 0, **changes})

    assert answer.status_code in {400, 422}
    assert panel.now(review).version == 0


def test_a_reviewer_declares_a_conflict(robert, panel, review):
    answer = send(robert, "post", f"{MINE}{review.pk}/conflict/", {"kind": "group"})

    assert answer.status_code == 204
    assert panel.now(review).status == Status.RECUSED
    assert robert.get(f"{MINE}{review.pk}/").status_code == 403


def test_assigning_sharing_releasing_and_giving_back(manager, panel, application):
    other = panel.application()
    made = send(
        manager,
        "post",
        f"{DESK}reviews/",
        {"applications": [str(application.pk)], "reviewers": [str(panel.robert.pk)]},
    )
    twice = send(
        manager,
        "post",
        f"{DESK}reviews/",
        {"applications": [str(application.pk)], "reviewers": [str(panel.robert.pk)]},
    )
    shared = send(
        manager,
        "post",
        f"{DESK}reviews/sharing/",
        {
            "applications": [str(application.pk), str(other.pk)],
            "reviewers": [str(panel.robert.pk), str(panel.rosa.pk)],
            "each": 1,
            "due_on": "2099-01-01",
        },
    )
    released = manager.delete(f"{DESK}reviews/{made.json()[0]['id']}/")
    sent = panel.review(application, panel.rosa, sent=True)
    returned = send(manager, "post", f"{DESK}reviews/{sent.pk}/return/")

    assert (made.status_code, twice.status_code, shared.status_code) == (201, 409, 201)
    assert [(row["application"], row["reviewer"]) for row in shared.json()] == [
        (str(other.pk), str(panel.rosa.pk))
    ]
    assert released.status_code == 204
    assert (returned.status_code, returned.json()["status"]) == (200, "assigned")


def test_progress_with_loads(manager, panel, application):
    panel.review(application, panel.robert, sent=True)

    found = manager.get(f"{DESK}reviews/").json()

    assert (found["cycle"], found["count"]) == ("spring", 1)
    assert [(seat["name"], seat["status"], seat["total"]) for seat in found["results"][0]["reviews"]] == [
        ("Robert Hale", "submitted", "47.5")
    ]
    assert {load["name"]: load["done"] for load in found["reviewers"]}["Robert Hale"] == 1


def test_one_applications_reviews_and_conflicts(manager, panel, application):
    panel.review(application, panel.robert, sent=True, comment="Good.")
    noted = send(
        manager,
        "post",
        f"{DESK}applications/{application.pk}/conflicts/",
        {"person": str(panel.rosa.pk), "kind": "other"},
    )
    found = manager.get(f"{DESK}applications/{application.pk}/reviews/").json()
    lifted = send(manager, "post", f"{DESK}conflicts/{noted.json()['id']}/lifting/")
    stranger = send(
        manager,
        "post",
        f"{DESK}applications/{application.pk}/conflicts/",
        {"person": str(application.applicant_id), "kind": "other"},
    )

    assert noted.status_code == 201
    assert [one["sheet"]["comment"] for one in found["reviews"]] == ["Good."]
    assert [one["name"] for one in found["conflicts"]] == ["Rosa Diaz"]
    assert (lifted.status_code, stranger.status_code) == (204, 404)


def test_the_desk_declares_its_own_conflict(manager, panel, application):
    answer = send(manager, "post", f"{DESK}applications/{application.pk}/own-conflict/", {"kind": "money"})

    assert answer.status_code == 201
    assert manager.get(f"{DESK}applications/{application.pk}/reviews/").status_code == 403
    with city_scope(panel.city):
        assert Conflict.objects.get().person == panel.manager


def test_others_points_stay_hidden_over_the_api_too(client, panel, application):
    panel.review(application, panel.robert, sent=True, comment="CANARY")
    panel.review(application, panel.staff)
    sign_in(client, panel.staff)

    body = (
        client.get(f"{DESK}applications/{application.pk}/reviews/").content
        + client.get(f"{DESK}reviews/").content
    )

    assert b"CANARY" not in body
    assert b"47.5" not in body
    with city_scope(panel.city):
        assert Review.objects.count() == 2


def test_of_ones_own_application_progress_counts_no_scores(manager, panel):
    own = panel.application(applicant=panel.manager, score_mean="33.33", assigned_count=2, scored_count=1)

    (row,) = [row for row in manager.get(f"{DESK}reviews/").json()["results"] if row["id"] == str(own.pk)]

    assert (row["scored_count"], row["score_mean"], row["reviews"]) == (None, None, [])
