"""A call for walls and streets that neighbors paint together; others add a fifth of the cost."""

from config.demo.cities import DemoCity

from .shared import (
    about_you,
    amount,
    enough_helpers,
    lives_here,
    not_started,
    outside,
    promise,
    the_place,
    volunteers,
)
from .words import Json, budget_columns, category, criterion, needed, question, section

KINDS = {
    "mural": "Mural",
    "mosaic": "Mosaic or sculpture",
    "pavement": "Painted street or storm drain",
    "boxes": "Painted utility boxes",
    "story": "Stories and history on show",
}
KINDS_ES = [
    "Mural",
    "Mosaico o escultura",
    "Calle o alcantarilla pintada",
    "Cajas pintadas",
    "Historias a la vista",
]

CATEGORIES = [
    category("artist", "Artist’s fee", percent="50"),
    category("paint", "Paint, tile and supplies"),
    category("lifts", "Ladders, lifts and scaffolds", amount="900.00"),
    category("prep", "Washing and fixing the wall"),
    category("event", "Paint day and unveiling", percent="15"),
]
CATEGORIES_ES = ("Pago del artista", "Pintura, azulejo y materiales", "Escaleras y andamios", "Lavado y arreglo de la pared", "Día de pintar e inauguración")  # fmt: skip


def call(city: DemoCity, floor: str, cap: str) -> Json:
    """Return form, rules and terms of the mural call. Amounts are decimal strings."""
    wall = (
        needed("size", "number", "How big is it, in square feet?", "¿Qué tan grande es, en pies cuadrados?", min=10, max=5000),
        needed("surface", "single_choice", "What is it made of?", "¿De qué es?",
               options=["Brick", "Concrete", "Wood", "Metal", "Asphalt"], options_es=["Ladrillo", "Concreto", "Madera", "Metal", "Asfalto"]),
    )  # fmt: skip
    return {
        "purpose": (
            f"Grants for art that neighbors in {city.name} plan and paint together, where everybody walks past it: "
            "on walls, pavements and utility boxes."
        ),
        "eligibility": [lives_here(city), enough_helpers(8), outside(), not_started()],
        "sections": [
            about_you(),
            the_place(city.neighborhoods, more=wall),
            _art(),
            section(
                "budget", "Budget", "Presupuesto",
                needed(
                    "budget_lines", "table", "What will it cost?", "¿Cuánto costará?",
                    help="Others must give one dollar for every five that you ask for. Gifts of time and paint count.",
                    help_es="Otros deben dar un dólar por cada cinco que usted pide. Cuentan el tiempo y la pintura regalados.",
                    columns=budget_columns(CATEGORIES, CATEGORIES_ES, match=True), min_rows=1, max_rows=20,
                ),
                amount(floor, cap),
            ),
            promise(),
        ],
        "budget": {
            "columns": ["requested", "in_kind"],
            "categories": CATEGORIES,
            "disallowed": ["Advertising", "Spray paint with solvents", "Costs from before the award"],
            "match_required": {
                "percent": "20", "of": "request", "may_be": ["in_kind"], "volunteer_hour_value": "31.80", "note": None,
            },
            "vendor_quotes_over": "750.00",
        },
        "attachments": [],
        "rubric": {
            "gates": [{"key": "owner_agrees", "label": "The owner of the wall agrees"}],
            "criteria": [
                criterion("idea", "Idea", 30, "Does it say something about this place?"),
                criterion("neighbors", "Made with neighbors", 30, "Who shaped the design, and who will paint?"),
                criterion("craft", "It can be built", 20, "Surface, size, time and artist fit together."),
                criterion("lasting", "It will last", 20, "Sealed, lit and looked after."),
            ],
            "bonus": [],
            "minimum_total": 65,
            "reviewers": "Public art staff, two artists and two residents",
        },
        "award": {
            "payment_modes": ["milestones", "sponsor"],
            "sponsor_fee_max_percent": "10",
            "reports": [{"kind": "mid_term", "due": "halfway"}, {"kind": "final", "due": "45 days after the unveiling"}],
            "conditions": ["Design approved before painting", "Permission of the owner for five years", "Photo before and after"],
            "city_services": [
                {"key": "wash", "label": "Power washing of the wall"},
                {"key": "cones", "label": "Cones and barriers for paint day"},
            ],
        },
    }  # fmt: skip


def _art() -> Json:
    return section(
        "art", "The art", "La obra",
        needed("project_title", "short_text", "Working title of the project", "Título del proyecto", max_chars=80),
        needed("category", "single_choice", "Kind of project", "Tipo de proyecto", options=list(KINDS.values()), options_es=KINDS_ES),
        needed("need", "long_text", "Why here?", "¿Por qué aquí?", max_words=150),
        needed(
            "description", "long_text", "What will people see?", "¿Qué verá la gente?", max_words=300,
            help="Tell us the idea, the colors and who will paint.", help_es="Cuéntenos la idea, los colores y quién pintará.",
        ),
        needed("artist_name", "short_text", "Who leads the painting?", "¿Quién dirige la pintura?"),
        question("sketch", "file", "Sketch", "Boceto", max=2, help="A drawing by hand is fine.", help_es="Un dibujo a mano está bien."),
        volunteers(8),
        needed("dates", "date_range", "First and last day of work", "Primer y último día de trabajo"),
        needed("maintenance", "long_text", "How will you keep it fresh?", "¿Cómo lo mantendrán?", max_words=120),
    )  # fmt: skip
