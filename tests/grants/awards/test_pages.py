"""The ranking, the way to a decision, and the resident's answer, in a client without JavaScript."""

import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.template.loader import render_to_string
from django.test import Client
from django.utils import timezone

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application, Conflict
from grants.awards.actions import award_application, decline_application, rescind_award
from grants.awards.models import Award
from grants.cycles.funding.queries import Standing
from grants.cycles.models import Cycle
from grants.reviews.models import Review
from tests.factories import CycleFactory, FormVersionFactory, UserFactory, make_member
from tests.people import sign_in
from tests.queries import count_statements

from .factories import fund, make_application, make_award

URL = "/tilden/staff/awards/"


@pytest.fixture
def call(city):
    """A closed call with 3,000 dollars and three scored applications."""
    with city_scope(city):
        rubric = {"gates": [{"key": "lot"}], "criteria": [], "bonus": [], "minimum_total": 60, "reviewers": 3}
        cycle = CycleFactory(slug="spring", rubric=rubric, closes_at=timezone.now() - timedelta(days=1))
        version = FormVersionFactory(cycle=cycle)
        fund(cycle, 300_000)
        for number, mean in enumerate([88, 72, 55]):
            make_application(
                form_version=version,
                title=f"Project {number}",
                neighborhood=["Oak", "Elm", "Elm"][number],
                score_mean=Decimal(mean),
                score_spread=Decimal(4),
                scored_count=3,
                assigned_count=3,
                recommended_cents=140_000,
                latitude=41.8,
                longitude=-87.6,
            )
        return cycle


@pytest.fixture
def rows(city, call):
    with city_scope(city):
        return list(Application.objects.order_by("title"))


@pytest.fixture
def client(manager):
    return sign_in(Client(), manager)


def key_in(response):
    return re.search(r'name="key" value="(\w+)"', response.content.decode())[1]


def titles(response):
    return re.findall(r"data-row-link>([^<]+)<", response.content.decode())


def test_the_best_score_stands_first_and_the_address_sorts_and_filters(client, call):
    assert titles(client.get(URL)) == ["Project 0", "Project 1", "Project 2"]
    assert titles(client.get(URL, {"sort": "score"})) == ["Project 2", "Project 1", "Project 0"]
    assert titles(client.get(URL, {"neighborhood": "Elm"})) == ["Project 1", "Project 2"]
    assert titles(client.get(URL, {"least": "80"})) == ["Project 0"]
    assert titles(client.get(URL, {"decision": "awarded"})) == []


def test_a_map_stands_there_only_where_it_would_show_something(client, city, rows):
    words, staff = "Where the money would go", sign_in(Client(), make_member(city, Role.STAFF))

    assert words in client.get(URL).content.decode()
    assert words not in staff.get(URL).content.decode()


def test_the_ranking_marks_low_scores_and_failed_gates(client, city, rows):
    with city_scope(city):
        Review.objects.create(
            application=rows[0],
            reviewer=UserFactory(),
            status="submitted",
            total=88,
            passes_gates=False,
            submitted_at=timezone.now(),
        )

    page = client.get(URL).content.decode()

    assert page.count("Below the minimum") == 1
    assert page.count("A gate isn’t passed") == 1


def test_a_manager_with_a_conflict_does_not_see_the_file(client, city, manager, rows):
    with city_scope(city):
        Conflict.objects.create(application=rows[0], person=manager, kind="family", declared_by=manager)

    assert titles(client.get(URL)) == ["Project 1", "Project 2"]
    answer = client.post(f"{URL}offer/", {"selected": [rows[0].pk], f"amount-{rows[0].pk.hex}": "10"})
    assert rows[0].reference not in answer.content.decode()


def test_recalculate_says_what_is_left(client, rows):
    typed = {f"amount-{row.pk.hex}": "1,250.50" for row in rows}

    page = client.post(f"{URL}money-left/", {"selected": [rows[0].pk, rows[1].pk], **typed}).content.decode()

    assert "$2,501" in page
    assert "$499" in page
    assert len(re.findall(r"selected[^>]* checked", page)) == 2
    assert 'value="1,250.50"' in page


