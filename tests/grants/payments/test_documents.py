"""The report and the workbook of a call, read back with readers that are not ours."""

from io import BytesIO

import openpyxl
import pypdf
import pytest
from django.core.files.storage import default_storage
from django.test import Client
from django.utils import timezone, translation

from cities.access.handing import hand_over
from cities.access.models import Role
from cities.documents import tasks
from cities.documents.actions import finish_document, request_document
from cities.documents.models import Document
from cities.documents.permissions import can_see_document, visible_to
from cities.documents.registry import kind_of
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application, Conflict
from grants.cycles.models import FormVersion
from grants.payments.actions import complete_award, decide_receipt
from grants.payments.documents import CycleForm
from grants.payments.report import report_data, rows_of
from grants.reviews.models import Review
from tests.factories import ApplicationFactory, FormVersionFactory, make_city, make_member
from tests.grants.payments.factories import make_award, make_trio, paid, receipt_of
from tests.people import sign_in
from tests.queries import count_statements

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def city():
    return make_city("baltimore")


@pytest.fixture
def manager(city):
    return make_member(city, Role.MANAGER, name="Mara Lind")


@pytest.fixture
def call(city, manager):
    """One call with an award that is paid and proved in part, an application that only asks, and a draft."""
    trio = make_trio(city)
    with city_scope(city):
        form = FormVersionFactory()
        asks = {"form_version": form, "submitted": True, "requested_cents": 200_000}
        application = ApplicationFactory(
            **asks, status="awarded", awarded_cents=185_300, title="=Garden", neighborhood="Riverbend"
        )
        award = make_award(application=application)
        paid(award, trio)
        receipt_of(award)
        ApplicationFactory(**asks, title="Mural", neighborhood="Oakhill")
        ApplicationFactory(form_version=form, title="A draft of somebody")
    return form.cycle


def made(city, actor, kind, call):
    with city_scope(city):
        form = CycleForm({"cycle": call.pk}, place=city, user=actor)
        assert form.is_valid()
        title = form.title(str(kind_of(kind).label))
        document = request_document(kind, parameters=form.parameters(), title=title, actor=actor)
    tasks.make(str(city.pk), str(document.pk), 0)
    with city_scope(city):
        document.refresh_from_db()
    assert document.status == "finished", document.failure
    with default_storage.open(document.file.name) as file:
        return document, BytesIO(file.read())


def text_of(content):
    return " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(content).pages).split())


def test_the_report_shows_the_calls_figures_as_drawings_and_tables(city, manager, call):
    document, content = made(city, manager, "cycle-report", call)

    text = text_of(content)
    for figure in (
        "Report of a call",
        "$4,000.00",
        "$1,853.00",
        "$600.00",
        "Riverbend",
        "Oakhill",
        "=Garden",
    ):
        assert figure in text
    assert "A draft of somebody" not in text
    assert document.row_count == 1
    root = pypdf.PdfReader(content).trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en-US")


def test_the_report_speaks_the_requesters_language(city, call):
    reader = make_member(city, Role.VIEWER, language="es")

    _document, content = made(city, reader, "cycle-report", call)

    assert pypdf.PdfReader(content).trailer["/Root"]["/Lang"] == "es-US"


def test_the_workbook_holds_every_row_of_the_call_and_no_formula(city, manager, call):
    document, content = made(city, manager, "cycle-workbook", call)

    book = openpyxl.load_workbook(content)
    sheets = {sheet.title: list(sheet.values) for sheet in book.worksheets}
    assert list(sheets) == ["About", "Applications", "Awards", "Payments", "Receipts"]
    assert [len(rows) - 1 for name, rows in sheets.items() if name != "About"] == [2, 1, 1, 1]
    assert document.row_count == 5
    titles = {row[1] for row in sheets["Applications"][1:]}
    assert titles == {"'=Garden", "Mural"}
    assert sheets["Awards"][1][6:9] == (1853, 600, 0)
    assert {cell.data_type for sheet in book.worksheets for row in sheet.iter_rows() for cell in row} <= {
        "s",
        "n",
        "d",
    }


@pytest.mark.parametrize("hidden_as", ["own application", "own scores are not in"])
def test_the_workbook_tells_its_requester_no_score_that_is_hidden_from_them(city, manager, call, hidden_as):
    reviewed = {"scored_count": 3, "score_mean": 81, "score_spread": 7, "recommended_cents": 123_400}
    with city_scope(city):
        rows = Application.objects.filter(cycle=call)
        rows.update(**reviewed)
        mural = rows.get(title="Mural")
        if hidden_as == "own application":
            rows.filter(pk=mural.pk).update(applicant=manager)
        else:
            Review.objects.create(application=mural, reviewer=manager)

    _document, content = made(city, manager, "cycle-workbook", call)

    sheet = list(openpyxl.load_workbook(content)["Applications"].values)
    first = sheet[0].index("Scores")
    assert {row[1]: row[first : first + 4] for row in sheet[1:]} == {
        "'=Garden": (3, 81, 7, 1234),
        "Mural": (None, None, None, None),
    }


