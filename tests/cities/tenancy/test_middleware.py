import json
import threading

import pytest
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.test import RequestFactory

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
