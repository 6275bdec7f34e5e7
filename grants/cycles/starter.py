"""The short form that a blank call starts with: what nearly every city asks, in both languages.

The wording is content, not interface: a city changes it freely, so it is stored with the form instead
of being looked up in the message catalog.
"""

from typing import Any

from .questions import FormDefinition


def starter_definition() -> FormDefinition:
    """Return a form of four pages that can be applied with as it is."""
    return FormDefinition.from_json([_about_you(), _project(), _budget(), _agreement()])


def _about_you() -> dict[str, Any]:
    return _section(
        "about_you", "About you", "Sobre usted",
        _ask("your_name", "Your name", "Su nombre", required=True),
        _ask("your_phone", "Phone number", "Número de teléfono", "phone"),
        _ask("home_address", "Where do you live?", "¿Dónde vive?", "address", required=True),
        _ask(
            "group_name", "Name of your group", "Nombre de su grupo",
            help="Leave this empty if you apply as neighbors without a name.",
            es_help="Déjelo vacío si se postulan como vecinos sin nombre.",
        ),
    )  # fmt: skip


def _project() -> dict[str, Any]:
    return _section(
        "project", "Your project", "Su proyecto",
        _ask("project_title", "What do you call your project?", "¿Cómo se llama su proyecto?", required=True),
        _ask(
            "project_place", "Where will it happen?", "¿Dónde se hará?", "location", required=True,
            help="An address, the nearest cross streets, or a point on the map.",
            es_help="Una dirección, las calles más cercanas o un punto en el mapa.",
        ),
        _ask("description", "What will you do?", "¿Qué van a hacer?", "long_text", required=True, max_words=250),
        _ask(
            "benefit", "What will get better on your block?", "¿Qué va a mejorar en su cuadra?", "long_text",
            required=True, max_words=150,
        ),
        _ask("project_dates", "When will you do the work?", "¿Cuándo harán el trabajo?", "date_range"),
        _ask("volunteers", "How many neighbors will help?", "¿Cuántos vecinos ayudarán?", "number", min=0),
        _ask("photos", "Photos of the place today", "Fotos del lugar hoy", "file", max=5),
    )  # fmt: skip


def _budget() -> dict[str, Any]:
    return _section(
        "budget", "Budget", "Presupuesto",
        _ask("amount_requested", "How much do you ask for?", "¿Cuánto dinero solicita?", "money", required=True),
        _ask(
            "budget_lines", "What will it cost?", "¿Cuánto costará?", "table", required=True, min_rows=1,
            help="Add one line for each thing you need to pay for.",
            es_help="Agregue una línea por cada cosa que necesita pagar.",
            columns=[
                _column("description", "What it is for", "Para qué es", "short_text"),
                _column("requested", "Asked from the city", "Solicitado a la ciudad", "money"),
            ],
        ),
    )  # fmt: skip


def _agreement() -> dict[str, Any]:
    return _section(
        "agreement", "Agreement", "Acuerdo",
        _ask(
            "signature", "What I wrote here is true, as far as I know.", "Lo que escribí aquí es cierto, hasta donde sé.",
            "signature", required=True,
        ),
    )  # fmt: skip


def _section(key: str, title: str, es_title: str, *questions: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": key,
        "title": title,
        "questions": list(questions),
        "translations": {"es": {"title": es_title}},
    }


def _ask(
    key: str, label: str, es_label: str, kind: str = "short_text", *, es_help: str = "", **parts: Any
) -> dict[str, Any]:
    words = {"label": es_label, **({"help": es_help} if es_help else {})}
    return {"key": key, "label": label, "type": kind, "translations": {"es": words}, **parts}


def _column(key: str, label: str, es_label: str, kind: str) -> dict[str, Any]:
    return {"key": key, "label": label, "type": kind, "translations": {"es": {"label": es_label}}}
