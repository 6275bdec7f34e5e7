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

from .rows import NOTHING, amount, minor, short

register = template.Library()


@register.simple_tag
def ranking_rows(rows: Iterable[Any], *, currency: str, desk: str, here: str, can_decide: bool) -> SafeString:
    """``{% ranking_rows rows currency=… desk=desk_path here=here can_decide=can_decide %}``: the ranking's body."""
    drawer = Drawer(currency, desk, here, can_decide=can_decide)
    return mark_safe("".join(drawer.row(row, place) for place, row in enumerate(rows, start=1)))


class Drawer:
    """What all rows of one ranking share: its words are asked for once."""

    def __init__(self, currency: str, desk: str, here: str, *, can_decide: bool) -> None:
        self.currency, self.desk, self.here, self.can_decide = (
            currency,
            escape(desk),
            escape(here),
            can_decide,
        )
        self.language = get_language() or ""
        self.select, self.amount_for = (
            escape(words).split("%(row)s", 1) for words in (_("Select %(row)s"), _("Amount for %(row)s"))
        )
        self.marks: dict[Any, str] = {}
        self.amounts: dict[int | None, str] = {None: NOTHING}
        self.places: dict[str, str] = {}
        self.untitled, self.undo = _("Untitled application"), escape(_("Undo"))
        self.low, self.gate, self.own = (
            minor(words) for words in (_("Below the minimum"), _("A gate isn’t passed"), _("Your own"))
        )

    def row(self, row: Any, place: int) -> str:
        facts = row.facts
        key, reference, neighborhood = str(facts["id"]), escape(facts["reference"]), facts["neighborhood"]
        is_open = self.can_decide and row.can_be_awarded
        dimmed = ' class="is-low"' if row.is_low or row.fails_gate else ""
        faults = f"{self.low if row.is_low else ''}{self.gate if row.fails_gate else ''}"
        mean = "–" if facts["score_mean"] is None else f"<strong>{self._points(facts['score_mean'])}</strong>"
        scored = "–" if row.is_own else f"{facts['scored_count']}/{facts['assigned_count']}"
        spread = "–" if facts["score_spread"] is None else self._points(facts["score_spread"])
        if neighborhood not in self.places:
            self.places[neighborhood] = short(neighborhood, 30)
        return (
            f'<tr{dimmed}>{self._check(row, key, reference, is_open=is_open) if self.can_decide else ""}<td class="num">{place}</td>'
            f'<th scope="row"><a href="{self.desk}{key}/" data-row-link>{short(facts["title"] or self.untitled, 60)}</a>'
            f' <span class="minor">{reference} · {short(facts["group_name"] or facts["applicant_name"], 40)}</span></th>'
            f'<td>{self.places[neighborhood]}</td><td class="num">{mean}{faults}</td>'
            f'<td class="num">{scored}</td><td class="num">{spread}</td>'
            f'<td class="num">{self._money(facts["requested_cents"])}</td>'
            f'<td class="num">{self._money(facts["recommended_cents"])}</td>'
            f'<td class="num">{self._award(row, key, reference, is_open=is_open)}</td></tr>'
        )

    def _money(self, cents: int | None) -> str:
        if cents not in self.amounts:
            self.amounts[cents] = amount(cents, self.currency, self.language, whole=True)
        return self.amounts[cents]

    def _points(self, value: Decimal) -> str:
        return points(value, self.language)

    def _check(self, row: Any, key: str, reference: str, *, is_open: bool) -> str:
        if not is_open:
            return "<td></td>"
        ticked, (before, after) = " checked" if row.is_ticked else "", self.select
        return (
            f'<td><input class="row-check" type="checkbox" name="selected" value="{key}"{ticked} '
            f'aria-label="{before}{reference}{after}" data-row-check></td>'
        )

    def _award(self, row: Any, key: str, reference: str, *, is_open: bool) -> str:
        own = self.own if row.is_own else ""
        undo = ""
        if self.can_decide and row.can_be_undone:
            undo = f' <a class="minor" href="{self.here}decisions/{key}/undo/">{self.undo}</a>'
        shown = self._input(row, reference) if is_open else self._awarded(row.facts["awarded_cents"])
        return f"{shown}{self._mark(row.mark)}{own}{undo}"

    def _mark(self, mark: Any) -> str:
        if mark not in self.marks:
            drawn = status(mark.word, tone=mark.tone, icon=mark.icon) if mark.icon else ""
            self.marks[mark] = f" {drawn}" if drawn else ""
        return self.marks[mark]

    def _awarded(self, cents: int | None) -> str:
        return f"<strong>{self._money(cents)}</strong>" if cents else ""

    def _input(self, row: Any, reference: str) -> str:
        invalid = f' aria-invalid="true" aria-describedby="e{row.hex}"' if row.error else ""
        error = (
            f'<span class="ranking__error" id="e{row.hex}">{escape(row.error)}</span>' if row.error else ""
        )
        before, after = self.amount_for
        return (
            f'<input class="ranking__amount" name="amount-{row.hex}" value="{escape(row.amount)}" inputmode="decimal" '
            f'aria-label="{before}{reference}{after}"{invalid}>{error}'
        )


@lru_cache(maxsize=4096)
def points(value: Decimal, _language: str) -> str:
    """Write a score in the reader's language, which is the active one, without cents where it is whole."""
    return escape(str(floatformat(value, "-2")))
