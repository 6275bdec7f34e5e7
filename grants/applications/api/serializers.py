"""Shapes of what goes in and out. Whether an answer makes sense, the form's own questions say."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from grants.applications.models import Application, Attachment
from grants.applications.queries import FilledForm
from grants.applications.states import Status

_ANY_JSON: dict[str, Any] = {
    "description": "Any JSON; its shape follows the question's type.",
    "nullable": True,
}


@extend_schema_field(_ANY_JSON)
class AnswerValueField(serializers.JSONField):
    """An answer's value: text, number, list or object, as the question's type has it."""


class ProblemSerializer(serializers.Serializer[Any]):
    sentence = serializers.CharField(help_text="What is wrong, in words for the applicant.")
    code = serializers.CharField()
    place = serializers.ListField(
        child=serializers.CharField(), help_text="Row and column, or part; empty for the whole answer."
    )


class AnswerSerializer(serializers.Serializer[Any]):
    """One answer as it stands."""

    question = serializers.CharField()
    value = AnswerValueField(allow_null=True)
    version = serializers.IntegerField(help_text="Send this back with the next change.")
    problems = ProblemSerializer(many=True, read_only=True)


class AnswerInput(serializers.Serializer[Any]):
    value = AnswerValueField(allow_null=True)
    version = serializers.IntegerField(
        min_value=0, max_value=2_000_000_000, help_text="The version you saw; 0 where there was none."
    )


class ConflictSerializer(serializers.Serializer[Any]):
    """Somebody else saved this answer first. Nothing was changed."""

    detail = serializers.CharField()
    field = serializers.CharField()
    code = serializers.CharField()
    yours = AnswerValueField(allow_null=True)
    theirs = AnswerValueField(allow_null=True)
    yours_text = serializers.CharField()
    theirs_text = serializers.CharField()
    version = serializers.IntegerField(help_text="Send your answer again with this version to keep yours.")
    written_by = serializers.CharField()
    written_at = serializers.DateTimeField(allow_null=True)


class RefusalSerializer(serializers.Serializer[Any]):
    """A refusal: one sentence for the applicant, and a code for programs."""

    detail = serializers.CharField()
    field = serializers.CharField(required=False)
    code = serializers.CharField(required=False)


class FileSerializer(serializers.Serializer[Attachment]):
    id = serializers.UUIDField()
    question = serializers.CharField()
    name = serializers.CharField()
    content_type = serializers.CharField()
    size_bytes = serializers.IntegerField()
    width = serializers.IntegerField(allow_null=True)
    height = serializers.IntegerField(allow_null=True)
    url = serializers.SerializerMethodField()
    thumbnail_url = serializers.SerializerMethodField()

    def get_url(self, file: Attachment) -> str:
        return file_address(self.context["city_slug"], file)

    def get_thumbnail_url(self, file: Attachment) -> str:
        return small_address(self.context["city_slug"], file)


class UploadedSerializer(FileSerializer):
    """The new file, and the answer that names it now."""

    answer = serializers.SerializerMethodField()

    @extend_schema_field(AnswerSerializer)
    def get_answer(self, file: Attachment) -> dict[str, Any]:
        form: FilledForm = self.context["form"]
        return {
            "question": file.question,
            "value": form.value_of(file.question),
            "version": form.version_of(file.question),
            "problems": [],
        }


class UploadInput(serializers.Serializer[Any]):
    question = serializers.CharField(max_length=80)
    file = serializers.FileField(allow_empty_file=True, max_length=None)
    row = serializers.CharField(
        required=False, max_length=40, help_text="For a file in a table: the row's id."
    )
    column = serializers.CharField(required=False, max_length=80)


class StartInput(serializers.Serializer[Any]):
    call = serializers.SlugField(help_text="The call's web name.")
    eligibility = serializers.DictField(
        child=AnswerValueField(), required=False, help_text="Answers of the self-check, by key."
    )
    name = serializers.CharField(required=False, allow_blank=True, max_length=160)
    another = serializers.BooleanField(
        default=False,
        help_text="Start a second draft in the same call; one without answers is returned if you have it.",
    )


class SubmitInput(serializers.Serializer[Any]):
    declaration = serializers.BooleanField(
        help_text="That what is written is true as far as the applicant knows."
    )


class MyApplicationSerializer(serializers.Serializer[Application]):
    """One application in a list: flat columns only."""

    id = serializers.UUIDField()
    reference = serializers.CharField(allow_null=True)
    status = serializers.ChoiceField(choices=Status.choices)
    title = serializers.CharField()
    cycle_name = serializers.CharField()
    city_name = serializers.CharField()
    city_slug = serializers.CharField()
    requested_cents = serializers.IntegerField(allow_null=True)
    decision_reason = serializers.CharField(
        help_text="Why there is no grant, in the city's words; empty otherwise."
    )
    award_status = serializers.CharField(
        help_text="offered, accepted, declined, rescinded or completed; empty without an award."
    )
    awarded_cents = serializers.IntegerField(allow_null=True)
    paid_cents = serializers.IntegerField()
    proved_cents = serializers.IntegerField()
    released_cents = serializers.IntegerField(help_text="What of the award went back to the city's pool.")
    answered_count = serializers.IntegerField()
    question_count = serializers.IntegerField()
    closes_at = serializers.DateTimeField(allow_null=True)
    next_date_on = serializers.DateField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    last_activity_at = serializers.DateTimeField()


class SectionProgressSerializer(serializers.Serializer[Any]):
    key = serializers.CharField(source="section.key")
    title = serializers.CharField(source="section.title")
    state = serializers.CharField()
    asked = serializers.IntegerField()
    answered = serializers.IntegerField()
    missing = serializers.IntegerField()


class MissingSerializer(serializers.Serializer[Any]):
    section = serializers.CharField(source="section.key")
    question = serializers.CharField(source="question.key")
    problems = ProblemSerializer(many=True)


class ApplicationSerializer(MyApplicationSerializer):
    """One application whole: its answers, files, progress, and what is left to do."""

    answers_hash = serializers.CharField()
    screening_reason = serializers.CharField()
    answers = serializers.SerializerMethodField()
    files = serializers.SerializerMethodField()
    sections = serializers.SerializerMethodField()
    missing = serializers.SerializerMethodField()
    findings = serializers.SerializerMethodField()

    @property
    def form(self) -> FilledForm:
        form: FilledForm = self.context["form"]
        return form

    @extend_schema_field(AnswerSerializer(many=True))
    def get_answers(self, _application: Application) -> list[dict[str, Any]]:
        return [
            {"question": key, "value": answer.value, "version": answer.version, "problems": []}
            for key, answer in sorted(self.form.answers.items())
        ]

    @extend_schema_field(FileSerializer(many=True))
    def get_files(self, _application: Application) -> Any:
        return FileSerializer(self.context["files"], many=True, context=self.context).data

    @extend_schema_field(SectionProgressSerializer(many=True))
    def get_sections(self, _application: Application) -> Any:
        return SectionProgressSerializer(list(self.form.progress()), many=True).data

    @extend_schema_field(MissingSerializer(many=True))
    def get_missing(self, _application: Application) -> Any:
        return MissingSerializer(list(self.form.missing()), many=True).data

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_findings(self, _application: Application) -> list[str]:
        return list(self.form.findings())


def file_address(slug: str, file: Attachment) -> str:
    # Written out, since a page may show dozens of files.
    return f"/{slug}/files/{file.pk}/"


def small_address(slug: str, file: Attachment) -> str:
    return f"/{slug}/files/{file.pk}/small/" if file.width is not None else ""
