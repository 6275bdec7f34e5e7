import json
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone

from cities.audit.models import Event
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.cycles.models import Cycle, FormVersion
from tests.factories import make_city
from tests.grants.cycles.call_data import call_data, two_stages

pytestmark = pytest.mark.django_db

REAL = sorted((Path(settings.BASE_DIR).parent / "shared/data/calls").glob("*-20*.json"))


@pytest.fixture
def write(tmp_path):
    def to_file(data) -> str:
        path = tmp_path / "call.json"
        path.write_text(data if isinstance(data, str) else json.dumps(data))
        return str(path)

    return to_file


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("import_call", *arguments, stdout=out)
    return out.getvalue()


def the_cycle(slug: str) -> Cycle:
    with city_scope(City.objects.get(slug=slug)):
        return Cycle.objects.get()


def test_a_call_makes_its_city_and_its_cycle(write):
    data = call_data()

    said = run(write(data), "--shift", "--fill")

    cycle = the_cycle(data["city"]["slug"])
    assert cycle.is_open()
    assert cycle.name in said
    with city_scope(cycle.city_id):
        assert FormVersion.objects.filter(is_applied_with=True).count() == 1
        assert list(Event.objects.order_by("created_at").values_list("tag", flat=True)) == [
            "city:found",
            "cycle:import",
            "cycle:publish",
        ]


def test_what_is_unknown_stays_unknown_and_the_cycle_a_draft(write):
    data = call_data(pool=None, opens_at=None)

    said = run(write(data), "--shift")

    cycle = the_cycle(data["city"]["slug"])
    assert (cycle.status, cycle.opens_at, cycle.planned_pool_cents) == ("draft", None, None)
    assert "Still to be filled" in said


def test_invented_values_are_listed_and_marked_on_the_cycle(write):
    data = call_data(pool=None)

    said = run(write(data), "--shift", "--fill")

    assert [row["path"] for row in the_cycle(data["city"]["slug"]).notes["invented"]] == ["cycle.pool"]
    assert "cycle.pool =" in said


def test_a_city_that_is_there_keeps_its_facts(write):
    data = call_data()
    city = make_city(data["city"]["slug"], name="The name it has", timezone=data["city"]["timezone"])

    run(write(data), "--shift", "--fill")

    assert City.objects.get(slug=city.slug).name == "The name it has"
    assert the_cycle(city.slug).city_id == city.pk


def test_another_city_can_be_named_but_not_made(write):
    with pytest.raises(CommandError, match="There is no city “atlantis”"):
        run(write(call_data()), "--city", "atlantis")

    make_city("elsewhere")
    run(write(call_data()), "--city", "elsewhere")
    assert the_cycle("elsewhere").status == "draft"


@pytest.mark.parametrize("named", [[], ["--city", "tilden"]])
def test_days_are_read_on_the_clocks_of_the_city_that_is_there(write, named):
    make_city("tilden", timezone="America/Los_Angeles")
    data = call_data()
    data["city"]["slug"] = "elsewhere" if named else "tilden"

    run(write(data), *named)

    assert the_cycle("tilden").closes_at == datetime(2026, 5, 1, 6, 59, 59, tzinfo=UTC)


def test_amounts_in_another_currency_than_the_citys_are_refused(write):
    city = make_city("tilden", currency="MXN")

    with pytest.raises(CommandError, match="in another currency than this city’s"):
        run(write(call_data()), "--city", "tilden")

    with city_scope(city):
        assert not Cycle.objects.exists()


def test_an_invalid_file_names_each_error_with_its_place_and_writes_nothing(write):
    data = call_data()
    data["cycle"]["year"] = "soon"
    del data["budget"]["categories"]

    with pytest.raises(CommandError) as error:
        run(write(data))

    assert error.value.returncode == 1
    assert "/cycle/year" in str(error.value)
    assert "/budget" in str(error.value)
    assert not City.objects.filter(slug=data["city"]["slug"]).exists()


def test_a_reserved_name_is_refused_and_nothing_is_left(write):
    data = call_data()
    data["city"]["slug"] = "accounts"

    with pytest.raises(CommandError):
        run(write(data))

    assert City.objects.cities().count() == 0


def test_of_two_stages_the_first_is_applied_with_and_the_second_reported_as_later(write):
    data = two_stages()

    said = run(write(data), "--shift", "--fill")

    cycle = the_cycle(data["city"]["slug"])
    with city_scope(cycle.city_id):
        assert set(cycle.forms.values_list("stage", "is_applied_with")) == {("idea", True), ("full", False)}
    assert "later:" in said


@pytest.mark.real
@pytest.mark.skipif(not REAL, reason="the real calls (../shared/data/calls) are not here")
@pytest.mark.parametrize("path", REAL, ids=lambda path: path.stem)
def test_every_real_call_can_be_tried_open(path):
    run(str(path), "--shift", "--fill")

    cycle = the_cycle(json.loads(path.read_text())["city"]["slug"])
    assert cycle.status == "published"
    assert timedelta(days=6) < cycle.closes_at - timezone.now() < timedelta(days=29)
    assert cycle.opens_at < cycle.closes_at
