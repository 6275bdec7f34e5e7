"""A key belongs to one tenant, one person, one deed and one body."""

import pytest
from django.http import QueryDict
from django.test import RequestFactory

from cities.tenancy.errors import RuleError
from cities.tenancy.refusals import own_steps
from cities.tenancy.scopes import center_scope, city_scope
from grants.ledger.errors import KeyReusedError
from grants.ledger.forms import MoneyForm
from grants.ledger.models import MoneyCall
from grants.ledger.once import Call, once
from tests.factories import UserFactory, make_officer

pytestmark = pytest.mark.django_db


def call(actor, key="1", deed="award:offer", **body):
    return Call(key, deed, actor, body)


def of_page(actor, data):
    request = RequestFactory().post("/tilden/staff/awards/")
    request.user = actor
    form = MoneyForm(QueryDict(data))
    assert form.is_valid()
    return Call.of_page(request, "award:offer", form)


def test_two_cities_and_the_center_use_the_same_key(city, dallas):
    person, officer = UserFactory(), make_officer()
    for place in (city, dallas):
        with city_scope(place):
            assert once(call(person), lambda place=place: {"where": place.slug}) == {"where": place.slug}

    with center_scope(officer):
        assert once(call(officer), lambda: {"where": "center"}) == {"where": "center"}
        assert once(call(officer), lambda: {"where": "again"}) == {"where": "center"}


@pytest.mark.parametrize("change", ["person", "deed", "body"])
def test_a_used_key_serves_nobody_and_nothing_else(city, change):
    person = UserFactory()
    other = {
        "person": call(UserFactory(), cents=1),
        "deed": call(person, deed="award:rescind", cents=1),
        "body": call(person, cents=2),
    }[change]
    with city_scope(city):
        once(call(person, cents=1), lambda: {"done": 1})

        with pytest.raises(KeyReusedError):
            once(other, lambda: {"done": 2})


def test_a_page_that_was_changed_after_going_back_says_so_without_a_word_about_keys(city):
    person = UserFactory()
    with city_scope(city):
        once(of_page(person, "key=k&cents=1"), lambda: {"done": 1})

        with pytest.raises(
            KeyReusedError, match="You sent this page once already, with something else in it"
        ):
            once(of_page(person, "key=k&cents=2"), lambda: {"done": 2})


@pytest.mark.parametrize("key", ["", "k" * 81, "a\0b"])
def test_a_page_that_came_without_its_key_says_what_to_do(key):
    form = MoneyForm({"key": key})

    assert form.errors["key"] == ["Nothing was done: this page was not sent whole. Please send it again."]


def test_all_picked_boxes_of_a_page_belong_to_its_body(city):
    person = UserFactory()
    first, same, other = (
        of_page(person, data)
        for data in (
            "key=k&pick=1&pick=3",
            "key=k&pick=1&pick=3&csrfmiddlewaretoken=x",
            "key=k&pick=2&pick=3",
        )
    )

    assert first.body_hash == same.body_hash != other.body_hash


def test_a_refusal_is_repeated_and_not_tried_again(city):
    person = UserFactory()

    def refuse():
        raise RuleError("There is not enough money.", field="amount_cents")

    with own_steps() as steps:
        with pytest.raises(RuleError), city_scope(city):
            once(call(person), refuse)
        for step in steps:
            step()

    with city_scope(city):
        assert MoneyCall.objects.get().status == RuleError.status
        with pytest.raises(RuleError, match="not enough money") as again:
            once(call(person), lambda: {"done": 1})
        with pytest.raises(KeyReusedError):
            once(call(UserFactory()), lambda: {"done": 1})
    assert again.value.field == "amount_cents"
