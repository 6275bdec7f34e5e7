"""The actions themselves keep the sides apart: who tells, who decides, and who stays away. No page stands before them."""

import pytest

from grants.applications.conflicts import ConflictOfInterestError
from grants.applications.models import Conflict
from projects.delivery.actions import (
    add_update,
    describe_project,
    hide_update,
    publish_project,
    publish_update,
    remove_update,
    set_project_status,
    unpublish_project,
)
from projects.delivery.errors import NotYoursError, OwnProjectError
from projects.delivery.models import Update
from projects.delivery.states import Status, UpdateStatus

from .factories import make_update, yesterday

DECIDING = {
    "publish": lambda project, _update, actor: publish_project(project.pk, actor=actor),
    "unpublish": lambda project, _update, actor: unpublish_project(project.pk, reason="Faces", actor=actor),
    "status": lambda project, _update, actor: set_project_status(
        project.pk, status=Status.FINISHED, actor=actor
    ),
    "describe": lambda project, _update, actor: describe_project(
        project.pk, words={"place": "Elm and 5th"}, actor=actor
    ),
    "publish update": lambda _project, update, actor: publish_update(update.pk, actor=actor),
    "hide update": lambda _project, update, actor: hide_update(update.pk, reason="Faces", actor=actor),
}


@pytest.mark.parametrize("deed", DECIDING)
def test_the_lead_decides_nothing_about_their_own_project(project, deed):
    update = make_update(project)

    with pytest.raises(OwnProjectError):
        DECIDING[deed](project, update, project.lead)

    update.refresh_from_db()
    assert update.status == UpdateStatus.WAITING


@pytest.mark.parametrize("deed", DECIDING)
def test_a_conflict_of_interest_keeps_a_colleague_from_deciding(project, staff, manager, deed):
    update = make_update(project)
    Conflict.objects.create(
        city_id=project.city_id, application=project.award.application, person=staff, declared_by=staff
    )

    with pytest.raises(ConflictOfInterestError):
        DECIDING[deed](project, update, staff)
    DECIDING[deed](project, update, manager)


def test_only_the_lead_tells_about_a_project(project, staff):
    with pytest.raises(NotYoursError):
        add_update(project.pk, text="We planted.", happened_on=yesterday(), actor=staff)

    assert not Update.objects.exists()


def test_only_its_author_takes_an_update_back(project, staff):
    update = make_update(project)

    with pytest.raises(NotYoursError):
        remove_update(update.pk, actor=staff)

    update.refresh_from_db()
    assert update.status == UpdateStatus.WAITING
