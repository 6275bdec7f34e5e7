"""Two officers at the same moment: the rows' locks and the table's own rules decide, not who looked first."""

from collections.abc import Callable
from threading import Barrier, Thread

import pytest
from django.db import connection

from cities.access.models import Role
from cities.tenancy.errors import RuleError
from cities.tenancy.models import City
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.programs.actions import end_access, join_cohort
from grants.programs.errors import SlugTakenError
from grants.programs.founding import found_in_steps
from tests.factories import make_city, make_officer
from tests.grants.programs.center import events, make_cohort, members_of, roles_of
from tests.grants.programs.test_founding import FACTS

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]


def at_once(*deeds: Callable[[], object]) -> list[str]:
    """Run the deeds in a thread each, from one signal; return the names of the refusals."""
    signal, refused = Barrier(len(deeds)), []

    def run(deed):
        try:
            signal.wait(10)
            deed()
        except RuleError as refusal:
            refused.append(type(refusal).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return refused


@pytest.mark.race(rounds=3)
def test_two_officers_who_remove_each_other_leave_one():
    one, other = make_officer(), make_officer()

    def remove(actor, member):
        with city_scope(CENTER_ID):
            end_access(member.pk, actor=actor)

    refused = at_once(lambda a=one, b=other: remove(a, b), lambda a=other, b=one: remove(a, b))

    assert refused in (["NotAnOfficerError"], ["LastOfficerError"])
    left = [officer for officer in (one, other) if roles_of(officer, CENTER_ID) == {Role.OFFICER}]
    assert len(left) == 1
    with city_scope(CENTER_ID):
        left[0].memberships.update(role=Role.AUDITOR)


def test_two_officers_who_found_the_same_city_found_it_once():
    officers = [make_officer(), make_officer()]

    refused = at_once(*(lambda actor=actor: found_in_steps(FACTS, actor=actor) for actor in officers))

    assert refused == ["SlugTakenError"]
    city = City.objects.cities().get()
    assert events(city.pk) == ["city:found"]


def test_a_name_that_is_taken_between_the_look_and_the_writing_is_said_to_be_taken(monkeypatch):
    officer = make_officer()
    found_in_steps(FACTS, actor=officer)
    monkeypatch.setattr("grants.programs.actions.cities._check_slug", lambda _slug: None)

    with pytest.raises(SlugTakenError):
        found_in_steps(FACTS, actor=make_officer())


def test_one_officer_who_sends_the_form_twice_at_once_founds_one_city():
    officer = make_officer()

    refused = at_once(*[lambda: found_in_steps(FACTS, actor=officer, manager_email="mae@marlow.example")] * 2)

    assert refused == []
    assert events(City.objects.cities().get().pk) == ["city:found", "member:invite"]


def test_a_city_that_joins_twice_at_once_joins_once():
    officer, city = make_officer(), make_city()
    cohort = make_cohort(officer)

    def join():
        with center_scope(officer):
            join_cohort(cohort.pk, city_id=city.pk, actor=officer)

    assert at_once(join, join) == ["AlreadyInCohortError"]
    assert members_of(cohort) == [city.slug]
