"""Ways through the site: back links, breadcrumbs, step indicator."""

from collections.abc import Iterable

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from cities.interface.components.registry import draw, register
from cities.interface.icons import icon_html
from cities.interface.navigation import NavItem


@register.simple_tag
def nav_links(items: Iterable[NavItem]) -> SafeString:
    """``{% nav_links nav_items %}``: the entries of a page's navigation."""
    return format_html_join(
        "",
        '<li><a class="nav__link" href="{}"{}>{}<span>{}</span></a></li>',
        (
            (
                item.url,
                mark_safe(' aria-current="page"' if item.current else ""),
                icon_html(item.icon),
                item.label,
            )
            for item in items
        ),
    )


@register.simple_tag
def back_link(url: str, label: str = "") -> SafeString:
    """``{% back_link list_url _("All applications") %}``."""
    return format_html(
        '<nav class="back" aria-label="{}"><a class="back-link" href="{}">{}{}</a></nav>',
        _("Back"), url, icon_html("arrow_back"), label or _("Back"),
    )  # fmt: skip


@register.simple_block_tag
def breadcrumbs(content: str) -> SafeString:
    """``{% breadcrumbs %}{% crumb _("Cycles") url %}{% crumb cycle.name %}{% endbreadcrumbs %}``."""
    return draw("breadcrumbs", content=content)


@register.simple_tag
def crumb(label: str, url: str = "") -> SafeString:
    """One breadcrumb; without an address it is the page itself."""
    if not url:
        return format_html(
            '<li class="usa-breadcrumb__list-item usa-current" aria-current="page"><span>{}</span></li>',
            label,
        )
    return format_html(
        '<li class="usa-breadcrumb__list-item"><a class="usa-breadcrumb__link" href="{}"><span>{}</span></a></li>',
        url, label,
    )  # fmt: skip


@register.simple_block_tag
def tabs(content: str, *, label: str) -> SafeString:
    """``{% tabs label=_("Parts of this application") %}{% tab … %}{% endtabs %}``: links, not scripts."""
    return format_html('<nav class="tabs" aria-label="{}"><ul>{}</ul></nav>', label, content)


@register.simple_tag
def tab(label: str, url: str, *, current: bool = False, count: int | None = None) -> SafeString:
    """One tab; ``count`` is shown beside it."""
    here = format_html(' aria-current="{}"', "page") if current else ""
    tally = "" if count is None else format_html(' <span class="tabs__count">{}</span>', count)
    return format_html('<li><a href="{}"{}>{}{}</a></li>', url, here, label, tally)


@register.simple_tag
def step_progress(current: int, total: int, label: str) -> SafeString:
    """``{% step_progress 2 5 _("About your group") %}``: where one is in a long form."""
    return draw("step_progress", current=current, total=total, label=label, steps=range(1, total + 1))
