import json
import re
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from cities.access.models import Membership, Role
from cities.access.resets import ask_factor_reset
from cities.tenancy.scopes import city_scope
from grants.payments.actions import approve_deputy, nominate_deputy
from tests.factories import make_city, make_member
from tests.grants.oversight.test_figures import call
from tests.grants.programs.center import NEVER, make_cohort
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
WAITING = "Lost second steps that only the Center can answer"


@pytest.fixture
def three(officer, baltimore, dallas):
    """Baltimore is open and in a cohort, Dallas opens later, Reno has nothing at all."""
    call(baltimore, "draft", "submitted", "eligible", name="Spring", closes_at=timezone.now() + 3 * DAY)
    call(dallas, opens_at=timezone.now() + DAY, name="Autumn")
    make_city("reno", region="NV")
    make_member(baltimore, Role.MANAGER)
    return make_cohort(officer, "2024–26", baltimore)


def ask(client, **params):
    response = client.get(reverse("grants:center-overview"), params)
    assert response.status_code == 200
    return response.text


def names(page):
    """The cities of the table, in its order."""
    body = re.search(r"<tbody[^>]*>(.*?)</tbody>", page[page.index('id="cities"') :], re.DOTALL)[1]
    return re.findall(r'<th[^>]* scope="row"><a[^>]*>([^<]+)</a>', body)


def pins(page):
    data = re.search(r'<script id="map-data" type="application/json">(.*?)</script>', page, re.DOTALL)[1]
    return {marker["label"]: marker for marker in json.loads(data)["markers"]}


def row(page, city):
    line = re.search(rf"<th[^>]* scope=\"row\"><a[^>]+>{city}</a>.*?</tr>", page, re.DOTALL)[0]
    cells = [re.sub(r"<[^>]+>", " ", cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", line, re.DOTALL)]
    return [" ".join(cell.split()) for cell in cells]


def test_the_table_shows_each_city_in_numbers(as_officer, three):
    page = ask(as_officer)

    assert names(page) == ["Baltimore", "Dallas", "Reno"]
    state, cohort, shown, closes, drafts, submitted, asked, pool, people = row(page, "Baltimore")
    assert (state, cohort, shown) == ("MD", "2024–26", "Open Spring")
    assert closes.endswith("ET")
    assert (drafts, submitted, asked, pool, people) == ("1", "2", "$3,000", "$24,000", "1")
    assert row(page, "Dallas")[2] == "Opens later Autumn"
    assert row(page, "Dallas")[3].startswith("opens")
    assert row(page, "Dallas")[3].endswith("CT")
    assert row(page, "Reno")[1:] == ["—", "No open call", "—", "0", "0", "$0", "$0", "0"]


def test_totals_are_the_sums_of_the_table_and_lead_to_it(as_officer, three):
    page = ask(as_officer)

    stats = dict(
        re.findall(r"<dt>([^<]+)</dt>\s*<dd>\s*<span class=\"stat__value\"><a href=\"([^\"]+)\">", page)
    )
    assert stats["Open calls"] == "?call=open#cities"
    assert stats["Submitted"] == "?sort=-submitted#cities"
    footer = page.split("<tfoot")[1]
    assert "Sum of all cities" in footer
    assert "$3,000" in footer
    assert "$48,000" in footer


def test_the_page_says_as_of_when(as_officer, three):
    assert re.search(r"As of <time", ask(as_officer))


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"q": "alt"}, ["Baltimore"]),
        ({"q": "RENO"}, ["Reno"]),
        ({"state": "TX"}, ["Dallas"]),
        ({"call": "open"}, ["Baltimore"]),
        ({"call": "upcoming"}, ["Dallas"]),
        ({"call": "closing"}, ["Baltimore"]),
        ({"call": "none"}, ["Dallas", "Reno"]),
        ({"cohort": "none"}, ["Dallas", "Reno"]),
        ({"call": "none", "state": "NV"}, ["Reno"]),
        ({"sort": "-city"}, ["Reno", "Dallas", "Baltimore"]),
        ({"sort": "state"}, ["Baltimore", "Reno", "Dallas"]),
        ({"sort": "-submitted"}, ["Baltimore", "Dallas", "Reno"]),
        ({"sort": "asked"}, ["Dallas", "Reno", "Baltimore"]),
        ({"sort": "closes"}, ["Baltimore", "Dallas", "Reno"]),
        ({"sort": "nonsense"}, ["Baltimore", "Dallas", "Reno"]),
        ({"page": "99"}, ["Baltimore", "Dallas", "Reno"]),
        ({"page": "-1"}, ["Baltimore", "Dallas", "Reno"]),
    ],
)
def test_the_address_filters_and_sorts(as_officer, three, params, expected):
    assert names(ask(as_officer, **params)) == expected


