"""Ideas for the greening call."""

from .idea import Cost, Idea, Words

IDEAS = (
    Idea(
        "trees", "trees",
        Words(
            ("Twenty Trees for {street}", "Shade Where We Walk", "{area} Canopy", "A Tree for Every Stoop"),
            (
                "There are four trees on six blocks of {street}. In July the bus shelter is too hot to touch.",
                "The old elms came down and left empty squares in the sidewalk, full of weeds and butts. We want shade back before our children are grown.",
            ),
            (
                "We ask for trees from the city nursery and plant them in one weekend with {count} neighbors. Each tree gets a water bag, a stake, and a family that signed up for it.",
                "Young people from the block knock on doors, find out who wants a tree, and measure the squares. The forester chooses the kinds: oak, hornbeam, redbud.",
            ),
            ("Families water twice a week from May to September. Two of us check the bags on Mondays. In the second summer the stakes come off.",),
        ),
        Words(
            ("Veinte árboles para {street}", "Sombra donde caminamos"),
            ("En seis cuadras de {street} hay cuatro árboles. En julio la parada quema.",),
            ("Pedimos árboles del vivero y los plantamos en un fin de semana con {count} vecinos. Cada árbol tiene una bolsa de agua, un tutor y una familia.",),
            ("Las familias riegan dos veces por semana de mayo a septiembre. En el segundo verano quitamos los tutores.",),
        ),
        (
            Cost("soil", "Mulch and compost", "Mantillo y composta", 160, 320),
            Cost("tools", "Water bags, stakes and ties", "Bolsas de agua, tutores y amarres", 200, 360),
            Cost("plants", "Flowers for the tree squares", "Flores para los cuadros", 220, 420),
            Cost("beds", "Low guards around the squares", "Protecciones bajas", 320, 640),
            Cost("food", "Breakfast on planting day", "Desayuno el día de sembrar", 50, 90),
        ),
    ),
    Idea(
        "garden", "beds",
        Words(
            ("{area} Kitchen Garden", "Tomatoes on {street}", "Grow What We Eat", "Grandmothers’ Garden"),
            (
                "The next store with fresh vegetables is two buses away. Many of us grew up with gardens and have only concrete now.",
                "The lot behind the church is sunny and flat and has been empty for nine years.",
            ),
            (
                "Ten raised beds, two of them high enough for wheelchairs. {count} neighbors build them in one weekend; six families and the school take a bed each, and one is for whoever walks by.",
                "We build beds, a compost corner and a small table. The older gardeners teach: okra, bitter melon, collards, tomatillos.",
            ),
            ("Bed holders give ten hours a year to the paths and the compost. Seeds come from our own seed box.",),
        ),
        Words(
            ("El huerto de {area}", "Jitomates en {street}"),
            ("La tienda con verduras frescas más cercana está a dos autobuses. Muchos crecimos con huerto y ahora solo tenemos concreto.",),
            ("Diez camas elevadas, dos altas para sillas de ruedas. {count} vecinos las armamos en un fin de semana; seis familias y la escuela toman una cada una.",),
            ("Cada familia da diez horas al año a los caminos y la composta.",),
        ),
        (
            Cost("beds", "Cedar for ten raised beds", "Cedro para diez camas", 420, 780),
            Cost("soil", "Tested soil and compost, delivered", "Tierra analizada y composta", 320, 560),
            Cost("plants", "Seedlings and seeds", "Plántulas y semillas", 110, 220),
            Cost("tools", "Hoses and hand tools", "Mangueras y herramientas", 140, 280),
            Cost("water", "Rain barrels", "Barriles de lluvia", 120, 300),
        ),
    ),
    Idea(
        "pollinator", "flowers",
        Words(
            ("Butterfly Block", "Bees of {area}", "The {street} Flower Mile", "Monarch Stop"),
            (
                "The strip between sidewalk and road on {street} is dead grass and gravel. Nobody mows it, and nobody sits by it.",
                "Our school counts butterflies each fall. Last year the third grade counted two.",
            ),
            (
                "We take out the grass and plant milkweed, asters, bee balm and little bluestem, all from this region. {count} neighbors and the third grade plant 600 plugs in one day. Small signs tell the names.",
                "One bed at each corner, low enough to see over. The plants need no water after the first summer.",
            ),
            ("We cut it once each March and share the seeds. The third grade keeps the count.",),
        ),
        Words(
            ("La cuadra de las mariposas", "Abejas de {area}"),
            ("La franja entre la banqueta y la calle en {street} es puro pasto seco. Nadie la cuida.",),
            ("Quitamos el pasto y sembramos flores de la región. {count} vecinos y el tercer grado plantan 600 en un día. Letreros chicos dicen los nombres.",),
            ("La cortamos una vez cada marzo y compartimos las semillas.",),
        ),
        (
            Cost("plants", "Native plugs, 600", "600 plantas nativas", 480, 860),
            Cost("soil", "Mulch and edging", "Mantillo y orillas", 140, 280),
            Cost("tools", "Shovels, hori-hori knives, hose", "Palas, cuchillos y manguera", 160, 300),
            Cost("beds", "Name signs and low fence", "Letreros y cerca baja", 120, 260),
            Cost("food", "Snacks for the third grade", "Bocadillos para el tercer grado", 40, 80),
        ),
    ),
    Idea(
        "rain", "rain",
        Words(
            ("Rain Garden at {street}", "Dry Basements for {area}", "Let It Soak In", "The Low Corner"),
            (
                "When it rains hard, the corner of {street} is a pond, and seven basements get wet. Ours is one of them.",
                "Water from the church’s parking lot runs down the alley into our yards.",
            ),
            (
                "A rain garden of 400 square feet takes in the water from two roofs and the street. An engineer from our block drew it; {count} neighbors dig, and the city checks the overflow.",
                "We cut the curb, dig a shallow bowl, fill it with sand and compost, and plant rushes, iris and swamp rose that like wet feet.",
            ),
            ("We clear the inlet after storms and weed in May and September.",),
        ),
        Words(
            ("Jardín de lluvia en {street}", "Sótanos secos para {area}"),
            ("Cuando llueve fuerte, la esquina de {street} se vuelve una laguna y se mojan siete sótanos.",),
            ("Un jardín de 400 pies cuadrados recibe el agua de dos techos y la calle. Lo dibujó un ingeniero de la cuadra; {count} vecinos cavamos.",),
            ("Limpiamos la entrada después de cada tormenta.",),
        ),
        (
            Cost("soil", "Sand, compost and stone", "Arena, composta y piedra", 380, 680),
            Cost("plants", "Rushes, iris and shrubs", "Juncos, iris y arbustos", 260, 480),
            Cost("beds", "Inlet stones and path", "Piedras de entrada y camino", 180, 360),
            Cost("tools", "Shovels and a small tiller, rented", "Palas y renta de un cultivador", 120, 260),
            Cost("food", "Lunch on digging day", "Comida el día de cavar", 50, 95),
        ),
    ),
    Idea(
        "meadow", "lot",
        Words(
            ("The Meadow on {street}", "From Vacant to Green", "{area} Pocket Park", "Lot 14"),
            (
                "Three houses burned on {street}, and the lots have been bare for years. Trucks cut across them. Snow piles up there in winter and trash in summer.",
                "The city mows our vacant lot twice a year. In between it is where people leave couches.",
            ),
            (
                "We clear the lot, put boulders along the street so that nobody drives in, sow a low meadow, and mow a path and a circle to sit in. {count} neighbors have signed up.",
                "A small green with four trees, a loop to walk for the seniors next door, and three logs to sit on.",
            ),
            ("We mow the path every other week by turns, and the whole meadow once in November.",),
        ),
        Words(
            ("El prado de {street}", "De baldío a verde"),
            ("Se quemaron tres casas en {street} y los terrenos llevan años pelones. Los camiones los cruzan y la gente deja sillones.",),
            ("Limpiamos el terreno, ponemos piedras para que nadie entre en carro y sembramos un prado bajo con un camino. {count} vecinos ya se apuntaron.",),
            ("Cortamos el camino por turnos cada dos semanas.",),
        ),
        (
            Cost("plants", "Meadow seed and four trees", "Semilla de prado y cuatro árboles", 280, 520),
            Cost("soil", "Topsoil and straw", "Tierra y paja", 260, 480),
            Cost("beds", "Boulders and logs, delivered", "Piedras y troncos, entregados", 320, 620),
            Cost("tools", "Push mower and rakes", "Podadora manual y rastrillos", 160, 300),
            Cost("water", "Hydrant permit and hose reel", "Permiso de hidrante y manguera", 110, 260),
        ),
    ),
)  # fmt: skip