def test_an_unreadable_amount_is_said_beside_its_row(client, rows):
    answer = client.post(f"{URL}offer/", {"selected": [rows[0].pk], f"amount-{rows[0].pk.hex}": "a lot"})

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.content.decode()


def test_ticked_rows_are_awarded_once_it_is_confirmed(client, city, rows):
    typed = {f"amount-{row.pk.hex}": "1400" for row in rows}
    confirm = client.post(
        f"{URL}offer/", {"selected": [rows[0].pk, rows[1].pk], **typed, "address": "?cycle=spring"}
    )
    page = confirm.content.decode()
    offers = re.search(r'name="offers" value="([^"]+)"', page)[1]

    assert "Award 2 applications?" in page
    assert "$200" in page
    body = {"confirmed": "1", "offers": offers, "key": key_in(confirm), "address": "?cycle=spring"}
    done = client.post(f"{URL}offer/", body)
    again = client.post(f"{URL}offer/", body)

    assert (done.status_code, done.url) == (again.status_code, again.url) == (302, f"{URL}?cycle=spring")
    with city_scope(city):
        assert Award.objects.count() == 2
        assert Application.objects.filter(award_status="offered", awarded_cents=140_000).count() == 2


def test_conditions_that_are_deleted_before_the_offer_stay_deleted(client, city, call, rows):
    with city_scope(city):
        call.award_terms = {**call.award_terms, "conditions": ["Keep receipts."]}
        call.save()
    confirm = client.post(f"{URL}offer/", {"selected": [rows[0].pk], f"amount-{rows[0].pk.hex}": "1400"})
    offers = re.search(r'name="offers" value="([^"]+)"', confirm.content.decode())[1]
    client.post(
        f"{URL}offer/", {"confirmed": "1", "offers": offers, "key": key_in(confirm), "conditions": ""}
    )

    assert "Keep receipts." in confirm.content.decode()
    with city_scope(city):
        assert Award.objects.get().conditions == ""


def test_a_day_to_answer_that_is_over_comes_back_next_to_its_field(client, city, rows):
    confirm = client.post(f"{URL}offer/", {"selected": [rows[0].pk], f"amount-{rows[0].pk.hex}": "1400"})
    offers = re.search(r'name="offers" value="([^"]+)"', confirm.content.decode())[1]
    body = {"confirmed": "1", "offers": offers, "key": key_in(confirm), "answer_by_on": "2020-01-01"}

    refused = client.post(f"{URL}offer/", body)

    assert list(refused.context["form"].errors) == ["answer_by_on"]
    assert 'value="2020-01-01"' in refused.content.decode()
    with city_scope(city):
        assert not Award.objects.exists()


def test_beyond_the_pool_the_page_says_what_is_missing_and_awards_nothing(client, city, rows):
    typed = {f"amount-{row.pk.hex}": "1500" for row in rows}

    confirm = client.post(f"{URL}offer/", {"selected": [row.pk for row in rows], **typed})
    offers = re.search(r'name="offers" value="([^"]+)"', confirm.content.decode())[1]
    refused = client.post(f"{URL}offer/", {"confirmed": "1", "offers": offers, "key": key_in(confirm)})

    assert "$1,500.00 is missing" in confirm.content.decode()
    assert refused.status_code == 422
    assert "$1,500.00 is missing" in refused.content.decode()
    with city_scope(city):
        assert not Award.objects.exists()


