"""An application over the API: every question answered, every file sent, and sent twice without harm."""

from typing import Any

from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.cycles.models import Cycle
from grants.cycles.questions import Kind, visible_keys
from tests.grants.applications.uploads.making import picture, sent
from tests.grants.cycles.samples import sample_answers
from tests.story.calling import CITY, Caller


def apply(resident: Caller, city: City) -> str:
    """Fill an application and send it; return its reference."""
    with city_scope(city):
        cycle = Cycle.objects.get()
        form = cycle.forms.get(is_applied_with=True).form
    home = f"{CITY}applications/"
    path = f"{home}{resident.ask('POST', home, {'call': cycle.slug}, expect=201)['id']}/"
    answers = sample_answers(form)
    for question in (q for q in form.questions if q.key in visible_keys(form, answers)):
        if question.type is Kind.FILE:
            for _needed in answers[question.key]:
                added = resident.client.post(
                    f"{path}files/", {"question": question.key, "file": sent(picture())}
                )
                assert added.status_code == 201
        else:
            value = answers[question.key]
            if question.type in {Kind.TABLE, Kind.PEOPLE}:
                value = [
                    {key: cell for key, cell in row.items() if not _holds_files(question, key)}
                    for row in value
                ]
            resident.ask("PUT", f"{path}answers/{question.key}/", {"value": value, "version": 0})
        if question.type in {Kind.TABLE, Kind.PEOPLE}:
            _add_files_of_rows(resident, path, question, answers[question.key])
    sent_once = resident.ask("POST", f"{path}submission/", {"declaration": True})
    assert (
        resident.ask("POST", f"{path}submission/", {"declaration": True})["reference"]
        == sent_once["reference"]
    )
    return sent_once["reference"]


def _holds_files(question: Any, column: str) -> bool:
    return any(c.key == column and c.type is Kind.FILE for c in question.columns)


def _add_files_of_rows(resident: Caller, path: str, question: Any, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        for column in (c.key for c in question.columns if c.type is Kind.FILE):
            told = {"question": question.key, "file": sent(picture()), "row": row["_id"], "column": column}
            assert resident.client.post(f"{path}files/", told).status_code == 201