def test_a_colleague_who_has_yet_to_score_opens_no_workbook_that_another_asked_for(city, manager, call):
    reviewer, colleague = make_member(city, Role.STAFF), make_member(city, Role.STAFF)
    document, _content = made(city, manager, "cycle-workbook", call)
    with city_scope(city):
        review = Review.objects.create(application=Application.objects.get(title="Mural"), reviewer=reviewer)
        document = Document.objects.select_related("city").get(pk=document.pk)

        assert [can_see_document(user, document) for user in (reviewer, colleague)] == [False, True]
        assert not visible_to(reviewer, city).exists()
        review.status = "released"
        review.save()
        assert can_see_document(reviewer, document)


def test_what_the_requester_has_a_conflict_with_is_left_out_and_said(city, manager, call):
    with city_scope(city):
        hidden = rows_of(call, manager).applications.get(title="=Garden")
        Conflict.objects.create(application=hidden, person=manager, kind="family", declared_by=manager)

    document, content = made(city, manager, "cycle-report", call)
    _workbook, sheets = made(city, manager, "cycle-workbook", call)

    text = text_of(content)
    assert "=Garden" not in text
    assert "1 application is left out" in text
    assert document.row_count == 0
    names = {cell for sheet in openpyxl.load_workbook(sheets) for row in sheet.values for cell in row}
    assert "'=Garden" not in names


def test_a_colleague_with_a_conflict_does_not_open_what_others_asked_for(city, manager, call):
    colleague, conflicted = make_member(city, Role.STAFF), make_member(city, Role.STAFF)
    document, _content = made(city, manager, "cycle-report", call)
    with city_scope(city):
        application = rows_of(call, manager).applications.first()
        Conflict.objects.create(
            application=application, person=conflicted, kind="family", declared_by=conflicted
        )
        document = Document.objects.select_related("city").get(pk=document.pk)

        assert [can_see_document(user, document) for user in (manager, colleague, conflicted)] == [
            True,
            True,
            False,
        ]


@pytest.mark.parametrize("kind", ["cycle-report", "cycle-workbook"])
def test_a_conflict_declared_later_closes_what_its_requester_had_made(city, manager, call, kind):
    before, _content = made(city, manager, kind, call)
    with city_scope(city):
        hidden = rows_of(call, manager).applications.first()
        conflict = Conflict.objects.create(
            application=hidden, person=manager, kind="family", declared_by=manager
        )
    client = sign_in(Client(), manager)
    pages = [
        f"/baltimore/documents/{before.pk}/file/",
        f"/api/v1/cities/baltimore/documents/{before.pk}/file/",
    ]

    closed = [client.get(page).status_code for page in pages]
    after, _content = made(city, manager, kind, call)

    assert closed == [403, 403]
    assert client.get(f"/baltimore/documents/{after.pk}/file/").status_code == 200
    with city_scope(city):
        documents = Document.objects.select_related("city")
        assert {row.pk for row in documents if can_see_document(manager, row)} == {after.pk}
        assert set(visible_to(manager, city).values_list("pk", flat=True)) == {after.pk}
        conflict.lifted_at = timezone.now()
        conflict.save()
    assert [client.get(page).status_code for page in pages] == [200, 200]


def test_a_report_being_made_when_its_requester_leaves_is_made_anew_with_the_successors_eyes(
    city, manager, call
):
    leaver, successor = make_member(city, Role.STAFF), make_member(city, Role.STAFF)
    with city_scope(city):
        hidden = rows_of(call, manager).applications.get(title="=Garden")
        Conflict.objects.create(application=hidden, person=successor, kind="family", declared_by=successor)
        wish = {"cycle": str(call.pk)}
        document = request_document("cycle-workbook", parameters=wish, title="Workbook", actor=leaver)
    begun = tasks._begin(city.pk, document.pk, 0)
    assert (begun.attempts, begun.requested_by) == (1, leaver)

    with city_scope(city):
        hand_over(leaver.pk, successor_id=successor.pk, actor=manager)
        late = {"file": "documents/x", "file_name": "x.xlsx", "size_bytes": 9, "sha256": "a" * 64}
        assert finish_document(document.pk, attempt=1, **late) is None
        document.refresh_from_db()
    assert (document.status, document.started_at, document.requested_by) == ("waiting", None, successor)
    tasks.make(str(city.pk), str(document.pk), document.attempts)

    with city_scope(city):
        document = Document.objects.select_related("city").get(pk=document.pk)
        assert can_see_document(successor, document)
    with default_storage.open(document.file.name) as file:
        sheets = openpyxl.load_workbook(BytesIO(file.read()))
    names = {cell for sheet in sheets for row in sheet.values for cell in row}
    assert "Mural" in names
    assert "'=Garden" not in names


