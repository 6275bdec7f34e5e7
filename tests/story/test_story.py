"""The whole story: a Center officer, a city manager, a resident without JavaScript, one with, and the desk again.

Every page they open is looked at: axe finds nothing, nothing scrolls sideways, the console is silent.
"""

import json
import re
from datetime import timedelta

import pytest

from cities.access.models import Role, User
from cities.tenancy.models import City
from cities.tenancy.scopes import city_scope
from grants.applications.models import Application
from grants.awards.models import Award
from grants.cycles.models import Cycle
from tests.days import today
from tests.factories import make_officer
from tests.grants.cycles.samples import sample_answers, unseen_call
from tests.story import page_auditing, page_deciding, page_paying
from tests.story.applying import apply
from tests.story.arriving import CODE, read_mail, set_up_an_app, sign_in
from tests.story.calling import Caller
from tests.story.cast import gather, new_neighbor
from tests.story.paper import fill_section
from tests.story.visitor import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.django_db(transaction=True)]


def the_city() -> City:
    return City.objects.get(slug="marlow-falls")


def test_a_call_from_the_center_to_the_desk(visit, tmp_path):
    make_officer(Role.OFFICER, email="officer@center.example", name="Olivia Carter")

    officer = visit(width=1280)
    found_a_city(officer)
    manager = visit(width=1280)
    open_a_call(manager, officer, tmp_path)
    apply_on_paper(visit(width=360, javascript=False))
    apply_on_a_phone(visit(width=360, language="es-US"))
    work_at_the_desk(manager)
    read_the_outcome(visit(width=360, javascript=False))
    from_award_to_audit(visit, officer, manager)


def from_award_to_audit(visit, officer: Visitor, manager: Visitor) -> None:
    neighbor = new_neighbor()
    reference = apply(Caller(neighbor, second_factor=False), the_city())
    with city_scope(the_city()):
        application = Application.objects.get(reference__endswith="-0001")
        other = Application.objects.get(reference=reference)
    manager.go(f"/marlow-falls/staff/applications/{other.pk}/")
    manager.click("Ready for review", role="button")
    cast = gather(visit, the_city(), officer=officer, manager=manager, neighbor=neighbor)

    page_deciding.speak_english(cast.resident)
    page_deciding.bring_the_money(cast, application)
    page_deciding.review(cast, application)
    page_deciding.decide(cast, application, other)
    page_deciding.answer(cast, other)
    with city_scope(the_city()):
        award = Award.objects.get()
    page_paying.tell_the_block(cast, award)
    payment = page_paying.disburse(cast, award)
    page_paying.prove(cast, award)
    page_auditing.follow_the_money(cast, award, payment)
    page_auditing.export(cast)
    page_auditing.read_the_papers(cast, award)
    page_paying.close(cast, award)
    page_auditing.verify()


def found_a_city(officer: Visitor) -> None:
    officer.go("/accounts/login/?next=/center/")
    sign_in(officer, "officer@center.example")
    set_up_an_app(officer)
    officer.go("/center/")
    officer.go("/center/cohorts/new/")
    officer.fill("Name", "2024–26")
    officer.fill("Grant for each city", "100000")
    officer.click("Save", role="button")
    officer.sees("2024–26")

    officer.go("/center/new-city/")
    officer.page.get_by_label("Name", exact=False).first.fill("Marlow Falls")
    officer.page.locator("[name=slug]").fill("center")
    officer.page.locator("[name=region]").fill("OH")
    officer.page.locator("[name=manager_email]").fill("mayor@marlow.example")
    officer.page.locator("[name=manager_name]").fill("Maya Lind")
    officer.page.locator("[name=cohort]").select_option(label="2024–26")
    officer.click("Found the city", role="button")
    officer.sees("is an address of the site itself")
    officer.page.locator("[name=slug]").fill("marlow-falls")
    officer.click("Found the city", role="button")
    officer.go("/center/cities/marlow-falls/")
    officer.sees("Marlow Falls")
    officer.sees("mayor@marlow.example")
    officer.go("/center/")
    officer.sees("Marlow Falls")


def open_a_call(manager: Visitor, officer: Visitor, tmp_path) -> None:
    letter = read_mail(officer, "mayor@marlow.example", "invites")
    manager.go(re.search(r"/accounts/invitations/[\w-]+/", letter)[0])
    manager.click("Sign in to accept", role="button")
    sign_in(manager, "mayor@marlow.example")
    manager.click("Accept and join", role="button")
    if "/accounts/factor/" not in manager.path:
        manager.go("/marlow-falls/staff/")
    set_up_an_app(manager)
    manager.go("/marlow-falls/staff/")
    manager.go("/marlow-falls/staff/setup/")
    manager.go("/marlow-falls/staff/setup/city/")
    manager.go("/marlow-falls/staff/setup/team/")
    manager.go("/marlow-falls/staff/setup/team/invite/")

    call = tmp_path / "call.json"
    call.write_text(json.dumps(unseen_call(cycle={"opens_at": None, "closes_at": None, "pool": None})))
    manager.go("/marlow-falls/staff/setup/calls/upload/")
    manager.page.locator("input[type=file]").set_input_files(str(call))
    manager.click("Read the file", role="button")
    with city_scope(the_city()):
        setup = f"/marlow-falls/staff/setup/calls/{Cycle.objects.get().pk}/"
    manager.go(setup)
    manager.sees("Draft")
    for part in ("self-check", "budget", "papers", "rubric", "terms", "form", "preview", "publish"):
        manager.go(f"{setup}{part}/")
    manager.sees("can’t be published yet")

    on = today()
    manager.go(f"{setup}dates/")
    manager.page.locator("[name=opens_on]").fill((on - timedelta(days=3)).isoformat())
    manager.page.locator("[name=closes_on]").fill((on + timedelta(days=6)).isoformat())
    manager.page.locator("[name=closes_hour]").fill("")
    manager.page.locator("[name=decision_on]").fill((on + timedelta(days=30)).isoformat())
    manager.page.locator("[name=project_starts_on]").fill((on + timedelta(days=40)).isoformat())
    manager.page.locator("[name=project_ends_on]").fill((on + timedelta(days=200)).isoformat())
    manager.click("Save dates", role="button")
    manager.go(f"{setup}money/")
    manager.page.locator("[name*=pool]").fill("24000")
    manager.click("Save amounts", role="button")
    manager.go(f"{setup}publish/")
    manager.page.locator("main form button[type=submit]").last.click()
    manager.page.wait_for_load_state()
    manager.look()
    manager.go(setup)
    manager.sees("Open")


