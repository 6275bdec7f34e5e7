"""Ideas for the safety call."""

from .idea import Cost, Idea, Words

IDEAS = (
    Idea(
        "light", "lamps",
        Words(
            ("Light Up {street}", "Porch Lights for {area}", "No Dark Corners", "See and Be Seen"),
            (
                "Between the bus stop and {street} there are two blocks without a working light. Nurses from the late shift walk in the road because the sidewalk is darker.",
                "Neighbors told us on a night walk where they hurry: nine dark spots on five blocks, all near alleys.",
            ),
            (
                "We give 120 households a porch light with a sensor, put in by two electricians who live here. {count} volunteers go door to door; renters get a form for the landlord.",
                "Solar lamps on the nine dark spots, on poles that stand already. We report broken street lights on one map.",
            ),
            ("Lamps run for five years. The block watch keeps ten spare ones.", "We walk at night each season and write down what is out."),
        ),
        Words(
            ("Luz para {street}", "Luces de porche para {area}"),
            ("Entre la parada y {street} hay dos cuadras sin luz. Las enfermeras del turno de noche caminan por la calle.",),
            ("Damos a 120 casas una luz con sensor, puesta por dos electricistas de aquí. {count} voluntarios van de puerta en puerta.",),
            ("Las lámparas duran cinco años. Guardamos diez de repuesto.",),
        ),
        (
            Cost("lights", "Sensor lights for porches", "Luces con sensor", 620, 1100),
            Cost("lights", "Solar lamps for dark spots", "Lámparas solares", 280, 560),
            Cost("gear", "Ladders, drill, test lamp", "Escaleras, taladro y probador", 140, 260),
            Cost("printing", "Forms for landlords, map", "Formatos y mapa", 40, 90),
            Cost("food", "Hot drinks on night walks", "Bebidas calientes en los recorridos", 30, 70),
        ),
    ),
    Idea(
        "crossing", "crosswalk",
        Words(
            ("Slow Down at {street}", "Cross Here", "{area} School Corner", "Ten Seconds More"),
            (
                "Four crashes in three years at {street}, one with a child. The sign is behind a tree and the paint is gone.",
                "Seniors from the tower need longer to cross than the light gives them. Some no longer go to the store.",
            ),
            (
                "With the traffic engineer’s plan, we paint the corners wider, put up posts that bend, and cut the branches. {count} neighbors paint on a closed Sunday. We count cars before and after.",
                "Flags to carry across, a bright crosswalk, and a “slow” board made by the school at both ends of the block.",
            ),
            ("The city takes over the posts. We repaint each second spring.",),
        ),
        Words(
            ("Más despacio en {street}", "Cruce aquí"),
            ("Cuatro choques en tres años en {street}, uno con un niño. El letrero está detrás de un árbol y la pintura se borró.",),
            ("Con el plan del ingeniero pintamos las esquinas, ponemos postes que se doblan y cortamos ramas. {count} vecinos pintamos un domingo.",),
            ("La ciudad se queda con los postes. Repintamos cada dos años.",),
        ),
        (
            Cost("street", "Street paint and stencils", "Pintura y plantillas", 360, 680),
            Cost("street", "Flexible posts and signs", "Postes flexibles y letreros", 420, 760),
            Cost("gear", "Vests, cones and counters", "Chalecos, conos y contadores", 130, 260),
            Cost("printing", "Letters to the block", "Cartas a la cuadra", 30, 80),
            Cost("food", "Water and fruit on paint day", "Agua y fruta el día de pintar", 40, 80),
        ),
    ),
    Idea(
        "walk", "walkers",
        Words(
            ("Walking School Bus of {area}", "We Walk You Home", "Morning Walkers on {street}", "Safe Steps"),
            (
                "Since the route changed, 40 children walk along {street} by themselves. Parents start work before school begins.",
                "Older neighbors are afraid to walk alone and so they do not walk at all.",
            ),
            (
                "Two lines of a walking school bus, with stops and times like a real one. {count} adults are trained and take turns. Children get bright vests and a punch card.",
                "Every morning at seven a group walks the loop around {area}. New people are picked up at their door. We carry a first aid kit and write down what is broken on the way.",
            ),
            ("Eight captains share the week. The school trains new ones each fall.",),
        ),
        Words(
            ("Autobús a pie de {area}", "Caminamos con usted"),
            ("Desde que cambió la ruta, 40 niños caminan solos por {street}. Los papás entran a trabajar antes que la escuela.",),
            ("Dos líneas de autobús a pie, con paradas y horarios. {count} adultos se capacitan y se turnan. Los niños llevan chalecos.",),
            ("Ocho capitanes se reparten la semana. La escuela capacita a los nuevos.",),
        ),
        (
            Cost("gear", "Vests, flags, first aid kits", "Chalecos, banderas y botiquines", 320, 580),
            Cost("training", "First aid and crossing class", "Clase de primeros auxilios y cruce", 280, 480),
            Cost("street", "Stop signs for the walking bus", "Letreros de parada", 240, 440),
            Cost("printing", "Maps and punch cards", "Mapas y tarjetas", 60, 140),
            Cost("food", "Breakfast on the first day", "Desayuno el primer día", 40, 90),
        ),
    ),
    Idea(
        "sight", "hedge",
        Words(
            ("Clear View on {street}", "Cut Back, Look Out", "Open Up the Path", "The {area} Underpass"),
            (
                "The path from {area} to the park runs between two hedges higher than a person. You can’t see who comes.",
                "The underpass is the only way to the clinic. It is wet, dark and tagged, and it smells.",
            ),
            (
                "{count} neighbors cut the hedges to waist height, take out the broken fence, and lay wood chips. The city trims what is above eight feet.",
                "We wash and paint the underpass white and yellow, put up mirrors at both ends, and hang plant baskets where the sun comes in.",
            ),
            ("Hedges are cut in June and October by the walking group. Paint is kept for touch-ups.",),
        ),
        Words(
            ("Vista clara en {street}", "Abrir el camino"),
            ("El camino de {area} al parque pasa entre dos setos más altos que una persona. No se ve quién viene.",),
            ("{count} vecinos cortamos los setos a la cintura, quitamos la cerca rota y ponemos viruta. La ciudad corta lo más alto.",),
            ("Los cortamos en junio y octubre.",),
        ),
        (
            Cost("gear", "Hedge cutters, saws, gloves", "Cortasetos, sierras y guantes", 320, 560),
            Cost("street", "Mirrors, paint and primer", "Espejos, pintura y base", 340, 620),
            Cost("lights", "Battery lamps for the path", "Lámparas de pila", 160, 320),
            Cost("printing", "Notices to the houses along", "Avisos a las casas", 30, 70),
            Cost("food", "Lunch for helpers", "Comida para quienes ayudan", 50, 90),
        ),
    ),
    Idea(
        "ready", "kits",
        Words(
            ("Ready on {street}", "{area} Storm Neighbors", "Know Your Neighbor’s Door", "Heat Day Helpers"),
            (
                "In the last outage {area} was dark for 31 hours. Mr. Ellis next door needs a machine to breathe, and we found out by chance.",
                "On hot days nobody checks on the people who live alone. Last August that ended badly two streets from here.",
            ),
            (
                "We map who needs a check, with their consent, and pair each with two neighbors. {count} people take a class. Three cabinets hold radios, lamps, batteries and a first aid kit.",
                "A cool room in the church, a phone tree, and forty kits with water, a fan and a card with numbers. We practice twice a year.",
            ),
            ("Batteries are changed on the day the clocks change. The list is checked each spring.",),
        ),
        Words(
            ("Listos en {street}", "Vecinos ante la tormenta en {area}"),
            ("En el último apagón {area} estuvo 31 horas sin luz. Un vecino necesita una máquina para respirar y lo supimos por casualidad.",),
            ("Anotamos, con permiso, a quién hay que visitar, y lo unimos con dos vecinos. {count} personas toman una clase. Tres gabinetes guardan radios, lámparas y botiquín.",),
            ("Cambiamos las pilas dos veces al año y revisamos la lista cada primavera.",),
        ),
        (
            Cost("gear", "Radios, batteries, cabinets", "Radios, pilas y gabinetes", 460, 820),
            Cost("lights", "Lamps and power banks", "Lámparas y baterías", 220, 420),
            Cost("training", "Emergency class, two evenings", "Clase de emergencias, dos tardes", 220, 420),
            Cost("printing", "Door cards in three languages", "Tarjetas en tres idiomas", 60, 140),
            Cost("food", "Supper at the practice", "Cena en la práctica", 50, 100),
        ),
    ),
)  # fmt: skip
