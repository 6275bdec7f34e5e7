"""Whether a change of rules only loosens them.

Whoever has begun to apply was let in by the self-check and kept to the limits as they stood. Judged by stricter ones,
staff would read “Not met” of somebody who met all that was asked.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from .models import Cycle
from .questions import Budget, Item, Json, items_from_json
from .questions.budget import Match


def check_only_loosens(before: Sequence[Mapping[str, Json]], after: Sequence[Mapping[str, Json]]) -> bool:
    """Return whether every answer to the self-check stands at least as well as before. Words and order are free."""
    were, are = ({item.key: item for item in items_from_json(items)} for items in (before, after))
    return were.keys() == are.keys() and all(_item_only_loosens(were[key], are[key]) for key in were)


def _item_only_loosens(before: Item, after: Item) -> bool:
    return (
        before.type == after.type
        and set(before.options) <= set(after.options)
        and (before.stops or not after.stops)
        and _test_only_loosens(before, after)
    )


def _test_only_loosens(before: Item, after: Item) -> bool:
    if before.test is None or after.test is None:
        return before.test is after.test
    fitted = before.test.value if isinstance(before.test.value, list) else [before.test.value]
    is_same_kind = before.test.op in {"eq", "in"} or before.test.op == after.test.op
    return is_same_kind and all(after.test.fits(answer) for answer in fitted)


def budget_only_loosens(before: Mapping[str, Json], after: Mapping[str, Json]) -> bool:
    """Return whether a budget that kept to columns, ceilings and match still does.

    Kinds of cost that came or went are not looked at: they are part of the form.
    """
    was, is_now = Budget.from_json(before), Budget.from_json(after)
    ceilings = {category.key: category for category in was.categories}
    pairs = [(ceilings[new.key], new) for new in is_now.categories if new.key in ceilings]
    return (
        set(was.columns) == set(is_now.columns)
        and was.grant_column == is_now.grant_column
        and all(_allows_most(old.max_percent, new.max_percent) for old, new in pairs)
        and all(_allows_most(old.max_cents, new.max_cents) for old, new in pairs)
        and _match_only_loosens(was.match, is_now.match)
    )


def _match_only_loosens(before: Match | None, after: Match | None) -> bool:
    if after is None or after.percent is None:
        return True
    # The same percentage of the request is never more than of the total cost.
    is_same_base = before is not None and after.of in {before.of, "request"}
    return is_same_base and _allows_least(before.percent if before else None, after.percent)


def requests_only_loosen(before: Cycle, values: Mapping[str, Any]) -> bool:
    """Return whether what may be asked for by a cycle's columns may be, too, once ``values`` are set."""
    least = values.get("min_request_cents", before.min_request_cents)
    most = values.get("max_request_cents", before.max_request_cents)
    return _allows_least(before.min_request_cents, least) and _allows_most(before.max_request_cents, most)


def _allows_most(before: Decimal | int | None, after: Decimal | int | None) -> bool:
    return after is None or (before is not None and after >= before)


def _allows_least(before: Decimal | int | None, after: Decimal | int | None) -> bool:
    return after is None or (before is not None and after <= before)
