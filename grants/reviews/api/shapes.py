"""Shapes of what goes in and out."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.request import Request

from cities.interface.days import DayShape
from cities.interface.fields import MoneyField
from grants.applications.desk.dossier import Dossier
from grants.applications.models import Conflict
from grants.cycles.questions import Json
from grants.reviews.forms import POINTS_MAX, WORDS_MAX
from grants.reviews.models import Review
from grants.reviews.queries import limits_of, rubric_of, sheet_of
from grants.reviews.rubric import Rubric, plain, problems_of, total_of
from grants.reviews.states import Status

REFUSED = {409: OpenApiTypes.OBJECT, 422: OpenApiTypes.OBJECT}
MONEY_MAX = 1_000_000_000_000


def valid(serializer: type[serializers.Serializer[Any]], request: Request, **context: Any) -> dict[str, Any]:
    """Return what was sent, in the serializer's shape; else the request is refused with 400."""
    checked = serializer(data=request.data, context=context)
    checked.is_valid(raise_exception=True)
    found: dict[str, Any] = checked.validated_data
    return found


class ProblemSerializer(serializers.Serializer[Any]):
    place = serializers.CharField(help_text="Part and key, like scores.impact.")
    sentence = serializers.CharField()


class CriterionSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    most = serializers.SerializerMethodField(help_text="The most points, as text; null where none are given.")
    guidance = serializers.CharField()

    def get_most(self, item: Any) -> str | None:
        return plain(item.most) if item.most is not None else None


class GateSerializer(serializers.Serializer[Any]):
    key = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]


class RubricSerializer(serializers.Serializer[Rubric]):
    """How the applications of this call are scored. A bonus is all or nothing."""

    gates = GateSerializer(many=True)
    criteria = CriterionSerializer(many=True)
    bonus = CriterionSerializer(many=True)
    minimum = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)


class ListedReviewSerializer(serializers.Serializer[Review]):
    """One of your reviews, as the list shows it."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    reference = serializers.CharField(source="application.reference")
    title = serializers.CharField(source="application.display_title")
    call = serializers.CharField(source="application.cycle_name")
    due_on = serializers.DateField(allow_null=True)
    is_open = serializers.SerializerMethodField(
        help_text="Whether you said that you have no conflict of interest."
    )
    total = serializers.DecimalField(max_digits=7, decimal_places=2, allow_null=True)

    def get_is_open(self, review: Review) -> bool:
        return review.cleared_at is not None


class MineSerializer(serializers.Serializer[Any]):
    to_do = ListedReviewSerializer(many=True)
    done = ListedReviewSerializer(many=True)


class SheetSerializer(serializers.Serializer[Review]):
    """A score sheet as it stands, what it adds up to, and what is left before it can be sent."""

    id = serializers.UUIDField()
    status = serializers.ChoiceField(choices=Status.choices)
    version = serializers.IntegerField(help_text="Send this back with the next change.")
    saved_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    gates = serializers.JSONField()
    scores = serializers.JSONField()
    bonus = serializers.JSONField()
    words = serializers.JSONField()
    comment = serializers.CharField()
    recommended_cents = serializers.IntegerField(allow_null=True)
    total = serializers.SerializerMethodField(help_text="Points so far, as text.")
    most = serializers.SerializerMethodField()
    problems = serializers.SerializerMethodField()

    def get_total(self, review: Review) -> str:
        return plain(
            review.total if review.total is not None else total_of(self._rubric(review), sheet_of(review))
        )

    def get_most(self, review: Review) -> str:
        return plain(self._rubric(review).most_with_bonus)

    @extend_schema_field(ProblemSerializer(many=True))
    def get_problems(self, review: Review) -> list[dict[str, str]]:
        found = problems_of(self._rubric(review), sheet_of(review), limits_of(review.application))
        return [{"place": problem.place, "sentence": problem.sentence} for problem in found]

    def _rubric(self, review: Review) -> Rubric:
        return rubric_of(review.application.cycle)


class AssignedApplicationSerializer(serializers.Serializer[Dossier]):
    """What a reviewer reads: the application as it was sent, without what staff wrote about it."""

    reference = serializers.CharField(source="application.reference")
    title = serializers.CharField(source="application.display_title")
    applicant_name = serializers.CharField(source="application.applicant_name")
    group_name = serializers.CharField(source="application.group_name")
    neighborhood = serializers.CharField(source="application.neighborhood")
    requested_cents = serializers.IntegerField(source="application.requested_cents", allow_null=True)
    currency = serializers.CharField(source="form.currency")
    answers = serializers.SerializerMethodField(help_text="By question key.")
    files = serializers.SerializerMethodField()

    def get_answers(self, dossier: Dossier) -> dict[str, Json]:
        return {
            shown.question.key: shown.value for section in dossier.sections for shown in section.questions
        }

    def get_files(self, dossier: Dossier) -> list[dict[str, str]]:
        shown = [
            file for section in dossier.sections for question in section.questions for file in question.files
        ]
        return [{"id": file.id, "name": file.name, "url": file.url} for file in shown]


class OpenedSerializer(serializers.Serializer[Any]):
    """A review with its rubric; the application only once you said that you have no conflict of interest."""

    sheet = SheetSerializer()
    rubric = RubricSerializer()
    application = AssignedApplicationSerializer(allow_null=True)


class ChangesSerializer(serializers.Serializer[Any]):
    """Some of a sheet; what isn't sent stays. Points are kept as they are typed."""

    version = serializers.IntegerField(min_value=0, max_value=2_000_000_000, help_text="The version you saw.")
    gates = serializers.DictField(child=serializers.BooleanField(allow_null=True), required=False)
    scores = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=POINTS_MAX), required=False
    )
    bonus = serializers.DictField(child=serializers.BooleanField(), required=False)
    words = serializers.DictField(
        child=serializers.CharField(allow_blank=True, max_length=WORDS_MAX), required=False
    )
    comment = serializers.CharField(allow_blank=True, max_length=4000, required=False)
    recommended_cents = serializers.IntegerField(
        allow_null=True, min_value=0, max_value=MONEY_MAX, required=False
    )
    recommended = serializers.CharField(
        allow_blank=True,
        max_length=30,
        required=False,
        help_text="The same amount as it is typed: 1,250 or 1250.50.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        from django.core.exceptions import ValidationError  # noqa: PLC0415

        if "recommended" in attrs:
            field = MoneyField(currency=self.context["currency"], required=False, max_cents=MONEY_MAX)
            try:
                attrs["recommended_cents"] = field.clean(attrs.pop("recommended"))
            except ValidationError as error:
                raise serializers.ValidationError({"recommended": error.messages}) from None
        return attrs


class VersionSerializer(serializers.Serializer[Any]):
    version = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, help_text="The version you looked at."
    )


