"""Projects of accepted awards: what their people told, and what the city published."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from config.demo.drawings import picture
from config.demo.written import Written
from grants.applications.uploads import ReadyFile, store_upload
from grants.awards.models import Award
from grants.awards.states import Status as AwardStatus
from projects.delivery.models import Photo, Project, Update, roughly
from projects.delivery.states import Status, UpdateStatus

from .people import Cast

TOLD = (
    ("We met on the corner, eleven of us, and filled the first dumpster before lunch.", "lot"),
    ("The beds are built. The children from number 14 painted the boards.", "trees"),
    ("All six trees are in the ground. Everybody waters the one in front of their door.", "trees"),
    ("The primer is dry. On Saturday we start with the wall itself, come and help!", "wall"),
    ("Benches are up, and people sit on them. That was the plan.", "bench"),
    ("Finished! Look at the same corner as in spring.", "trees"),
)


@dataclass(slots=True)
class Blocks:
    """The projects of one city, and the rows of them."""

    cast: Cast
    rows: Written
    rng: Random
    now: datetime
    projects: list[Project] = field(default_factory=list)
    updates: list[Update] = field(default_factory=list)
    photos: list[Photo] = field(default_factory=list)

    def open(self, award: Award, *, photographed: bool) -> Project:
        """Open the page of an accepted award, with what was told on it so far."""
        application, at = award.application, award.answered_at or self.now
        done = award.status == AwardStatus.COMPLETED
        project = Project(
            city_id=award.city_id,
            award=award,
            lead=award.applicant,
            title=award.title,
            group_name=application.group_name,
            neighborhood=application.neighborhood,
            place=application.place,
            latitude=roughly(application.latitude),
            longitude=roughly(application.longitude),
            status=Status.FINISHED if done else Status.UNDER_WAY if award.paid_cents else Status.PLANNED,
            starts_on=award.starts_on,
            ends_on=award.ends_on,
            published_at=at + timedelta(hours=1),
            created_at=at,
            last_activity_at=at,
        )
        self.projects.append(project)
        self.rows.record("project:open", actor=award.applicant, subject=project, at=at, title=project.title)
        if award.paid_cents:
            self._tell(project, at, photographed=photographed)
        return project

    def _tell(self, project: Project, since: datetime, *, photographed: bool) -> None:
        for number in range(self.rng.choice((1, 2, 3))):
            at = since + (self.now - since) * (0.35 + 0.2 * number)
            waits = project.status != Status.FINISHED and number and self.rng.random() < 0.4  # noqa: PLR2004
            words, scene = self.rng.choice(TOLD if project.status == Status.FINISHED else TOLD[:-1])
            update = Update(
                city_id=project.city_id,
                project=project,
                author=project.lead,
                text=words,
                happened_on=at.date(),
                status=UpdateStatus.WAITING if waits else UpdateStatus.PUBLISHED,
                created_at=at,
                decided_by=None if waits else self.cast.manager,
                published_at=None if waits else at + timedelta(hours=5),
            )
            self.updates.append(update)
            self.rows.record(
                "project:add-update", actor=project.lead, subject=project, at=at, update=str(update.pk)
            )
            project.waiting_count += bool(waits)
            project.update_count += not waits
            project.last_activity_at = at
            if photographed:
                photo = self._photo(update, scene, at)
                project.cover_id = project.cover_id if waits else photo.pk

    def _photo(self, update: Update, scene: str, at: datetime) -> Photo:
        drawn = picture(self.rng, scene)
        stored = store_upload(
            ReadyFile(
                content=BytesIO(drawn.content),
                name=f"IMG_{self.rng.randint(1, 9999):04d}.jpg",
                content_type="image/jpeg",
                size_bytes=len(drawn.content),
                sha256=drawn.sha256,
                width=drawn.width,
                height=drawn.height,
                thumbnail=drawn.thumbnail,
            )
        )
        photo = Photo(
            city_id=update.city_id,
            update=update,
            file=stored.key,
            name=stored.name,
            alt="The project’s block, seen from the street",
            content_type=stored.content_type,
            size_bytes=stored.size_bytes,
            sha256=stored.sha256,
            width=stored.width,
            height=stored.height,
            created_at=at,
        )
        self.photos.append(photo)
        return photo
