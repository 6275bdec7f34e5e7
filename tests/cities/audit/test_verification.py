"""Each kind of tampering is planted once as the database's owner, and found."""

import json
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from cities.audit.heartbeat import Heartbeat, beat
from cities.audit.models import Seal
from cities.audit.tasks import seal_pending, sign_heads
from cities.audit.trail import by_token
from cities.audit.verification import run_checks
from cities.audit.verification.chains import link
from cities.tenancy.models import new_id
from cities.tenancy.scopes import city_scope
from tests.cities.audit.conftest import as_owner, planted, without_append_only, write_events
from tests.factories import make_city

pytestmark = pytest.mark.django_db(transaction=True)


def audit_breaks() -> list[str]:
    return [
        f"{found.place}: {found.sentence}" for findings in run_checks("audit") for found in findings.breaks
    ]


@pytest.fixture
def chain(city):
    events = write_events(city, 4)
    seal_pending()
    sign_heads()
    return events


def test_an_untouched_chain_is_clean(chain):
    assert audit_breaks() == []


def test_the_recomputation_reads_every_seal(chain):
    (findings,) = run_checks("audit chains")

    assert findings.examined == 4


def test_verify_seals_what_is_pending_first(city):
    write_events(city, 2)

    assert audit_breaks() == []

    with city_scope(city):
        assert Seal.objects.count() == 2


@pytest.mark.parametrize(
    "change",
    [
        "tag = 'city:found'",
        "actor_name = 'somebody'",
        "data = data || '{\"number\": 9}'",
        "created_at = created_at + interval '1 us'",
        "subject_id = gen_random_uuid()",
    ],
)
def test_an_edited_event_is_named(chain, change):
    with without_append_only("cities_event"):
        as_owner(f"UPDATE cities_event SET {change} WHERE id = '{chain[1].pk}'")

        assert audit_breaks() == [f"baltimore, seal 2: event {chain[1].pk} was changed after it was sealed"]


@pytest.mark.parametrize("change", ["data - 'token'", "jsonb_set(data, '{token,name}', '\"Other\"')"])
def test_which_token_acted_is_sealed_too(city, change):
    with by_token(new_id(), "Sheet"):
        (event,) = write_events(city, 1)
    seal_pending()
    assert audit_breaks() == []

    with without_append_only("cities_event"):
        as_owner(f"UPDATE cities_event SET data = {change} WHERE id = '{event.pk}'")

        assert audit_breaks() == [f"baltimore, seal 1: event {event.pk} was changed after it was sealed"]


def test_a_deleted_event_is_named(chain):
    drop = "ALTER TABLE cities_seal DROP CONSTRAINT cities_seal_event_same_city"
    add = (
        "ALTER TABLE cities_seal ADD CONSTRAINT cities_seal_event_same_city FOREIGN KEY (city_id, event_id) "
        "REFERENCES cities_event (city_id, id) DEFERRABLE INITIALLY DEFERRED NOT VALID"
    )
    with without_append_only("cities_event"):
        as_owner(drop, f"DELETE FROM cities_event WHERE id = '{chain[2].pk}'")
        found = audit_breaks()
        as_owner(
            "TRUNCATE cities_seal",
            "DELETE FROM cities_event",
            add,
            "ALTER TABLE cities_seal VALIDATE CONSTRAINT cities_seal_event_same_city",
        )

    assert found == [f"baltimore, seal 3: its event {chain[2].pk} was deleted"]


def test_a_deleted_link_is_named(chain):
    with without_append_only("cities_seal"):
        as_owner("DELETE FROM cities_seal WHERE seq = 2")

        found = audit_breaks()

    assert "baltimore, seal 3: seal 2 is missing from the chain" in found
    assert "baltimore, seal 3: does not follow from the seal before it" in found


def test_two_links_in_another_order_are_named(chain):
    with without_append_only("cities_seal"):
        as_owner(
            "UPDATE cities_seal SET seq = 99 WHERE seq = 2",
            "UPDATE cities_seal SET seq = 2 WHERE seq = 3",
            "UPDATE cities_seal SET seq = 3 WHERE seq = 99",
        )

        found = audit_breaks()

    assert "baltimore, seal 2: does not follow from the seal before it" in found
    assert "baltimore, seal 3: does not follow from the seal before it" in found