class ConflictInput(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=Conflict.Kind.choices)
    words = serializers.CharField(required=False, allow_blank=True, default="", max_length=500)


class RecordInput(ConflictInput):
    person = serializers.UUIDField(help_text="Whose conflict it is: somebody with a role in this city.")


class ConflictSerializer(serializers.Serializer[Conflict]):
    id = serializers.UUIDField()
    person = serializers.UUIDField(source="person_id")
    name = serializers.CharField(source="person")
    kind = serializers.CharField()
    words = serializers.CharField()
    declared_at = serializers.DateTimeField()


class SeatSerializer(serializers.Serializer[Review]):
    """Who reviews. ``total`` is hidden from whoever hasn't sent their own scores yet."""

    id = serializers.UUIDField()
    reviewer = serializers.UUIDField(source="reviewer_id")
    name = serializers.CharField(source="reviewer")
    status = serializers.ChoiceField(choices=Status.choices)
    due_on = serializers.DateField(allow_null=True)
    total = serializers.SerializerMethodField()

    def get_total(self, review: Review) -> str | None:
        return (
            plain(review.total)
            if review.status == Status.SUBMITTED and not self.context.get("hides_scores")
            else None
        )


class ProgressRowSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="application.id")
    reference = serializers.CharField(source="application.reference")
    title = serializers.CharField(source="application.title")
    status = serializers.CharField(source="application.status")
    assigned_count = serializers.IntegerField(source="application.assigned_count")
    scored_count = serializers.SerializerMethodField(help_text="Null of one's own application.")
    score_mean = serializers.SerializerMethodField()
    reviews = serializers.SerializerMethodField()

    def get_scored_count(self, row: Any) -> int | None:
        return None if row.is_own else row.application["scored_count"]

    def get_score_mean(self, row: Any) -> str | None:
        mean = row.application["score_mean"]
        return None if row.hides_scores or mean is None else plain(mean)

    @extend_schema_field(SeatSerializer(many=True))
    def get_reviews(self, row: Any) -> Any:
        return SeatSerializer(row.reviews, many=True, context={"hides_scores": row.hides_scores}).data


class LoadSerializer(serializers.Serializer[Any]):
    """One person who may review, with what lies on them in this call."""

    id = serializers.UUIDField(source="user.pk")
    name = serializers.CharField(source="user")
    assigned = serializers.IntegerField()
    done = serializers.IntegerField()
    late = serializers.IntegerField()
    conflicts = serializers.IntegerField()


class ProgressSerializer(serializers.Serializer[Any]):
    cycle = serializers.SlugField(allow_null=True)
    count = serializers.IntegerField(help_text="Of the whole filter.")
    after = serializers.CharField(allow_blank=True)
    before = serializers.CharField(allow_blank=True)
    results = ProgressRowSerializer(many=True)
    reviewers = LoadSerializer(many=True)


class AssignmentInput(serializers.Serializer[Any]):
    applications = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=500)
    reviewers = serializers.ListField(child=serializers.UUIDField(), allow_empty=False, max_length=200)
    due_on = DayShape(required=False, allow_null=True, default=None)


class SharingInput(AssignmentInput):
    each = serializers.IntegerField(min_value=1, max_value=20)


class MadeSerializer(serializers.Serializer[Review]):
    id = serializers.UUIDField()
    application = serializers.UUIDField(source="application_id")
    reviewer = serializers.UUIDField(source="reviewer_id")
    due_on = serializers.DateField(allow_null=True)


class WholeReviewSerializer(SeatSerializer):
    """A sent review word by word; an unsent one shows who and until when."""

    sheet = serializers.SerializerMethodField()

    @extend_schema_field(OpenApiTypes.OBJECT)
    def get_sheet(self, review: Review) -> dict[str, Any] | None:
        if review.status != Status.SUBMITTED or self.context.get("hides_scores"):
            return None
        names = ("gates", "scores", "bonus", "words", "comment", "recommended_cents")
        return {name: getattr(review, name) for name in names}


class ApplicationReviewsSerializer(serializers.Serializer[Any]):
    reviews = WholeReviewSerializer(many=True)
    conflicts = ConflictSerializer(many=True)
