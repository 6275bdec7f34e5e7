"""Sentences that people add around their idea: who they are, whom they asked, what comes of it."""

from random import Random

from .cities import DemoCity

OPENINGS = {
    "en": (
        "I have lived on {street} for {years} years.",
        "We are a few families on {street} who share a fence and a snow shovel.",
        "Our group began with a chat at the bus stop.",
        "I am new in {area} and want to do my part.",
        "My grandmother bought our house on {street}; my children grow up in it.",
        "Our block has met in the church basement once a month since spring.",
        "We are renters and owners, young and old, on one block of {street}.",
        "",
    ),
    "es": (
        "Vivo en {street} desde hace {years} años.",
        "Somos unas familias de {street} que nos ayudamos.",
        "Nuestro grupo empezó platicando en la parada del autobús.",
        "Mi mamá compró nuestra casa en {street} y aquí crecen mis hijos.",
    ),
}
ASKED = {
    "en": (
        "We asked at {doors} doors, and {yes} people said that this is what bothers them most.",
        "It came first when the block voted in the summer.",
        "The crossing guard, the mail carrier and the owner of the corner store all told us the same.",
        "We called 311 about it {calls} times this year.",
        "The school’s principal has written a letter in support.",
        "",
        "",
    ),
    "es": (
        "Preguntamos en {doors} puertas y {yes} personas dijeron que es lo que más les molesta.",
        "Llamamos {calls} veces al 311 este año.",
        "La directora de la escuela escribió una carta de apoyo.",
        "",
    ),
}
RESULTS = {
    "en": (
        "When it is done, people will stop here instead of hurrying by.",
        "A year from now we want to see children and elders in the same place.",
        "It is small, but it is the first thing we do together, and it will not be the last.",
        "We will know that it works when nobody talks about it any more.",
        "Half of the helpers are under twenty-five. They will keep it when we can’t.",
        "Two neighbors have promised to double whatever is left over.",
        "",
    ),
    "es": (
        "Cuando esté listo, la gente se va a quedar aquí en vez de pasar de prisa.",
        "Es algo pequeño, pero es lo primero que hacemos juntos.",
        "La mitad de quienes ayudan son jóvenes. Ellos lo van a cuidar.",
    ),
}
STEPS = {
    "en": (
        "Knock on doors and sign up helpers", "Get permission and permits", "Order materials", "Meet to set the plan",
        "First workday", "Second workday", "Finish and clean up", "Party for everybody who helped",
    ),
    "es": (
        "Ir de puerta en puerta y apuntar gente", "Pedir permisos", "Comprar materiales", "Junta para el plan",
        "Primer día de trabajo", "Segundo día de trabajo", "Terminar y limpiar", "Convivio para quienes ayudaron",
    ),
}  # fmt: skip
TASKS = {
    "en": ("Money and receipts", "Phone chain", "Tools", "Food", "Talks to the owner", "Photos", "Children’s corner", "Permits"),
    "es": ("Dinero y recibos", "Llamadas", "Herramientas", "Comida", "Habla con el dueño", "Fotos", "Los niños", "Permisos"),
}  # fmt: skip
MEASURES = {
    "en": (
        "We count for one week before and one week after, at the same hours, and ask the same twenty people how they feel.",
        "Fewer calls to 311, and a short talk with everybody who lives within one block.",
        "A sheet at the store: do you walk here after dark, yes or no? In spring and again in fall.",
    ),
    "es": (
        "Contamos una semana antes y una después, a las mismas horas, y preguntamos a las mismas veinte personas.",
    ),
}

INELIGIBLE = (
    "The place lies two blocks outside the target area. The parks department has a grant for that street; we have sent you their number.",
    "The plan is for the inside of a private home. This grant is for what the whole block can see or use.",
    "The owner has told us that they do not agree to the work. Please talk to them and apply again in the next round.",
    "The work was finished before the call opened. We can’t pay for costs from before an award.",
    "The same project was sent twice. We keep the other one, which is more complete.",
    "Most of the money is for wages, which this grant can’t pay. We would be glad to help you plan it with volunteers.",
)

NOTES = (
    "Called the contact. Friendly, knows the block well. Will send the owner’s letter by Friday.",
    "Site visit done. The problem is real; photos on the shared drive.",
    "Budget looks low for the dumpster. Public works quotes $455.",
    "Overlaps with the application from the next block. Ask them whether they want to join forces.",
    "Sponsor confirmed by phone.",
    "Needs a right-of-way permit. Forwarded to transportation.",
    "Second-time applicant. Last project finished on time, all receipts in.",
    "Spanish speaker preferred for the call back.",
    "Forestry says yes to the trees, no to the maple.",
    "Told them about the workshop. They will come with three people.",
    "Council member’s office asked how it stands. Answered: in screening, like all others.",
    "Please check the street number; the map shows the other side of the road.",
)


def told(rng: Random, choices: dict[str, tuple[str, ...]], language: str) -> str:
    return rng.choice(choices.get(language) or choices["en"])


def story(rng: Random, language: str, parts: tuple[str, ...], **facts: object) -> str:
    """Join what people say into a paragraph or two, with names and numbers filled in."""
    numbers = {
        "years": rng.randint(3, 41),
        "doors": rng.choice((24, 30, 36, 42, 58, 75)),
        "yes": rng.randint(15, 23),
        "calls": rng.randint(4, 19),
    }
    text = " ".join(part for part in parts if part)
    return text.format(**{**numbers, **facts})


def corner(rng: Random, streets: tuple[str, ...], language: str) -> tuple[str, str]:
    """Return two streets and the words for their corner."""
    first, second = rng.sample(streets, 2)
    return first, f"{first} y {second}" if language == "es" else f"{first} and {second}"


def home_address(rng: Random, street: str, city: DemoCity) -> dict[str, str]:
    number = rng.randint(2, 4899)
    address = {"street": f"{number} {street}", "city": city.name, "state": city.region}
    return {**address, "unit": f"Apt {rng.randint(1, 40)}"} if rng.random() < 0.2 else address  # noqa: PLR2004
