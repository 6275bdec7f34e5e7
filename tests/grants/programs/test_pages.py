"""The Center's pages as an officer uses them, without a script."""

import pytest
from django.urls import reverse

from cities.access.actions import invite_member
from cities.access.models import Invitation, Role
from cities.outbox.models import Message
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.programs.models import Cohort
from tests.factories import make_member, make_officer
from tests.grants.programs.center import (
    NEVER,
    cohorts,
    events,
    failing_at_the_last_write,
    make_cohort,
    members_of,
    roles_of,
)

pytestmark = pytest.mark.django_db

NEW_CITY = {
    "name": "Marlow Falls", "slug": "marlow-falls", "region": "OH", "timezone": "America/New_York",
    "languages": ["en", "es"], "currency": "USD",
}  # fmt: skip


def url(name, **kwargs):
    return reverse(f"grants:center-{name}", kwargs=kwargs)


# -- Cohorts ----------------------------------------------------------------------------------------


def test_an_officer_makes_a_cohort_and_adds_a_city(as_officer, baltimore):
    made = as_officer.post(
        url("cohort-create"),
        {"name": "2024–26", "starts_on": "2024-05-06", "ends_on": "2026-12-31", "grant_cents": "100,000"},
        follow=True,
    )

    assert "The cohort “2024–26” is made. Now add its cities." in made.text
    assert "$100,000" in made.text
    with city_scope(CENTER_ID):
        cohort = Cohort.objects.get()
    assert cohort.grant_cents == 10_000_000
    added = as_officer.post(url("cohort-add-city", pk=cohort.pk), {"city": str(baltimore.pk)}, follow=True)
    assert "Baltimore is in the cohort “2024–26” now." in added.text
    assert members_of(cohort) == ["baltimore"]


def test_a_refused_cohort_keeps_what_was_typed(as_officer, officer):
    make_cohort(officer, "2024–26")

    page = as_officer.post(url("cohort-create"), {"name": "2024–26", "grant_cents": "5,000"})

    assert "There is a cohort of this name already." in page.text
    assert 'value="5,000"' in page.text
    assert cohorts() == ["2024–26"]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Please fill this in."),
        ("grant_cents", "lots", "Write an amount in numbers, like 1,250 or 1250.50."),
        ("ends_on", "2024-01-01", "A cohort ends after it starts."),
        ("starts_on", "May", "Write a date, like 2026-04-27 or 04/27/2026."),
    ],
)
def test_a_wrong_fact_of_a_cohort_is_refused_at_its_field(as_officer, field, value, sentence):
    typed = {"name": "2024–26", "starts_on": "2024-05-06", "ends_on": "2026-12-31", "grant_cents": "1"}

    page = as_officer.post(url("cohort-create"), {**typed, field: value})

    assert sentence in page.text
    assert f'id="id_{field}_error"' in page.text
    assert cohorts() == []


def test_a_cohort_is_changed(as_officer, officer):
    cohort = make_cohort(officer)

    page = as_officer.post(
        url("cohort-edit", pk=cohort.pk), {"name": "2024–2026", "grant_cents": "2"}, follow=True
    )

    assert "The cohort is changed." in page.text
    assert cohorts() == ["2024–2026"]


def test_the_list_counts_the_cities_of_each_cohort(as_officer, officer, baltimore, dallas):
    make_cohort(officer, "2024–26", baltimore, dallas)

    page = as_officer.get(url("cohort-list"))

    assert "2024–26" in page.text
    assert "$100,000" in page.text
    assert '#cities">2</a>' in page.text


def test_taking_a_city_out_says_first_what_will_happen(as_officer, officer, baltimore):
    cohort = make_cohort(officer, "2024–26", baltimore)
    address = url("cohort-remove-city", pk=cohort.pk, slug="baltimore")

    asked = as_officer.get(address)
    assert "Baltimore stays as it is" in asked.text
    assert members_of(cohort) == ["baltimore"]

    done = as_officer.post(address, follow=True)
    assert "Baltimore is not in the cohort “2024–26” any more." in done.text
    assert members_of(cohort) == []


def test_taking_a_city_out_twice_is_told_and_harmless(as_officer, officer, baltimore):
    cohort = make_cohort(officer)

    page = as_officer.post(url("cohort-remove-city", pk=cohort.pk, slug="baltimore"), follow=True)

    assert "This city is not in the cohort “2024–26”." in page.text


