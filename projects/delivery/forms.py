"""What is typed about projects."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from cities.access.kept_forms import LOST_FILES
from cities.interface.fields import DateInput

from .actions.updates import MOST_PHOTOS
from .models import Project
from .states import Status
from .uploading import SentPhoto

FIRST_PHOTOS = 2
"""So many places for photos are open at first."""
WORDS_BYTES = 100_000
"""More than the words of an update, and what parts them in its request, can weigh."""


class LinesField(forms.CharField):
    """Text of several lines. A browser sends the end of a line as two characters and counts it as one."""

    def to_python(self, value: Any) -> str:
        return str(super().to_python(value)).replace("\r\n", "\n")


class UpdateForm(forms.Form):
    """What happened on the block, with a place for each photo and its words: no script is needed to pair them."""

    text = LinesField(
        label=_("What happened?"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6, "data-max-chars": "4000"}),
        help_text=_("A few sentences are enough. Who came? What is new on your block?"),
    )
    happened_on = forms.DateField(label=_("On which day?"), widget=DateInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_PHOTOS + 1):
            self.fields[f"photo_{number}"] = forms.FileField(
                label=_("Photo %(number)s") % {"number": number},
                required=False,
                widget=forms.FileInput(
                    attrs={"accept": "image/jpeg,image/png,image/heic,image/heif,image/webp"}
                ),
            )
            self.fields[f"alt_{number}"] = forms.CharField(
                label=_("What does photo %(number)s show?") % {"number": number},
                required=False,
                max_length=200,
            )
        self.fields["alt_1"].help_text = _(
            "For neighbors who can’t see it. For example: “Six people plant a tree.”"
        )

    def clean(self) -> dict[str, Any]:
        if self.data.get(LOST_FILES) and not self.files:
            raise forms.ValidationError(
                _("Your photos could not be kept. Please choose them again, or send this without photos.")
            )
        return self.cleaned_data

    def place(self, number: int) -> list[Any]:
        return [self[f"photo_{number}"], self[f"alt_{number}"]]

    @property
    def first_photos(self) -> list[Any]:
        return [field for number in range(1, FIRST_PHOTOS + 1) for field in self.place(number)]

    @property
    def more_photos(self) -> list[Any]:
        return [field for number in range(FIRST_PHOTOS + 1, MOST_PHOTOS + 1) for field in self.place(number)]

    @property
    def has_lost_photos(self) -> bool:
        """Say whether photos have to be chosen again: a browser doesn't send them back to the page."""
        return bool(self.files) and bool(self.errors)

    @property
    def most_bytes(self) -> int:
        """How large all photos together may be; the words go with them."""
        return int(settings.UPLOAD_MAX_BODY_BYTES) - WORDS_BYTES

    @property
    def most_megabytes(self) -> int:
        return int(settings.UPLOAD_MAX_BODY_BYTES) // 1_000_000

    def sent(self) -> dict[str, Any]:
        """Return what was told, as :func:`.uploading.receive_update` takes it."""
        said = self.cleaned_data
        photos = [
            SentPhoto(said[f"photo_{number}"], said[f"alt_{number}"], f"photo_{number}")
            for number in range(1, MOST_PHOTOS + 1)
            if said.get(f"photo_{number}")
        ]
        return {"text": said["text"], "happened_on": said["happened_on"], "photos": photos}


class ReasonForm(forms.Form):
    """Why an update isn't shown."""

    reason = LinesField(
        label=_("Why is it not shown?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The author reads this. Say what would make it fit to show."),
    )


class PageForm(forms.Form):
    """What the public page says of a project, besides what is told."""

    title = forms.CharField(label=_("Name of the project"), max_length=200)
    group_name = forms.CharField(label=_("Group"), required=False, max_length=160)
    place = forms.CharField(
        label=_("Place"),
        required=False,
        max_length=250,
        help_text=_("Everybody reads this. If somebody lives there, name the block or the corner only."),
    )
    is_on_map = forms.BooleanField(
        label=_("Show a point on the map"),
        required=False,
        help_text=_("It is rounded to about a block."),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial = {name: getattr(project, name) for name in ("title", "group_name", "place")}
        self.initial["is_on_map"] = project.latitude is not None
        if project.award.application.latitude is None:
            del self.fields["is_on_map"]


class StatusForm(forms.Form):
    """How far a project is."""

    status = forms.ChoiceField(label=_("How far is it?"), choices=Status.choices)


class PublicFilter(forms.Form):
    """Which projects a neighbor wants to see."""

    neighborhood = forms.ChoiceField(label=_("Neighborhood"), required=False)
    status = forms.ChoiceField(
        label=_("How far is it?"), required=False, choices=[("", _("All")), *Status.choices]
    )

    def __init__(self, *args: Any, neighborhoods: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["neighborhood"].choices = [("", _("All")), *((name, name) for name in neighborhoods)]  # type: ignore[attr-defined]


class DeskFilter(PublicFilter):
    """Which projects the desk wants to see."""

    shown = forms.ChoiceField(
        label=_("Public page"),
        required=False,
        choices=[("", _("All")), ("yes", _("Shown")), ("no", _("Not shown"))],
    )
    q = forms.CharField(
        label=_("Search"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"type": "search", "data-search": ""}),
    )
