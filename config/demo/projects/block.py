"""Ideas for the block call."""

from .idea import Cost, Idea, Words

IDEAS = (
    Idea(
        "cleanup", "lot",
        Words(
            ("{street} Clean Sweep", "A Clean Block for {area}", "Three Saturdays on {street}", "Take Back the Curb on {street}"),
            (
                "People from outside drop mattresses and tires on the corner of our block. We call, the city comes, and two weeks later it is back. Kids walk through it on the way to the bus.",
                "The strip along {street} has become the place where bags blow in from the main road and stay. Older neighbors used to sit outside here. Now they keep the blinds closed.",
                "After the store closed, the sidewalk on {street} belongs to nobody. There is broken glass, weeds up to the knee, and two storm drains that are always blocked.",
            ),
            (
                "We will hold three clean-up Saturdays with {count} neighbors. The first clears the big things into a dumpster, the second cuts back weeds and sweeps, the third paints the curb and sets out baskets that we empty ourselves.",
                "Each household on the block takes one stretch of sidewalk. We meet at nine, work until noon, and eat together. A phone chain tells everybody when something new is dumped, so that it is gone the same day.",
            ),
            (
                "Our block captains walk the street on the first Sunday of each month and send a photo to the group. Baskets are emptied by the houses next to them.",
                "We keep the tools in a neighbor’s garage and do one sweep in spring and one in fall.",
            ),
        ),
        Words(
            ("Limpieza de {street}", "Una cuadra limpia en {area}"),
            (
                "Gente de fuera tira colchones y llantas en la esquina. Llamamos, la ciudad viene, y a las dos semanas está igual. Los niños pasan por ahí camino al autobús.",
            ),
            (
                "Haremos tres sábados de limpieza con {count} vecinos. El primero llenamos el contenedor, el segundo cortamos la hierba y barremos, el tercero ponemos botes que nosotros mismos vaciamos.",
            ),
            ("Cada primer domingo del mes dos vecinos recorren la calle y avisan si hay basura nueva.",),
        ),
        (
            Cost("hauling", "Dumpster, 20 yards, one weekend", "Contenedor de 20 yardas, un fin de semana", 380, 520),
            Cost("materials", "Gloves, bags, rakes and grabbers", "Guantes, bolsas, rastrillos y pinzas", 120, 260),
            Cost("materials", "Four litter baskets with lids", "Cuatro botes con tapa", 180, 340),
            Cost("food", "Water and sandwiches for volunteers", "Agua y tortas para los voluntarios", 60, 110),
            Cost("printing", "Flyers in two languages", "Volantes en dos idiomas", 40, 90),
        ),
    ),
    Idea(
        "alley", "alley",
        Words(
            ("The Alley Behind {street}", "{area} Alley Garden Walk", "From Dumping Ground to Shortcut", "Light and Paint for Our Alley"),
            (
                "The alley between {street} and the next block is dark, and people throw trash over the fences. Parents will not let their children use it, though it is the short way to school.",
                "Our back alley floods after each rain, and what floats in stays. Twelve garages open to it. All of us would use it more if it did not feel forgotten.",
                "The lot at the end of {street} has stood empty since the house came down. We mow it with our own mowers. It could be a place to sit.",
            ),
            (
                "With {count} helpers we will haul out the junk, level the ground with stone dust, and build planter boxes along both sides. Neighbors whose fences face the alley paint them in colors we chose together.",
                "We lay a path of gravel, put up six solar lamps, and set two benches made from pallets. A chalkboard on the wall carries news of the block.",
            ),
            (
                "Each planter has a family name on it. If a family moves, the next house takes over.",
                "The block club pays for new lamps and stone from its yearly cookout.",
            ),
        ),
        Words(
            ("El callejón detrás de {street}", "Luz y plantas para nuestro callejón"),
            (
                "El callejón detrás de {street} está oscuro y la gente tira basura. Es el camino corto a la escuela, pero nadie deja pasar a sus hijos.",
            ),
            (
                "Entre {count} vecinos sacaremos la basura, nivelaremos el piso y pondremos macetas grandes a los dos lados. Las familias pintarán las bardas con colores que escogimos juntos.",
            ),
            ("Cada maceta lleva el nombre de una familia que la riega.",),
        ),
        (
            Cost("hauling", "Hauling of old fence and junk", "Acarreo de cerca vieja y basura", 240, 420),
            Cost("materials", "Lumber for planters and two benches", "Madera para macetas y dos bancas", 320, 560),
            Cost("materials", "Stone dust and gravel", "Polvo de piedra y grava", 180, 320),
            Cost("plants", "Soil and hardy plants", "Tierra y plantas resistentes", 140, 280),
            Cost("materials", "Solar lamps", "Lámparas solares", 110, 240),
            Cost("printing", "Sign with the alley’s name", "Letrero con el nombre del callejón", 45, 120),
        ),
    ),
    Idea(
        "seats", "bench",
        Words(
            ("A Place to Sit on {street}", "{area} Bus Stop Benches", "Shade for the Corner", "Welcome to {area}"),
            (
                "There are nine bus stops in {area} and not one bench. My mother is 78 and carries her groceries. She leans on a pole until the bus comes.",
                "People say hello on {street}, but there is nowhere to stop and talk. The corner by the laundry gets full sun all afternoon.",
                "Visitors do not know that they have come to {area}. A sign with our name, made by us, would say that somebody lives here and cares.",
            ),
            (
                "We will build four benches from a kit that a carpenter on our block has made before, and anchor them with permission of the city. {count} neighbors sand, oil and carry. Two get a roof against the sun.",
                "We put up a welcome sign with a map drawn by children from the school, three benches, and two large tubs with grasses.",
            ),
            (
                "We oil the benches each spring. Screws and boards are a standard size, so anybody can replace one.",
                "The store owner next to the sign waters the tubs and calls us when something breaks.",
            ),
        ),
        Words(
            ("Un lugar para sentarse en {street}", "Bancas y sombra para {area}"),
            (
                "En {area} hay nueve paradas de autobús y ninguna banca. Mi mamá tiene 78 años y espera de pie con sus bolsas.",
            ),
            (
                "Haremos cuatro bancas con un carpintero de la cuadra. {count} vecinos lijan, pintan y cargan. Dos llevarán techo contra el sol.",
            ),
            ("Cada primavera les ponemos aceite. Las tablas son de medida común y cualquiera puede cambiar una.",),
        ),
        (
            Cost("materials", "Cedar boards and steel frames", "Tablas de cedro y marcos de acero", 420, 760),
            Cost("materials", "Anchors, bolts and wood oil", "Anclas, tornillos y aceite", 90, 170),
            Cost("plants", "Two tubs with grasses", "Dos macetas grandes con pastos", 80, 160),
            Cost("printing", "Welcome sign", "Letrero de bienvenida", 120, 240),
            Cost("food", "Lunch on building day", "Comida el día de construir", 60, 120),
        ),
    ),
    Idea(
        "tools", "shed",
        Words(
            ("{area} Tool Library", "Borrow, Don’t Buy", "The Mower That Everybody Shares", "{street} Tool Shed"),
            (
                "Half of the yards on {street} are overgrown because people have no mower, not because they do not care. Fines for tall grass hit those who can pay least.",
                "We all own a hammer, and nobody owns a ladder that is safe. Two people on our block fell from chairs last year.",
            ),
            (
                "We will set up a locked shed behind the church with a mower, a trimmer, ladders, shovels and a pressure washer. {count} volunteers keep a sign-out book and show people how to use each tool safely.",
                "A small tool library, open on Saturday mornings: borrow for a week, free for anybody who lives in {area}. A retired mechanic looks after the engines and teaches two young people.",
            ),
            (
                "The sign-out book and a yearly repair day keep the tools going. The church gives the space for five years.",
                "Borrowers who can, give two dollars. That pays for oil, blades and string.",
            ),
        ),
        Words(
            ("Biblioteca de herramientas de {area}", "Prestar en vez de comprar"),
            (
                "Muchos patios de {street} están crecidos porque la gente no tiene podadora, no porque no le importe. Las multas las pagan los que menos tienen.",
            ),
            (
                "Pondremos un cobertizo con llave: podadora, escaleras, palas y una hidrolavadora. {count} voluntarios llevan el cuaderno de préstamos y enseñan a usar cada herramienta.",
            ),
            ("Un día al año reparamos todo. La iglesia presta el lugar por cinco años.",),
        ),
        (
            Cost("materials", "Shed, 8 by 10 feet", "Cobertizo de 8 por 10 pies", 480, 820),
            Cost("materials", "Mower and trimmer", "Podadora y desbrozadora", 320, 560),
            Cost("materials", "Ladders and hand tools", "Escaleras y herramientas de mano", 210, 420),
            Cost("other", "Locks and sign-out book", "Candados y cuaderno de préstamos", 40, 90),
            Cost("printing", "Cards that tell how to borrow", "Tarjetas que explican cómo pedir", 30, 70),
        ),
    ),
    Idea(
        "gathering", "table",
        Words(
            ("The Long Table on {street}", "{area} Porch Day", "Meet the Block", "Sunday Supper on {street}"),
            (
                "Eleven families moved to {street} in the last two years. We wave, but we do not know names. When a pipe broke in January, nobody knew whose key was where.",
                "Our block has four languages and one sidewalk. People want to help each other and do not know how to start.",
            ),
            (
                "We close the street for one afternoon, build a table for eighty out of doors and trestles, and cook together. Before that, {count} neighbors go from door to door with a sheet: what can you do, what do you need? After it, we have a list that works.",
                "Four porch days, one each season: music, repair of bikes and lamps, seeds to swap, and a board where people ask for help and offer it.",
            ),
            (
                "Tables and trestles are lent to any block in {area}. The list of neighbors is kept by two people and checked each spring.",
                "Each porch day is planned by another four houses, so nobody burns out.",
            ),
        ),
        Words(
            ("La mesa larga de {street}", "Conozcamos la cuadra"),
            (
                "En dos años llegaron once familias a {street}. Nos saludamos, pero no sabemos los nombres. Cuando se rompió un tubo en enero, nadie supo a quién llamar.",
            ),
            (
                "Cerramos la calle una tarde, armamos una mesa para ochenta personas y cocinamos juntos. Antes, {count} vecinos van de puerta en puerta: ¿qué sabe hacer y qué necesita?",
            ),
            ("Las mesas se prestan a cualquier cuadra. Dos personas guardan la lista de vecinos.",),
        ),
        (
            Cost("materials", "Trestles, boards and tablecloths", "Caballetes, tablas y manteles", 220, 420),
            Cost("materials", "Canopies against sun and rain", "Carpas contra sol y lluvia", 180, 360),
            Cost("materials", "Bike and lamp repair supplies", "Materiales para arreglar bicicletas y lámparas", 160, 320),
            Cost("printing", "Door sheets in four languages", "Hojas en cuatro idiomas", 60, 140),
            Cost("food", "Rice, beans, fruit and drinks", "Arroz, frijoles, fruta y bebidas", 70, 130),
            Cost("other", "Rental of sound and chairs", "Renta de sonido y sillas", 120, 260),
        ),
    ),
)  # fmt: skip