def test_ticked_rows_are_declined_with_one_reason_or_their_own(client, city, rows):
    picked = {"selected": [rows[1].pk, rows[2].pk]}
    confirm = client.post(f"{URL}refuse/", picked)
    no_reason = client.post(f"{URL}refuse/", {**picked, "confirmed": "1", "reason": ""})
    done = client.post(
        f"{URL}refuse/",
        {**picked, "confirmed": "1", "reason": "Too few scores.", f"reason-{rows[2].pk}": "No permit."},
    )

    assert "Decline 2 applications?" in confirm.content.decode()
    assert no_reason.status_code == 422
    assert done.status_code == 302
    with city_scope(city):
        reasons = dict(Application.objects.filter(status="unfunded").values_list("title", "decision_reason"))
    assert reasons == {"Project 1": "Too few scores.", "Project 2": "No permit."}


def test_what_the_strip_says_is_left_is_what_may_be_awarded(city):
    """Money that was paid is promised no less than money that waits to be paid."""
    standing = Standing(available_cents=2_225_832, committed_cents=1_191_168, paid_cents=183_000)

    strip = render_to_string("grants/awards/money_strip.html", {"standing": standing, "city": city})

    assert re.search(r'part--left">.*?value="(\d+)"', strip)[1] == "2225832"


def test_a_no_is_taken_back_from_the_ranking(client, city, rows, manager):
    with city_scope(city):
        decline_application(rows[0].pk, reason="x", actor=manager)
    address = f"{URL}decisions/{rows[0].pk}/undo/"

    assert f"decisions/{rows[0].pk}/undo/" in client.get(URL).content.decode()
    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    with city_scope(city):
        assert Application.objects.get(pk=rows[0].pk).status == "eligible"


@pytest.mark.parametrize("deed", ["money-left/", "offer/", "refuse/"])
def test_what_is_only_posted_leads_back_when_it_is_opened(client, call, deed):
    assert client.get(f"{URL}{deed}?sort=title").url.startswith(URL)


def test_four_hundred_rows_stay_light(client, city, call):
    with city_scope(city):
        version = call.forms.get()
        person = UserFactory()
        Application.objects.bulk_create(
            make_rows(version, person, 397),
        )

    with count_statements() as statements:
        answer = client.get(URL)

    assert len(titles(answer)) == 400
    assert len(statements) <= 10, "\n".join(statements)
    assert len(answer.content) < 400_000


def make_rows(version, person, count):
    return [
        Application(
            city_id=version.city_id,
            cycle=version.cycle,
            form_version=version,
            applicant=person,
            reference=f"TIL-2026-9{number:03}",
            status="eligible",
            title=f"A garden and a mural on Tilden Street {number}",
            applicant_name="Odessa Rhee",
            group_name="Tilden Street Neighbors",
            neighborhood="Oak Park",
            requested_cents=150_000,
            score_mean=Decimal(50),
            submitted_at=timezone.now(),
            answers_hash="0" * 64,
            cycle_name="Spring",
            city_name="Tilden",
        )
        for number in range(count)
    ]


@pytest.mark.parametrize("page", ["", "list/"])
@pytest.mark.parametrize("count", [1, 3])
def test_lists_ask_the_same_number_of_statements_for_one_and_three(client, city, manager, page, count):
    with city_scope(city):
        version = FormVersionFactory(cycle=CycleFactory(slug="spring"))
        for _ in range(count):
            make_award(application=make_application(form_version=version, latitude=1.0, longitude=1.0))

    with count_statements() as statements:
        assert client.get(f"{URL}{page}").status_code == 200

    assert len(statements) <= 10, "\n".join(statements)


def test_the_list_of_awards_counts_by_status_and_sums(client, city):
    with city_scope(city):
        version = FormVersionFactory()
        for accepted in (True, False):
            make_award(application=make_application(form_version=version), is_accepted=accepted)

    page = client.get(f"{URL}list/?status=accepted").content.decode()

    assert len(titles(client.get(f"{URL}list/"))) == 2
    assert page.count("data-row-link") == 1
    assert "$1,200" in page


