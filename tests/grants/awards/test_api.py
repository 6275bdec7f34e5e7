"""Awards over the API: the deeds of the pages, with idempotency keys."""

import pytest
from django.test import Client

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application, Conflict
from grants.awards.models import Award
from grants.awards.rows import OF_REVIEWS
from grants.reviews.models import Review
from grants.reviews.queries import seats_of, unread_by
from grants.reviews.states import Status as ReviewStatus
from tests.factories import make_member
from tests.people import sign_in

from .factories import fund, make_application, make_award

API = "/api/v1/cities/tilden/"


@pytest.fixture
def client(manager):
    return sign_in(Client(), manager)


@pytest.fixture
def rows(city):
    with city_scope(city):
        first = make_application(score_mean=80)
        second = make_application(form_version=first.form_version, score_mean=90)
        fund(first.cycle, 200_000)
    return [first, second]


def send(client, path, body=None, key="k1", method="post"):
    headers = {"idempotency-key": key} if key else {}
    return getattr(client, method)(
        f"{API}{path}", body or {}, content_type="application/json", headers=headers
    )


def offers(*rows, cents=50_000):
    return {"offers": [{"application": str(row.pk), "amount_cents": cents} for row in rows]}


def test_the_ranking_gives_rows_in_order_with_the_money(client, rows):
    body = client.get(f"{API}ranking/").json()

    assert [row["id"] for row in body["results"]] == [str(rows[1].pk), str(rows[0].pk)]
    assert (body["available_cents"], body["committed_cents"], body["currency"]) == (200_000, 0, "USD")


@pytest.fixture
def own(city, rows, manager):
    """The manager's own application, best of three in everything that reviewers say."""
    with city_scope(city):
        return make_application(
            form_version=rows[0].form_version,
            applicant=manager,
            title="Mine",
            score_mean=95,
            score_spread=50,
            scored_count=3,
            assigned_count=3,
            recommended_cents=77_700,
        )


@pytest.mark.parametrize("key", ["score", "spread", "scores", "recommended"])
@pytest.mark.parametrize("direction", ["", "-"])
def test_ones_own_row_tells_no_score_and_stands_last(client, own, key, direction):
    last = client.get(f"{API}ranking/?sort={direction}{key}").json()["results"][-1]

    assert last["id"] == str(own.pk)
    assert {last[name] for name in OF_REVIEWS} == {None}
    assert (last["is_below_minimum"], last["fails_gate"], last["title"]) == (False, False, "Mine")


@pytest.mark.parametrize("asked", ["least=1", "least=95", "complete=on"])
def test_a_filter_by_scores_leaves_out_ones_own_row(client, city, own, asked):
    colleague = sign_in(Client(), make_member(city, Role.MANAGER))

    found, theirs = (
        [row["title"] for row in browser.get(f"{API}ranking/?{asked}").json()["results"]]
        for browser in (client, colleague)
    )

    assert "Mine" not in found
    assert "Mine" in theirs


def test_the_page_shows_no_score_of_ones_own_row(client, city, own):
    page = client.get("/tilden/staff/awards/").content.decode()
    theirs = sign_in(Client(), make_member(city, Role.MANAGER)).get("/tilden/staff/awards/").content.decode()

    told = ["<strong>95</strong>", ">3/3<", 'value="77700"']
    assert [words in page for words in told] == [False, False, False]
    assert [words in theirs for words in told] == [True, True, True]
    assert "Mine" in page


@pytest.fixture
def unread(city, rows, manager):
    """The manager has yet to send their own scores of the best of three, which a colleague scored."""
    colleague = make_member(city, Role.REVIEWER)
    with city_scope(city):
        cycle = rows[0].cycle
        cycle.rubric = {
            "gates": [{"key": "workshop", "label": "Came?"}], "criteria": [], "bonus": [], "minimum_total": 48,
        }  # fmt: skip
        cycle.save()
        application = make_application(
            form_version=rows[0].form_version,
            title="Unread",
            score_mean="47.50",
            score_spread=50,
            scored_count=1,
            assigned_count=1,  # of an import, say: the filter leaves it out all the same
            recommended_cents=77_700,
        )
        Application.objects.filter(pk__in=[row.pk for row in rows]).update(
            score_mean=20, score_spread=1, recommended_cents=10_000
        )
        Review.objects.create(application=application, reviewer=manager)
        Review.objects.create(
            application=application,
            reviewer=colleague,
            status=ReviewStatus.SUBMITTED,
            total="47.50",
            passes_gates=False,
            submitted_at=application.submitted_at,
        )
    return application


