"""Ideas for the mural call."""

from .idea import Cost, Idea, Words

IDEAS = (
    Idea(
        "mural", "wall",
        Words(
            ("The {street} Wall", "Hands of {area}", "Where We Come From", "Wings over {street}"),
            (
                "The side wall of the market has been tagged and painted gray eleven times. Everybody who gets off the bus looks at it.",
                "The school paints inside. Its outer wall on {street} is 90 feet of plain brick, and the children asked for it themselves.",
                "{area} lost its community house. People want something that says we are still here.",
            ),
            (
                "Two paint days with {count} neighbors. The artist draws the outline; everybody fills it in, grandparents and children too. The picture shows hands at work: kneading, sewing, fixing, planting.",
                "We collected 140 cards with one memory each. The artist made a long river out of them, with houses, trains and birds. Clear coat against tags and sun.",
            ),
            ("The market owner keeps spare paint. Two of us touch it up each May.", "Two clear coats, and a wash each spring with the city’s machine."),
        ),
        Words(
            ("La pared de {street}", "Manos de {area}"),
            ("La pared del mercado la han rayado y pintado de gris once veces. Todos los que bajan del autobús la ven.",),
            ("Dos días de pintura con {count} vecinos. La artista traza y todos llenamos de color, abuelos y niños. Se ven manos que trabajan: amasan, cosen, arreglan, siembran.",),
            ("El dueño guarda pintura. Dos vecinos la retocan cada mayo.",),
        ),
        (
            Cost("artist", "Artist: design and two paint days", "Artista: diseño y dos días", 500, 900),
            Cost("paint", "Exterior acrylics, brushes, clear coat", "Acrílicos, brochas y sellador", 420, 780),
            Cost("lifts", "Scaffold for one week", "Andamio por una semana", 180, 420),
            Cost("prep", "Washing and patching the brick", "Lavado y resane del ladrillo", 140, 300),
            Cost("event", "Unveiling with music", "Inauguración con música", 60, 140),
        ),
    ),
    Idea(
        "mosaic", "mosaic",
        Words(
            ("Broken Plates, Whole Block", "{area} Mosaic Bench", "The Blue Column", "Turtle on {street}"),
            (
                "The old planter on {street} is cracked and used as an ashtray. It stands right in front of the library.",
                "Our park has no place where small children may climb. The concrete stumps are waiting for something.",
            ),
            (
                "Families bring broken plates and tiles. In six evenings {count} people learn to cut and set them on the planter: a map of {area} with every family’s street.",
                "A turtle of concrete and mosaic, three feet high, smooth enough to climb on. The school’s art class makes the shell.",
            ),
            ("Grout is checked each fall. We keep a box of spare tiles in the library.",),
        ),
        Words(
            ("Platos rotos, cuadra entera", "La banca de mosaico de {area}"),
            ("La jardinera vieja de {street} está rota y la usan de cenicero. Está frente a la biblioteca.",),
            ("Las familias traen platos y azulejos rotos. En seis tardes {count} personas aprenden a cortarlos y pegarlos: un mapa de {area} con la calle de cada familia.",),
            ("Cada otoño revisamos las juntas. Hay azulejos de repuesto en la biblioteca.",),
        ),
        (
            Cost("artist", "Mosaic teacher, six evenings", "Maestra de mosaico, seis tardes", 420, 720),
            Cost("paint", "Tile, cement, grout, cutters", "Azulejo, cemento y pinzas", 480, 860),
            Cost("prep", "Repair of the old concrete", "Reparación del concreto", 160, 340),
            Cost("event", "Tables and tea for six evenings", "Mesas y té para seis tardes", 60, 120),
        ),
    ),
    Idea(
        "pavement", "street",
        Words(
            ("Painted Crossing at {street}", "Only Rain Down the Drain", "Hopscotch Mile", "The River under {area}"),
            (
                "Cars roll through the corner at {street}. Parents stand in the road and hold up their hands.",
                "People pour oil into the drains because they do not know that it goes straight to the river.",
            ),
            (
                "On one closed Sunday {count} neighbors paint the whole crossing in a pattern of leaves, with paint that grips in the rain. The city marks the edges first.",
                "We paint fourteen storm drains with fish and plants from our river, and a line that tells where the water goes. Each drain has its own family of painters.",
            ),
            ("Street paint lasts three years. We keep the stencils and paint it again.",),
        ),
        Words(
            ("El cruce pintado de {street}", "Solo lluvia en la alcantarilla"),
            ("Los carros no se detienen en la esquina de {street}. Los papás se paran en la calle con la mano en alto.",),
            ("Un domingo con la calle cerrada, {count} vecinos pintamos todo el cruce con hojas, con pintura que no resbala.",),
            ("La pintura dura tres años. Guardamos las plantillas para repetir.",),
        ),
        (
            Cost("artist", "Designer of pattern and stencils", "Diseño y plantillas", 300, 560),
            Cost("paint", "Street paint with grip, rollers", "Pintura antiderrapante y rodillos", 520, 940),
            Cost("prep", "Sweeping and washing of the road", "Barrido y lavado de la calle", 120, 260),
            Cost("event", "Water, sunscreen and lunch", "Agua, bloqueador y comida", 70, 150),
        ),
    ),
    Idea(
        "boxes", "boxes",
        Words(
            ("Seven Boxes on {street}", "Little Galleries of {area}", "Boxes with a View"),
            (
                "Gray utility boxes stand at every corner of {street}, covered with stickers and ads. They are the first thing one sees of our neighborhood.",
            ),
            (
                "Seven artists who live here, three of them under eighteen, each paint one box. We vote for the designs in the library. {count} neighbors clean, prime and seal.",
                "Each box gets a picture of what used to stand on that corner: the bakery, the cinema, the stable.",
            ),
            ("Sealed against tags; the city lends us remover. The artists sign up to repair their own box for three years.",),
        ),
        Words(
            ("Siete cajas en {street}", "Pequeñas galerías de {area}"),
            ("Las cajas grises de {street} están llenas de calcomanías. Son lo primero que se ve del barrio.",),
            ("Siete artistas que viven aquí, tres de ellos jóvenes, pintan una caja cada uno. Votamos en la biblioteca. {count} vecinos limpian y sellan.",),
            ("Cada artista cuida su caja por tres años.",),
        ),
        (
            Cost("artist", "Seven small artist payments", "Siete pagos pequeños a artistas", 420, 700),
            Cost("paint", "Primer, paint and sealer", "Base, pintura y sellador", 320, 620),
            Cost("prep", "Sticker remover and sanding", "Removedor y lijado", 80, 180),
            Cost("event", "Walk along the seven boxes", "Paseo por las siete cajas", 50, 110),
        ),
    ),
    Idea(
        "story", "sign",
        Words(
            ("Voices of {street}", "Who Lived Here", "{area} Remembers", "The Porch Stories"),
            (
                "The people who built {area} are in their eighties. Their stories are nowhere but in their heads.",
                "Newcomers think that nothing ever happened here. A union was founded on {street}, and the first pool in town where everybody could swim.",
            ),
            (
                "Young people record twelve older neighbors. Twelve enamel signs on porches and poles carry one sentence and one photo each; a short walk connects them.",
                "We print photos from family albums on weatherproof boards, six feet high, along the fence of the rail yard. {count} neighbors help to choose and hang them.",
            ),
            ("Enamel lasts thirty years. The library keeps the recordings.", "Boards are screwed on and can be changed; the block club adds one each year."),
        ),
        Words(
            ("Voces de {street}", "{area} recuerda"),
            ("Quienes construyeron {area} tienen más de ochenta años. Sus historias solo están en su cabeza.",),
            ("Jóvenes graban a doce vecinos mayores. Doce letreros llevan una frase y una foto; un paseo corto los une. {count} vecinos ayudan a colgarlos.",),
            ("Los letreros duran treinta años. La biblioteca guarda las grabaciones.",),
        ),
        (
            Cost("artist", "Editor and two young recorders", "Editora y dos jóvenes que graban", 320, 620),
            Cost("paint", "Twelve enamel signs", "Doce letreros esmaltados", 560, 980),
            Cost("lifts", "Ladders for hanging", "Escaleras para colgar", 60, 140),
            Cost("event", "Walk with the storytellers", "Paseo con quienes cuentan", 60, 130),
        ),
    ),
)  # fmt: skip