def test_the_count_is_of_all_that_have_the_status_however_many_are_shown(client, city, monkeypatch):
    monkeypatch.setattr("grants.awards.listing.MANY", 1)
    with city_scope(city):
        version = FormVersionFactory()
        for accepted in (True, True, False):
            make_award(application=make_application(form_version=version), is_accepted=accepted)

    found = [
        client.get("/api/v1/cities/tilden/awards/", query).json()
        for query in ({}, {"status": "accepted"}, {"status": "rescinded"})
    ]

    assert [(body["count"], len(body["results"])) for body in found] == [(3, 1), (2, 1), (0, 0)]


def test_what_was_taken_back_is_not_in_the_sum_of_all_awards(client, city, manager):
    with city_scope(city):
        version = FormVersionFactory()
        for _each in range(2):
            award = make_award(application=make_application(form_version=version))
        rescind_award(award.pk, reason="The lot was sold", actor=manager)

    def total(**query):
        page = client.get(f"{URL}list/", query)
        return page.context["listing"].total_cents, "without what was declined" in page.content.decode()

    assert total() == (120_000, True)
    assert total(status="rescinded") == (120_000, False)


def test_how_an_award_is_paid_is_said_in_words(client, city):
    with city_scope(city):
        cycle = CycleFactory(slug="spring")
        cycle.award_terms = {**cycle.award_terms, "payment_modes": ["city_buys"]}
        cycle.save()
        award = make_award(application=make_application(form_version=FormVersionFactory(cycle=cycle)))
    page = client.get(f"{URL}{award.pk}/").content.decode()

    assert "The city buys the materials" in page
    assert "city_buys" not in page


def test_an_award_shows_its_history_and_can_be_taken_back(client, city):
    with city_scope(city):
        award = make_award()
    detail = client.get(f"{URL}{award.pk}/")
    confirm = client.get(f"{URL}{award.pk}/take-back/")
    refused = client.post(f"{URL}{award.pk}/take-back/", {"key": key_in(confirm), "reason": ""})
    done = client.post(f"{URL}{award.pk}/take-back/", {"key": key_in(refused), "reason": "The lot was sold."})

    assert "offered an award of $1,200.00" in detail.content.decode()
    assert (refused.status_code, done.status_code) == (422, 302)
    page = client.get(f"{URL}{award.pk}/").content.decode()
    assert "The lot was sold." in page
    assert "Take the offer back" not in page


def test_a_taken_back_offer_names_its_application_among_those_to_decide(client, city):
    with city_scope(city):
        award = make_award()
        cycle = Cycle.objects.get()
    client.post(f"{URL}{award.pk}/take-back/", {"key": "k", "reason": "x"})

    assert titles(client.get(URL, {"cycle": cycle.slug, "decision": "ready"})) == ["Tilden Street garden"]


@pytest.fixture
def offer(city):
    with city_scope(city):
        return make_award(city_slug="tilden", group_name="Tilden Street Neighbors")


def as_applicant(award):
    return sign_in(Client(), award.applicant)


def test_a_resident_accepts_with_a_payee_and_agreement(offer, city):
    browser, url = as_applicant(offer), f"/tilden/awards/{offer.pk}/answer/"
    page = browser.get(url)
    half = browser.post(url, {"key": key_in(page), "payee_name": "Riverbend CDC"})
    body = {"key": key_in(half), "payee_name": "Riverbend CDC", "agrees": "on"}
    done = browser.post(url, body)
    twice = browser.post(url, body)

    assert "Tilden offers you $1,200" in page.content.decode()
    assert "Tilden Street Neighbors" in page.content.decode()
    assert (half.status_code, done.status_code, twice.status_code) == (422, 302, 302)
    assert "You said yes" in browser.get(url).content.decode()
    with city_scope(city):
        assert Award.objects.get().payee_name == "Riverbend CDC"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"status": "accepted"}, "The city prepares the payment"),
        ({"status": "accepted", "payment_mode": "reimbursement"}, "Then the city pays you back."),
        ({"status": "accepted", "paid_cents": 60_000}, "So far the city paid"),
        ({"status": "completed", "paid_cents": 120_000}, "Your project is complete"),
    ],
)
def test_the_page_of_a_yes_says_what_comes_next(city, fields, words):
    sentences = [
        "The city prepares the payment",
        "Then the city pays you back.",
        "So far the city paid",
        "Your project is complete",
    ]
    context = {"city": city, "award": Award(**fields), "amount": "$1,200"}

    page = render_to_string("grants/awards/answered.html", context)

    assert [sentence for sentence in sentences if sentence in page] == [words]
    assert ("$600" in page, "&lt;" in page) == (fields.get("paid_cents") == 60_000, False)


