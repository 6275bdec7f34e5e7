"""Production refuses to start with what only a demonstration may have, and says all of it at once."""

import json
import os
import runpy
import secrets
import subprocess
import sys
from types import SimpleNamespace
from unittest import mock

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.mail import get_connection

from cities.audit.signing import is_ours, sign
from config import mail
from config.embedded.places import Place
from config.embedded.prepare import has_demo
from tests.services import ROOT

STRONG = secrets.token_urlsafe(60)
DEVELOPMENT = "a-development-secret-that-production-refuses"
PRODUCTION = {
    "LYB_ENV": "production",
    "LYB_SECRET_KEY": STRONG,
    "LYB_ALLOWED_HOSTS": "blocks.example.org",
    "LYB_SITE_ADDRESS": "https://blocks.example.org",
    "LYB_FROM_EMAIL": "Love Your Block <blocks@example.org>",
    "LYB_SMTP_HOST": "mail.example.org",
    "DATABASE_URL": "postgres://lyb_city@127.0.0.1:1/lyb",
    "DATABASE_OWNER_URL": "postgres://lyb_owner@127.0.0.1:1/lyb",
    "REDIS_URL": "redis://127.0.0.1:1/0",
}
"""All that production needs; nothing listens there."""


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def load(**environment: str | None) -> SimpleNamespace:
    """Read the settings file anew under nothing but this environment (``None``: left out)."""
    given = {name: value for name, value in environment.items() if value is not None}
    with mock.patch.dict(os.environ, given, clear=True):
        return SimpleNamespace(**runpy.run_path(str(ROOT / "config" / "settings.py")))


def test_production_starts_with_everything_it_needs():
    settings = load(**PRODUCTION)

    assert (settings.PRODUCTION, settings.DEMO) == (True, False)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LYB_DEMO": "1"}, "LYB_DEMO must be off: the demo signs anybody in as anybody."),
        ({"LYB_SECRET_KEY": None}, "LYB_SECRET_KEY must be a random text of at least 50 characters."),
        ({"LYB_SECRET_KEY": "short"}, "LYB_SECRET_KEY must be a random text"),
        ({"LYB_SECRET_KEY": "x" * 60}, "LYB_SECRET_KEY must be a random text"),
        ({"LYB_AUDIT_KEY": "short"}, "LYB_AUDIT_KEY must be a random text"),
        ({"LYB_BODY_KEY": "short"}, "LYB_BODY_KEY must be a random text"),
        ({"LYB_SECRET_KEYS_BEFORE": DEVELOPMENT}, "LYB_SECRET_KEYS_BEFORE may hold only random texts"),
        ({"LYB_AUDIT_KEYS_BEFORE": f"{STRONG}, short"}, "LYB_AUDIT_KEYS_BEFORE may hold only random texts"),
        ({"LYB_BODY_KEYS_BEFORE": "x" * 60}, "LYB_BODY_KEYS_BEFORE may hold only random texts"),
        ({"LYB_BODY_KEY": STRONG}, "LYB_SECRET_KEY, LYB_BODY_KEY must differ from each other."),
        ({"LYB_ALLOWED_HOSTS": None}, "LYB_ALLOWED_HOSTS must name the hosts"),
        ({"LYB_ALLOWED_HOSTS": "*"}, "and not all"),
        ({"LYB_ALLOWED_HOSTS": "example.org"}, "LYB_ALLOWED_HOSTS must hold blocks.example.org"),
        ({"LYB_SITE_ADDRESS": None}, "LYB_SITE_ADDRESS must be the site’s https:// address"),
        ({"LYB_SITE_ADDRESS": "http://blocks.example.org"}, "LYB_SITE_ADDRESS must be the site’s https://"),
        ({"LYB_FROM_EMAIL": None}, "LYB_FROM_EMAIL must be an address"),
        ({"LYB_SMTP_HOST": None}, "LYB_SMTP_HOST or LYB_MAIL_PROVIDER must say who carries the mail."),
        ({"LYB_SMTP_HOST": ""}, "LYB_SMTP_HOST or LYB_MAIL_PROVIDER must say"),
        (
            {"LYB_EMAIL_BACKEND": "residents.notices.mailbox.DemoMailbox"},
            "LYB_EMAIL_BACKEND must send mail",
        ),
        ({"DATABASE_URL": None}, "DATABASE_URL must be set"),
        ({"LYB_DATABASE_ROLE": "owner", "DATABASE_OWNER_URL": None}, "DATABASE_OWNER_URL must be set"),
        ({"REDIS_URL": None}, "REDIS_URL must be set"),
        ({"LYB_STATUS_TOKEN": "guess me"}, "LYB_STATUS_TOKEN must be a random text"),
    ],
)
def test_production_refuses_to_start(changes, words):
    with pytest.raises(ImproperlyConfigured) as refused:
        load(**(PRODUCTION | changes))

    assert words in str(refused.value)
    assert str(refused.value).count("\n  - ") == 1


