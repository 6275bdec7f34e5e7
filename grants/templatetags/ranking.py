"""The rows of the ranking, four hundred on a page, drawn in one piece each."""

from collections.abc import Iterable
from decimal import Decimal
from functools import lru_cache
from html import escape
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.interface.components.marks import status

from .rows import Known, amount, minor, short

register = template.Library()


@register.simple_tag
def ranking_rows(rows: Iterable[Any], *, currency: str, desk: str, here: str, can_decide: bool) -> SafeString:
    """``{% ranking_rows rows currency=… desk=desk_path here=here can_decide=can_decide %}``: the ranking's body."""
    drawer = Drawer(currency, desk, here, can_decide=can_decide)
    return mark_safe("".join(drawer.row(row, rank) for rank, row in enumerate(rows, start=1)))


class Drawer:
    """What all rows of one ranking share: its words are asked for once."""

    def __init__(self, currency: str, desk: str, here: str, *, can_decide: bool) -> None:
        self.desk, self.here, self.can_decide = escape(desk), escape(here), can_decide
        self.select, self.amount_for = (
            escape(words).split("%(row)s", 1) for words in (_("Select %(row)s"), _("Amount for %(row)s"))
        )
        language = get_language() or ""
        self.amounts = Known(lambda cents: amount(cents, currency, language, whole=True))
        self.places, self.points = Known(lambda name: short(name, 30)), Known(_points)
        self.means, self.marks = Known(_mean), Known(_mark)
        self.untitled, self.undo = _("Untitled application"), escape(_("Undo"))
        self.low, self.gate, self.own, self.unread = (
            minor(words)
            for words in (
                _("Below the minimum"),
                _("A gate isn’t passed"),
                _("Your own"),
                _("Shown once your scores are in"),
            )
        )

    def row(self, row: Any, rank: int) -> str:
        facts = row.facts
        key, reference = str(facts["id"]), escape(facts["reference"])
        is_open = self.can_decide and row.can_be_awarded
        dimmed = ' class="is-low"' if row.is_low or row.fails_gate else ""
        at = row.place if is_open or row.is_funded else ""
        place = f' data-place="{at}" data-reference="{reference}"' if at else ""
        faults = f"{self.low if row.is_low else ''}{self.gate if row.fails_gate else ''}{self.unread if row.is_unread else ''}"
        hidden = row.is_own or row.is_unread
        scored = "–" if hidden else f"{facts['scored_count']}/{facts['assigned_count']}"
        shown = self.input(row, reference) if is_open else self.awarded(facts["awarded_cents"])
        return (
            f'<tr{dimmed}{place}>{self.box(row, key, reference, is_open=is_open)}<td class="num">{rank}</td>'
            f'<th scope="row"><a href="{self.desk}{key}/" data-row-link>{short(facts["title"] or self.untitled, 60)}</a>'
            f' <span class="minor">{reference} · {short(facts["group_name"] or facts["applicant_name"], 40)}</span></th>'
            f'<td>{self.places[facts["neighborhood"]]}</td><td class="num">{self.means[facts["score_mean"]]}{faults}</td>'
            f'<td class="num">{scored}</td><td class="num">{self.points[facts["score_spread"]]}</td>'
            f'<td class="num">{self.amounts[facts["requested_cents"]]}</td>'
            f'<td class="num">{self.amounts[facts["recommended_cents"]]}</td>'
            f'<td class="num">{shown}{self.marks[row.mark]}{self.own if row.is_own else ""}{self.undoing(row, key)}</td></tr>'
        )

    def box(self, row: Any, key: str, reference: str, *, is_open: bool) -> str:
        if not is_open:
            return "<td></td>" if self.can_decide else ""
        ticked, (before, after) = " checked" if row.is_ticked else "", self.select
        return (
            f'<td><input class="row-check" type="checkbox" name="selected" value="{key}"{ticked} '
            f'aria-label="{before}{reference}{after}" data-row-check></td>'
        )

    def input(self, row: Any, reference: str) -> str:
        name, (before, after) = row.hex, self.amount_for
        invalid = f' aria-invalid="true" aria-describedby="e{name}"' if row.error else ""
        error = f'<span class="ranking__error" id="e{name}">{escape(row.error)}</span>' if row.error else ""
        return (
            f'<input class="ranking__amount" name="amount-{name}" value="{escape(row.amount)}" inputmode="decimal" '
            f'aria-label="{before}{reference}{after}"{invalid}>{error}'
        )

    def awarded(self, cents: int | None) -> str:
        return f"<strong>{self.amounts[cents]}</strong>" if cents else ""

    def undoing(self, row: Any, key: str) -> str:
        if not (self.can_decide and row.can_be_undone):
            return ""
        return f' <a class="minor" href="{self.here}decisions/{key}/undo/">{self.undo}</a>'


def _points(value: Decimal | None) -> str:
    return "–" if value is None else points(value)


def _mean(value: Decimal | None) -> str:
    return "–" if value is None else f"<strong>{points(value)}</strong>"


def _mark(mark: Any) -> str:
    return f" {status(mark.word, tone=mark.tone, icon=mark.icon)}" if mark.icon else ""


def points(value: Decimal) -> str:
    """Write a score in the reader's language, without cents where it is whole."""
    return _points_in(get_language() or "", value)


@lru_cache(maxsize=8192)
def _points_in(_language: str, value: Decimal) -> str:
    return escape(str(floatformat(value, "-2")))
