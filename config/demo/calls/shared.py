"""What the four demo calls have in common: who applies, where, and what is promised."""

from config.demo.cities import DemoCity

from .words import Json, column, item, needed, question, section, when

CITY_LAND, PRIVATE_LAND, MIXED_LAND = "City or public land", "Private land", "Both"


def about_you() -> Json:
    """The person, the group, and who can take the money."""
    return section(
        "about_you", "About you", "Sobre usted",
        needed("contact_name", "short_text", "Your name", "Su nombre"),
        needed(
            "group_name", "short_text", "Name of your group", "Nombre de su grupo",
            help="A few neighbors are a group. Pick a name that your street would know.",
            help_es="Unos cuantos vecinos son un grupo. Elija un nombre que su calle conozca.",
        ),
        needed(
            "group_type", "single_choice", "What kind of group are you?", "¿Qué tipo de grupo son?",
            options=["Neighbors", "Block club or association", "Nonprofit", "School or youth group", "Faith group"],
            options_es=["Vecinos", "Club o asociación de la cuadra", "Organización sin fines de lucro", "Escuela o grupo juvenil", "Grupo religioso"],
        ),
        needed("email", "email", "E-mail", "Correo electrónico"),
        needed("phone", "phone", "Phone", "Teléfono"),
        needed("home_address", "address", "Your mailing address", "Su dirección postal"),
        needed(
            "has_bank_account", "yes_no", "Does your group have a bank account?", "¿Tiene su grupo una cuenta bancaria?",
            help="It is fine if it does not. A sponsor can hold the money for you.",
            help_es="No importa si no la tiene. Un patrocinador puede guardar el dinero.",
        ),
        question(
            "sponsor_name", "short_text", "Who will hold the money for you?", "¿Quién guardará el dinero?",
            required=True, shown_when=when("has_bank_account", False),
            help="A nonprofit, church or school that agreed to be your sponsor. Write “not yet” if you are still looking.",
            help_es="Una organización, iglesia o escuela que aceptó. Escriba “todavía no” si aún busca.",
        ),
    )  # fmt: skip


def the_place(areas: tuple[str, ...], *, more: tuple[Json, ...] = ()) -> Json:
    """Where it happens, and whose land it is."""
    return section(
        "place", "The place", "El lugar",
        needed("neighborhood", "single_choice", "Neighborhood", "Vecindario", options=list(areas)),
        needed(
            "site", "location", "Where is it?", "¿Dónde está?",
            help="An address, the nearest corner, or a point on the map.",
            help_es="Una dirección, la esquina más cercana o un punto en el mapa.",
        ),
        needed(
            "land", "single_choice", "Whose land is it?", "¿De quién es el terreno?",
            options=[CITY_LAND, PRIVATE_LAND, MIXED_LAND],
            options_es=["De la ciudad o público", "Privado", "De los dos"],
        ),
        question(
            "owner_consent", "signature", "Signature of the owner", "Firma del dueño",
            required=True, shown_when={"question": "land", "op": "in", "value": [PRIVATE_LAND, MIXED_LAND]},
            help="The owner types their name and agrees to the work.",
            help_es="El dueño escribe su nombre y acepta el trabajo.",
        ),
        *more,
        question(
            "photos", "file", "Photos of the place today", "Fotos del lugar hoy", max=3,
            help="A phone photo is fine.", help_es="Una foto del teléfono está bien.",
        ),
    )  # fmt: skip


def volunteers(least: int) -> Json:
    return needed(
        "volunteers", "number", "How many neighbors will help?", "¿Cuántos vecinos ayudarán?", min=least
    )


def helpers(rows: int) -> Json:
    """The neighbors who lead, with a phone number each."""
    return needed(
        "helpers", "people", "Who leads with you?", "¿Quiénes dirigen con usted?",
        columns=[
            column("name", "short_text", "Name", "Nombre"),
            column("phone", "phone", "Phone", "Teléfono"),
            column("task", "short_text", "What they will do", "Qué hará"),
        ],
        min_rows=rows, max_rows=8,
    )  # fmt: skip


def amount(floor: str, cap: str) -> Json:
    return needed(
        "amount", "money", "How much do you ask for?", "¿Cuánto dinero pide?", min=floor, max=cap,
        help="The sum of your lines above.", help_es="La suma de sus renglones de arriba.",
    )  # fmt: skip


def promise() -> Json:
    return section(
        "promise", "Your promise", "Su promesa",
        question(
            "may_share", "yes_no", "May we tell others about your project?", "¿Podemos contarles a otros de su proyecto?",
            help="You can say no. It does not count against you.",
            help_es="Puede decir que no. No cuenta en su contra.",
        ),
        needed(
            "promise", "signature", "I will use the money as I wrote here", "Usaré el dinero como lo escribí aquí",
        ),
    )  # fmt: skip


def lives_here(city: DemoCity) -> Json:
    return item(
        "in_city", "yes_no", f"Is the place in the city of {city.name}?", f"¿Está el lugar en la ciudad de {city.name}?",
        words="The place must be inside the city.", words_es="El lugar tiene que estar dentro de la ciudad.",
        test=("eq", True),
    )  # fmt: skip


def in_area(city: DemoCity) -> Json:
    return item(
        "area", "address_in_area", "Which neighborhood is it in?", "¿En qué vecindario está?",
        options=list(city.neighborhoods),
        words="The grant is for the neighborhoods in this list.", words_es="La ayuda es para los vecindarios de esta lista.",
    )  # fmt: skip


def enough_helpers(least: int) -> Json:
    return item(
        "helpers", "number", "How many neighbors will help?", "¿Cuántos vecinos ayudarán?",
        words=f"At least {least} neighbors take part.", words_es=f"Participan por lo menos {least} vecinos.",
        test=("gte", least),
    )  # fmt: skip


def outside() -> Json:
    return item(
        "outside", "yes_no", "Can everybody see or use the result?", "¿Todos pueden ver o usar el resultado?",
        words="The result must serve the whole street.", words_es="El resultado debe servir a toda la calle.",
        test=("eq", True),
    )  # fmt: skip


def not_started() -> Json:
    return item(
        "not_started", "yes_no", "Has the work begun already?", "¿Ya empezó el trabajo?",
        words="Money spent before the award can’t be paid back.", words_es="Lo gastado antes del acuerdo no se puede pagar.",
        test=("eq", False), stops=False,
    )  # fmt: skip
