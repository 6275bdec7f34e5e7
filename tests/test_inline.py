"""No page needs inline script or style, so the policy allows none. (``test_rights`` looks at every page as everybody.)"""

import re

import pytest
from django.conf import settings

from tests.inline import inline_parts
from tests.services import ROOT

POLICY = (
    "default-src 'self'; script-src 'self' 'nonce-{}'; style-src 'self' 'nonce-{}'; img-src 'self' data: blob:; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
TAG = re.compile(r"{%.*?%}|{{.*?}}|{#.*?#}", re.DOTALL)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<script src="/static/js/forms.js"></script><p class="style" data-on="1">onclick=</p>', []),
        ('<script type="application/json">{}</script><style nonce="abc">p {}</style>', []),
        ("<script>alert(1)</script>", ["<script> without src"]),
        ('<script type="module">alert(1)</script>', ["<script> without src"]),
        ("<style>p {}</style>", ["<style> without nonce"]),
        ('<p style="color: red">', ["<p style>"]),
        ('<img src="x" onerror="alert(1)">', ["<img onerror>"]),
        ("<a href=' JavaScript:alert(1)'>", ["<a href=javascript:>"]),
    ],
)
def test_the_checker_finds_what_the_policy_would_refuse(html, found):
    assert inline_parts(html) == found


def test_no_template_holds_script_or_style():
    templates = sorted((ROOT / "templates").rglob("*.html"))
    found = {
        str(path.relative_to(ROOT)): parts
        # A tag's own quotes would end the attribute that it stands in; the nonce is asked for on real pages.
        for path in templates
        if (parts := inline_parts(TAG.sub("x", path.read_text())))
    }

    assert found == {}
    assert len(templates) > 100


@pytest.mark.django_db
def test_a_page_carries_the_strict_policy_with_a_nonce_of_its_own(client):
    policies = [client.get("/")["Content-Security-Policy"] for _ in range(2)]
    nonces = [dict.fromkeys(re.findall(r"'nonce-([^']+)'", policy)) for policy in policies]

    for policy in policies:
        # A nonce is written once something on the page has asked for it.
        assert sorted(re.sub(r" 'nonce-[^']+'", "", policy).split("; ")) == sorted(
            POLICY.replace(" 'nonce-{}'", "").split("; ")
        )
    assert all(len(found) <= 1 for found in nonces)
    assert not nonces[0] or nonces[0].keys() != nonces[1].keys()


def test_the_policy_allows_nothing_unsafe():
    rules = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]

    assert "unsafe" not in str(rules)
    assert not any("*" in str(source) for sources in rules.values() for source in sources)


def test_the_policy_of_production_is_the_same(monkeypatch):
    from tests.config.test_settings import PRODUCTION, load

    production, development = load(**PRODUCTION), load()

    assert str(production.CONTENT_SECURITY_POLICY) == str(development.CONTENT_SECURITY_POLICY)
    assert not hasattr(production, "CONTENT_SECURITY_POLICY_REPORT_ONLY")
