"""Filling a form page by page, as somebody without JavaScript does: type, press, look at the next page."""

from typing import Any

from grants.cycles.questions import BoundQuestion, FormDefinition, Kind, Question
from tests.grants.applications.uploads.making import picture
from tests.grants.cycles.samples import browser_post
from tests.story.visitor import Visitor


def fill_section(visitor: Visitor, form: FormDefinition, section: str, answers: dict[str, Any]) -> None:
    """Answer the questions of one section and press “Save and continue”."""
    questions = [q for q in form.section(section).questions if q.key in answers]
    for question in questions:
        if question.type is Kind.FILE:
            visitor.page.locator(f'[name="f.{question.key}"]').set_input_files(
                {"name": "before.jpg", "mimeType": "image/jpeg", "buffer": picture()}
            )
            visitor.page.locator(f'button[name=upload][value$="{question.key}"]').click()
            visitor.page.wait_for_load_state()
            visitor.look()
    typed = [question for question in questions if question.type is not Kind.FILE]
    # A question that hangs on another answer appears on the next look at the page.
    while waiting := [
        question for question in typed if not _answer(visitor, question, answers[question.key])
    ]:
        assert len(waiting) < len(typed), f"These never appear: {[question.key for question in waiting]}"
        address, typed = visitor.path, waiting
        visitor.click("Save and go to the list")
        visitor.go(address)
    visitor.click("Save and continue")


def _answer(visitor: Visitor, question: Question, value: Any) -> bool:
    """Type the answer, unless the question isn't shown yet."""
    if not visitor.page.locator(f'[data-question="{question.key}"]').is_visible():
        return False
    fields = browser_post([BoundQuestion(question, value)])
    wanted = fields.pop(f"q.{question.key}._rows", [])
    for _missing in range(len(wanted) - len(_rows(visitor, question))):
        visitor.page.locator(f'button[name=add_row][value="{question.key}"]').click()
        visitor.page.wait_for_load_state()
    there = dict(zip(wanted, _rows(visitor, question), strict=False))
    for name, values in fields.items():
        parts = name.split(".")
        if len(parts) > 2 and parts[2] in there:
            parts[2] = there[parts[2]]
        for text in values:
            _put(visitor, ".".join(parts), text)
    return True


def _rows(visitor: Visitor, question: Question) -> list[str]:
    inputs = visitor.page.locator(f'[name="q.{question.key}._rows"]')
    return [inputs.nth(n).input_value() for n in range(inputs.count())]


def _put(visitor: Visitor, name: str, text: str) -> None:
    if name.startswith("v."):
        return
    found = visitor.page.locator(f'[name="{name}"]')
    if found.count() == 0:
        return
    kind = found.first.get_attribute("type")
    if kind in {"radio", "checkbox"}:
        box = visitor.page.locator(f'[name="{name}"][value="{text}"]')
        visitor.page.locator(f'label[for="{box.get_attribute("id")}"]').click()
    elif found.first.evaluate("e => e.tagName") == "SELECT":
        found.first.select_option(text)
    elif kind not in {"hidden", "file"} and found.first.is_visible():
        found.first.fill(text)
