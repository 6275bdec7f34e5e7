import pytest
from django.utils import translation

from cities.outbox.models import Message
from projects.delivery.actions import hide_update, publish_update, unpublish_project
from projects.delivery.states import UpdateStatus
from residents.notices.registry import write_letter

from .factories import make_update

WORDS = {
    "en": ("has a page", "Everybody can see", "About your update", "About the page of your project"),
    "es": ("ya tiene una página", "Todos pueden ver", "Sobre su noticia", "Sobre la página de su proyecto"),
}


@pytest.fixture
def letters(project, staff):
    """One letter of each kind, all to the lead."""
    update = make_update(project, UpdateStatus.PUBLISHED, by=staff)
    hide_update(update.pk, reason="A child’s face", actor=staff)
    unpublish_project(project.pk, reason="A family asked", actor=staff)
    return list(
        Message.objects.filter(subject_id=project.pk).select_related("recipient", "city").order_by("id")
    )


@pytest.mark.parametrize("language", ["en", "es"])
def test_every_letter_says_what_happened_and_whom_to_call(letters, project, language):
    with translation.override(language):
        written = [write_letter(message) for message in letters]

    assert [message.kind for message in letters] == [
        "project-opened",
        "update-published",
        "update-hidden",
        "project-taken-off",
    ]
    assert {message.recipient for message in letters} == {project.lead}
    for each, words in zip(written, WORDS[language], strict=True):
        assert words in each.subject
        assert "Corner garden" in each.subject
        assert each.path == f"/tilden/projects/{project.pk}/"
        assert "312 555 0100" in each.text
        assert "{{" not in each.text
    assert "A child’s face" in written[2].text
    assert "A family asked" in written[3].text


def test_hiding_and_publishing_again_is_told_each_time(project, staff):
    update = make_update(project, UpdateStatus.PUBLISHED, by=staff)
    for reason in ("First", "Second"):
        hide_update(update.pk, reason=reason, actor=staff)
        publish_update(update.pk, actor=staff)

    assert Message.objects.filter(kind="update-hidden").count() == 2
    assert Message.objects.filter(kind="update-published").count() == 3