def test_adding_no_city_or_one_that_is_there_is_refused_on_the_page(as_officer, officer, baltimore):
    cohort = make_cohort(officer, "2024–26", baltimore)

    for typed in ({}, {"city": str(baltimore.pk)}, {"city": str(CENTER_ID)}):
        page = as_officer.post(url("cohort-add-city", pk=cohort.pk), typed)
        assert page.status_code == 422
        assert 'id="id_city_error"' in page.text
    assert members_of(cohort) == ["baltimore"]


def test_a_cohort_that_is_not_there_is_not_found(as_officer, baltimore):
    for name, arguments in (
        ("cohort-detail", {}),
        ("cohort-edit", {}),
        ("cohort-add-city", {}),
        ("cohort-remove-city", {"slug": "baltimore"}),
    ):
        assert as_officer.post(url(name, pk=NEVER, **arguments)).status_code in {404, 405}


# -- Founding ---------------------------------------------------------------------------------------


def test_an_officer_founds_a_city_with_cohort_and_manager(as_officer, officer):
    cohort = make_cohort(officer)

    page = as_officer.post(
        url("city-create"),
        {
            **NEW_CITY,
            "latitude": "40.1",
            "longitude": "-82.9",
            "cohort": str(cohort.pk),
            "manager_email": "mae@marlow.example",
            "manager_name": "Mae",
        },
        follow=True,
    )

    assert "Marlow Falls is founded. mae@marlow.example is invited as its manager." in page.text
    city = City.objects.get(slug="marlow-falls")
    assert (city.latitude, city.languages, city.is_demo) == (40.1, ["en", "es"], False)
    assert members_of(cohort) == ["marlow-falls"]
    with city_scope(city):
        assert Invitation.objects.get().role == Role.MANAGER
        assert Message.objects.count() == 1


def test_sending_the_same_city_twice_goes_on_instead_of_failing(as_officer, officer):
    typed = {**NEW_CITY, "manager_email": "mae@marlow.example"}
    as_officer.post(url("city-create"), typed)

    page = as_officer.post(url("city-create"), typed, follow=True)

    assert "Marlow Falls was founded by you before. We went on from there." in page.text
    assert City.objects.cities().count() == 1


def test_a_cohort_removed_meanwhile_leaves_a_city_that_says_how_to_go_on(as_officer, officer):
    cohort = make_cohort(officer)
    form = {**NEW_CITY, "cohort": str(cohort.pk)}
    with center_scope(officer):
        cohort.delete()

    refused = as_officer.post(url("city-create"), form)
    assert refused.status_code == 422
    assert not City.objects.cities().exists()

    make_cohort(officer, "2026–28")
    as_officer.post(url("city-create"), NEW_CITY)
    page = as_officer.get(url("city-detail", slug="marlow-falls"))
    assert "In no cohort yet." in page.text
    assert "Add to “2026–28”" in page.text


def test_a_reserved_web_name_is_refused_beside_the_field_with_one_that_is_free(as_officer):
    page = as_officer.post(
        url("city-create"), {**NEW_CITY, "name": "Center", "slug": "center", "region": "ND"}
    )

    assert page.status_code == 422
    assert (
        "“center” is an address of the site itself. Choose another. For example “center-nd” is free."
        in page.text
    )
    assert 'id="id_slug_error"' in page.text


def test_a_taken_web_name_is_refused_beside_the_field_and_all_that_was_typed_kept(as_officer, baltimore):
    typed = {**NEW_CITY, "name": "Baltimore", "slug": "baltimore", "contact_name": "Ann Other"}

    page = as_officer.post(url("city-create"), typed)

    assert "A city here has the web name “baltimore” already." in page.text
    assert "For example “baltimore-oh” is free." in page.text
    assert 'value="Ann Other"' in page.text


def test_an_empty_web_name_comes_back_filled_in_to_be_looked_at(as_officer):
    page = as_officer.post(url("city-create"), {**NEW_CITY, "slug": ""})

    assert page.status_code == 422
    assert "We filled in a suggestion. Is it right?" in page.text
    assert 'value="marlow-falls"' in page.text
    assert page.text.count(" checked") == 2
    assert not City.objects.cities().exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"timezone": "America/Atlantis"}, "timezone"),
        ({"languages": []}, "languages"),
        ({"currency": "xyz"}, "currency"),
        ({"latitude": "40"}, "longitude"),
        ({"latitude": "140", "longitude": "3"}, "latitude"),
        ({"manager_name": "Mae"}, "manager_email"),
        ({"manager_email": "mae"}, "manager_email"),
        ({"cohort": NEVER}, "cohort"),
    ],
)
def test_a_wrong_fact_of_a_city_is_refused_at_its_field_and_nothing_founded(as_officer, changes, field):
    page = as_officer.post(url("city-create"), {**NEW_CITY, **changes})

    assert page.status_code == 422
    assert f'id="id_{field}_error"' in page.text
    assert not City.objects.cities().exists()


