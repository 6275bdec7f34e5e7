import re

import pytest

from cities.tenancy.scopes import city_scope
from tests.grants.applications.forms import make_call, make_draft
from tests.people import sign_in


@pytest.fixture
def call(city):
    with city_scope(city):
        return make_call(name="Spring call", slug="spring")


@pytest.fixture
def draft(city, resident, call):
    with city_scope(city):
        return make_draft(resident, cycle=call)


@pytest.fixture
def empty_draft(city, resident, call):
    with city_scope(city):
        return make_draft(resident, {}, cycle=call)


@pytest.fixture
def as_resident(client, resident):
    return sign_in(client, resident, second_factor=False)


@pytest.fixture
def words():
    def words_of(response) -> str:
        """What a page says, without its markup."""
        import html

        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", response.content.decode())).split())

    return words_of
