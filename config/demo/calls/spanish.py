"""What the demo's calls say outside of their forms, in Spanish."""

from config.demo.calls.words import Json

NAMES = {
    "block": "Minisubvenciones Love Your Block, ronda {round}",
    "murals": "Subvenciones de arte Paredes y Caminos, ronda {round}",
    "greening": "Subvenciones Cuadra Verde, ronda {round}",
    "safety": "Subvenciones Pasos Seguros, ronda {round}",
}

PURPOSES = {
    "block": (
        "Pequeñas subvenciones para vecinos de {city} que quieren una cuadra más limpia, más segura y más amable. "
        "Usted trae la idea y la gente; la ciudad pone el dinero, un contenedor y una mano."
    ),
    "murals": (
        "Subvenciones para el arte que los vecinos de {city} planean y pintan juntos, por donde pasa todo el mundo: "
        "en paredes, banquetas y cajas eléctricas."
    ),
    "greening": (
        "Subvenciones y árboles gratis para vecinos de {city} que plantan y cuidan un lugar juntos: más sombra, "
        "menos inundaciones y algo bonito que ver o comer."
    ),
    "safety": (
        "Subvenciones para vecinos de {city} que hacen más segura una calle sin esperar mucho dinero: "
        "luz, buena vista, autos más lentos y gente que se cuida entre sí."
    ),
}

TEXTS = {
    "Wages": "Sueldos",
    "Gift cards": "Tarjetas de regalo",
    "Alcohol": "Alcohol",
    "Costs from before the award": "Gastos de antes de la subvención",
    "One leader attends the orientation": "Un líder asiste a la orientación",
    "Keep every receipt": "Guarde todos los recibos",
    "Hold at least one community workday": "Haga al menos una jornada de trabajo con la comunidad",
    "Dumpster for one weekend": "Contenedor por un fin de semana",
    "Litter baskets": "Botes de basura",
    "Street closed for the workday": "Calle cerrada el día de trabajo",
    "Weed killers": "Herbicidas",
    "Invasive plants": "Plantas invasoras",
    "Drawing of the garden": "Dibujo del jardín",
    "A sketch with sizes helps the city forester.": "Un dibujo con medidas le ayuda al guardabosques de la ciudad.",
    "Utility lines marked before digging": "Tuberías y cables marcados antes de cavar",
    "Water log through the first summer": "Registro de riego durante el primer verano",
    "Trees from the city nursery": "Árboles del vivero de la ciudad",
    "Compost, delivered": "Composta a domicilio",
    "Soil test": "Análisis de la tierra",
    "Advertising": "Publicidad",
    "Spray paint with solvents": "Pintura en aerosol con solventes",
    "Design approved before painting": "Diseño aprobado antes de pintar",
    "Permission of the owner for five years": "Permiso del dueño por cinco años",
    "Photo before and after": "Foto de antes y después",
    "Power washing of the wall": "Lavado a presión de la pared",
    "Cones and barriers for paint day": "Conos y barreras para el día de pintar",
    "Cameras": "Cámaras",
    "Weapons": "Armas",
    "Traffic engineer signs off on work in the street": "El ingeniero de tránsito aprueba el trabajo en la calle",
    "Before and after count": "Conteo de antes y después",
    "Street lights checked and repaired": "Alumbrado revisado y reparado",
    "Trees trimmed at corners": "Árboles podados en las esquinas",
    "Speed count for one week": "Medición de velocidad por una semana",
}


def spanish_texts(
    kind: str, parts: Json, categories: dict[str, str], *, name: str, city: str
) -> dict[str, str]:
    """Return the Spanish of each text of a demo call, by the text. ``categories`` are its kinds of cost."""
    number = name.rsplit(" ", 1)[-1]
    return {
        name: NAMES[kind].format(round=number),
        parts["purpose"]: PURPOSES[kind].format(city=city),
        **categories,
        **TEXTS,
    }
