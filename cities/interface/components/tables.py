"""Tables, their sorting, paging, filters and bulk deeds."""

# ruff: noqa: A002 - props are named as the HTML attributes they become

from urllib.parse import urlencode

from django.http import HttpRequest
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.interface.components.marks import module
from cities.interface.components.registry import draw, register
from cities.interface.components.stacking import stacked
from cities.interface.icons import icon_html

PAGING = ("after", "before", "page")


def _query(context: Context, *, without: tuple[str, ...], **changes: str) -> str:
    """The page's own query, without paging, with these changes."""
    request = context.get("request")
    kept = dict(request.GET.lists()) if isinstance(request, HttpRequest) else {}
    for name in (*PAGING, *without):
        kept.pop(name, None)
    return "?" + urlencode({**kept, **changes}, doseq=True)


@register.simple_block_tag
def data_table(
    content: str,
    *,
    caption: str,
    id: str = "",
    dense: bool = False,
    caption_hidden: bool = False,
    queue: bool = False,
    stack: bool = False,
) -> SafeString:
    """``{% data_table caption=… %}<thead>…<tbody>…{% enddata_table %}``.

    Cells with class ``num`` align right in tabular figures. The wrapper scrolls
    sideways by itself and takes focus for that. ``queue`` turns on ``j k x``.
    ``stack`` makes a card of each row on a phone: for tables that are worked with there.
    """
    key = id or f"table-{slugify(caption) or 'data'}"
    values: dict[str, object] = {
        "dense": dense,
        "caption_hidden": caption_hidden,
        "queue": queue,
        "stack": stack,
    }
    inside = stacked(content) if stack else content
    return draw("data_table", content=inside, caption=caption, id=key, **values)


@register.simple_tag(takes_context=True)
def sort_header(
    context: Context, label: str, key: str, *, numeric: bool = False, default: str = "", param: str = "sort"
) -> SafeString:
    """``{% sort_header _("Asked") "asked" numeric=True default="-submitted" %}``: a ``th`` with a link.

    The address says ``sort=asked`` or ``sort=-asked``; ``default`` is the order without it.
    """
    request = context.get("request")
    current = (request.GET.get(param) if isinstance(request, HttpRequest) else None) or default
    direction = {"": "", key: "ascending", f"-{key}": "descending"}.get(current, "")
    following = f"-{key}" if direction == "ascending" else key
    mark = {"ascending": "arrow_upward", "descending": "arrow_downward"}.get(direction, "unfold_more")
    return format_html(
        '<th scope="col"{}{}><a class="sort" href="{}">{}{}</a></th>',
        format_html(' class="{}"', "num") if numeric else "",
        format_html(' aria-sort="{}"', direction) if direction else "",
        _query(context, without=(), **{param: following}),
        label,
        icon_html(mark),
    )


@register.simple_tag
def pager(*, next_url: str = "", previous_url: str = "", shown: str = "") -> SafeString:
    """``{% pager next_url=… previous_url=… shown=_("50 of 312") %}``: keyset paging, so no page numbers."""
    return draw("pager", next_url=next_url, previous_url=previous_url, shown=shown)


@register.simple_block_tag(takes_context=True)
def filter_bar(
    context: Context, content: str, *, form: object = None, clear_url: str = "", label: str = ""
) -> SafeString:
    """``{% filter_bar form=filters clear_url=request.path %}more controls{% endfilter_bar %}``: a GET form.

    Keeps the sort order; drops the page.
    """
    request = context.get("request")
    sort = request.GET.get("sort", "") if isinstance(request, HttpRequest) else ""
    values: dict[str, object] = {"clear_url": clear_url, "label": label or _("Filter"), "sort": sort}
    return draw("filter_bar", content=content, form=form, **values)


@register.simple_tag
def filter_chip(label: str, remove_url: str) -> SafeString:
    """``{% filter_chip _("Ward 5") url_without_ward %}``: an active filter and the way to drop it."""
    words = _("Remove filter: %(label)s") % {"label": label}
    return format_html(
        '<a class="chip" href="{}"><span class="usa-sr-only">{}</span><span aria-hidden="true">{}</span>{}</a>',
        remove_url, words, label, icon_html("close"),
    )  # fmt: skip


@register.simple_tag
def row_check(value: object, label: str, *, name: str = "selected", form: str = "bulk") -> SafeString:
    """``{% row_check application.pk application.reference %}``: picks a row for the bulk bar."""
    return format_html(
        '<input class="row-check" type="checkbox" name="{}" value="{}" form="{}" aria-label="{}" data-row-check>',
        name, value, form, _("Select %(row)s") % {"row": label},
    )  # fmt: skip


@register.simple_block_tag(takes_context=True)
def bulk_bar(context: Context, content: str, *, action: str = "", id: str = "bulk") -> SafeString:
    """``{% bulk_bar action=url %}{% submit … %}{% endbulk_bar %}``: a POST form over the picked rows.

    Stays in sight under the table. Each deed leads to a page that says what will happen and to how many.
    """
    return draw("bulk_bar", content=content, action=action, id=id, csrf_token=context.get("csrf_token", ""))


@register.simple_tag(takes_context=True)
def keys_help(context: Context) -> SafeString:
    """``{% keys_help %}``: the button and dialog for ``j k x / ?``, and the script behind them."""
    return format_html("{}{}", draw("keys_help"), module(context, "keys"))
