"""The same update sent twice in one instant, on real connections."""

import pytest

from cities.tenancy.scopes import city_scope
from projects.delivery.actions import add_update
from projects.delivery.models import Photo, Update
from tests.factories import make_city
from tests.grants.applications.test_races import at_once

from .factories import make_project, photo, yesterday

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def test_an_update_sent_twice_at_once_is_told_once():
    city = make_city("tilden", name="Tilden")
    with city_scope(city):
        project = make_project()

    def tell():
        told = {"text": "We planted.", "happened_on": yesterday(), "photos": [photo()]}
        return add_update(project.pk, actor=project.lead, **told).pk

    results = at_once(*[(city, tell)] * 3)

    assert len(set(results)) == 1
    with city_scope(city):
        assert (Update.objects.count(), Photo.objects.count()) == (1, 1)
