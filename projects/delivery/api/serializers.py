"""Shapes of projects. Amounts are minor units of the city's currency; photos are read at ``address``."""

from typing import Any

from django.urls import reverse
from rest_framework import serializers

from projects.delivery.actions.updates import MOST_PHOTOS
from projects.delivery.models import Photo, Update
from projects.delivery.states import Status, UpdateStatus

RELEASED = "What of it went back to the city's pool."


class PhotoSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    alt = serializers.CharField(help_text="What the photo shows, in words.")
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    address = serializers.SerializerMethodField()
    small = serializers.SerializerMethodField(help_text="Address of a small twin.")

    def get_address(self, photo: Photo) -> str:
        return reverse("projects:photo-read", args=[self.context["city"].slug, photo.pk])

    def get_small(self, photo: Photo) -> str:
        return reverse("projects:photo-small", args=[self.context["city"].slug, photo.pk])


class UpdateSerializer(serializers.Serializer[Any]):
    """A word from the block, as everybody reads it."""

    id = serializers.UUIDField()
    text = serializers.CharField()
    happened_on = serializers.DateField()
    published_at = serializers.DateTimeField(allow_null=True)
    photos = PhotoSerializer(many=True)


class OwnUpdateSerializer(UpdateSerializer):
    """The same for its author and the desk: with its status, and why it isn't shown."""

    status = serializers.ChoiceField(UpdateStatus.choices)
    reason = serializers.CharField()
    created_at = serializers.DateTimeField()
    project = serializers.UUIDField(source="project_id")
    seen = serializers.CharField(help_text="Send this back with a decision: it says what you looked at.")


class UpdatePageSerializer(serializers.Serializer[Any]):
    """A page of updates; ``after`` and ``before`` are cursors, empty where there is nothing."""

    after = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    results = OwnUpdateSerializer(many=True)


class ProjectRowSerializer(serializers.Serializer[Any]):
    """A project in a list."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    group_name = serializers.CharField()
    neighborhood = serializers.CharField()
    status = serializers.ChoiceField(Status.choices)
    awarded_cents = serializers.IntegerField(source="award__amount_cents")
    released_cents = serializers.IntegerField(source="award__released_cents", help_text=RELEASED)
    update_count = serializers.IntegerField()
    cover = serializers.UUIDField(source="cover_id", allow_null=True)


class DeskRowSerializer(ProjectRowSerializer):
    """The same for the desk."""

    reference = serializers.CharField(source="award__reference")
    waiting_count = serializers.IntegerField()
    published_at = serializers.DateTimeField(allow_null=True)
    last_activity_at = serializers.DateTimeField()


class ProjectPageSerializer(serializers.Serializer[Any]):
    """A page of projects; ``after`` and ``before`` are cursors, empty where there is nothing."""

    currency = serializers.CharField()
    after = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    results = ProjectRowSerializer(many=True)


class DeskPageSerializer(ProjectPageSerializer):
    results = DeskRowSerializer(many=True)


class ProjectSerializer(serializers.Serializer[Any]):
    """One project with what was told about it."""

    id = serializers.UUIDField()
    title = serializers.CharField()
    summary = serializers.CharField()
    group_name = serializers.CharField()
    neighborhood = serializers.CharField()
    place = serializers.CharField()
    latitude = serializers.FloatField(allow_null=True, help_text="To about a block, like the longitude.")
    longitude = serializers.FloatField(allow_null=True)
    status = serializers.ChoiceField(Status.choices)
    starts_on = serializers.DateField(allow_null=True)
    ends_on = serializers.DateField(allow_null=True)
    awarded_cents = serializers.IntegerField(source="award.amount_cents")
    released_cents = serializers.IntegerField(source="award.released_cents", help_text=RELEASED)
    currency = serializers.CharField(source="city.currency")
    updates = serializers.SerializerMethodField()
    shape: Any = UpdateSerializer

    def get_updates(self, _project: Any) -> list[dict[str, Any]]:
        rows: list[Update] = self.context["updates"]
        return list(self.shape(rows, many=True, context=self.context).data)


class DeskProjectSerializer(ProjectSerializer):
    """The same for the desk: also what isn't shown."""

    published_at = serializers.DateTimeField(allow_null=True)
    hidden_at = serializers.DateTimeField(
        allow_null=True, help_text="When it was taken off the public pages, until it is shown again."
    )
    seen = serializers.CharField(help_text="Send this back with a change: it says what you looked at.")
    shape = OwnUpdateSerializer


class NewUpdateSerializer(serializers.Serializer[Any]):
    """What happened, with photos (JPEG, PNG, HEIC, WebP) and, in the same order, what each of them shows."""

    text = serializers.CharField(max_length=4000)
    happened_on = serializers.DateField()
    photos = serializers.ListField(
        child=serializers.FileField(), required=False, default=list, max_length=MOST_PHOTOS
    )
    alts = serializers.ListField(
        child=serializers.CharField(max_length=200, allow_blank=True), required=False, default=list
    )


class SeenSerializer(serializers.Serializer[Any]):
    seen = serializers.CharField(
        required=False, help_text="What you looked at: 409 if somebody else decided in between."
    )


class ReasonSerializer(SeenSerializer):
    reason = serializers.CharField(max_length=500, help_text="Why it isn't shown. The author reads it.")


class RunSerializer(SeenSerializer):
    """What changes; what isn't sent stays."""

    status = serializers.ChoiceField(Status.choices, required=False)
    is_shown = serializers.BooleanField(required=False, help_text="Whether everybody sees the project.")
    reason = serializers.CharField(
        required=False,
        allow_blank=True,
        default="",
        max_length=500,
        help_text="Why it isn't shown any more. Its lead reads it.",
    )
    title = serializers.CharField(required=False, max_length=200)
    group_name = serializers.CharField(required=False, allow_blank=True, max_length=160)
    place = serializers.CharField(required=False, allow_blank=True, max_length=250)
    is_on_map = serializers.BooleanField(
        required=False, help_text="Whether the map shows the application's point, to about a block."
    )


class RefusalSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField()
    field = serializers.CharField(required=False)
