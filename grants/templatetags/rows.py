"""The rows of the long tables, drawn in one piece each: a template takes thirty steps per row, four hundred times.

The head of each table, its sorting and paging stay in its template. What a row shows is the room's; here is only its HTML.
"""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from cities.interface.components.marks import status
from cities.interface.formats import day_html, moment_html, money_html
from cities.interface.icons import icon_html
from cities.tenancy.models import City

register = template.Library()

CHECK = '<td><input class="row-check" type="checkbox" name="selected" value="{}" form="bulk" aria-label="{}" data-row-check></td>'
NOTHING = "—"
Row = Mapping[str, Any]


def short(text: str, length: int) -> str:
    """Return a text for HTML, cut to a length that its column takes."""
    return escape(text if len(text) <= length else Truncator(text).chars(length))


def minor(text: str, length: int = 200) -> str:
    """Return a second, quieter line of a cell; nothing where there is none."""
    return f' <span class="minor">{short(text, length)}</span>' if text else ""


def amount(cents: int | None, currency: str, language: str | None = None, *, whole: bool = False) -> str:
    return NOTHING if cents is None else money_html(cents, currency, language, short=whole)


@register.simple_tag
def application_rows(rows: Iterable[Row], *, city: City, address: str, can_screen: bool) -> SafeString:
    """``{% application_rows rows city=city address=queue.address can_screen=can_screen %}``: the queue's body."""
    untitled, select = _("Untitled application"), _("Select %(row)s")
    query, files, notes = (
        escape(address),
        icon_html("attach_file", label=_("Files")),
        icon_html("comment", label=_("Notes")),
    )
    zone, language = city.zone, get_language()
    marks: dict[Any, str] = {}

    def drawn(row: Row) -> str:
        reference = row["reference"] or ""
        mark = marks.get(row["status"]) or marks.setdefault(
            row["status"], status(row["word"], tone=row["tone"])
        )
        check = CHECK.format(row["id"], escape(select % {"row": reference})) if can_screen else ""
        attached = f'<span class="tally">{files}{row["file_count"]}</span>' if row["file_count"] else ""
        noted = f' <span class="tally">{notes}{row["note_count"]}</span>' if row["note_count"] else ""
        return (
            f'<tr>{check}<th scope="row"><a href="{row["id"]}/{query}" data-row-link>{short(row["title"] or untitled, 90)}</a>'
            f"{minor(reference)}</th><td>{short(row['applicant_name'], 60)}{minor(row['group_name'], 60)}</td>"
            f"<td>{mark}</td>"
            f"<td>{short(row['neighborhood'], 40)}{minor(row['category'], 40)}</td>"
            f'<td class="num">{amount(row["requested_cents"], city.currency, language, whole=True)}</td>'
            f"<td>{moment_html(row['submitted_at'], zone, language, style='short', zone=False)}</td><td>{attached}{noted}</td></tr>"
        )

    return mark_safe("".join(map(drawn, rows)))


@register.simple_tag
def payment_rows(rows: Iterable[Row], *, city: City) -> SafeString:
    """``{% payment_rows rows city=city %}``: the body of a city's payments."""
    zone, language = city.zone, get_language()

    def drawn(row: Row) -> str:
        paid = (
            f"{day_html(row['paid_on'], language, style='short')}{minor(row['voucher_number'])}"
            if row["paid_on"]
            else ""
        )
        return (
            f'<tr><th scope="row"><a href="{row["id"]}/" data-row-link>{escape(row["award__reference"])}/{row["number"]}</a>'
            f"{minor(row['award__title'], 60)}</th><td>{short(row['payee_name'], 50)}{minor(row['purpose'], 60)}</td>"
            f"<td>{status(row['word'], tone=row['tone'])}</td><td>{escape(str(row['method_word']))}</td>"
            f'<td class="num">{amount(row["amount_cents"], row["currency"], language)}</td>'
            f"<td>{moment_html(row['requested_at'], zone, language, style='short', zone=False)}{minor(row['requester'])}</td>"
            f"<td>{paid}</td></tr>"
        )

    return mark_safe("".join(map(drawn, rows)))


@register.simple_tag
def disbursement_rows(rows: Iterable[Row], *, here: str, cities: str) -> SafeString:
    """``{% disbursement_rows rows here=… cities=… %}``: the body of the Center's payments; both addresses end in a slash."""
    language = get_language()

    def drawn(row: Row) -> str:
        paid = f'<span class="nowrap">{day_html(row["paid_on"], language, style="short")}</span><br><span class="minor">{escape(row["voucher_number"])}</span>' if row["paid_on"] else ""  # fmt: skip
        marks = "".join(f'<span title="{escape(str(mark.label))}">{status(mark.word, tone="warning")}</span> ' for mark in row["marks"])  # fmt: skip
        proved = "" if row["proved_cents"] is None else amount(row["proved_cents"], row["currency"], language)
        return (
            f'<tr><th scope="row"><a class="nowrap" href="{here}{row["id"]}/">{escape(row["reference"])}</a>'
            f'<br><span class="minor">{short(row["award__title"], 40)}</span></th>'
            f'<td><a href="{cities}{row["city__slug"]}/">{escape(row["city__name"])}</a></td>'
            f'<td>{short(row["payee_name"], 40)}<br><span class="minor">{escape(str(row["method_word"]))}</span></td>'
            f'<td class="num">{amount(row["amount_cents"], row["currency"], language)}</td>'
            f"<td>{status(row['word'], tone=row['tone'])}</td>"
            f'<td>{escape(row["requester"])}<br><span class="minor nowrap">'
            f"{moment_html(row['requested_at'], row['city__timezone'], language, style='short')}</span></td>"
            f"<td>{escape(row['approver'])}</td><td>{escape(row['recorder'])}</td><td>{paid}</td>"
            f'<td class="num">{proved}</td><td>{marks}</td></tr>'
        )

    return mark_safe("".join(map(drawn, rows)))