def apply_on_paper(resident: Visitor) -> None:
    resident.go("/")
    resident.click("Marlow Falls mini-grants", role="link")
    resident.click("Check if you can apply", role="link")
    resident.page.locator("[name='e.volunteers']").fill("12")
    resident.page.locator("main form button[type=submit]").last.click()
    resident.page.wait_for_load_state()
    resident.look()
    resident.go("/marlow-falls/calls/marlow-falls-mini-grants/")
    resident.click("Start your application", role="link")
    sign_in(resident, "odessa@example.org")
    resident.page.locator("[name=name]").fill("Odessa Rhee")
    if resident.page.locator("[name='e.volunteers']").count():
        resident.page.locator("[name='e.volunteers']").fill("12")
    resident.click("Start", role="button")
    home = resident.path

    with city_scope(the_city()):
        form = Application.objects.select_related("form_version").get().form_version.form
    answers = sample_answers(form)
    for section in form.sections:
        if any(question.key in answers for question in section.questions):
            resident.go(f"{home}{section.key}/")
            fill_section(resident, form, section.key, answers)
    resident.go(f"{home}check-answers/")
    assert resident.page.locator("[name=declaration]").count(), resident.page.inner_text("main")[:1500]
    resident.page.locator("label[for=id_declaration]").click()
    resident.click("Send my application", role="button")
    resident.sees("MAR-")
    assert "odessa@example.org" in read_mail(resident, "odessa@example.org", "MAR-")
    resident.go(home)
    resident.go("/me/")
    resident.sees("MAR-")
    resident.go("/me/account/")
    resident.page.locator("label[for=id_language_1]").click()
    resident.click("Save", role="button")


def apply_on_a_phone(resident: Visitor) -> None:
    """In Spanish, with scripts: what is typed is saved as the field is left."""
    resident.go("/marlow-falls/")
    resident.go("/accounts/login/?next=/marlow-falls/apply/marlow-falls-mini-grants/")
    resident.page.locator("[name=email]").fill("javier@example.org")
    resident.page.locator("main form button[type=submit]").first.click()
    resident.page.wait_for_load_state()
    resident.look()
    letter = read_mail(resident, "javier@example.org", "código")
    resident.page.locator("[name=code]").fill(CODE.search(letter.split("javier@example.org", 1)[1])[0])
    resident.page.locator("main form button[type=submit]").first.click()
    resident.page.wait_for_load_state()
    resident.page.locator("[name=name]").fill("Javier Morales")
    if resident.page.locator("[name='e.volunteers']").count():
        resident.page.locator("[name='e.volunteers']").fill("8")
    resident.page.locator("main form button[type=submit]").last.click()
    resident.page.wait_for_load_state()
    resident.look()
    with city_scope(the_city()):
        draft = Application.objects.get(status="draft")
        section, question = next(
            (s, q)
            for s in draft.form_version.form.sections
            for q in s.questions
            if str(q.type) == "short_text"
        )
    resident.go(f"/marlow-falls/apply/{draft.pk}/{section.key}/")
    resident.page.locator(f"[name='q.{question.key}']").fill("Una cuadra limpia")
    resident.page.keyboard.press("Tab")
    resident.page.locator(f'[data-question="{question.key}"] [data-save="saved"]').wait_for()
    with city_scope(the_city()):
        assert [answer.value for answer in draft.answers.all()] == ["Una cuadra limpia"]


def work_at_the_desk(manager: Visitor) -> None:
    manager.go("/marlow-falls/staff/")
    manager.go("/marlow-falls/staff/applications/")
    manager.go("/marlow-falls/staff/applications/?q=odessa")
    manager.sees("Odessa Rhee")
    assert "Javier" not in manager.page.inner_text("main")
    manager.page.locator("main table tbody a").first.click()
    manager.page.wait_for_load_state()
    manager.look()
    manager.page.locator("[name=text]").fill("Called her, all is clear.")
    manager.page.locator("form", has=manager.page.locator("[name=text]")).locator(
        "button[type=submit]"
    ).first.click()
    manager.page.wait_for_load_state()
    manager.sees("Called her, all is clear.")
    manager.click("Ready for review", role="button")
    manager.sees("Ready for review")
    manager.go("/marlow-falls/staff/audit/")
    with city_scope(the_city()):
        assert Application.objects.get(applicant_name="Odessa Rhee").status == "eligible"


def read_the_outcome(resident: Visitor) -> None:
    resident.go("/accounts/login/?next=/me/")
    sign_in(resident, "odessa@example.org")
    resident.go("/me/")
    resident.sees("MAR-")
    resident.go("/me/inbox/")
    assert User.objects.filter(email="odessa@example.org").count() == 1