@pytest.mark.parametrize("key", ["score", "spread", "scores", "recommended"])
@pytest.mark.parametrize("direction", ["", "-"])
def test_a_row_that_waits_for_ones_own_scores_tells_none_and_stands_last(client, unread, key, direction):
    last = client.get(f"{API}ranking/?sort={direction}{key}").json()["results"][-1]

    assert last["id"] == str(unread.pk)
    assert {last[name] for name in OF_REVIEWS} == {None}
    assert (last["is_below_minimum"], last["fails_gate"], last["title"]) == (False, False, "Unread")


@pytest.mark.parametrize("asked", ["least=1", "least=47.5", "complete=on"])
def test_a_filter_by_scores_leaves_out_what_waits_for_ones_own(client, city, unread, asked):
    colleague = sign_in(Client(), make_member(city, Role.MANAGER))

    bodies = [browser.get(f"{API}ranking/?{asked}").json() for browser in (client, colleague)]

    found, theirs = ([row["title"] for row in body["results"]] for body in bodies)
    assert "Unread" not in found
    assert "Unread" in theirs


def test_the_ranking_page_shows_no_score_of_a_row_that_waits_for_ones_own(client, city, unread):
    page = client.get("/tilden/staff/awards/").content.decode()
    theirs = sign_in(Client(), make_member(city, Role.MANAGER)).get("/tilden/staff/awards/").content.decode()

    told = ["<strong>47.50</strong>", ">1/1<", 'value="77700"', "A gate isn’t passed"]
    assert [words in page for words in told] == [False] * 4
    assert [words in theirs for words in told] == [True] * 4
    assert ("Shown once your scores are in" in page, "Shown once your scores are in" in theirs) == (
        True,
        False,
    )


def test_scores_show_in_the_ranking_once_ones_own_are_in(client, city, unread, manager):
    with city_scope(city):
        Review.objects.filter(reviewer=manager).update(
            status=ReviewStatus.SUBMITTED, total=40, submitted_at=unread.submitted_at
        )

    first = client.get(f"{API}ranking/").json()["results"][0]

    assert (first["title"], first["score_mean"]) == ("Unread", "47.50")


def test_the_page_that_declines_shows_no_score_of_what_waits_for_ones_own(client, city, unread):
    browsers = [client, sign_in(Client(), make_member(city, Role.MANAGER))]

    pages = [
        browser.post("/tilden/staff/awards/refuse/", {"selected": str(unread.pk)}).content.decode()
        for browser in browsers
    ]

    assert ["Unread" in page for page in pages] == [True, True]
    assert ["47.50" in page for page in pages] == [False, True]


@pytest.mark.parametrize("status", ReviewStatus)
def test_the_ranking_hides_scores_where_the_pages_of_reviews_do(city, unread, manager, status):
    colleague = make_member(city, Role.STAFF)
    with city_scope(city):
        Review.objects.filter(reviewer=manager).update(
            status=status, total=40, submitted_at=unread.submitted_at
        )
        hidden = {row["application"] for row in unread_by(manager)}

        assert (unread.pk in hidden) is seats_of([unread.pk])[unread.pk].hides_scores_from(manager)
        assert not {row["application"] for row in unread_by(colleague)}


