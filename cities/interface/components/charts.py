"""Charts drawn on the server as SVG, each with its data as a table beneath."""

from collections.abc import Sequence

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import slugify
from django.utils.translation import gettext as _

from cities.interface import charts
from cities.interface.charts import Point, Series
from cities.interface.components.registry import draw, register

_BAR = (
    '<li class="bars__row"><span class="bars__label">{}</span>'
    '<svg class="bars__bar" viewBox="0 0 1000 10" preserveAspectRatio="none" focusable="false">'
    '<rect class="chart__fill" width="{}" height="10"></rect></svg><span class="bars__value">{}</span></li>'
)
_BAR_ROW = '<tr><th scope="row">{}</th><td class="num">{}</td></tr>'


@register.simple_tag
def bar_chart(
    points: Sequence[Point | tuple[str, float]],
    *,
    title: str,
    label_heading: str = "",
    value_heading: str = "",
    as_of: str = "",
) -> SafeString:
    """``{% bar_chart points title=_("Asked by ward") %}``; points are ``Point`` or ``(label, value)``."""
    drawn = charts.bars(_points(points))
    return draw(
        "bar_chart",
        id=f"chart-{slugify(title)}",
        title=title,
        bars=format_html_join(
            "", _BAR, ((bar.point.label, str(bar.share), bar.point.shown) for bar in drawn)
        ),
        rows=format_html_join("", _BAR_ROW, ((bar.point.label, _value(bar.point)) for bar in drawn)),
        label_heading=label_heading or _("Group"),
        value_heading=value_heading or _("Value"),
        as_of=as_of,
    )


@register.simple_tag
def line_chart(
    series: Sequence[Series] | Sequence[Point | tuple[str, float]],
    *,
    title: str,
    label_heading: str = "",
    value_heading: str = "",
    as_of: str = "",
) -> SafeString:
    """``{% line_chart points title=_("Applications by day") %}``; or a list of ``Series``, all over the same labels."""
    several = [each for each in series if isinstance(each, Series)]
    drawn = several or [
        Series(value_heading or _("Value"), _points([p for p in series if not isinstance(p, Series)]))
    ]
    laid_out, top = charts.lines(drawn)
    return draw(
        "line_chart",
        id=f"chart-{slugify(title)}",
        title=title,
        lines=laid_out,
        grid=charts.axis(top),
        ticks=charts.labels_below(drawn[0].points),
        rows=_rows(drawn),
        names=[each.name for each in drawn],
        label_heading=label_heading or _("Day"),
        as_of=as_of,
        width=charts.WIDTH,
        height=charts.HEIGHT,
    )


def _value(point: Point) -> SafeString | str:
    return format_html('<a href="{}">{}</a>', point.url, point.shown) if point.url else point.shown


def _points(points: Sequence[Point | tuple[str, float]]) -> list[Point]:
    return [each if isinstance(each, Point) else Point(*each) for each in points]


def _rows(series: Sequence[Series]) -> list[tuple[str, list[Point]]]:
    """The table beneath: one row per label, one column per series."""
    columns = zip(*(each.points for each in series), strict=True)
    return [(row[0].label, list(row)) for row in columns]
