"""A call for trees, gardens and lots that drink the rain."""

from config.demo.cities import DemoCity

from .shared import (
    about_you,
    amount,
    enough_helpers,
    in_area,
    lives_here,
    outside,
    promise,
    the_place,
    volunteers,
)
from .words import Json, budget_columns, category, column, criterion, needed, question, section

KINDS = {
    "trees": "Street trees",
    "garden": "Food garden",
    "pollinator": "Flowers for bees and butterflies",
    "rain": "Rain garden",
    "meadow": "Empty lot turned green",
}
KINDS_ES = [
    "Árboles en la calle",
    "Huerto",
    "Flores para abejas y mariposas",
    "Jardín de lluvia",
    "Terreno vacío hecho verde",
]

CATEGORIES = [
    category("plants", "Trees, plants and seeds"),
    category("soil", "Soil, mulch and compost"),
    category("tools", "Tools and hoses", percent="35"),
    category("beds", "Raised beds, fences and paths"),
    category("water", "Water meter and barrels", amount="600.00"),
    category("food", "Food and drinks for volunteers", percent="10"),
]
CATEGORIES_ES = ("Árboles, plantas y semillas", "Tierra, mantillo y composta", "Herramientas y mangueras", "Camas elevadas, cercas y caminos", "Medidor y barriles de agua", "Comida y bebida para voluntarios")  # fmt: skip

WATER = ["City hydrant permit", "A neighbor’s tap", "Rain barrels", "We do not know yet"]


def call(city: DemoCity, floor: str, cap: str) -> Json:
    """Return form, rules and terms of the greening call. Amounts are decimal strings."""
    ground = (
        needed("water", "single_choice", "Where will the water come from?", "¿De dónde vendrá el agua?", options=WATER,
               options_es=["Permiso de hidrante", "La llave de un vecino", "Barriles de lluvia", "Todavía no sabemos"]),
        needed("eat_from_it", "yes_no", "Will people eat what grows there?", "¿La gente comerá lo que crezca ahí?"),
        question("soil_test", "date", "When was the soil tested?", "¿Cuándo se analizó la tierra?", shown_when={"question": "eat_from_it", "op": "eq", "value": True},
                 help="Leave it empty if it was not tested. The city can do it for you.",
                 help_es="Déjelo vacío si no se analizó. La ciudad puede hacerlo."),
    )  # fmt: skip
    return {
        "purpose": (
            f"Grants and free trees for neighbors in {city.name} who plant and tend a place together: more shade, "
            "less flooding, and something good to look at or eat."
        ),
        "eligibility": [lives_here(city), in_area(city), enough_helpers(4), outside()],
        "sections": [
            about_you(),
            _garden(),
            the_place(city.neighborhoods, more=ground),
            _care(),
            section(
                "budget", "Budget", "Presupuesto",
                needed(
                    "budget_lines", "table", "What will it cost?", "¿Cuánto costará?",
                    help="Trees from the city nursery are free; do not list them.",
                    help_es="Los árboles del vivero de la ciudad son gratis; no los ponga.",
                    columns=budget_columns(CATEGORIES, CATEGORIES_ES), min_rows=1, max_rows=20,
                ),
                amount(floor, cap),
            ),
            promise(),
        ],
        "budget": {
            "columns": ["requested"],
            "categories": CATEGORIES,
            "disallowed": ["Weed killers", "Invasive plants", "Wages", "Costs from before the award"],
            "match_required": None,
            "vendor_quotes_over": None,
        },
        "attachments": [
            {"key": "layout", "label": "Drawing of the garden", "required": False, "when": "A sketch with sizes helps the city forester."},
        ],
        "rubric": {
            "gates": [{"key": "water", "label": "There is a way to water it"}],
            "criteria": [
                criterion("green", "Good for the place", 35, "Shade, rain, food or habitat where it is missing."),
                criterion("care", "Care after planting", 35, "Named people water it through two summers."),
                criterion("people", "Neighbors who take part", 15, "Young and old, new and long-time."),
                criterion("budget", "Budget", 15, "Fits the plan."),
            ],
            "bonus": [criterion("hot_block", "Hot block", 5, "Little shade today.")],
            "minimum_total": None,
            "reviewers": "City forester, parks staff and three residents",
        },
        "award": {
            "payment_modes": ["reimbursement", "advance", "sponsor"],
            "sponsor_fee_max_percent": "5",
            "reports": [{"kind": "planting", "due": "14 days after planting"}, {"kind": "final", "due": "after the first summer"}],
            "conditions": ["Utility lines marked before digging", "Water log through the first summer"],
            "city_services": [
                {"key": "trees", "label": "Trees from the city nursery"},
                {"key": "compost", "label": "Compost, delivered"},
                {"key": "soil_test", "label": "Soil test"},
            ],
        },
    }  # fmt: skip


def _garden() -> Json:
    return section(
        "garden", "What you want to grow", "Qué quieren cultivar",
        needed("project_title", "short_text", "Name of your project", "Nombre de su proyecto", max_chars=80),
        needed("category", "single_choice", "Kind of project", "Tipo de proyecto", options=list(KINDS.values()), options_es=KINDS_ES),
        needed("need", "long_text", "What is the place like today?", "¿Cómo es el lugar hoy?", max_words=150),
        needed("description", "long_text", "What will grow there, and how?", "¿Qué crecerá ahí y cómo?", max_words=300),
        question("tree_count", "number", "How many trees would you like?", "¿Cuántos árboles quisieran?", min=0, max=60),
        question("layout", "file", "Drawing of the garden", "Dibujo del jardín", max=2,
                 help="A sketch with sizes helps the city forester.", help_es="Un boceto con medidas ayuda al ingeniero forestal."),
    )  # fmt: skip


def _care() -> Json:
    return section(
        "care", "Planting and care", "Siembra y cuidado",
        volunteers(4),
        question("planting_day", "date", "Day you want to plant", "Día en que quieren sembrar"),
        needed(
            "caretakers", "people", "Who waters and weeds?", "¿Quiénes riegan y deshierban?",
            columns=[
                column("name", "short_text", "Name", "Nombre"),
                column("phone", "phone", "Phone", "Teléfono"),
                column("season", "single_choice", "When", "Cuándo", options=["Spring", "Summer", "Fall", "All year"],
                       options_es=["Primavera", "Verano", "Otoño", "Todo el año"]),
            ],
            min_rows=2, max_rows=8,
        ),
        needed("maintenance", "long_text", "What happens in the second summer?", "¿Qué pasará en el segundo verano?", max_words=120),
    )  # fmt: skip