def test_time_zones_of_the_united_states_stand_first(as_officer):
    page = as_officer.get(url("city-create")).text

    assert page.index('value="America/Los_Angeles"') < page.index('value="Africa/Abidjan"')


def test_founding_that_fails_at_the_end_leaves_nothing_through_the_page(as_officer):
    with failing_at_the_last_write():
        page = as_officer.post(url("city-create"), NEW_CITY)

    assert "The roof fell in." in page.text
    assert not City.objects.cities().exists()


def test_the_centers_facts_of_a_city_are_changed_and_the_rest_stays(as_officer, baltimore):
    page = as_officer.post(
        url("city-edit", slug="baltimore"),
        {
            "name": "Baltimore City",
            "region": "MD",
            "latitude": "39.3",
            "longitude": "-76.6",
            "slug": "charm",
            "currency": "CAD",
        },
        follow=True,
    )

    assert "The city’s facts are changed." in page.text
    baltimore.refresh_from_db()
    assert (baltimore.name, baltimore.slug, baltimore.currency) == ("Baltimore City", "baltimore", "USD")
    assert events(baltimore.pk) == ["city:change"]
    assert events() == []


def test_a_refused_change_of_facts_is_told_at_its_field(as_officer, baltimore):
    page = as_officer.post(url("city-edit", slug="baltimore"), {"name": "Baltimore", "latitude": "39.3"})

    assert page.status_code == 422
    assert 'id="id_longitude_error"' in page.text


# -- People of a city -------------------------------------------------------------------------------


def test_an_officer_invites_somebody_to_a_city(as_officer, baltimore):
    page = as_officer.post(
        url("member-invite", slug="baltimore"),
        {"email": "Sam@baltimore.example", "name": "Sam", "roles": ["staff", "finance"], "language": "en"},
        follow=True,
    )

    assert "sam@baltimore.example is invited" in page.text.lower()
    assert "Finance" in page.text
    with city_scope(baltimore):
        assert set(Invitation.objects.values_list("email", "role")) == {
            ("sam@baltimore.example", "staff"),
            ("sam@baltimore.example", "finance"),
        }
    assert events(baltimore.pk) == ["member:invite", "member:invite"]
    assert events() == []


def test_nobody_is_invited_to_a_role_of_the_center_in_a_city(as_officer, baltimore):
    page = as_officer.post(
        url("member-invite", slug="baltimore"),
        {"email": "x@example.org", "roles": ["officer"], "language": "en"},
    )

    assert 'id="id_roles_error"' in page.text
    assert events(baltimore.pk) == []


def test_inviting_a_member_again_is_refused_beside_the_address(as_officer, baltimore, manager):
    page = as_officer.post(
        url("member-invite", slug="baltimore"),
        {"email": manager.email, "roles": ["manager"], "language": "en"},
    )

    assert "This person has this role already." in page.text
    assert 'id="id_email_error"' in page.text


def test_roles_in_a_city_are_changed_in_that_citys_trail(as_officer, baltimore, manager):
    page = as_officer.post(
        url("member-edit", slug="baltimore", pk=manager.pk), {"roles": ["manager", "finance"]}, follow=True
    )

    assert "The roles of Mae Manager are changed." in page.text
    assert roles_of(manager, baltimore.pk) == {Role.MANAGER, Role.FINANCE}
    assert events(baltimore.pk) == ["member:join"]


def test_an_old_page_of_roles_ends_no_role_that_another_officer_gave(as_officer, baltimore, manager):
    page = url("member-edit", slug="baltimore", pk=manager.pk)
    seen = as_officer.get(page).context["seen"]
    as_officer.post(page, {"roles": ["manager", "finance"], "seen": seen})

    late = as_officer.post(page, {"roles": ["manager", "viewer"], "seen": seen})

    assert (late.status_code, late.context["seen"] != seen) == (409, True)
    assert "they are Manager, Finance now" in late.text
    assert events(baltimore.pk) == ["member:join"]
    assert events() == []