def test_the_same_key_and_body_award_once(client, city, rows):
    answers = [send(client, "awards/", offers(*rows)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [201, 201]
    assert answers[0].json() == answers[1].json()
    with city_scope(city):
        assert Award.objects.count() == 2


def test_the_same_key_with_another_body_is_refused(client, rows):
    send(client, "awards/", offers(rows[0]))

    assert send(client, "awards/", offers(rows[1])).status_code == 422


def test_a_money_call_needs_a_key(client, rows):
    assert send(client, "awards/", offers(rows[0]), key="").status_code == 422


def test_awards_beyond_the_pool_are_refused_in_words_and_remembered(client, city, rows):
    answers = [send(client, "awards/", offers(*rows, cents=150_000)) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [422, 422]
    assert "$1,000.00 is missing" in answers[0].json()["detail"]
    assert answers[0].json()["detail"] == answers[1].json()["detail"]
    with city_scope(city):
        assert not Award.objects.exists()


def test_a_decided_application_answers_with_a_conflict(client, rows):
    send(client, "awards/", offers(rows[0]))

    assert send(client, "awards/", offers(rows[0]), key="k2").status_code == 409


def test_refusals_and_their_undoing(client, city, rows):
    refused = send(
        client, "refusals/", {"refusals": [{"application": str(rows[0].pk), "reason": "Too late."}]}
    )
    undone = send(client, f"applications/{rows[0].pk}/refusal/", method="delete")

    assert (refused.status_code, undone.status_code) == (200, 200)
    with city_scope(city):
        assert Application.objects.get(pk=rows[0].pk).status == "eligible"


def test_the_applicant_answers_and_reads(city):
    with city_scope(city):
        yes, no = make_award(), make_award()
    accepted = send(
        sign_in(Client(), yes.applicant),
        f"awards/{yes.pk}/acceptance/",
        {"payee_name": "Rosa", "agrees": True},
    )
    unread = send(
        sign_in(Client(), no.applicant),
        f"awards/{no.pk}/acceptance/",
        {"payee_name": "Rosa", "agrees": False},
        key="k2",
    )
    declined = send(
        sign_in(Client(), no.applicant), f"awards/{no.pk}/refusal/", {"reason": "We moved."}, key="k3"
    )

    assert (accepted.json()["status"], declined.json()["status"]) == ("accepted", "declined")
    assert unread.status_code == 400
    assert sign_in(Client(), yes.applicant).get(f"{API}awards/{yes.pk}/").json()["payee_name"] == "Rosa"


def test_an_offer_is_taken_back_and_listed_so(client, city):
    with city_scope(city):
        award = make_award()

    answer = send(client, f"awards/{award.pk}/rescission/", {"reason": "The lot was sold."})

    assert answer.json()["status"] == "rescinded"
    assert [row["id"] for row in client.get(f"{API}awards/?status=rescinded").json()["results"]] == [
        str(award.pk)
    ]


def test_whoever_has_a_conflict_reads_and_decides_nothing(client, city, manager):
    with city_scope(city):
        award = make_award()
        Conflict.objects.create(
            application=award.application, person=manager, kind="family", declared_by=manager
        )

    assert client.get(f"{API}awards/{award.pk}/").status_code == 403
    assert send(client, f"awards/{award.pk}/rescission/", {"reason": "x"}).status_code == 403
    assert client.get(f"{API}awards/").json()["results"] == []
    assert client.get(f"{API}ranking/").json()["results"] == []


def test_finance_reads_and_does_not_decide(city, rows):
    browser = sign_in(Client(), make_member(city, Role.FINANCE))

    assert browser.get(f"{API}ranking/").status_code == 200
    assert send(browser, "awards/", offers(rows[0])).status_code == 403


@pytest.mark.parametrize(("said", "conditions"), [({}, "Keep receipts."), ({"conditions": ""}, "")])
def test_conditions_left_out_are_those_of_the_call_and_empty_ones_are_none(
    client, city, rows, said, conditions
):
    with city_scope(city):
        cycle = rows[0].cycle
        cycle.award_terms = {**cycle.award_terms, "conditions": ["Keep receipts."]}
        cycle.save()

    assert send(client, "awards/", {**offers(rows[0]), **said}).status_code == 201
    with city_scope(city):
        assert Award.objects.get().conditions == conditions
