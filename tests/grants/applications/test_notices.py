import pytest
from django.utils.translation import override

from cities.outbox.models import Message
from grants.applications.actions import reopen_application, submit_application, withdraw_application
from residents.notices.registry import write_letter
from tests.grants.applications.forms import make_call, make_draft


@pytest.fixture
def told(in_city, resident):
    """Every letter of a draft that is sent, opened again, sent and taken back."""
    draft = make_draft(resident, cycle=make_call(name="Spring call"))
    for act in (submit_application, reopen_application, submit_application, withdraw_application):
        act(draft.pk, actor=resident)
    return list(Message.objects.filter(subject_id=draft.pk).order_by("created_at"))


def test_each_step_is_told_to_the_applicant(told, resident):
    assert [message.kind for message in told] == [
        "application-submitted",
        "application-reopened",
        "application-submitted",
        "application-withdrawn",
    ]
    assert {message.recipient for message in told} == {resident}


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_letter_says_all_that_matters(told, language):
    with override(language):
        letters = [write_letter(message) for message in told]

    for letter, message in zip(letters, told, strict=True):
        assert message.data["reference"] in letter.subject
        assert "Spring call" in letter.text
        assert "312 555 0100" in letter.text
        assert letter.path == f"/tilden/apply/{message.subject_id}/"
        assert "<time" not in letter.text
    assert "$1,500" in letters[0].text
    assert "Tilden Street garden" in letters[0].text


def test_the_letters_differ_by_language(told):
    with override("en"):
        english = write_letter(told[0])
    with override("es"):
        spanish = write_letter(told[0])

    assert english.subject.startswith("We have your application")
    assert spanish.subject.startswith("Recibimos su solicitud")
