"""A call for streets that feel safe: light, sight lines, slow cars, people who know each other."""

from config.demo.cities import DemoCity

from .shared import (
    about_you,
    amount,
    enough_helpers,
    helpers,
    lives_here,
    not_started,
    promise,
    the_place,
    volunteers,
)
from .words import Json, budget_columns, category, criterion, item, needed, question, section

KINDS = {
    "light": "Light",
    "crossing": "Safer crossing",
    "walk": "Walking together",
    "sight": "Clear sight lines",
    "ready": "Ready for emergencies",
}
KINDS_ES = ["Luz", "Cruce más seguro", "Caminar juntos", "Vista despejada", "Listos para emergencias"]

CATEGORIES = [
    category("lights", "Lamps and solar lights"),
    category("street", "Paint, signs and posts"),
    category("gear", "Vests, tools and kits"),
    category("training", "Classes and trainers", percent="40"),
    category("printing", "Maps and flyers", amount="200.00"),
    category("food", "Food and drinks for volunteers", percent="10"),
]
CATEGORIES_ES = ("Lámparas y luces solares", "Pintura, letreros y postes", "Chalecos, herramientas y equipo", "Clases e instructores", "Mapas y volantes", "Comida y bebida para voluntarios")  # fmt: skip

SIGNS = ["Neighbors say so", "Crash or police reports", "Photos", "A walk with city staff", "Calls to 311"]


def call(city: DemoCity, floor: str, cap: str) -> Json:
    """Return form, rules and terms of the safety call. Amounts are decimal strings."""
    return {
        "purpose": (
            f"Grants for neighbors in {city.name} who make a street feel safe without waiting for big money: "
            "light, clear views, slower cars and people who look out for each other."
        ),
        "eligibility": [
            lives_here(city),
            enough_helpers(6),
            item(
                "no_cameras", "yes_no", "Does the plan need cameras?", "¿El plan necesita cámaras?",
                words="This grant does not pay for cameras.", words_es="Esta ayuda no paga cámaras.", test=("eq", False),
            ),
            not_started(),
        ],
        "sections": [
            about_you(),
            _project(),
            the_place(city.neighborhoods),
            section(
                "plan", "Your plan", "Su plan",
                volunteers(6),
                helpers(2),
                needed("dates", "date_range", "First and last day of work", "Primer y último día de trabajo"),
                needed("permit", "single_choice", "Do you need a permit?", "¿Necesitan un permiso?",
                       options=["No", "Yes, we asked", "Yes, not asked yet", "We do not know"], options_es=["No", "Sí, ya lo pedimos", "Sí, aún no", "No sabemos"]),
                needed("measure", "long_text", "How will you know that it works?", "¿Cómo sabrán que funciona?", max_words=120),
                needed("maintenance", "long_text", "Who keeps it up?", "¿Quién lo mantendrá?", max_words=120),
            ),
            section(
                "budget", "Budget", "Presupuesto",
                needed(
                    "budget_lines", "table", "What will it cost?", "¿Cuánto costará?",
                    columns=budget_columns(CATEGORIES, CATEGORIES_ES), min_rows=1, max_rows=20,
                ),
                amount(floor, cap),
            ),
            promise(),
        ],
        "budget": {
            "columns": ["requested"],
            "categories": CATEGORIES,
            "disallowed": ["Cameras", "Weapons", "Wages", "Costs from before the award"],
            "match_required": None,
            "vendor_quotes_over": "1500.00",
        },
        "attachments": [],
        "rubric": {
            "gates": [{"key": "no_cameras", "label": "No cameras or patrols with weapons"}],
            "criteria": [
                criterion("problem", "The problem is shown", 30, "Told by neighbors, counted where it can be."),
                criterion("fit", "The plan fits the problem", 30, "Simple, quick and allowed."),
                criterion("people", "Neighbors who take part", 25, "Those most at risk are heard."),
                criterion("budget", "Budget", 15, "Fits the plan."),
            ],
            "bonus": [criterion("school", "Near a school", 5, "Within five minutes on foot.")],
            "minimum_total": 55,
            "reviewers": "Transportation, neighborhood safety office and three residents",
        },
        "award": {
            "payment_modes": ["reimbursement", "city_buys"],
            "sponsor_fee_max_percent": None,
            "reports": [{"kind": "final", "due": "30 days after the project ends"}],
            "conditions": ["Traffic engineer signs off on work in the street", "Before and after count"],
            "city_services": [
                {"key": "street_lights", "label": "Street lights checked and repaired"},
                {"key": "trim", "label": "Trees trimmed at corners"},
                {"key": "speed", "label": "Speed count for one week"},
            ],
        },
    }  # fmt: skip


def _project() -> Json:
    return section(
        "project", "The problem and your idea", "El problema y su idea",
        needed("project_title", "short_text", "Name of your project", "Nombre de su proyecto", max_chars=80),
        needed("category", "single_choice", "Kind of project", "Tipo de proyecto", options=list(KINDS.values()), options_es=KINDS_ES),
        needed("need", "long_text", "What makes people feel unsafe there?", "¿Qué hace que la gente se sienta insegura ahí?", max_words=200),
        question("signs", "multi_choice", "How do you know?", "¿Cómo lo saben?", options=SIGNS,
                 options_es=["Lo dicen los vecinos", "Informes de choques o policía", "Fotos", "Un recorrido con la ciudad", "Llamadas al 311"]),
        needed("description", "long_text", "What do you want to do?", "¿Qué quieren hacer?", max_words=300),
    )  # fmt: skip
