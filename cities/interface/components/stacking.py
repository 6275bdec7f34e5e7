"""Prepare a table whose rows become cards on a phone: each cell says its column, and stays a cell."""

import re
from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString, mark_safe

HEAD = re.compile(r"<thead\b.*?</thead>", re.DOTALL)
HEADER = re.compile(r"<th\b([^>]*)>(.*?)</th>", re.DOTALL)
TAG = re.compile(r"<(thead|tbody|tfoot|tr|th|td)\b([^>]*)>")
MARKUP = re.compile(r"<[^>]*>")
SPAN = re.compile(r"""\bcolspan=["']?(\d+)""")
COLUMN = re.compile(r"""\bscope=["']?col\b""")
BODY = '<tbody role="rowgroup">'
ROLES = {"thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


def stacked(content: str) -> SafeString:
    """Return a table's inside with the role of each part, and the column's words as ``data-label`` of its cells.

    A browser forgets that a table is one as soon as its rows are laid out otherwise; the roles remind it. A body whose
    rows were drawn with :func:`cells` is left as it is.
    """
    content, drawn_body, rest = content.partition(BODY)
    labels = _labels(content)
    column = 0
    known: dict[tuple[str, int], tuple[str, int]] = {}  # the rows of a table are alike

    def prepared(found: re.Match[str]) -> str:
        nonlocal column
        part = (found[0], column)
        if part not in known:
            known[part] = _prepared(found[1], found[2], labels, column)
        drawn, column = known[part]
        return drawn

    return mark_safe(f"{TAG.sub(prepared, content)}{drawn_body}{rest}")


def cells(head: str) -> list[str]:
    """Return how a cell of each column begins, for rows that are drawn in one piece under this head."""
    labels = _labels(head)
    return [f'<td role="cell"{_label(labels, column)}' for column in range(len(labels))]


def body(head: str, rows: Iterable[str]) -> SafeString:
    """Return a table's head, and its rows as they were drawn."""
    return mark_safe(f"{head}{BODY}{''.join(rows)}</tbody>")


def _prepared(tag: str, attributes: str, labels: Sequence[str], column: int) -> tuple[str, int]:
    """Return a part's first tag as it is to be, and the column of the next."""
    if tag not in {"td", "th"}:
        return f'<{tag} role="{ROLES[tag]}"{attributes}>', 0
    label = _label(labels, column) if tag == "td" else ""
    return f'<{tag} role="{_role(tag, attributes)}"{label}{attributes}>', column + _width(attributes)


def _labels(content: str) -> list[str]:
    """Return the words of each column; none for one whose words only a screen reader hears."""
    head = HEAD.search(content)
    labels: list[str] = []
    for attributes, inside in HEADER.findall(head[0] if head else ""):
        words = "" if "usa-sr-only" in inside else " ".join(MARKUP.sub("", inside).split())
        labels += [words.replace('"', "&quot;")] * _width(attributes)
    return labels


def _label(labels: Sequence[str], column: int) -> str:
    words = labels[column] if column < len(labels) else ""
    return f' data-label="{words}"' if words else ""


def _role(tag: str, attributes: str) -> str:
    if tag == "td":
        return "cell"
    return "columnheader" if COLUMN.search(attributes) else "rowheader"


def _width(attributes: str) -> int:
    span = SPAN.search(attributes)
    return int(span[1]) if span else 1
