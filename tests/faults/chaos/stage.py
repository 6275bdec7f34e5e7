"""Write a city with money, people and open sessions, as a process of its own: ``python -m tests.faults.chaos.stage COUNT``.

Prints, as JSON, the call and everybody's session. A pool that ends before the residents do: the last are refused.
"""

import json
import sys

import django

AWARDS_PER_RESIDENT = 0.75


def main(count: int) -> None:
    from cities.access.models import Role
    from cities.tenancy.scopes import city_scope
    from grants.cycles.funding.actions import allocate
    from tests.factories import FormVersionFactory, UserFactory, make_city, make_member, make_officer
    from tests.faults.chaos.story import OFFERED
    from tests.grants.programs.factories import fund_city
    from tests.grants.reviews.factories import RUBRIC

    city = make_city("chaos")
    roles = {
        "manager": Role.MANAGER, "finance": Role.FINANCE, "approver": Role.APPROVER, "treasurer": Role.FINANCE,
        "reviewer": Role.STAFF,
    }  # fmt: skip
    people = {name: make_member(city, role) for name, role in roles.items()}
    pool = round(count * AWARDS_PER_RESIDENT) * OFFERED
    fund_city(make_officer(), city, pool, finance=people["finance"])
    with city_scope(city):
        version = FormVersionFactory(cycle__rubric=RUBRIC, cycle__slug="spring")
        allocate(version.cycle.pk, amount_cents=pool, actor=people["manager"])
    stage = {
        "call": "spring",
        "city": str(city.pk),
        "pool": pool,
        "people": {name: open_session(user, second_factor=True) for name, user in people.items()},
        "residents": [open_session(UserFactory(), second_factor=False) for _ in range(count)],
    }
    print(json.dumps(stage))  # noqa: T201  this is what the process is asked for


def open_session(user, *, second_factor):
    from django.middleware.csrf import _get_new_csrf_string
    from django.test import Client

    from tests.people import sign_in

    client = sign_in(Client(), user, second_factor=second_factor)
    return {"id": str(user.pk), "session": client.cookies["sessionid"].value, "token": _get_new_csrf_string()}


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
