"""The page on which operators see how the site stands."""

from datetime import timedelta

from babel.dates import format_timedelta
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.defaultfilters import filesizeformat
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from cities.access.rules import requires
from cities.interface.formats import number

from .judging import Figure, standing
from .permissions import can_see_status
from .states import TONES, State


@require_safe
@requires(can_see_status)
def status(request: HttpRequest) -> HttpResponse:
    """Show every figure, with its state in a word. Always 200: who asks for a number asks the API."""
    found = standing()
    groups = [
        (group.label, [(figure, TONES[figure.state], in_words(figure)) for figure in group.figures])
        for group in found.groups
    ]
    alarms = [
        (label, figure, words)
        for label, figures in groups
        for figure, __, words in figures
        if figure.state != State.OK
    ]
    context = {
        "standing": found,
        "groups": groups,
        "alarms": alarms,
        "tone": TONES[found.state],
        "versions": found.versions.items(),
    }
    return render(request, "cities/operations/status.html", context)


def in_words(figure: Figure) -> str:
    """Write a figure's value with its unit; a dash where nothing waits or nothing is known."""
    if figure.value is None:
        return "—"
    if figure.unit == "seconds":
        return format_timedelta(timedelta(seconds=figure.value), locale=get_language() or "en")
    if figure.unit == "yes":
        return _("Answering") if figure.value else _("Not answering")
    if figure.unit == "bytes":
        return filesizeformat(figure.value)
    return f"{number(figure.value)} %" if figure.unit == "percent" else number(figure.value)