def test_a_colleague_who_applied_opens_no_workbook_that_another_asked_for(city, manager, call):
    applied, colleague = make_member(city, Role.STAFF), make_member(city, Role.STAFF)
    document, _content = made(city, manager, "cycle-workbook", call)
    with city_scope(city):
        Application.objects.filter(title="Mural").update(applicant=applied)
        document = Document.objects.select_related("city").get(pk=document.pk)

        assert [can_see_document(user, document) for user in (applied, colleague)] == [False, True]
        assert not visible_to(applied, city).exists()


def test_a_program_reads_what_is_wrong_with_its_wish_under_the_name_of_the_input(city, manager):
    wish = {"kind": "cycle-report", "parameters": {"cycle": "none"}}

    answer = sign_in(Client(), manager).post(
        "/api/v1/cities/baltimore/documents/", wish, content_type="application/json"
    )

    assert answer.status_code == 400
    ((sentence,),) = answer.json()["parameters"].values()
    assert sentence == "This is not in the list any more. Please choose again."


def test_a_call_that_is_gone_fails_with_a_reason(city, manager):
    with city_scope(city):
        document = request_document(
            "cycle-report", parameters={"cycle": str(city.pk)}, title="Gone", actor=manager
        )
    tasks.make(str(city.pk), str(document.pk), 0)

    with city_scope(city):
        document.refresh_from_db()
    assert document.failure == "This call is no longer there."


class Still:
    """A job that tells nobody."""

    def __init__(self, city, requester):
        from django.utils import timezone

        self.place, self.requester, self.title, self.as_of = city, requester, "T", timezone.now()

    def follow(self, rows):
        return rows


def test_a_report_asks_the_database_as_often_for_three_awards_as_for_one(city, manager, call):
    with city_scope(city), translation.override("en"):
        with count_statements() as one:
            report_data(Still(city, manager), call, rows_of(call, manager))
        for number in range(2):
            make_award(
                application=ApplicationFactory(
                    form_version=FormVersion.objects.get(),
                    submitted=True,
                    status="awarded",
                    reference=f"BAL-X-{number}",
                )
            )
        with count_statements() as three:
            data = report_data(Still(city, manager), call, rows_of(call, manager))

    assert len(data["awards"]) == 3
    assert len(three) == len(one)


def test_what_went_back_to_the_pool_is_not_awarded_in_the_report(city, manager):
    trio = make_trio(city)
    with city_scope(city):
        form = FormVersionFactory()
        asks = {"form_version": form, "submitted": True, "status": "awarded", "requested_cents": 200_000}
        application = ApplicationFactory(
            **asks, awarded_cents=100_000, award_status="accepted", neighborhood="Riverbend"
        )
        award = make_award(100_000, application=application)
        paid(award, trio, 60_000)
        decide_receipt(receipt_of(award, 60_000).pk, accepted_cents=60_000, actor=manager)
        complete_award(award.pk, actor=manager)

    with city_scope(city), translation.override("en"):
        shown = report_data(Still(city, manager), form.cycle, rows_of(form.cycle, manager))

    assert ["Still to award", "$23,400.00"] in shown["facts"]
    assert shown["money"]["table"]["rows"][1:] == [
        ["Awarded", "$600.00", "100%"],
        ["Paid", "$600.00", "100%"],
        ["Proved by receipts", "$600.00", "100%"],
        ["Back in the pool", "$400.00", ""],
    ]
    assert shown["places"]["table"]["rows"] == [["Riverbend", "1", "$2,000.00", "1", "$600.00"]]
    assert shown["awards"][0][4:] == ["$600.00", "$600.00", "$600.00", "$400.00"]
    assert shown["awards_headings"][-1] == "Back in the pool"
    _document, content = made(city, manager, "cycle-workbook", form.cycle)
    for title in ("Applications", "Awards"):
        heads, row = openpyxl.load_workbook(content)[title].values
        line = dict(zip(heads, row, strict=True))
        assert (line["Awarded"], line["Paid"], line["Back in the pool"]) == (600, 600, 400)
