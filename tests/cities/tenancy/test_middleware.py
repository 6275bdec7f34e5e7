import json
import threading

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils import translation

from cities.places.models import Area
from cities.tenancy.middleware import UploadSlotMiddleware
from cities.tenancy.scopes import city_scope
from tests.factories import make_city

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.cities.tenancy.urls")]


@pytest.fixture
def city():
    return make_city("baltimore")


def areas_in(city) -> list[str]:
    with city_scope(city):
        return [area.name for area in Area.objects.all()]


def test_a_good_answer_is_committed(client, city):
    assert client.post("/baltimore/ok/").status_code == 200
    assert areas_in(city) == ["written"]


@pytest.mark.parametrize(("page", "status"), [("missing", 404), ("forbidden", 403), ("boom", 500)])
def test_an_answer_of_400_or_more_rolls_back_also_when_it_began_as_an_exception(client, city, page, status):
    client.raise_request_exception = False

    assert client.post(f"/baltimore/{page}/").status_code == status

    assert areas_in(city) == []


def test_an_api_view_that_writes_and_then_raises_leaves_no_row(client, city):
    response = client.post("/baltimore/api/", "{}", content_type="application/json")

    assert (response.status_code, json.loads(response.content)) == (422, {"detail": "This is refused."})
    assert areas_in(city) == []


def test_lazy_pages_are_rendered_inside_the_scope(client, city):
    with city_scope(city):
        Area.objects.create(name="Tilden", geometry={})
    other = make_city("dallas")
    with city_scope(other):
        Area.objects.create(name="Foreign", geometry={})

    assert client.get("/baltimore/lazy/").content == b"[Tilden]"


def test_an_unknown_city_is_not_found(client, city):
    assert client.get("/atlantis/lazy/").status_code == 404


class _Body:
    """A request whose body is large or chunked."""

    @staticmethod
    def request(**headers: str) -> WSGIRequest:
        return RequestFactory().post("/x/", b"", content_type="application/octet-stream", **headers)


@pytest.mark.parametrize(
    "headers",
    [{"CONTENT_LENGTH": "300000"}, {"HTTP_TRANSFER_ENCODING": "chunked"}, {"CONTENT_LENGTH": "nonsense"}],
)
def test_large_bodies_take_one_of_a_few_slots_and_others_are_told_to_wait(settings, headers):
    settings.UPLOAD_SLOTS = 1
    entered, leave = threading.Event(), threading.Event()

    def slow(_request):
        entered.set()
        leave.wait(5)
        return HttpResponse("done")

    middleware = UploadSlotMiddleware(slow)
    thread = threading.Thread(target=middleware, args=[_Body.request(**headers)])
    thread.start()
    entered.wait(5)

    refused = middleware(_Body.request(**headers))
    leave.set()
    thread.join()

    assert (refused.status_code, refused["Retry-After"]) == (503, "20")
    assert middleware(_Body.request(**headers)).status_code == 200


def test_small_bodies_take_no_slot(settings):
    settings.UPLOAD_SLOTS = 1
    middleware = UploadSlotMiddleware(lambda _r: HttpResponse("ok"))
    middleware.slots.acquire()

    assert middleware(_Body.request()).status_code == 200


def test_a_body_that_is_far_too_large_is_refused_before_it_is_read(settings):
    middleware = UploadSlotMiddleware(lambda _r: HttpResponse("ok"))

    refused = middleware(_Body.request(CONTENT_LENGTH=str(settings.UPLOAD_MAX_BODY_BYTES + 1)))

    assert refused.status_code == 413


def refusals(settings, path, **headers):
    """What somebody is told who sends a large body while no slot is free, and one that is far too large."""
    middleware = UploadSlotMiddleware(lambda _r: HttpResponse("ok"))
    while middleware.slots.acquire(blocking=False):
        pass
    return [
        middleware(
            RequestFactory().post(path, b"", content_type="image/jpeg", CONTENT_LENGTH=size, **headers)
        )
        for size in ("300000", str(settings.UPLOAD_MAX_BODY_BYTES + 1))
    ]


def test_whoever_is_turned_away_reads_a_page_without_a_question_to_the_database(
    settings, django_assert_num_queries
):
    with django_assert_num_queries(0):
        busy, large = refusals(settings, "/baltimore/projects/x/updates/new/")

    assert (busy.status_code, busy["Retry-After"], large.status_code) == (503, "20", 413)
    for answer, heading in ((busy, "Many people are sending files"), (large, "That is too large")):
        page = answer.content.decode()
        assert answer["Content-Type"].startswith("text/html")
        assert f"<h1>{heading}" in page
        assert "Nothing you saved is lost." in page
        assert "go back" in page


def test_the_api_turns_away_with_a_detail(settings):
    busy, large = refusals(settings, "/api/v1/cities/baltimore/x/")

    assert (busy.status_code, busy["Retry-After"], large.status_code) == (503, "20", 413)
    assert json.loads(busy.content)["detail"].startswith("Many people are sending files right now.")
    assert json.loads(large.content)["detail"].startswith("That is too large to send at once.")


def read(answer):
    is_json = answer["Content-Type"] == "application/json"
    return json.loads(answer.content)["detail"] if is_json else answer.content.decode()


@pytest.mark.parametrize(
    "headers", [{"HTTP_ACCEPT_LANGUAGE": "es-MX,es;q=0.9"}, {"HTTP_COOKIE": "django_language=es"}]
)
@pytest.mark.parametrize("left_behind", ["en", "es"])
def test_they_read_it_in_their_own_language_whoever_came_before(settings, headers, left_behind):
    translation.activate(left_behind)

    spanish = refusals(settings, "/x/", **headers) + refusals(settings, "/api/x/", **headers)
    english = refusals(settings, "/x/") + refusals(settings, "/api/x/")

    said = ["Muchas personas", "demasiado grande"] * 2
    assert [words in read(answer) for words, answer in zip(said, spanish, strict=True)] == [True] * 4
    assert [words in read(answer) for words, answer in zip(said, english, strict=True)] == [False] * 4
    assert '<html lang="es">' in read(spanish[0])
    assert translation.get_language() == left_behind
