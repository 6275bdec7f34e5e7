"""One upload in three steps, none of which holds a transaction while a file is read or stored."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404

from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.cycles.questions.posting import Place

from .actions import attach_file
from .actions.files import open_form, require_room
from .models import Attachment
from .permissions import can_edit_application
from .queries import with_form
from .uploads import read_upload, store_upload


def receive_file(
    city: City,
    application_id: UUID,
    question: str,
    place: Place,
    file: "UploadedFile[Any]",
    *,
    actor: Any,
    received_at: datetime,
) -> Attachment:
    """Check right, deadline and count; make the file safe and store it; check again and link it.

    Opens its own scopes: call it from a view marked ``@in_steps``. Raises ``FileRefusedError`` and whatever
    :func:`attach_file` raises. A file that is stored and then not linked is swept away within hours.
    """
    with city_scope(city):
        application = with_form().filter(pk=application_id).first()
        if application is None:
            raise Http404
        if not can_edit_application(actor, application):
            raise PermissionDenied
        require_room(open_form(application, received_at), question, place)
    stored = store_upload(read_upload(file))
    with city_scope(city):
        return attach_file(
            application_id, question, stored, actor=actor, place=place, received_at=received_at
        )