def test_an_officer_may_leave_a_city_without_a_manager_but_is_warned(as_officer, baltimore, manager):
    address = url("member-remove", slug="baltimore", pk=manager.pk)

    asked = as_officer.get(address)
    assert "Mae Manager is the only manager of Baltimore" in asked.text
    assert "These roles end at once, also on pages that are open now: Manager." in asked.text
    assert roles_of(manager, baltimore.pk) == {Role.MANAGER}

    done = as_officer.post(address, follow=True)
    assert "Mae Manager has no access any more." in done.text
    assert roles_of(manager, baltimore.pk) == set()
    assert events(baltimore.pk) == ["member:end"]


def test_somebody_of_another_city_is_not_found_in_this_one(as_officer, baltimore, dallas):
    stranger = make_member(dallas, Role.MANAGER)

    for name in ("member-edit", "member-remove"):
        assert as_officer.get(url(name, slug="baltimore", pk=stranger.pk)).status_code == 404
        assert (
            as_officer.post(url(name, slug="baltimore", pk=stranger.pk), {"roles": ["staff"]}).status_code
            == 404
        )
    assert roles_of(stranger, dallas.pk) == {Role.MANAGER}


def test_an_invitation_is_withdrawn_once_and_only_in_its_city(as_officer, officer, baltimore, dallas):
    with city_scope(baltimore):
        (invitation,) = invite_member(email="sam@baltimore.example", roles=["staff"], actor=officer)

    assert as_officer.post(url("invitation-withdraw", slug="dallas", pk=invitation.pk)).status_code == 404
    assert (
        "no longer gives the role “Staff”"
        in as_officer.get(url("invitation-withdraw", slug="baltimore", pk=invitation.pk)).text
    )
    done = as_officer.post(url("invitation-withdraw", slug="baltimore", pk=invitation.pk), follow=True)
    assert "The invitation is withdrawn." in done.text
    again = as_officer.post(url("invitation-withdraw", slug="baltimore", pk=invitation.pk), follow=True)
    assert "used or withdrawn already" in again.text


def test_a_change_that_fails_at_the_end_leaves_the_roles_as_they_were(as_officer, baltimore, manager):
    with failing_at_the_last_write():
        changed = as_officer.post(url("member-edit", slug="baltimore", pk=manager.pk), {"roles": ["staff"]})
        removed = as_officer.post(url("member-remove", slug="baltimore", pk=manager.pk))

    assert "The roof fell in." in changed.text
    assert "The roof fell in." in removed.text
    assert roles_of(manager, baltimore.pk) == {Role.MANAGER}
    assert events(baltimore.pk) == []


# -- People of the Center ---------------------------------------------------------------------------


def test_an_officer_invites_an_auditor(as_officer):
    page = as_officer.post(
        url("person-invite"),
        {"email": "al@center.example", "roles": ["auditor"], "language": "en"},
        follow=True,
    )

    assert "al@center.example" in page.text
    assert events() == ["member:invite"]


def test_the_last_officer_can_neither_go_nor_give_the_role_away(as_officer, officer, auditor):
    changed = as_officer.post(url("person-edit", pk=officer.pk), {"roles": ["auditor"]})
    removed = as_officer.post(url("person-remove", pk=officer.pk))

    for page in (changed, removed):
        assert page.status_code == 422
        assert "The Center needs at least one officer." in page.text
    assert roles_of(officer, CENTER_ID) == {Role.OFFICER}


def test_one_of_two_officers_may_go_and_is_out_at_once(as_officer, officer):
    colleague = make_officer()

    as_officer.post(url("person-remove", pk=officer.pk))

    assert roles_of(officer, CENTER_ID) == set()
    assert as_officer.get(url("people")).status_code == 403
    assert roles_of(colleague, CENTER_ID) == {Role.OFFICER}


def test_an_officer_also_becomes_an_auditor(as_officer, officer):
    as_officer.post(url("person-edit", pk=officer.pk), {"roles": ["officer", "auditor"]})

    assert roles_of(officer, CENTER_ID) == {Role.OFFICER, Role.AUDITOR}


def test_the_people_of_the_center_are_listed_without_those_of_cities(as_officer, officer, auditor, manager):
    page = as_officer.get(url("people")).text

    assert "Olive Officer" in page
    assert "Center auditor" in page
    assert "Mae Manager" not in page
