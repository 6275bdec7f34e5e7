import pytest
from django.urls import reverse

from cities.access.models import Role
from cities.tenancy.scopes import city_scope
from grants.cycles.actions import create_blank_cycle, create_cycle_from_call
from cities.audit.trail import IMPORTER
from grants.cycles.calls import read_call
from grants.cycles.models import Cycle
from tests.factories import make_city, make_member
from tests.grants.cycles.call_data import call_data, two_stages
from tests.people import sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def city(db):
    return make_city("tilden", timezone="America/Chicago", languages=["en", "es"])


@pytest.fixture
def manager(city, client):
    user = make_member(city, Role.MANAGER)
    sign_in(client, user)
    return user


def make(city, data=None, **fields):
    with city_scope(city):
        cycle = create_cycle_from_call(read_call(data or call_data()), actor=IMPORTER)
        Cycle.objects.filter(pk=cycle.pk).update(**fields)
        return Cycle.objects.get(pk=cycle.pk)


CYCLE_PAGES = [
    "cycle-setup", "cycle-basics", "cycle-dates", "cycle-money", "cycle-eligibility", "eligibility-create", "cycle-budget", "cycle-papers",
    "cycle-rubric", "cycle-terms", "cycle-form", "form-summary", "section-create", "question-create", "cycle-preview", "cycle-publish",
    "cycle-withdraw", "cycle-archive", "cycle-copy",
]  # fmt: skip


@pytest.mark.parametrize("name", CYCLE_PAGES)
def test_every_page_of_a_call_is_shown_to_a_manager(city, manager, client, name):
    cycle = make(city)

    response = client.get(reverse(f"grants:{name}", kwargs={"city": city.slug, "pk": cycle.pk}))

    assert response.status_code == 200
    assert cycle.name in response.content.decode()
