"""The rows of the long tables, drawn in one piece each: a template takes thirty steps per row, four hundred times.

The head of each table, its sorting and paging stay in its template; a tag stands around the head, whose words its cells
repeat on a phone. What a row shows is the room's; here is only its HTML.
"""

from collections.abc import Callable, Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.interface.components.marks import status
from cities.interface.components.stacking import body, cells
from cities.interface.formats import day_html, moment_html, money_html
from cities.interface.icons import icon_html
from cities.tenancy.models import City

register = template.Library()

CHECK = '{}><input class="row-check" type="checkbox" name="selected" value="{}" form="bulk" aria-label="{}" data-row-check></td>'
TR, TH = '<tr role="row">', '<th role="rowheader" scope="row">'
NOTHING = "—"
Row = Mapping[str, Any]


class Known(dict[Any, str]):
    """What was drawn of a value before: four hundred rows have few neighborhoods, amounts and scores between them."""

    def __init__(self, draw: Callable[[Any], str]) -> None:
        self.draw = draw

    def __missing__(self, value: Any) -> str:
        drawn = self[value] = self.draw(value)
        return drawn


def short(text: str, length: int) -> str:
    """Return a text for HTML, cut to a length that its column takes."""
    return escape(text if len(text) <= length else Truncator(text).chars(length))


def minor(text: str, length: int = 200) -> str:
    """Return a second, quieter line of a cell; nothing where there is none."""
    return f' <span class="minor">{short(text, length)}</span>' if text else ""


def amount(cents: int | None, currency: str, language: str | None = None, *, whole: bool = False) -> str:
    return NOTHING if cents is None else money_html(cents, currency, language, short=whole)


@register.simple_block_tag
def application_rows(
    content: str, rows: Iterable[Row], *, city: City, address: str, can_screen: bool
) -> SafeString:
    """``{% application_rows rows city=city address=queue.address can_screen=can_screen %}<thead>…``: the queue."""
    starts = cells(content)
    box = starts.pop(0) if can_screen else ""
    _name, who, stands, where, asked, sent, more = starts
    untitled, select = _("Untitled application"), _("Select %(row)s")
    query, files, notes = (
        escape(address),
        icon_html("attach_file", label=_("Files")),
        icon_html("comment", label=_("Notes")),
    )
    zone, language = city.zone, get_language()

    def drawn(row: Row) -> str:
        reference = row["reference"] or ""
        check = CHECK.format(box, row["id"], escape(select % {"row": reference})) if can_screen else ""
        attached = f'<span class="tally">{files}{row["file_count"]}</span>' if row["file_count"] else ""
        noted = f' <span class="tally">{notes}{row["note_count"]}</span>' if row["note_count"] else ""
        return (
            f'{TR}{check}{TH}<a href="{row["id"]}/{query}" data-row-link>{short(row["title"] or untitled, 90)}</a>'
            f"{minor(reference)}</th>{who}>{short(row['applicant_name'], 60)}{minor(row['group_name'], 60)}</td>"
            f"{stands}>{status(row['word'], tone=row['tone'])}</td>"
            f"{where}>{short(row['neighborhood'], 40)}{minor(row['category'], 40)}</td>"
            f'{asked} class="num">{amount(row["requested_cents"], city.currency, language, whole=True)}</td>'
            f"{sent}>{moment_html(row['submitted_at'], zone, language, style='short', zone=False)}</td>{more}>{attached}{noted}</td></tr>"
        )

    return body(content, map(drawn, rows))


@register.simple_block_tag
def payment_rows(content: str, rows: Iterable[Row], *, city: City) -> SafeString:
    """``{% payment_rows rows city=city %}<thead>…{% endpayment_rows %}``: a city's payments."""
    _name, payee, stands, method, cents, asked, sent = cells(content)
    zone, language = city.zone, get_language()

    def drawn(row: Row) -> str:
        paid = (
            f"{day_html(row['paid_on'], language, style='medium')}{minor(row['voucher_number'])}"
            if row["paid_on"]
            else ""
        )
        return (
            f'{TR}{TH}<a href="{row["id"]}/" data-row-link>{escape(row["award__reference"])}/{row["number"]}</a>'
            f"{minor(row['award__title'], 60)}</th>{payee}>{short(row['payee_name'], 50)}{minor(row['purpose'], 60)}</td>"
            f"{stands}>{status(row['word'], tone=row['tone'])}</td>{method}>{escape(str(row['method_word']))}</td>"
            f'{cents} class="num">{amount(row["amount_cents"], row["currency"], language)}</td>'
            f"{asked}>{moment_html(row['requested_at'], zone, language, style='medium', zone=False)}{minor(row['requester'])}</td>"
            f"{sent}>{paid}</td></tr>"
        )

    return body(content, map(drawn, rows))


@register.simple_block_tag
def disbursement_rows(content: str, rows: Iterable[Row], *, here: str, cities: str) -> SafeString:
    """``{% disbursement_rows rows here=… cities=… %}<thead>…``: the Center's payments; both addresses end in a slash."""
    language = get_language()
    _name, place, payee, cents, stands, asked, by, to, sent, part, why = cells(content)
    signs = Known(_sign)

    def drawn(row: Row) -> str:
        paid = f'<span class="nowrap">{day_html(row["paid_on"], language, style="medium")}</span><br><span class="minor">{escape(row["voucher_number"])}</span>' if row["paid_on"] else ""  # fmt: skip
        proved = "" if row["proved_cents"] is None else amount(row["proved_cents"], row["currency"], language)
        return (
            f'{TR}{TH}<a class="nowrap" href="{here}{row["id"]}/">{escape(row["reference"])}</a>'
            f'<br><span class="minor">{short(row["award__title"], 40)}</span></th>'
            f'{place}><a href="{cities}{row["city__slug"]}/">{escape(row["city__name"])}</a></td>'
            f'{payee}>{short(row["payee_name"], 40)}<br><span class="minor">{escape(str(row["method_word"]))}</span></td>'
            f'{cents} class="num">{amount(row["amount_cents"], row["currency"], language)}</td>'
            f"{stands}>{status(row['word'], tone=row['tone'])}</td>"
            f'{asked}>{escape(row["requester"])}<br><span class="minor nowrap">'
            f"{day_html(row['requested_on'], language, style='medium')}</span></td>"
            f"{by}>{escape(row['approver'])}</td>{to}>{escape(row['recorder'])}</td>{sent}>{paid}</td>"
            f'{part} class="num">{proved}</td>{why}>{"".join(signs[mark] for mark in row["marks"])}</td></tr>'
        )

    return body(content, map(drawn, rows))


def _sign(mark: Any) -> str:
    return f'<span title="{escape(str(mark.label))}">{status(mark.word, tone="warning")}</span> '
