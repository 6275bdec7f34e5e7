"""What a call says outside of its form, in the city's other languages."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from cities.access.models import Role
from cities.audit.models import Event
from cities.tenancy.scopes import city_scope
from grants.cycles.actions import clone_cycle
from grants.cycles.actions.changing import update_translations
from grants.cycles.errors import InvalidPartError
from grants.cycles.forms import WordingForm
from grants.cycles.models import Cycle
from grants.cycles.states import Status
from grants.cycles.wording import missing_texts, public_texts
from tests.factories import CycleFactory, FormVersionFactory, make_city, make_member
from tests.people import sign_in

pytestmark = pytest.mark.django_db

BUDGET = {
    "columns": ["requested"],
    "categories": [{"key": "plants", "label": "Plants", "max_percent": None, "max_amount": None}],
    "disallowed": ["Wages"],
    "match_required": None,
    "vendor_quotes_over": None,
}
TERMS = {
    "payment_modes": [],
    "sponsor_fee_max_percent": None,
    "reports": [],
    "conditions": ["Keep every receipt", "Wages"],
    "city_services": [],
}
SPANISH = {"Clean blocks": "Cuadras limpias", "For neighbors.": "Para vecinos.", "Plants": "Plantas", "Wages": "Sueldos"}  # fmt: skip


@pytest.fixture
def city():
    return make_city("tilden", languages=["en", "es"])


@pytest.fixture
def cycle(city):
    with city_scope(city):
        cycle = CycleFactory(
            name="Clean blocks",
            purpose="For neighbors.",
            status=Status.PUBLISHED,
            budget=BUDGET,
            award_terms=TERMS,
        )
        FormVersionFactory(cycle=cycle)
    return cycle


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER)


def translate(city, cycle, manager, words):
    with city_scope(city):
        return update_translations(cycle.pk, words=words, actor=manager)


def page(city, cycle):
    return reverse("grants:cycle-wording", kwargs={"city": city.slug, "pk": cycle.pk})


def test_each_text_that_residents_read_stands_there_once(cycle):
    assert public_texts(cycle) == ["Clean blocks", "For neighbors.", "Plants", "Wages", "Keep every receipt"]


def test_residents_read_a_call_in_their_language_and_what_is_left_empty_as_it_was_written(
    client, city, cycle, manager
):
    translate(city, cycle, manager, {"es": SPANISH})
    address = reverse("grants:call-detail", kwargs={"city": city.slug, "slug": cycle.slug})

    spanish = client.get(address, headers={"Accept-Language": "es"}).text
    english = client.get(address).text

    assert all(words in spanish for words in [*SPANISH.values(), "Keep every receipt"])
    assert all(words in english and words not in spanish for words in ("For neighbors.", "Plants"))
    assert not any(words in english for words in SPANISH.values())
    home = client.get(f"/{city.slug}/", headers={"Accept-Language": "es"}).text
    assert "Cuadras limpias" in home


def test_a_text_that_is_changed_is_shown_as_it_is_until_it_is_translated_anew(city, cycle, manager):
    translate(city, cycle, manager, {"es": SPANISH})
    with city_scope(city):
        cycle = Cycle.objects.get()
        cycle.purpose = "For all neighbors."

    with override("es"):
        assert cycle.said_purpose == "For all neighbors."
    assert missing_texts(cycle, "es") == ["For all neighbors.", "Keep every receipt"]


def test_a_manager_gives_the_words_on_one_page(client, city, cycle, manager):
    sign_in(client, manager)
    shown = client.get(page(city, cycle))
    form = WordingForm(city, cycle)
    names = {text: fields[0].html_name for text, fields in form.lines()}

    saved = client.post(
        page(city, cycle),
        {names[text]: words for text, words in SPANISH.items()} | {"seen": shown.context["seen"]},
    )

    assert saved.status_code == 302
    with city_scope(city):
        assert Cycle.objects.get().translations == {"es": SPANISH}
        assert list(Event.objects.values_list("tag", flat=True)) == ["cycle:change-translations"]
    assert "4 of 5 texts" in client.get(saved["Location"]).text
    assert 'value="Plantas"' in client.get(page(city, cycle)).text


def test_a_city_of_one_language_is_told_where_to_add_another(client):
    city = make_city("elmwood", languages=["en"])
    with city_scope(city):
        cycle = CycleFactory()

    shown = sign_in(client, make_member(city, Role.MANAGER)).get(page(city, cycle)).text

    assert "This city speaks one language" in shown
    assert reverse("cities:settings-edit", kwargs={"city": city.slug}) in shown


@pytest.mark.parametrize("words", [{"xx": {"Plants": "?"}}, {"es": {"Plants": ""}}])
def test_words_in_no_language_and_no_words_are_refused(city, cycle, manager, words):
    with pytest.raises(InvalidPartError):
        translate(city, cycle, manager, words)


def test_the_api_takes_and_gives_them(client, city, cycle, manager):
    address = reverse("grants:api-cycle-detail", kwargs={"city": city.slug, "pk": cycle.pk})
    sign_in(client, manager)

    answer = client.patch(address, {"translations": {"es": SPANISH}}, content_type="application/json")

    assert (answer.status_code, answer.json()["translations"]) == (200, {"es": SPANISH})
    public = client.get(reverse("grants:api-call", kwargs={"city": city.slug, "slug": cycle.slug}))
    assert public.json()["translations"] == {"es": SPANISH}


def test_a_copied_call_keeps_its_words(city, cycle, manager):
    translate(city, cycle, manager, {"es": SPANISH})

    with city_scope(city):
        copied = clone_cycle(cycle.pk, name="Clean blocks again", year=2027, actor=manager).cycle

    assert copied.translations == {"es": SPANISH}


def test_what_counts_as_a_match_is_to_be_translated_unless_the_product_has_words_for_it(cycle):
    match = {
        "percent": "50", "of": "request", "may_be": ["cash", "bake_sales"], "volunteer_hour_value": None, "note": "Half of it",
    }  # fmt: skip
    cycle.budget = {**BUDGET, "match_required": match}

    assert public_texts(cycle) == [
        "Clean blocks", "For neighbors.", "Plants", "Wages", "Bake sales", "Half of it", "Keep every receipt",
    ]  # fmt: skip
