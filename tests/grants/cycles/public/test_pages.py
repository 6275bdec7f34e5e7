import re
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from cities.tenancy.scopes import city_scope
from grants.cycles.public.queries import _workshop
from grants.cycles.states import Status
from tests.factories import CycleFactory, FormVersionFactory, make_city
from tests.queries import count_statements

LIVES_HERE = {
    "key": "lives_here", "label": "Do you live here?", "type": "yes_no", "options": [],
    "must": {"words": "You live in the city.", "test": {"op": "eq", "value": True}}, "stops": True,
}  # fmt: skip
HELPERS = {
    "key": "helpers", "label": "How many helpers?", "type": "number", "options": [],
    "must": {"words": "At least five.", "test": {"op": "gte", "value": 5}}, "stops": False,
}  # fmt: skip


def test_a_workshop_without_an_offset_is_an_hour_on_the_citys_clocks():
    chicago = ZoneInfo("America/Chicago")

    shown = _workshop("2027-04-10T18:00", chicago)

    assert shown == _workshop("2027-04-10T18:00-05:00", chicago)


@pytest.mark.parametrize("text", ["0001-01-01T00:00:00+14:00", "0001-01-01T00:00:00+00:00", "soon"])
def test_a_workshop_beyond_the_calendar_is_left_out(text):
    assert _workshop(text, ZoneInfo("America/Chicago")) is None


def words_of(response):
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.text).split())


@pytest.fixture
def city(db):
    return make_city(
        "tilden",
        name="Tilden",
        region="Ohio",
        timezone="America/Chicago",
        contact_name="Ms. Lee",
        contact_phone="312 555 0100",
        accent_color="#884400",
    )


@pytest.fixture
def call(city):
    with city_scope(city):
        cycle = CycleFactory(
            name="Spring call",
            slug="spring",
            purpose="For gardens.",
            eligibility=[LIVES_HERE, HELPERS],
            decision_on=(timezone.now() + timedelta(days=40)).date(),
        )
        cycle.budget = {
            **cycle.budget,
            "categories": [{"key": "food", "label": "Food", "max_percent": "10", "max_amount": "50.00"}],
            "disallowed": ["Beer"],
        }
        cycle.save()
        FormVersionFactory(cycle=cycle)
    return cycle


@pytest.fixture
def elsewhere(db):
    other = make_city("marlow", name="Marlow Falls", region="Iowa")
    with city_scope(other):
        CycleFactory(name="Marlow call", slug="marlow-2026")
        CycleFactory(name="Secret draft", status=Status.DRAFT)
        CycleFactory(
            name="Old call",
            opens_at=timezone.now() - timedelta(days=60),
            closes_at=timezone.now() - timedelta(days=30),
        )
        CycleFactory(name="Next call", opens_at=timezone.now() + timedelta(days=3))
    return other


def test_the_front_page_shows_the_open_calls_of_all_cities(client, call, elsewhere):
    page = client.get("/")

    assert page.status_code == 200
    for words in ("Spring call", "Marlow call", "Next call", "Tilden, Ohio", "$100 to $2,000"):
        assert words in words_of(page)
    for words in ("Secret draft", "Old call"):
        assert words not in page.text


def test_the_front_page_finds_a_city(client, call, elsewhere):
    page = client.get("/", {"q": "tilden"})

    assert "Spring call" in page.text
    assert "Marlow call" not in page.text


def test_looking_for_nothing_known_says_so(client, call):
    page = client.get("/", {"q": "zz\0top <b>"})

    assert page.status_code == 200
    assert "No open call found" in page.text
    assert "<b>" not in page.text


def test_a_citys_home_shows_its_own_calls_only(client, call, elsewhere):
    page = client.get("/tilden/")

    assert "Spring call" in page.text
    assert "Marlow call" not in page.text
    assert "312 555 0100" in page.text


def test_a_city_that_is_not_there_is_404(client, db):
    assert client.get("/nowhere/").status_code == 404


def test_a_call_says_when_how_much_and_what_for(client, call):
    page = client.get("/tilden/calls/spring/")

    assert page.status_code == 200
    for words in (
        "For gardens.",
        " CT",
        "$100 to $2,000",
        "Food",
        "10% of the grant or $50",
        "Beer",
        "Photos",
        "Ms. Lee",
    ):
        assert words in words_of(page)


