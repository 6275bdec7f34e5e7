"""Blocks a page is built of: headers, panels, alerts, notices, empty states."""

# ruff: noqa: A002 - props are named as the HTML attributes they become

from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from cities.interface.components.marks import TONE_ICONS
from cities.interface.components.registry import TONES, draw, one_of, register, trimmed
from cities.interface.icons import icon_html

ALERTS = {"info": "info", "success": "success", "warning": "warning", "danger": "error"}


@register.simple_block_tag
def page_header(content: str, *, title: str, lead: str = "", eyebrow: str = "") -> SafeString:
    """``{% page_header title=cycle.name lead=… %}actions{% endpage_header %}``: the page's only ``h1``."""
    return draw("page_header", title=title, lead=lead, eyebrow=eyebrow, content=trimmed(content))


@register.simple_block_tag
def panel(
    content: str, *, heading: str = "", tone: str = "neutral", level: int = 2, icon: str = "", id: str = ""
) -> SafeString:
    """``{% panel heading=_("Your award") tone="success" %}…{% endpanel %}``."""
    one_of("tone", tone, TONES)
    mark = icon_html(icon) if icon else ""
    top = (
        format_html('<h{} class="panel__heading">{}{}</h{}>', level, mark, heading, level) if heading else ""
    )
    anchor = format_html(' id="{}"', id) if id else ""
    return format_html(
        '<section class="panel panel--{}"{}>{}<div class="panel__body">{}</div></section>',
        tone, anchor, top, content,
    )  # fmt: skip


@register.simple_block_tag
def alert(
    content: str, *, tone: str = "info", heading: str = "", slim: bool = False, live: bool = False
) -> SafeString:
    """``{% alert tone="warning" heading=… %}…{% endalert %}``; ``live`` only for what appears by itself."""
    kind = ALERTS[one_of("tone", tone, ALERTS)]
    return draw("alert", content=content, kind=kind, heading=heading, slim=slim, live=live)


@register.simple_block_tag
def notice(content: str, *, tone: str = "info", label: str) -> SafeString:
    """``{% notice label=_("Demonstration") %}…{% endnotice %}``: a band across the page, for its whole state."""
    one_of("tone", tone, TONES)
    return draw("notice", content=content, tone=tone, icon=TONE_ICONS[tone], label=label)


@register.simple_block_tag
def empty_state(
    content: str,
    *,
    heading: str,
    icon: str = "lightbulb_outline",
    action_url: str = "",
    action_label: str = "",
) -> SafeString:
    """``{% empty_state heading=_("No applications yet") %}what to do first{% endempty_state %}``."""
    return draw(
        "empty_state", content=content, heading=heading, icon=icon, url=action_url, label=action_label
    )


@register.simple_block_tag
def columns(content: str, *, ratio: str = "even") -> SafeString:
    """``{% columns ratio="main" %}`` lays its child elements side by side where there is room."""
    one_of("ratio", ratio, ("even", "main", "thirds", "panes", "side"))
    return format_html('<div class="columns columns--{}">{}</div>', ratio, content)


@register.simple_block_tag
def actions(content: str) -> SafeString:
    """``{% actions %}buttons{% endactions %}``: a row of buttons that wraps."""
    return format_html('<div class="actions">{}</div>', content)


@register.simple_block_tag
def more(content: str, *, summary: str, open: bool = False) -> SafeString:
    """``{% more summary=_("Why do we ask?") %}…{% endmore %}``: native details."""
    opened = " open" if open else ""
    mark = icon_html("expand_more")
    return format_html(
        '<details class="more"{}><summary>{}{}</summary><div class="more__body">{}</div></details>',
        opened, mark, summary, content,
    )  # fmt: skip


@register.simple_block_tag(takes_context=True)
def confirm(
    context: Context,
    content: str,
    *,
    heading: str,
    label: str,
    cancel_url: str,
    action: str = "",
    danger: bool = True,
) -> SafeString:
    """``{% confirm heading=… label=_("Delete") cancel_url=… %}what will happen, to how many{% endconfirm %}``.

    A page of its own with a POST form: works without scripts. Hidden fields go inside.
    """
    values: dict[str, object] = {"content": content, "heading": heading, "label": label, "danger": danger}
    return draw(
        "confirm", **values, action=action, cancel_url=cancel_url, csrf_token=context.get("csrf_token", "")
    )
