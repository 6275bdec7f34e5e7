"""Attach a stored file to an answer, and take one off again."""

from datetime import datetime
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from cities.access.models import User
from cities.tenancy.actions import action
from grants.applications.errors import TooManyFilesError, UnknownQuestionError
from grants.applications.models import Application, Attachment
from grants.applications.queries import FilledForm
from grants.applications.states import CAN_EDIT
from grants.applications.uploads import StoredFile
from grants.cycles.questions import Kind, Question, attachment_ids, clean, with_file, without_file
from grants.cycles.questions.posting import Place, file_columns

from .locking import lock_application, require_open, require_status
from .storing import NewAnswer, store_answers

FILES_PER_QUESTION = 20
"""Where the form names no limit of its own."""

FILES_PER_APPLICATION = 60


@action
def attach_file(
    application_id: UUID,
    question: str,
    stored: StoredFile,
    *,
    actor: User,
    place: Place = (),
    received_at: datetime | None = None,
) -> Attachment:
    """Link a file that lies in the storage already to an answer, as the answer's next version.

    The same file sent again for the same question is the one that is there (a retry is safe; the
    sweeper deletes the second copy). Locks the application, and checks again what was checked before the
    file was read. Raises ``TooManyFilesError``, ``UnknownQuestionError`` and what concerns the whole form.
    """
    now = received_at or timezone.now()
    form = open_form(lock_application(application_id, actor), now)
    asked = require_room(form, question, place)
    same = _same_file(form, asked, stored, place)
    if same is not None:
        return same
    attachment = Attachment(
        application=form.application,
        city_id=form.application.city_id,
        question=question,
        file=stored.key,
        name=stored.name,
        content_type=stored.content_type,
        size_bytes=stored.size_bytes,
        sha256=stored.sha256,
        width=stored.width,
        height=stored.height,
        uploaded_by=actor,
    )
    attachment.full_clean(exclude=["application", "uploaded_by", "file", "width", "height"])
    attachment.save(force_insert=True)
    value = with_file(asked, form.value_of(question), place, str(attachment.pk))
    store_answers(form, [NewAnswer(question, form.version_of(question) + 1, value)], actor=actor, now=now)
    return attachment


@action
def remove_file(attachment_id: UUID, *, actor: User, received_at: datetime | None = None) -> Attachment:
    """Take a file off its answer. Its row stays for the trail; the sweeper erases the bytes after a month.

    Removing what is gone already is a success. Locks the application.
    """
    now = received_at or timezone.now()
    attachment: Attachment = Attachment.objects.get(pk=attachment_id)
    form = open_form(lock_application(attachment.application_id, actor), now)
    asked = form.question(attachment.question)
    if attachment.removed_at is not None or asked is None:
        return attachment
    attachment.removed_at = now
    attachment.save(update_fields=["removed_at"])
    if str(attachment.pk) in attachment_ids(asked, form.value_of(asked.key)):
        value = clean(
            asked, without_file(asked, form.value_of(asked.key), str(attachment.pk)), currency=form.currency
        ).value
        store_answers(
            form, [NewAnswer(asked.key, form.version_of(asked.key) + 1, value)], actor=actor, now=now
        )
    return attachment


def open_form(application: Application, now: datetime) -> FilledForm:
    """Return the form of a draft that may be changed now. Raises ``WrongStatusError``, ``DeadlinePassedError``."""
    require_status(application, CAN_EDIT)
    require_open(application, now)
    return FilledForm.of(application)


def require_room(form: FilledForm, key: str, place: Place) -> Question:
    """Return the question if it takes one more file there. Also asked before a file is read."""
    question = form.question(key)
    if question is None or not _takes_files(question, place):
        raise UnknownQuestionError(key)
    there = len(attachment_ids(question, form.value_of(key)))
    most = (
        min(int(question.max or FILES_PER_QUESTION), FILES_PER_APPLICATION)
        if not place
        else FILES_PER_QUESTION
    )
    if there >= most:
        raise TooManyFilesError(
            _("You have added %(most)s files here. That is the most we can take.") % {"most": most}, field=key
        )
    if len(form.attachment_ids()) >= FILES_PER_APPLICATION:
        raise TooManyFilesError(
            _("Your application holds %(most)s files. That is the most we can take.")
            % {"most": FILES_PER_APPLICATION},
            field=key,
        )
    return question


def _takes_files(question: Question, place: Place) -> bool:
    if question.type == Kind.FILE:
        return not place
    return len(place) == 2 and place[1] in file_columns(question)  # noqa: PLR2004  row and column


def _same_file(form: FilledForm, question: Question, stored: StoredFile, place: Place) -> Attachment | None:
    if place:
        return None
    named = attachment_ids(question, form.value_of(question.key))
    found: Attachment | None = Attachment.objects.filter(
        pk__in=named, sha256=stored.sha256, removed_at__isnull=True
    ).first()
    return found
