from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.applications.desk.forms import search_words
from grants.applications.desk.paging import Place, order_of, page_of, place_of
from grants.applications.desk.permissions import can_see_on_desk, visible_to
from grants.applications.desk.queue import COLUMNS, Queue, choices_in, neighbors
from grants.applications.models import Application
from grants.cycles.models import Cycle
from tests.factories import CycleFactory, FormVersionFactory, make_member
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db
ADDRESS = "/baltimore/staff/applications/"


def titles(desk, **query) -> list[str]:
    with city_scope(desk.city):
        return [row["title"] for row in Queue(desk.staff, desk.city, query).page.rows]


def test_the_newest_stands_first(desk):
    now = timezone.now()
    for title, hours in (("old", 3), ("new", 1), ("middle", 2)):
        desk.submitted(title=title, submitted_at=now - timedelta(hours=hours))

    assert titles(desk) == ["new", "middle", "old"]


def test_drafts_are_never_on_the_desk(desk):
    desk.draft(title="not yet")
    desk.submitted(title="sent")

    assert titles(desk) == ["sent"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"status": "eligible"}, ["b"]),
        ({"neighborhood": "Oliver"}, ["a"]),
        ({"category": "Mural"}, ["b"]),
        ({"least": "1,000"}, ["b", "c"]),
        ({"most": "999.99"}, ["a"]),
        ({"least": "1000", "most": "1500"}, ["b"]),
        ({"photos": "on"}, ["c"]),
        ({"q": "garc"}, ["a"]),
        ({"q": "GARCÍA"}, ["a"]),
        ({"q": "garden club"}, ["c"]),
        ({"q": "bal-2026-0002"}, ["b"]),
        ({"q": "nobody"}, []),
        ({"q": "'; DROP TABLE x --"}, []),
        ({"q": "!!!"}, ["a", "b", "c"]),
        ({"status": "draft"}, ["a", "b", "c"]),
        ({"neighborhood": "Oliver", "status": "eligible"}, []),
    ],
)
def test_each_filter_leaves_what_it_says(desk, query, expected):
    desk.submitted(
        title="a",
        applicant_name="José García",
        neighborhood="Oliver",
        requested_cents=50_000,
        reference="BAL-2026-0001",
    )
    desk.submitted(
        title="b", status="eligible", category="Mural", requested_cents=150_000, reference="BAL-2026-0002"
    )
    desk.submitted(
        title="c",
        group_name="Oliver Garden Club",
        file_count=2,
        requested_cents=200_000,
        reference="BAL-2026-0003",
    )

    assert sorted(titles(desk, **query)) == expected


def test_a_filter_that_cant_be_read_is_left_out_and_said_so(desk, client):
    desk.submitted(title="Tilden garden")

    page = sign_in(client, desk.staff).get(ADDRESS, {"least": "lots"}).content.decode()

    assert "Tilden garden" in page
    assert "Write an amount in numbers" in page


def test_words_become_beginnings_of_words():
    assert search_words("O’Brien  Lee") == "'O':* & 'Brien':* & 'Lee':*"
    assert search_words("…") == ""


@pytest.mark.parametrize(
    ("sort", "expected"),
    [
        ("amount", ["b", "A", "c"]),
        ("-amount", ["c", "A", "b"]),
        ("title", ["A", "b", "c"]),
        ("-title", ["c", "b", "A"]),
        ("status", ["b", "c", "A"]),
        ("junk", ["c", "b", "A"]),
    ],
)
def test_each_order(desk, sort, expected):
    now = timezone.now()
    desk.submitted(title="A", requested_cents=500, submitted_at=now - timedelta(hours=3), status="withdrawn")
    desk.submitted(title="b", requested_cents=None, submitted_at=now - timedelta(hours=2), status="eligible")
    desk.submitted(title="c", requested_cents=900, submitted_at=now - timedelta(hours=1))

    assert titles(desk, sort=sort) == expected