def test_a_resident_says_no_after_reading_what_it_means(offer, city):
    browser, url = as_applicant(offer), f"/tilden/awards/{offer.pk}/answer/no/"

    done = browser.post(url, {"key": key_in(browser.get(url)), "reason": "We moved."})

    assert done.url == f"/tilden/apply/{offer.application_id}/"
    assert browser.get(url).status_code == 302
    assert "You said no" in browser.get(f"/tilden/awards/{offer.pk}/answer/").content.decode()
    with city_scope(city):
        assert Award.objects.get().answer_reason == "We moved."


def test_an_offer_that_was_taken_back_says_so(offer, city, manager, client):
    client.post(f"{URL}{offer.pk}/take-back/", {"key": "k", "reason": "The lot was sold."})

    page = as_applicant(offer).get(f"/tilden/awards/{offer.pk}/answer/").content.decode()

    assert "The lot was sold." in page
    assert "Yes, I accept" not in page


def test_the_way_from_an_application_to_its_award_follows_the_status(offer, city):
    url = f"/tilden/awards/of/{offer.application_id}/"

    assert as_applicant(offer).get(url).url == f"/tilden/awards/{offer.pk}/answer/"
    assert sign_in(Client(), UserFactory()).get(url).status_code == 404
    with city_scope(city):
        accepted = make_award(is_accepted=True)
    answer = as_applicant(accepted).get(f"/tilden/awards/of/{accepted.application_id}/")
    assert answer.url == f"/tilden/awards/{accepted.pk}/"


def test_nobody_else_reads_an_offer(offer, city):
    url = f"/tilden/awards/{offer.pk}/answer/"

    assert sign_in(Client(), UserFactory()).get(url).status_code == 403
    assert sign_in(Client(), make_member(city, Role.STAFF)).post(url, {}).status_code == 403


def test_finance_reads_the_ranking_and_decides_nothing(city, rows):
    browser = sign_in(Client(), make_member(city, Role.FINANCE))

    page = browser.get(URL).content.decode()

    assert "data-row-check" not in page
    assert browser.post(f"{URL}offer/", {}).status_code == 403


def test_an_award_of_ones_own_application_is_not_offered_to_tick(city, manager, client, rows):
    with city_scope(city):
        Application.objects.filter(pk=rows[0].pk).update(applicant=manager)

    assert client.get(URL).content.decode().count("data-row-check") == 2


def test_in_an_archived_call_there_is_nothing_to_tick(city, client, rows):
    with city_scope(city):
        Cycle.objects.update(status="archived")

    page = client.get(URL).content.decode()

    assert "data-row-check" not in page
    assert "This call is archived" in page


def test_ranking_without_a_call_says_how_to_begin(client):
    assert "No call has opened yet" in client.get(URL).content.decode()


def test_the_award_that_came_before_can_be_followed_by_another(city, manager, client, offer):
    client.post(f"{URL}{offer.pk}/take-back/", {"key": "k", "reason": "x"})

    with city_scope(city):
        again = award_application(offer.application_id, amount_cents=1_000, actor=manager)

    assert (
        as_applicant(offer)
        .get(f"/tilden/awards/of/{offer.application_id}/")
        .url.endswith(f"{again.pk}/answer/")
    )