@pytest.mark.parametrize("name", ["prod", "Production", ""])
def test_an_environment_that_is_none_starts_nothing(name):
    """Else a slip of the pen would open the demo and its mailbox to everybody."""
    with pytest.raises(ImproperlyConfigured, match="LYB_ENV"):
        load(**(PRODUCTION | {"LYB_ENV": name}))


def test_all_that_is_missing_is_said_at_once_and_without_a_traceback():
    refused = run("manage.py", "check", LYB_ENV="production", DATABASE_URL="postgres://x", REDIS_URL="y")

    assert refused.stderr.startswith("LYB_ENV=production does not start like this:\n")
    assert refused.stderr.count("\n  - ") == 5


def test_a_command_in_production_never_starts_servers_of_its_own():
    refused = run("manage.py", "migrate", **(PRODUCTION | {"DATABASE_URL": "", "REDIS_URL": ""}))

    assert refused.returncode != 0
    assert "in production the servers are yours, not the embedded ones" in refused.stderr


def test_nothing_switches_djangos_debugging_on():
    switches = {"DEBUG": "1", "DJANGO_DEBUG": "1", "LYB_DEBUG": "1"}

    assert [load(**PRODUCTION, **switches).DEBUG, load(**switches).DEBUG] == [False, False]


def test_djangos_own_check_of_a_deployment_finds_nothing():
    checked = run("manage.py", "check", "--deploy", "--fail-level", "DEBUG", **PRODUCTION)

    assert checked.stdout + checked.stderr == "System check identified no issues (0 silenced).\n"


def test_that_check_would_find_something():
    checked = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", LYB_SECRET_KEY="short")

    assert checked.returncode != 0
    assert "security.W009" in checked.stderr


def test_mail_goes_by_smtp_unless_a_provider_is_named():
    settings = load(**PRODUCTION, LYB_SMTP_PORT="465", LYB_SMTP_SSL="1")

    assert settings.EMAIL_BACKEND == "django.core.mail.backends.smtp.EmailBackend"
    assert (settings.EMAIL_PORT, settings.EMAIL_USE_TLS, settings.EMAIL_USE_SSL) == (465, False, True)
    assert load().EMAIL_BACKEND == "residents.notices.mailbox.DemoMailbox"


def test_a_mail_provider_gets_what_it_needs_from_the_environment(settings):
    provider = {"LYB_MAIL_PROVIDER": "postmark", "ANYMAIL_POSTMARK_SERVER_TOKEN": "a token"}
    loaded = load(**(PRODUCTION | {"LYB_SMTP_HOST": None} | provider))

    settings.ANYMAIL = loaded.ANYMAIL

    assert get_connection(loaded.EMAIL_BACKEND).server_token == "a token"


@pytest.mark.parametrize("provider", ["pigeon", "base", "test", "os.path"])
def test_an_unknown_mail_provider_is_refused(provider):
    with pytest.raises(ImproperlyConfigured, match=f"LYB_MAIL_PROVIDER={provider} is no provider"):
        load(**PRODUCTION, LYB_MAIL_PROVIDER=provider)


def test_a_former_secret_still_reads_what_it_signed_and_encrypted():
    old, a, b, c = (f"{letter}-{STRONG}" for letter in "oabc")
    former = {"LYB_SECRET_KEYS_BEFORE": old, "LYB_AUDIT_KEYS_BEFORE": a, "LYB_BODY_KEYS_BEFORE": f"{b}, {c}"}

    settings = load(**PRODUCTION, **former)

    assert [old] == settings.SECRET_KEY_FALLBACKS
    assert [a, f"audit:{STRONG}", f"audit:{old}"] == settings.AUDIT_SIGNING_KEYS_BEFORE
    assert [b, c, f"body:{old}"] == settings.BODY_ENCRYPTION_KEYS_BEFORE


