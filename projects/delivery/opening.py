"""Pages that everybody may open once the city has published them, and few before that."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse

from cities.access.rules import Rule, fetch_or_404, requires

View = Callable[..., HttpResponse]


def open_or_requires(
    is_open: Callable[[Any], bool],
    rule: Rule,
    *,
    fetch: Any,
    closed: Callable[..., HttpResponse | None] | None = None,
) -> Callable[[View], View]:
    """Guard a page of one row: nobody is asked to sign in where ``is_open``, else ``rule`` decides as in ``requires``.

    Whom the rule keeps out gets the answer of ``closed``, if it has one.
    """

    def decorate(view: View) -> View:
        guarded = requires(rule, fetch=fetch)(view)

        @wraps(view)
        def opened(request: HttpRequest, *, city: str, pk: Any) -> HttpResponse:
            row = fetch_or_404(fetch, pk)
            if is_open(row):
                return view(request, row)
            if closed is not None and not rule(request.user, row):
                answer = closed(request, row)
                if answer is not None:
                    return answer
            return guarded(request, city=city, pk=pk)

        opened.rule = rule  # type: ignore[attr-defined]
        return opened

    return decorate
