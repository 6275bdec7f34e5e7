"""What is left to do, how far a grant has come, how far a job is."""

# ruff: noqa: A002 - props are named as the HTML attributes they become

from datetime import date, datetime

from django.template import Context
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from cities.interface.components.registry import draw, one_of, register, trimmed

TASK_STATES: dict[str, tuple[Promise, str]] = {
    "not_started": (_("Not started"), "neutral"),
    "in_progress": (_("In progress"), "info"),
    "done": (_("Done"), "success"),
    "problem": (_("Needs a change"), "danger"),
    "optional": (_("Optional"), "neutral"),
    "locked": (_("Cannot start yet"), "waiting"),
}
STEP_STATES: dict[str, Promise] = {
    "done": _("Done"),
    "current": _("Now"),
    "upcoming": _("Still to come"),
    "stopped": _("Ended here"),
}


@register.simple_block_tag
def task_list(content: str, *, label: str = "") -> SafeString:
    """``{% task_list %}{% task … %}{% endtask_list %}``: says what is left."""
    return draw("task_list", content=content, label=label)


@register.simple_tag
def task(label: str, *, url: str = "", state: str = "not_started", hint: str = "") -> SafeString:
    """One task. A locked task has no link."""
    word, tone = TASK_STATES[one_of("state", state, TASK_STATES)]
    return draw("task", label=label, url="" if state == "locked" else url, word=word, tone=tone, hint=hint)


@register.simple_block_tag
def tracker(content: str, *, label: str) -> SafeString:
    """``{% tracker label=_("Your grant") %}{% step … %}…{% endstep %}{% endtracker %}``."""
    return draw("tracker", content=content, label=label)


@register.simple_block_tag(takes_context=True)
def step(
    context: Context,
    content: str,
    *,
    label: str,
    state: str = "upcoming",
    on: date | datetime | None = None,
    tz: str = "",
) -> SafeString:
    """One step: its words say what happened or happens next. ``on`` is a day or an instant."""
    word = STEP_STATES[one_of("state", state, STEP_STATES)]
    city = context.get("city")
    return draw(
        "step",
        content=trimmed(content),
        label=label,
        state=state,
        word=word,
        on=on,
        is_instant=isinstance(on, datetime),
        timezone=tz or getattr(city, "timezone", None),
    )


@register.simple_tag
def progress(value: int, maximum: int = 100, *, label: str, text: str = "", id: str = "") -> SafeString:
    """``{% progress done total label=_("Photos uploaded") %}``: a native progress bar with words."""
    return draw("progress", value=value, maximum=maximum, label=label, text=text, id=id)