@pytest.mark.parametrize("sort", ["-submitted", "submitted", "-amount", "title", "-applicant", "status"])
def test_pages_follow_each_other_without_gap_or_repeat_and_lead_back(desk, sort):
    now = timezone.now()
    for number in range(7):
        desk.submitted(
            title=f"t{number % 3}",
            applicant_name=f"n{number % 2}",
            requested_cents=number // 2,
            submitted_at=now - timedelta(hours=number // 2),
        )
    order = order_of(sort)

    with city_scope(desk.city):
        rows = Application.objects.on_the_desk().values(*COLUMNS)
        whole = [row["id"] for row in page_of(lambda: rows, order, size=50).rows]
        first = page_of(lambda: rows, order, size=3)
        second = page_of(lambda: rows, order, after=first.after, size=3)
        third = page_of(lambda: rows, order, after=second.after, size=3)
        back = page_of(lambda: rows, order, before=third.before, size=3)
        beginning = page_of(lambda: rows, order, before=back.before, size=3)

    pages = [[row["id"] for row in page.rows] for page in (first, second, third, back, beginning)]
    assert pages[0] + pages[1] + pages[2] == whole
    assert pages[3] == pages[1]
    assert pages[4] == pages[0]
    assert (first.before, third.after, beginning.before) == ("", "", "")
    assert back.after
    assert beginning.after


@pytest.mark.parametrize(
    "cursor", ["junk", "e30", "WzEsMl0", "bnVsbA", "W251bGwsICJ4Il0", "🙂", "W1tb" * 900]
)
def test_a_spoilt_cursor_is_the_beginning(cursor):
    assert place_of(cursor, order_of("-submitted")) is None


@pytest.mark.parametrize(
    ("sort", "value"), [("amount", float("inf")), ("title", "a\0b"), ("submitted", "9999-99-99")]
)
def test_a_cursor_that_no_row_could_have_is_the_beginning(sort, value):
    assert place_of(Place(value, uuid4()).cursor(), order_of(sort)) is None


def test_a_cursor_of_another_order_is_the_beginning(desk):
    for _ in range(2):
        desk.submitted()

    with city_scope(desk.city):
        rows = Application.objects.on_the_desk().values(*COLUMNS)
        cursor = page_of(lambda: rows, order_of("title"), size=1).after

        assert len(page_of(lambda: rows, order_of("-submitted"), after=cursor).rows) == 2


def test_the_neighbors_are_those_of_the_filtered_queue(desk):
    now = timezone.now()
    first, hidden, second, third = (
        desk.submitted(
            title=f"t{n}", submitted_at=now - timedelta(hours=n), neighborhood="" if n == 1 else "Oliver"
        )
        for n in range(4)
    )

    with city_scope(desk.city):
        queue = Queue(desk.staff, desk.city, {"neighborhood": "Oliver"})

        assert neighbors(queue, second) == (first.pk, third.pk)
        assert neighbors(queue, first) == (None, second.pk)
        assert neighbors(queue, third) == (second.pk, None)
        assert neighbors(queue, hidden) == (first.pk, second.pk)


def test_the_filters_offer_what_there_is_in_the_call(desk):
    desk.submitted(neighborhood="Oliver", category="Mural")
    desk.submitted(neighborhood="Barclay", category="Mural")
    desk.draft(neighborhood="Hidden")

    with city_scope(desk.city):
        queue = Queue(desk.staff, desk.city, {"category": "Gone"})
        queue.offer_choices()
        again = Queue(desk.staff, desk.city, {})
        again.offer_choices()

    offered = [
        [value for value, _word in queue.form.fields[name].widget.offered]
        for name in ("neighborhood", "category")
    ]
    assert offered == [["", "Barclay", "Oliver"], ["", "Gone", "Mural"]]
    assert [value for value, _word in again.form.fields["neighborhood"].widget.offered] == [
        "",
        "Barclay",
        "Oliver",
    ]


def test_the_filters_are_offered_also_while_the_cache_is_down(desk, settings):
    settings.CACHES = {
        "default": {**settings.CACHES["default"], "LOCATION": "unix:///nowhere/valkey.sock?db=0"}
    }
    desk.submitted(neighborhood="Oliver")

    with city_scope(desk.city):
        queue = Queue(desk.staff, desk.city, {})
        queue.offer_choices()

    assert ("Oliver", "Oliver") in queue.form.fields["neighborhood"].widget.offered


def test_counts_and_money_are_those_of_the_whole_filter(desk):
    for number in range(3):
        desk.submitted(requested_cents=1_000 * (number + 1))
    desk.submitted(requested_cents=50, status="withdrawn")

    with city_scope(desk.city):
        queue = Queue(desk.staff, desk.city, {"status": "submitted"})

        assert (queue.total.count, queue.total.cents) == (3, 6_000)
        assert (queue.everything.count, queue.everything.cents) == (4, 6_050)
        assert [(status, count) for status, _word, count in queue.tabs] == [
            ("", 4),
            ("submitted", 3),
            ("eligible", 0),
            ("awarded", 0),
            ("unfunded", 0),
            ("ineligible", 0),
            ("withdrawn", 1),
        ]


def test_the_call_that_is_open_now_is_shown_first_and_another_by_its_name(desk):
    with city_scope(desk.city):
        past = CycleFactory(
            name="Last year",
            slug="last",
            opens_at=timezone.now() - timedelta(days=300),
            closes_at=timezone.now() - timedelta(days=250),
        )
        future = CycleFactory(
            name="Next year",
            slug="next",
            opens_at=timezone.now() + timedelta(days=30),
            closes_at=timezone.now() + timedelta(days=60),
        )
        CycleFactory(name="Still being set up", status="draft")

        assert Queue(desk.staff, desk.city, {}).cycle == desk.form.cycle
        assert Queue(desk.staff, desk.city, {"cycle": "last"}).cycle == past
        assert Queue(desk.staff, desk.city, {"cycle": "junk"}).cycle == desk.form.cycle
        assert Queue(desk.staff, desk.city, {}).cycles == [future, desk.form.cycle, past]


def test_the_queue_of_one_call_shows_nothing_of_another(desk):
    desk.submitted(title="this call")
    with city_scope(desk.city):
        other = FormVersionFactory()
    desk.form = other
    desk.submitted(title="that call")

    with city_scope(desk.city):
        shown = [row["title"] for row in Queue(desk.staff, desk.city, {"cycle": other.cycle.slug}).page.rows]

    assert shown == ["that call"]


@pytest.mark.parametrize("role", [*Role, None])
def test_list_and_predicate_agree_for_every_role(desk, role):
    user = make_member(desk.city, *([role] if role else []))
    applications = [desk.submitted(), desk.submitted(status="withdrawn"), desk.draft()]

    with city_scope(desk.city):
        listed = set(visible_to(user, desk.city).values_list("pk", flat=True))
        allowed = {one.pk for one in applications if can_see_on_desk(user, one)}

    assert listed == allowed
    assert bool(listed) == (role in {Role.MANAGER, Role.STAFF, Role.FINANCE, Role.APPROVER, Role.VIEWER})


def test_the_search_finds_nothing_of_another_city(desk, elsewhere):
    desk.submitted(title="Ours")

    assert titles(desk, q="canary") == []
    assert titles(desk, q="dal-2026-0001") == []
    assert titles(elsewhere, q="canary") == ["CANARY of Dallas"]


def test_the_search_reads_no_drafts_and_no_words_still_to_be_sorted_in(desk):
    desk.draft(title="Zinnias")
    sent = desk.submitted(title="Zinnias")

    with city_scope(desk.city), connection.cursor() as cursor:
        cursor.execute("SELECT search_applications('zinnias')")
        assert cursor.fetchall() == [(sent.pk,)]
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = 'application_search_words'")
        (definition,) = cursor.fetchone()
    assert "fastupdate=off" in definition
    assert "WHERE (NOT ((status)::text = 'draft'::text))" in definition


@pytest.mark.django_db(transaction=True)
def test_the_queue_takes_at_most_ten_statements_whatever_its_length(client, desk):
    sign_in(client, desk.staff)
    desk.submitted(title="One", neighborhood="Oliver")
    query = {"q": "o", "status": "submitted", "sort": "-amount", "neighborhood": "Oliver"}
    client.get(ADDRESS)

    with count_statements() as at_one:
        assert "One" in client.get(ADDRESS, query).content.decode()
    for number in range(2):
        desk.submitted(title=f"Oak {number}", neighborhood="Oliver")
    with count_statements() as at_three:
        assert "Oak 1" in client.get(ADDRESS, query).content.decode()

    assert len(at_one) == len(at_three) <= 10, at_three


def test_fifty_rows_are_less_than_100_kb(client, desk):
    for number in range(51):
        desk.submitted(
            title=f"A community garden on the corner of Tilden Street and Fourth Avenue, number {number}", applicant_name="Odessa Guadalupe Rhee-Montgomery",
            group_name="Tilden Street Neighbors Association", neighborhood="Sandtown-Winchester", category="Gardens and green spaces", file_count=12, note_count=3,
        )  # fmt: skip

    response = sign_in(client, desk.manager).get(ADDRESS)
    page = response.content.decode()

    assert page.count("data-row-link") == 50
    assert 'rel="next"' in page
    assert len(response.content) <= 100_000, len(response.content)


def test_the_page_is_not_empty_and_says_what_is_there(client, desk):
    desk.submitted(title="Tilden Street garden", requested_cents=123_456, neighborhood="Oliver")

    page = sign_in(client, desk.staff).get(ADDRESS).content.decode()

    assert "Tilden Street garden" in page
    assert "$1,234.56" in page
    assert "Applications" in page


def test_an_empty_desk_teaches(client, desk):
    page = sign_in(client, desk.staff).get(ADDRESS).content.decode()

    assert "Nothing has come in yet" in page


def test_a_city_without_a_call_says_so(client, desk):
    with city_scope(desk.city):
        desk.form.cycle.status = "draft"
        desk.form.cycle.save()

    assert "No call has opened yet" in sign_in(client, desk.staff).get(ADDRESS).content.decode()


def test_a_filter_without_matches_offers_to_drop_it(client, desk):
    desk.submitted()

    assert (
        "Nothing matches this filter"
        in sign_in(client, desk.staff).get(ADDRESS, {"q": "nobody"}).content.decode()
    )


def test_who_only_reads_gets_no_boxes_to_tick(client, desk):
    desk.submitted()
    viewer = make_member(desk.city, Role.VIEWER)

    page = sign_in(client, viewer).get(ADDRESS).content.decode()

    assert "data-row-check" not in page
    assert "data-row-check" in sign_in(client, desk.staff).get(ADDRESS).content.decode()


def test_choices_are_remembered_for_one_city_one_call_and_one_person(desk, elsewhere):
    """An id of a call is of one city only: it takes one that was made up to tell the cities apart."""
    desk.submitted(neighborhood="Abell", category="")
    call = desk.form.cycle

    with city_scope(desk.city):
        first = choices_in(Application.objects.all, call, desk.manager)
        again = choices_in(Application.objects.none, call, desk.manager)
        others = [
            choices_in(Application.objects.none, Cycle(pk=call.pk, city=elsewhere.city), desk.manager),
            choices_in(Application.objects.none, Cycle(city=desk.city), desk.manager),
            choices_in(Application.objects.none, call, desk.staff),
        ]

    assert first == again == (["Abell"], [])
    assert others == [([], [])] * 3