def test_a_draft_call_is_not_there(client, city):
    with city_scope(city):
        FormVersionFactory(cycle=CycleFactory(slug="soon", status=Status.DRAFT))

    assert client.get("/tilden/calls/soon/").status_code == 404
    assert client.get("/tilden/calls/soon/check/").status_code == 404
    assert client.get("/api/v1/cities/tilden/calls/soon/").status_code == 404


def test_another_citys_call_is_not_there(client, call, elsewhere):
    assert client.get("/marlow/calls/spring/").status_code == 404


def test_the_check_needs_no_account_and_no_script(client, call):
    page = client.get("/tilden/calls/spring/check/")

    assert page.status_code == 200
    assert "Do you live here?" in page.text
    assert "Check my answers" in page.text


def test_who_fits_may_start_with_the_answers_taken_along(client, call):
    page = client.get("/tilden/calls/spring/check/", {"e.lives_here": "yes", "e.helpers": "7"})

    assert "You can apply" in page.text
    assert "/tilden/apply/spring/?e.lives_here=yes&amp;e.helpers=7" in page.text


def test_a_warning_is_no_wall(client, call):
    page = client.get("/tilden/calls/spring/check/", {"e.lives_here": "yes", "e.helpers": "2"})

    assert "You can apply" in page.text
    assert "City staff will look" in page.text


def test_who_does_not_fit_is_told_kindly_which_rule(client, call):
    page = client.get("/tilden/calls/spring/check/", {"e.lives_here": "no", "e.helpers": "7"})

    assert "We are sorry" in page.text
    assert "You live in the city." in page.text
    assert "Start your application" not in page.text


def test_odd_answers_do_no_harm(client, call):
    page = client.get("/tilden/calls/spring/check/", {"e.lives_here": '"><script>', "e.helpers": "9" * 400})

    assert page.status_code == 200
    assert '"><script>' not in page.text


def test_a_closed_call_says_so(client, call):
    with city_scope(call.city):
        call.opens_at, call.closes_at = (
            timezone.now() - timedelta(days=9),
            timezone.now() - timedelta(hours=1),
        )
        call.save()

    page = client.get("/tilden/calls/spring/")

    assert "This call has closed" in page.text
    assert "Start your application" not in page.text


def test_the_pages_speak_spanish(client, call):
    page = client.get("/tilden/calls/spring/", headers={"accept-language": "es"})

    assert '<html lang="es">' in page.text


@pytest.mark.parametrize("path", ["/", "/tilden/", "/api/v1/calls/", "/api/v1/cities/tilden/calls/"])
def test_lists_cost_the_same_for_one_call_and_for_three(client, call, path):
    client.get(path)
    with count_statements() as one:
        client.get(path)
    with city_scope(call.city):
        for _ in range(2):
            FormVersionFactory(cycle=CycleFactory())

    with count_statements() as three:
        client.get(path)

    assert len(one) == len(three) <= 5


def test_the_api_lists_open_calls_of_all_cities(client, call, elsewhere):
    calls = client.get("/api/v1/calls/").json()

    assert {(row["city"], row["name"], row["state"]) for row in calls} == {
        ("tilden", "Spring call", "open"), ("marlow", "Marlow call", "open"), ("marlow", "Next call", "upcoming"),
    }  # fmt: skip


def test_the_api_tells_a_call_whole(client, call):
    told = client.get("/api/v1/cities/tilden/calls/spring/").json()

    assert [section["key"] for section in told["sections"]] == ["about", "project"]
    assert told["eligibility"][0]["key"] == "lives_here"
    assert (told["min_request_cents"], told["currency"], told["timezone"]) == (
        10_000,
        "USD",
        "America/Chicago",
    )


def test_a_long_list_of_the_check_is_a_drop_down(client, call):
    wards = [f"Ward {number}" for number in range(1, 14)]
    with city_scope(call.city_id):
        call.eligibility = [
            {
                "key": "ward",
                "label": "Which ward?",
                "type": "choice",
                "options": wards,
                "must": {"words": "Not ward 13.", "test": {"op": "in", "value": wards[:12]}},
                "stops": True,
            }
        ]
        call.save()

    page = client.get("/tilden/calls/spring/check/", {"e.ward": "Ward 13"})

    assert '<label class="usa-label" for="e-ward">' in page.text
    assert '<option value="Ward 13" selected>' in page.text
    assert "Not ward 13." in page.text


