"""``{% question bound %}`` draws one question of a form, ``{% answer question value %}`` what was answered."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.utils.translation import get_language

from grants.cycles.questions import BoundQuestion, Question, ShownFile
from grants.cycles.questions.display import ShownAnswer, show_answer

register = template.Library()


@register.inclusion_tag("grants/cycles/questions/question.html", takes_context=True)
def question(context: template.Context, bound: BoundQuestion) -> dict[str, Any]:
    """Draw one question with its label, help, errors and inputs. The page's ``city`` gives maps their shapes."""
    return {"bound": bound, "control": bound.control, "city": context.get("city")}


@register.inclusion_tag("grants/cycles/questions/answer.html")
def answer(
    question: Question,
    value: Any,
    *,
    currency: str = "USD",
    files: Sequence[ShownFile] = (),
) -> dict[str, ShownAnswer]:
    """Draw an answer to read: tables as tables, money as money, choices in the reader's language."""
    language = get_language() or "en"
    return {"shown": show_answer(question, value, currency=currency, language=language, files=files)}