def test_the_filter_by_cohort_holds_for_table_sums_and_map(as_officer, three):
    page = ask(as_officer, cohort=str(three.pk))

    assert names(page) == ["Baltimore"]
    assert list(pins(page)) == ["Baltimore, MD"]
    assert "Sum of this filter" in page


def test_a_filter_that_cant_be_read_is_said_and_left_out(as_officer, three):
    page = ask(as_officer, cohort=NEVER)

    assert "not in the list" in page
    assert len(names(page)) == 3


def test_a_filter_that_nothing_passes_teaches_the_way_back(as_officer, three):
    page = ask(as_officer, q="atlantis")

    assert "No city matches this filter" in page
    assert "Show all cities" in page


def test_the_map_leads_to_each_city_that_has_a_place(as_officer, three):
    page = ask(as_officer)

    pin = pins(page)["Baltimore, MD"]
    assert (pin["url"], pin["tone"], pin["size"]) == ("/center/cities/baltimore/", "success", 5)
    assert re.match(r"Open until .+ ET · 2 submitted", pin["text"])
    assert "Not on the map, for want of a place:" in page


def test_the_demand_is_drawn_per_city_and_told_as_a_table(as_officer, three):
    page = ask(as_officer)

    figure = page[page.index("Asked for, in percent of the planned pool") :].split("</figure>")[0]
    words = " ".join(re.sub(r"<[^>]+>", " ", figure.split("<tbody>")[1]).split())
    assert words.startswith("Baltimore 12% Dallas 0%")


def test_without_any_city_the_page_says_how_to_begin(as_officer):
    assert "No city yet" in ask(as_officer)


def test_many_cities_are_shown_in_pages(as_officer):
    for number in range(51):
        make_city(f"city-{number:02}", name=f"City {number:02}")

    first, second = ask(as_officer), ask(as_officer, page="2")

    assert names(first) == [f"City {number:02}" for number in range(50)]
    assert names(second) == ["City 50"]
    assert "1–50 of 51" in first
    assert "51–51 of 51" in second


def test_what_a_city_is_called_is_shown_as_text(as_officer):
    make_city("x", name="<script>alert(1)</script>", latitude=1.0, longitude=1.0)

    page = ask(as_officer)

    assert "<script>alert(1)" not in page


def test_the_page_needs_the_same_statements_for_one_city_and_three(client, officer, baltimore):
    sign_in(client, officer)
    make_cohort(officer, "2024–26", baltimore)
    call(baltimore, "submitted")
    ask(client)
    with count_statements() as one:
        ask(client)

    for slug in ("dallas", "reno"):
        city = make_city(slug, region="NV")
        call(city, "submitted", "draft")
        make_member(city, Role.MANAGER)
        make_cohort(officer, slug, city)
    with count_statements() as three:
        assert len(names(ask(client))) == 3

    assert len(one) == len(three)
    # Nineteen for the page itself, one for each kind of exception among them; the others open and close the doors around it, the right being read once.
    assert len(three) <= 24


def test_the_overview_counts_the_deputies_that_wait_for_an_answer(as_officer, officer, three, baltimore):
    manager, staff = make_member(baltimore, Role.MANAGER), make_member(baltimore, Role.STAFF)
    assert "Deputies that wait for the Center" not in ask(as_officer)
    with city_scope(baltimore):
        deputy = nominate_deputy(person_id=staff.pk, seat="finance", reason="Few", actor=manager)
    told = ask(as_officer)
    with city_scope(baltimore):
        approve_deputy(deputy.pk, actor=officer)

    assert re.search(r'href="/center/deputies/">Deputies that wait for the Center</a>: 1\b', told)
    assert "Deputies that wait for the Center" not in ask(as_officer)


def test_the_overview_counts_the_lost_second_steps_that_only_the_center_can_answer(
    client, officer, auditor, three, baltimore
):
    _first, second = (make_member(baltimore, Role.MANAGER) for _ in range(2))
    with city_scope(baltimore):
        ask_factor_reset(second.pk, reason="new phone", actor=second)
    assert WAITING not in ask(sign_in(client, officer))

    with city_scope(make_city("elsewhere")):
        Membership.objects.create(user=second, role=Role.VIEWER)

    told = ask(client)
    assert re.search(rf'href="/center/second-steps/">{WAITING}</a>: 1\b', told)
    assert "Lost second steps (1)" in client.get("/center/people/").text
    # Who can't open the list isn't led there.
    assert WAITING not in ask(sign_in(client, auditor))
    assert "second-steps" not in client.get("/center/people/").text
