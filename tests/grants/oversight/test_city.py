import re

import pytest
from django.urls import reverse
from django.utils import timezone

from cities.access.actions import invite_member
from cities.access.models import Role
from cities.audit import trail
from cities.audit.models import SignedHead
from cities.audit.tasks import seal_pending, sign_heads
from cities.tenancy.scopes import CENTER_ID, center_scope, city_scope
from grants.oversight.record import trail_of
from grants.programs.actions import change_city_facts
from tests.factories import make_city, make_member
from tests.grants.oversight.test_figures import call
from tests.grants.programs.center import make_cohort
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db


def ask(client, slug="baltimore"):
    response = client.get(reverse("grants:center-city-detail", args=[slug]))
    assert response.status_code == 200
    return response.text


def plain(html):
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_citys_page_shows_calls_people_invitations_and_cohort(as_officer, officer, baltimore, manager):
    call(baltimore, "draft", "submitted", "eligible", name="Spring call")
    call(baltimore, status="draft", name="Next year", opens_at=None, closes_at=None, planned_pool_cents=None)
    make_cohort(officer, "2024–26", baltimore)
    with city_scope(baltimore):
        invite_member(email="sam@baltimore.example", roles=["staff"], actor=officer)

    words = plain(ask(as_officer))

    assert re.search(r"Spring call Open .+ ET .+ ET 1 2 \$3,000 \$24,000", words)
    assert "Next year In preparation — — 0 0 $0 —" in words
    assert "Sum of published calls 1 2 $3,000 $24,000" in words
    assert "Mae Manager mae@baltimore.example Manager" in words
    assert "sam@baltimore.example" in words
    assert "Cohort 2024–26" in words


def test_a_city_is_found_by_its_id_too(as_officer, baltimore):
    assert "Baltimore" in ask(as_officer, str(baltimore.pk))


@pytest.mark.parametrize("slug", ["atlantis", "00000000-0000-7000-8000-000000000000", str(CENTER_ID)])
def test_what_is_no_city_is_not_found(as_officer, slug):
    assert as_officer.get(f"/center/cities/{slug}/").status_code == 404


def test_another_citys_rows_are_not_on_the_page(as_officer, baltimore, dallas):
    call(dallas, "submitted", name="CANARY call")
    make_member(dallas, Role.MANAGER, name="CANARY person")

    assert "CANARY" not in ask(as_officer)


def test_an_empty_city_says_what_to_do_next(as_officer, baltimore):
    words = plain(ask(as_officer))

    assert "No call yet" in words
    assert "Nobody has a role here yet" in words
    assert "In no cohort yet." in words
    assert "None yet. Heads are signed every ten minutes." in words


def test_an_expired_invitation_is_marked(as_officer, officer, baltimore):
    from cities.access.models import Invitation

    with city_scope(baltimore):
        invite_member(email="sam@baltimore.example", roles=["staff"], actor=officer)
        Invitation.objects.update(expires_at=timezone.now())

    assert "Expired" in plain(ask(as_officer))


def test_the_trail_shows_what_is_sealed_waiting_and_signed(as_officer, officer, baltimore):
    with city_scope(baltimore):
        change_city_facts(baltimore.pk, actor=officer, region="MD.")
    seal_pending()
    sign_heads()
    with city_scope(baltimore):
        change_city_facts(baltimore.pk, actor=officer, region="MD")

    with center_scope(officer):
        found = trail_of(baltimore.pk)
        head = SignedHead.objects.get(chain_of=baltimore)
    assert (found.sealed_seq, found.unsealed, found.head_seq) == (1, 1, 1)
    assert (found.head_hash, found.signature_holds) == (head.hash, True)
    words = plain(ask(as_officer))
    assert "Last signed head no. 1" in words
    assert "Signature The signature is good" in words
    assert head.hash in words


def test_the_latest_deeds_are_told_but_those_about_applications_stay_with_the_city(
    as_officer, officer, baltimore
):
    cycle = call(baltimore, "submitted")
    with city_scope(baltimore):
        application = cycle.applications.get()
        trail.record("application:mark-ineligible", actor=officer, subject=application, reason="CANARY")
        invite_member(email="sam@baltimore.example", roles=["staff"], actor=officer)
        change_city_facts(baltimore.pk, actor=officer, region="MD.")

    page = ask(as_officer)

    words = plain(page)
    assert "Olive Officer invited somebody to the role “staff”." in words
    assert "Olive Officer changed the city’s settings." in words
    assert "CANARY" not in page


def test_a_head_that_somebody_wrote_in_by_hand_does_not_hold(as_officer, officer, baltimore):
    with city_scope(baltimore):
        trail.record("city:change", actor=officer, subject=baltimore)
    with city_scope(CENTER_ID):
        SignedHead.objects.create(
            city_id=CENTER_ID, chain_of=baltimore, seq=1, hash="0" * 64, signature="0" * 128
        )

    assert "Signature Does not hold" in plain(ask(as_officer))


def test_the_page_needs_the_same_statements_however_much_there_is(client, officer, baltimore):
    sign_in(client, officer)
    counts = []
    for slug, times in (("baltimore", 1), ("dallas", 3)):
        city = baltimore if slug == "baltimore" else make_city(slug)
        for number in range(times):
            call(city, "submitted", "draft")
            make_member(city, Role.STAFF)
            make_cohort(officer, f"{slug} {number}", city)
            with city_scope(city):
                invite_member(email=f"{number}@example.org", roles=["staff"], actor=officer)
        ask(client, slug)
        with count_statements() as statements:
            ask(client, slug)
        counts.append(len(statements))

    assert counts[0] == counts[1]
    assert counts[0] <= 22