def test_the_api_checks_without_an_account(client, call):
    answer = client.post(
        "/api/v1/cities/tilden/calls/spring/check/",
        {"answers": {"lives_here": False, "helpers": 9}},
        content_type="application/json",
    ).json()

    assert (answer["may_apply"], answer["complete"]) == (False, True)
    assert [outcome["state"] for outcome in answer["outcomes"]] == ["stop", "ok"]


MATCH = {
    "percent": "50", "of": "total_cost", "may_be": ["cash", "volunteer_labor", "bake_sales"],
    "volunteer_hour_value": "15.00", "note": "At least half of project costs",
}  # fmt: skip
PAPERS = [
    {"key": "w9", "label": "W-9", "required": True, "when": "new each year"},
    {"key": "photos", "label": "Pictures of the block", "required": True, "when": None},
]
SPANISH = {
    "W-9": "Formulario W-9", "new each year": "nuevo cada año", "Bake sales": "Ventas de pasteles",
    "At least half of project costs": "Al menos la mitad del costo",
}  # fmt: skip


@pytest.fixture
def promising(city, call):
    """The call with all that its setup says residents read."""
    with city_scope(city):
        call.budget = {**call.budget, "match_required": MATCH, "vendor_quotes_over": "500.00"}
        call.attachments = PAPERS
        call.workshop = {"required": True, "dates": []}
        call.translations = {"es": SPANISH}
        call.save()
    return call


ENGLISH_PROMISES = {
    "papers": "Papers to have ready W-9 (new each year)",
    "how much match, and of what": "Your group must add 50% of the total cost.",
    "match in the call's own words": "At least half of project costs",
    "what counts as match": "This counts: cash volunteer time Bake sales",
    "what an hour is worth": "One hour of volunteer time counts as $15.00",
    "quotes": "Does one thing cost more than $500.00",
    "a workshop without a day": "The day is not known yet. You need to come to one before you apply.",
}


@pytest.mark.parametrize("promise", ENGLISH_PROMISES)
def test_what_setup_says_that_residents_read_they_read(client, promising, promise):
    said = words_of(client.get("/tilden/calls/spring/"))

    assert ENGLISH_PROMISES[promise] in said


@pytest.mark.parametrize(
    "sentence",
    [
        "Documentos que hay que tener listos Formulario W-9 (nuevo cada año)",
        "Su grupo debe aportar el 50% del costo total. Al menos la mitad del costo",
        "Esto cuenta: dinero en efectivo tiempo de voluntariado Ventas de pasteles",
        "Una hora de trabajo voluntario cuenta como",
        "¿Algo cuesta más de",
        "Todavía no se sabe el día.",
    ],
)
def test_they_read_it_in_spanish_by_the_calls_own_words(client, promising, sentence):
    assert sentence in words_of(client.get("/tilden/calls/spring/", headers={"accept-language": "es"}))


def test_a_paper_that_the_form_asks_for_as_a_file_stands_there_once(client, promising):
    page = client.get("/tilden/calls/spring/")

    assert "Photos" in words_of(page)
    assert "Pictures of the block" not in page.text


def test_a_match_is_stated_without_kinds_of_cost_and_says_of_what(client, city, call):
    with city_scope(city):
        whole = MATCH | {"percent": "100", "of": "request", "may_be": [], "volunteer_hour_value": None}
        call.budget = {**call.budget, "categories": [], "disallowed": [], "match_required": whole}
        call.save()

    said = words_of(client.get("/tilden/calls/spring/"))

    assert "Your group must add 100% of what you ask for." in said
    assert "What the grant pays for" not in said
    assert "This counts:" not in said


def test_a_match_without_a_percentage_is_stated_too(client, city, call):
    with city_scope(city):
        call.budget = {**call.budget, "match_required": MATCH | {"percent": None}}
        call.save()

    assert "Your group must add something of its own. At least half of project costs" in words_of(
        client.get("/tilden/calls/spring/")
    )


def test_a_call_that_promises_less_says_less(client, call):
    said = words_of(client.get("/tilden/calls/spring/"))

    assert not any(
        words in said for words in ("Workshops", "Papers to have", "What your group adds", "Does one thing")
    )


def test_a_promising_call_costs_no_further_statement(client, city, call):
    client.get("/tilden/calls/spring/")
    with count_statements() as plain:
        client.get("/tilden/calls/spring/")
    with city_scope(city):
        call.budget = {**call.budget, "match_required": MATCH}
        call.attachments = PAPERS
        call.save()

    with count_statements() as full:
        client.get("/tilden/calls/spring/")

    assert len(full) == len(plain)
