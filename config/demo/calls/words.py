"""Write questions of the call format briefly, in English with Spanish beside it."""

from typing import Any

Json = dict[str, Any]


def question(key: str, kind: str, label: str, es: str, **more: Any) -> Json:
    """Return one question with every key of the format.

    ``help_es`` and ``options_es`` are the Spanish of ``help`` and ``options``; the rest is the format's own.
    """
    spanish = {"label": es, "help": more.pop("help_es", None), "options": more.pop("options_es", None)}
    blank: Json = {
        "key": key,
        "label": label,
        "help": None,
        "type": kind,
        "required": False,
        "options": [],
        "min": None,
        "max": None,
        "max_words": None,
        "max_chars": None,
        "columns": [],
        "min_rows": None,
        "max_rows": None,
        "shown_when": None,
    }
    return {
        **blank,
        **more,
        "translations": {"es": {part: words for part, words in spanish.items() if words}},
    }


def needed(key: str, kind: str, label: str, es: str, **more: Any) -> Json:
    """Return a required question."""
    return question(key, kind, label, es, required=True, **more)


def column(key: str, kind: str, label: str, es: str, **more: Any) -> Json:
    spanish = {"label": es, **({"options": more.pop("options_es")} if "options_es" in more else {})}
    return {"key": key, "label": label, "type": kind, **more, "translations": {"es": spanish}}


def section(key: str, title: str, es: str, *questions: Json) -> Json:
    return {"key": key, "title": title, "questions": list(questions), "translations": {"es": {"title": es}}}


def when(key: str, value: Any) -> Json:
    """Return the condition that an earlier answer is ``value``."""
    return {"question": key, "op": "eq", "value": value}


def item(key: str, kind: str, label: str, es: str, *, words: str, words_es: str, **more: Any) -> Json:
    """Return one item of the self-check. ``test`` is ``(op, value)``; it stops unless told otherwise."""
    test = more.pop("test", None)
    return {
        "key": key,
        "label": label,
        "type": kind,
        "options": more.pop("options", []),
        "must": {"words": words, "test": {"op": test[0], "value": test[1]} if test else None},
        "stops": more.pop("stops", True),
        "translations": {"es": {"label": es, "words": words_es}},
    }


def category(key: str, label: str, *, percent: str | None = None, amount: str | None = None) -> Json:
    return {"key": key, "label": label, "max_percent": percent, "max_amount": amount}


def criterion(key: str, label: str, points: int, guidance: str) -> Json:
    return {"key": key, "label": label, "max_points": points, "guidance": guidance}


def budget_columns(categories: list[Json], spanish: tuple[str, ...], *, match: bool = False) -> list[Json]:
    """Return the columns of a budget table whose kinds of cost are ``categories``."""
    choices = [{"value": one["key"], "label": one["label"]} for one in categories]
    columns = [
        column(
            "category",
            "single_choice",
            "Kind of cost",
            "Tipo de gasto",
            options=choices,
            options_es=list(spanish),
        ),
        column("description", "short_text", "What it is for", "Para qué es"),
        column("requested", "money", "Asked from the city", "Pedido a la ciudad"),
    ]
    if match:
        columns.append(column("in_kind", "money", "Given by others", "Aporte de otros"))
    return columns
