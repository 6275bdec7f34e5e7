"""The furniture around every request."""

import logging

import pytest

pytestmark = pytest.mark.django_db


def test_the_log_names_no_link_that_lets_its_bearer_in_and_nothing_that_was_searched_for(client, caplog):
    with caplog.at_level(logging.INFO):
        client.get("/accounts/invitations/c2VjcmV0LXRva2Vu/?name=Odessa")

    assert "GET /accounts/invitations/…/" in caplog.text
    assert "c2VjcmV0LXRva2Vu" not in caplog.text
    assert "Odessa" not in caplog.text


def test_a_load_balancer_is_answered_by_address_and_without_tls(client, settings):
    settings.ALLOWED_HOSTS = ["blocks.example.org"]
    settings.SECURE_SSL_REDIRECT = True

    assert client.get("/healthz", headers={"host": "10.0.0.7"}).json() == {"status": "ok"}
    assert client.get("/", headers={"host": "10.0.0.7"}).status_code == 400
    assert client.get("/", headers={"host": "blocks.example.org"}).status_code == 301


def test_whoever_answers_the_answer_carries_the_policy(client, settings):
    settings.ALLOWED_HOSTS = ["blocks.example.org"]

    for path in ("/", "/healthz", "/nothing/here/"):
        for host in ("blocks.example.org", "elsewhere.example.org"):
            assert "script-src 'self'" in client.get(path, headers={"host": host})["Content-Security-Policy"]