def test_what_a_derived_audit_key_signed_is_ours_after_an_own_key_and_after_its_secret_is_gone(settings):
    def start(**environment):
        loaded = load(**(PRODUCTION | environment))
        settings.AUDIT_SIGNING_KEY = loaded.AUDIT_SIGNING_KEY
        settings.AUDIT_SIGNING_KEYS_BEFORE = loaded.AUDIT_SIGNING_KEYS_BEFORE

    start()
    signature = sign("test", "text")

    start(LYB_AUDIT_KEY=f"own-{STRONG}")
    assert is_ours("test", "text", signature)

    start(LYB_SECRET_KEY=f"new-{STRONG}", LYB_AUDIT_KEY=f"own-{STRONG}")
    assert not is_ours("test", "text", signature)

    start(
        LYB_SECRET_KEY=f"new-{STRONG}",
        LYB_AUDIT_KEY=f"own-{STRONG}",
        LYB_AUDIT_KEYS_BEFORE=f"audit:{STRONG}",
    )
    assert is_ours("test", "text", signature)


OWN_SERVERS = {name: PRODUCTION[name] for name in ("DATABASE_URL", "REDIS_URL")}


def test_servers_of_ones_own_have_the_demo_and_its_mailbox_off_although_the_environment_was_forgotten():
    forgotten = load(**OWN_SERVERS, LYB_SMTP_HOST="mail.example.org")
    asked_for = load(**OWN_SERVERS, LYB_DEMO="1")

    assert (forgotten.DEMO, forgotten.EMAIL_BACKEND) == (False, mail.SMTP)
    assert (asked_for.DEMO, asked_for.EMAIL_BACKEND) == (True, mail.MAILBOX)


@pytest.mark.parametrize(("said", "is_on"), [(None, True), ("0", False)])
def test_the_embedded_servers_have_the_demo_on_unless_switched_off(tmp_path, said, is_on):
    with mock.patch.dict(os.environ, {} if said is None else {"LYB_DEMO": said}, clear=True):
        Place(tmp_path).announce()
        settings = load(**os.environ)

        assert (settings.DEMO, has_demo()) == (is_on, is_on)
        assert settings.DATABASES["default"]["HOST"] == str(Place(tmp_path).postgres_sockets)


def test_the_supervisor_seeds_no_demo_where_servers_are_ones_own():
    with mock.patch.dict(os.environ, OWN_SERVERS, clear=True):
        assert not has_demo()


@pytest.mark.parametrize(
    ("given", "store"),
    [
        ({"LYB_S3_REGION": "us-west-2"}, "https://s3.us-west-2.amazonaws.com"),
        ({"LYB_S3_ENDPOINT": "https://store.example.org"}, "https://store.example.org"),
    ],
)
def test_pages_allow_images_from_the_store_that_files_lie_in(given, store):
    settings = load(LYB_S3_BUCKET="photos", LYB_S3_ACCESS_KEY="a", LYB_S3_SECRET_KEY="b", **given)

    assert settings.STORAGES["default"]["OPTIONS"]["endpoint_url"] == store
    assert store in settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]
    assert store not in load().CONTENT_SECURITY_POLICY["DIRECTIVES"]["img-src"]


def test_the_broker_redelivers_nothing_while_a_task_may_still_run():
    assert (
        settings.CELERY_TASK_SOFT_TIME_LIMIT
        < settings.CELERY_TASK_TIME_LIMIT
        < settings.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"]
    )


@pytest.mark.parametrize(("pooler", "threshold"), [(None, 5), ("1", None)])
def test_behind_a_pooler_no_statement_is_kept_in_a_session(pooler, threshold):
    database = load(LYB_DATABASE_POOLER=pooler).DATABASES["default"]

    assert database["OPTIONS"]["prepare_threshold"] == threshold


TELLS = """
import logging
import django
django.setup()
from config.celery import app
app.log.setup(loglevel="WARNING")
told = {"seq": 3, "hash": "a", "signature": "b", "request": "GET /?q=secret"}
logging.getLogger("cities.audit.tasks").info("audit.head_signed", extra=told)
logging.getLogger("cities.documents.tasks").info("document.stopped", extra={"document_id": "c"})
"""


def test_a_worker_tells_signed_heads_whatever_its_level_is_and_of_others_nothing_but_facts():
    told = run("-c", TELLS, DJANGO_SETTINGS_MODULE="config.settings", LYB_LOG_LEVEL="ERROR", **PRODUCTION)

    (line,) = [json.loads(line) for line in told.stderr.splitlines()]
    assert {name: line[name] for name in ("event", "seq", "hash", "signature")} == {
        "event": "audit.head_signed", "seq": 3, "hash": "a", "signature": "b"
    }  # fmt: skip
    assert "request" not in line
