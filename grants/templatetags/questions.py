"""``{% question bound %}`` draws one question of a form, ``{% answer question value %}`` what was answered."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template.loader import render_to_string
from django.utils.html import format_html, linebreaks
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from grants.cycles.questions import BoundQuestion, Question, ShownFile
from grants.cycles.questions.display import show_answer

register = template.Library()


@register.inclusion_tag("grants/cycles/questions/question.html", takes_context=True)
def question(context: template.Context, bound: BoundQuestion) -> dict[str, Any]:
    """Draw one question with its label, help, errors and inputs. The page's ``city`` gives maps their shapes."""
    return {"bound": bound, "control": bound.control, "city": context.get("city")}


@register.simple_tag
def answer(
    question: Question,
    value: Any,
    *,
    currency: str = "USD",
    files: Sequence[ShownFile] = (),
) -> SafeString:
    """Draw an answer to read: tables as tables, money as money, choices in the reader's language."""
    language = get_language() or "en"
    shown = show_answer(question, value, currency=currency, language=language, files=files)
    if shown.is_plain:  # as most are, and a page shows dozens
        return format_html('<div class="answer">{}</div>', mark_safe(linebreaks(shown.text, autoescape=True)))
    return render_to_string("grants/cycles/questions/answer.html", {"shown": shown})
