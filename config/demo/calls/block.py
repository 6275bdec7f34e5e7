"""The classic call: clean up, fix up, sit down together on one block."""

from config.demo.cities import DemoCity

from .shared import (
    about_you,
    amount,
    enough_helpers,
    helpers,
    in_area,
    not_started,
    outside,
    promise,
    the_place,
    volunteers,
)
from .words import Json, budget_columns, category, column, criterion, needed, question, section

KINDS = {
    "cleanup": "Clean-up",
    "alley": "Alley or lot made useful",
    "seats": "Seats, shade and signs",
    "tools": "Shared tools",
    "gathering": "Bringing neighbors together",
}
KINDS_ES = ["Limpieza", "Callejón o terreno hecho útil", "Asientos, sombra y letreros", "Herramientas compartidas", "Reunir a los vecinos"]  # fmt: skip

CATEGORIES = [
    category("hauling", "Dumpsters and hauling"),
    category("materials", "Tools, lumber and supplies"),
    category("plants", "Plants and soil"),
    category("food", "Food and drinks for volunteers", percent="15"),
    category("printing", "Flyers and signs", amount="250.00"),
    category("other", "Other"),
]
CATEGORIES_ES = ("Contenedores y acarreo", "Herramientas, madera y materiales", "Plantas y tierra", "Comida y bebida para voluntarios", "Volantes y letreros", "Otro")  # fmt: skip


def call(city: DemoCity, floor: str, cap: str) -> Json:
    """Return form, rules and terms of the block call. Amounts are decimal strings."""
    return {
        "purpose": (
            f"Small grants for neighbors in {city.name} who want to make their own block cleaner, safer and friendlier. "
            "You bring the idea and the people; the city brings the money, a dumpster and a hand."
        ),
        "eligibility": [in_area(city), enough_helpers(5), outside(), not_started()],
        "sections": [
            about_you(),
            _project(),
            the_place(city.neighborhoods),
            _people(),
            section(
                "budget", "Budget", "Presupuesto",
                needed(
                    "budget_lines", "table", "What will it cost?", "¿Cuánto costará?",
                    help="One line for each thing you need to buy or rent.",
                    help_es="Un renglón por cada cosa que necesita comprar o rentar.",
                    columns=budget_columns(CATEGORIES, CATEGORIES_ES), min_rows=1, max_rows=20,
                ),
                amount(floor, cap),
            ),
            promise(),
        ],
        "budget": {
            "columns": ["requested"],
            "categories": CATEGORIES,
            "disallowed": ["Wages", "Gift cards", "Alcohol", "Costs from before the award"],
            "match_required": None,
            "vendor_quotes_over": "1000.00",
        },
        "attachments": [],
        "rubric": {
            "gates": [
                {"key": "in_area", "label": "The place is in the target area"},
                {"key": "five_neighbors", "label": "At least five neighbors take part"},
            ],
            "criteria": [
                criterion("need", "Need of the block", 25, "Is the problem real, and do neighbors say so themselves?"),
                criterion("impact", "What will change", 30, "Will the block look or feel different a year from now?"),
                criterion("people", "Neighbors who take part", 25, "How many, and do they lead or only show up?"),
                criterion("budget", "Budget", 20, "Do the lines fit the plan, at prices that can be paid?"),
            ],
            "bonus": [criterion("first_time", "Never funded before", 5, "The group has had no grant from us yet.")],
            "minimum_total": 60,
            "reviewers": "Three staff from different departments and two residents",
        },
        "award": {
            "payment_modes": ["reimbursement", "sponsor", "city_buys"],
            "sponsor_fee_max_percent": "5",
            "reports": [{"kind": "final", "due": "30 days after the project ends"}],
            "conditions": ["One leader attends the orientation", "Keep every receipt", "Hold at least one community workday"],
            "city_services": [
                {"key": "dumpster", "label": "Dumpster for one weekend"},
                {"key": "litter_baskets", "label": "Litter baskets"},
                {"key": "street_closure", "label": "Street closed for the workday"},
            ],
        },
    }  # fmt: skip


def _project() -> Json:
    return section(
        "project", "Your project", "Su proyecto",
        needed("project_title", "short_text", "Name of your project", "Nombre de su proyecto", max_chars=80),
        needed("category", "single_choice", "Kind of project", "Tipo de proyecto", options=list(KINDS.values()), options_es=KINDS_ES),
        needed(
            "need", "long_text", "What is the problem on your block?", "¿Cuál es el problema en su cuadra?", max_words=200,
            help="Say it as you would tell a neighbor.", help_es="Cuéntelo como se lo diría a un vecino.",
        ),
        needed(
            "description", "long_text", "What do you want to do?", "¿Qué quieren hacer?", max_words=300,
            help="Who does what, and what will be there at the end?",
            help_es="¿Quién hace qué y qué habrá al final?",
        ),
    )  # fmt: skip


def _people() -> Json:
    return section(
        "people", "People and plan", "Gente y plan",
        volunteers(5),
        helpers(1),
        question("workday", "date", "Day you will work together", "Día en que trabajarán juntos"),
        needed(
            "steps", "table", "Your steps", "Sus pasos",
            columns=[
                column("step", "short_text", "What", "Qué"),
                column("who", "short_text", "Who", "Quién"),
                column("by", "date", "By when", "Para cuándo"),
            ],
            min_rows=2, max_rows=12,
        ),
        needed(
            "maintenance", "long_text", "Who looks after it next year?", "¿Quién lo cuidará el próximo año?", max_words=120,
        ),
        question(
            "services", "multi_choice", "What can the city add?", "¿Qué puede agregar la ciudad?",
            options=["Dumpster for one weekend", "Litter baskets", "Street closed for the workday", "Trash bags and gloves"],
            options_es=["Contenedor por un fin de semana", "Botes de basura", "Calle cerrada el día de trabajo", "Bolsas y guantes"],
        ),
    )  # fmt: skip
