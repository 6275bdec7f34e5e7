"""Every kind that is enqueued has a writer, and every letter stands in both languages."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core import mail
from django.utils import translation

from cities.outbox.models import Message
from cities.tenancy.models import City
from residents.notices.layout import as_html
from residents.notices.registry import UnknownKindError, registered_kinds, renders, write_letter
from residents.notices.sending import send_email
from tests.factories import make_city
from tests.residents.reading import grade

ROOT = Path(__file__).resolve().parents[3]
FLOORS = ("cities", "residents", "grants", "projects", "config")
LETTERS = sorted((ROOT / "templates").glob("**/notices/*.txt"))

SAMPLES = {
    "sign-in-code": {},
    "email-change-code": {},
    "email-changed": {"to": "n…@example.org"},
    "invitation": {"city": "Baltimore", "inviter": "Marcus Green", "roles": ["staff"], "days": 14},
    "roles-changed": {"city": "Baltimore", "slug": "baltimore", "roles": ["staff"]},
    "token-made": {"name": "Sheet", "place": "Baltimore", "can_write": True},
    "account-deleted": {},
    "factor-reset-asked": {},
    "factor-reset-for-center": {"place": "Baltimore"},
    "factor-reset-done": {},
    "work-handed-over": {"leaver": "Robert Hale", "count": 3},
    "second-factor-changed": {"change": "totp_activated"},
}


def kinds_in(source: str) -> set[str]:
    """Kinds named in calls of ``enqueue`` and ``mail_code``; anything but a literal is reported."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in {
            "enqueue",
            "mail_code",
            "tell_person",
        }:
            first = node.args[0] if node.args else None
            if isinstance(first, ast.Constant):
                found.add(first.value)
            elif not (isinstance(first, ast.Name) and first.id == "kind"):
                found.add("not a literal")
    return found


def sources() -> Iterator[Path]:
    for floor in FLOORS:
        yield from (path for path in (ROOT / floor).rglob("*.py") if "migrations" not in path.parts)


def test_every_enqueued_kind_has_a_writer():
    used = set().union(*(kinds_in(path.read_text()) for path in sources()))

    assert {"sign-in-code", "invitation"} <= used
    assert used - registered_kinds() == set()


@pytest.mark.parametrize(
    "planted",
    [
        'enqueue("no-such-kind", key="x")',
        'letters.enqueue("no-such-kind", key="x")',
        "enqueue(f'{x}', key='x')",
    ],
)
def test_the_search_finds_a_planted_kind(planted):
    assert kinds_in(planted) - registered_kinds()


def test_every_letter_stands_in_english_and_spanish():
    names = {path.with_suffix("").with_suffix("") for path in LETTERS}

    assert len(names) >= 6
    assert [
        str(name)
        for name in names
        for language in ("en", "es")
        if not Path(f"{name}.{language}.txt").exists()
    ] == []


def test_every_named_letter_exists():
    named = {
        found for path in sources() for found in re.findall(r'(?<!\w)letter\(\s*"([^"]+)"', path.read_text())
    }

    assert named
    assert [name for name in named if not (ROOT / "templates" / f"{name}.en.txt").exists()] == []


@pytest.mark.parametrize(
    "path", [path for path in LETTERS if path.name.endswith(".en.txt")], ids=lambda path: path.name
)
def test_letters_are_plain_to_read(path):
    words = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "it", path.read_text())

    assert len(words.split()) < 20 or grade(words) <= 8  # a few words, like a phone number, have no grade


def test_a_letter_that_is_hard_to_read_would_be_noticed():
    assert (
        grade("Notwithstanding administrative prerequisites, insufficient documentation is inadmissible.") > 8
    )


@pytest.fixture
def message(db):
    city = make_city("baltimore")

    def make(kind: str, **fields) -> Message:
        return Message(
            city=City.objects.get(pk=city.pk),
            kind=kind,
            data=SAMPLES[kind],
            address="ana@example.org",
            **fields,
        )

    return make


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("kind", sorted(SAMPLES))
def test_each_letter_of_the_lower_floors_can_be_written(message, kind, language):
    with translation.override(language):
        letter = write_letter(message(kind), "/accounts/invitations/x/")

    assert letter.subject
    assert "{" not in letter.text + letter.subject
    assert letter.text.count("\n\n") >= 1
    assert f'lang="{language}"' in letter.html


def test_samples_cover_every_kind_of_the_lower_floors():
    own = set().union(
        *(
            kinds_in(path.read_text())
            for path in sources()
            if path.relative_to(ROOT).parts[0] in {"cities", "residents"}
        )
    )

    assert own == set(SAMPLES)


def test_what_people_wrote_is_escaped_in_html_and_plain_in_text(message):
    invitation = message("invitation")
    invitation.data = {**invitation.data, "inviter": "<script>O'Hara & Co"}

    letter = write_letter(invitation, "/x/")

    assert "<script>O'Hara & Co" in letter.text
    assert "<script>" not in letter.html
    assert "&lt;script&gt;O&#x27;Hara &amp; Co" in letter.html


def test_a_lone_address_becomes_a_button_and_a_code_is_set_large():
    html = as_html("s", "Hello\n\nhttps://example.org/x\n\n    BCDF-GHJK\n", "en")

    assert ">example.org/x</a>" in html
    assert "monospace" in html


def test_a_letter_is_sent_as_text_and_html(message):
    send_email(message("roles-changed"), None)

    (sent,) = mail.outbox
    assert (sent.to, sent.subject) == (["ana@example.org"], "Your part in Baltimore has changed")
    assert sent.alternatives[0][1] == "text/html"


def test_a_message_for_the_inbox_only_is_not_mailed(message):
    only_inbox = message("roles-changed")
    only_inbox.address = ""

    send_email(only_inbox, None)

    assert mail.outbox == []


def test_an_unknown_kind_is_an_error(message):
    unknown = message("sign-in-code")
    unknown.kind = "no-such-kind"

    with pytest.raises(UnknownKindError):
        write_letter(unknown)


def test_two_writers_for_one_kind_are_refused():
    with pytest.raises(ValueError, match="Two renderers"):
        renders("invitation")(lambda message, secret: None)
