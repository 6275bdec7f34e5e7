"""Production serves nothing through a role for which no policy holds."""

import os
import subprocess
import sys

import pytest

from tests.config.test_settings import PRODUCTION
from tests.services import DATABASE, ROOT, servers

pytestmark = pytest.mark.django_db


WEB = "import config.wsgi"
WORKER = """
import config.celery
from celery.signals import worker_init
config.celery.app.finalize()
worker_init.send(sender=None)  # as a worker does before it takes its first task
"""


def serve(
    address: str, environment: str = "production", process: str = WEB
) -> subprocess.CompletedProcess[str]:
    """Load the application as gunicorn or a worker would."""
    return subprocess.run(
        [sys.executable, "-c", process],
        cwd=ROOT,
        env={**os.environ, **PRODUCTION, "LYB_ENV": environment, "LYB_DEMO": "0", "DATABASE_URL": address},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("process", [WEB, WORKER])
def test_the_web_role_may_serve(process):
    assert serve(servers.city_url(DATABASE), process=process).returncode == 0


@pytest.mark.parametrize(
    ("role", "words"),
    [
        ("lyb_owner", "this one owns the tables, or may act for who does."),
        ("lyb_test", "this one owns the tables, or may act for who does."),
        ("lyb_backup", "this one bypasses row-level security."),
        ("postgres", "this one is a superuser, and bypasses row-level security, and owns the tables"),
    ],
)
def test_a_role_for_which_no_policy_holds_may_not(role, words):
    refused = serve(servers.place.database_url(role, DATABASE))

    assert refused.returncode != 0
    assert f"must name the web role lyb_city: {words}" in refused.stderr


def test_a_worker_is_held_to_the_same():
    refused = serve(servers.owner_url(DATABASE), process=WORKER)

    assert refused.returncode != 0
    assert refused.stderr.endswith(
        "must name the web role lyb_city: this one owns the tables, or may act for who does.\n"
    )


AWAY = "postgres://lyb_city@127.0.0.1:1/lyb"

COMES_BACK = """
import config.wsgi
import dj_database_url
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

connection.settings_dict.update(dj_database_url.parse({address!r}))
for _ in range(2):
    try:
        connection.ensure_connection()
    except ImproperlyConfigured as refusal:
        print("refused:", refusal)
    else:
        print("served")
"""


def test_a_database_that_is_away_is_not_waited_for():
    assert serve(AWAY).returncode == 0


@pytest.mark.parametrize(
    ("role", "words"),
    [("lyb_city", "served"), ("lyb_owner", "refused: DATABASE_URL must name the web role lyb_city")],
)
def test_a_database_that_was_away_is_asked_when_it_is_back(role, words):
    process = COMES_BACK.format(address=servers.place.database_url(role, DATABASE))

    lines = serve(AWAY, process=process).stdout.splitlines()

    assert [line.startswith(words) for line in lines] == [True, True]


def test_development_serves_as_it_likes():
    assert serve(servers.owner_url(DATABASE), "development").returncode == 0