def test_a_tail_cut_below_a_signed_head_is_named(chain):
    with without_append_only("cities_seal"), without_append_only("cities_event"):
        as_owner(
            "DELETE FROM cities_seal WHERE seq > 2",
            f"DELETE FROM cities_event WHERE id IN ('{chain[2].pk}', '{chain[3].pk}')",
        )

        assert audit_breaks() == ["baltimore, signed head 4: the chain was cut: it ends at seal 2"]


def test_a_chain_rebuilt_by_its_owner_is_named_by_the_signed_head(chain):
    text = "event_text(e)"
    with without_append_only("cities_seal"), without_append_only("cities_event"):
        as_owner(
            f"UPDATE cities_event SET tag = 'city:found' WHERE id = '{chain[3].pk}'",
            f"UPDATE cities_seal s SET hash = encode(sha256(convert_to(s.previous || {text}, 'UTF8')), 'hex') FROM cities_event e "
            f"WHERE e.id = s.event_id AND s.seq = 4",
        )

        assert audit_breaks() == [
            "baltimore, signed head 4: the chain was rebuilt: its hash is not the one that was signed"
        ]


@pytest.mark.parametrize(
    ("minutes", "breaks"),
    [(19, []), (21, ["baltimore: no head of its chain is signed, and others were since it began"])],
)
def test_a_chain_whose_heads_were_taken_away_is_named(chain, minutes, breaks):
    write_events(make_city("dallas"), 1)
    seal_pending()
    sign_heads()
    with without_append_only("cities_signedhead"), without_append_only("cities_seal"):
        as_owner(
            "DELETE FROM cities_signedhead WHERE seq = 4",
            f"UPDATE cities_seal SET sealed_at = sealed_at - interval '{minutes} minutes' WHERE seq = 1",
        )

    assert audit_breaks() == breaks


def test_where_no_chain_was_ever_signed_that_is_only_noted(city):
    write_events(city, 1)
    seal_pending()

    (findings,) = run_checks("audit chains")
    assert (findings.breaks, findings.notes) == ([], ["1 chains have no signed head yet"])


def test_a_forged_signature_is_named(chain):
    with without_append_only("cities_signedhead"):
        as_owner("UPDATE cities_signedhead SET signature = repeat('0', 128)")

        assert audit_breaks() == ["baltimore, signed head 4: the signature is not ours"]


def test_a_head_signed_with_another_key_is_named(chain, settings):
    settings.AUDIT_SIGNING_KEY, settings.AUDIT_SIGNING_KEYS_BEFORE = "another key", []

    assert audit_breaks() == ["baltimore, signed head 4: the signature is not ours"]


def test_a_head_signed_before_the_key_was_changed_is_still_ours(chain, settings):
    settings.AUDIT_SIGNING_KEYS_BEFORE = [settings.AUDIT_SIGNING_KEY]
    settings.AUDIT_SIGNING_KEY = "another key"

    assert audit_breaks() == []


def test_an_event_taken_off_the_queue_is_named(city):
    (event,) = write_events(city, 1)
    as_owner("DELETE FROM cities_unsealed")

    assert audit_breaks() == [f"baltimore, event {event.pk}: was never sealed, and nothing waits to seal it"]


def test_a_sequencer_that_runs_and_leaves_events_is_named(city):
    beat({city.pk: timezone.now() - timedelta(seconds=61)})

    assert audit_breaks() == [
        f"city {city.pk}: events stayed unsealed for over a minute while the sequencer ran"
    ]


def test_a_minute_of_waiting_is_no_break(city):
    now = timezone.now()

    assert Heartbeat(now, {city.pk: now - timedelta(seconds=59)}).overdue() == []


def test_the_hash_is_the_one_that_anybody_can_recompute():
    import hashlib

    assert link("0" * 64, "é") == hashlib.sha256(("0" * 64 + "é").encode()).hexdigest()


def run_verify(*arguments: str) -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("verify", *arguments, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_passes_on_a_clean_database(chain):
    code, words = run_verify()

    assert code == 0, words
    assert "audit chains (4 examined)" in words


def test_the_command_names_the_break_and_exits_1(chain):
    with planted(
        "ALTER TABLE grants_note NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE grants_note FORCE ROW LEVEL SECURITY",
    ):
        code, words = run_verify("--json")

    report = json.loads(words)
    assert code == 1
    assert report["ok"] is False
    assert [b for c in report["checks"] for b in c["breaks"]] == [
        {"place": "grants_note", "sentence": "row-level security is not forced, so its owner walks past it"}
    ]
