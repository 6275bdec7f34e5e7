"""Invented people and groups. Names are common in the United States; none is meant to be anybody's."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

FIRST = (
    "Aaliyah", "Abdul", "Ada", "Agnes", "Aisha", "Alejandra", "Alma", "Amara", "Andre", "Angela", "Anh", "Anita",
    "Antoine", "Beatriz", "Bernice", "Carla", "Carmen", "Cedric", "Chandra", "Clarence", "Cora", "Daniel",
    "Darnell", "Deborah", "Delia", "Denise", "Diego", "Dolores", "Dorothy", "Eduardo", "Elaine", "Eleanor",
    "Elena", "Emmanuel", "Esperanza", "Esther", "Evelyn", "Fatima", "Felix", "Frances", "Gabriela", "George",
    "Gloria", "Grace", "Guadalupe", "Harold", "Hector", "Helen", "Hiroshi", "Ibrahim", "Imani", "Inez", "Irene",
    "Isaiah", "Ivy", "Jamal", "Janice", "Javier", "Jerome", "Joan", "Joaquín", "José", "Joyce", "Juanita", "Judith",
    "Kamala", "Keisha", "Kenji", "Kwame", "Latoya", "Laura", "Leah", "Leroy", "Lien", "Lillian", "Linh", "Lorena",
    "Lucille", "Luis", "Luz", "Mabel", "Malik", "Marcus", "Margaret", "María", "Marisol", "Martha", "Maxine",
    "Mei", "Miguel", "Minh", "Miriam", "Monique", "Nadia", "Naomi", "Nguyet", "Nora", "Octavia", "Omar", "Opal",
    "Pablo", "Patrice", "Pearl", "Peter", "Priya", "Rafael", "Raquel", "Ravi", "Regina", "Reuben", "Rosa",
    "Roscoe", "Ruth", "Samira", "Samuel", "Sandra", "Sheila", "Simone", "Sofía", "Sonia", "Susan", "Tamika",
    "Terrence", "Theresa", "Thomas", "Tomás", "Tyrone", "Valeria", "Vera", "Victor", "Vivian", "Walter", "Wanda",
    "Wei", "Willa", "Xiomara", "Yolanda", "Yusuf", "Zainab", "Zora",
)  # fmt: skip

LAST = (
    "Adeyemi", "Aguilar", "Ahmed", "Alston", "Alvarez", "Anderson", "Archuleta", "Baker", "Banks", "Barnes",
    "Begay", "Bell", "Bennett", "Blackwell", "Booker", "Brooks", "Bryant", "Burke", "Campbell", "Cárdenas",
    "Carter", "Castillo", "Chang", "Chavez", "Coleman", "Contreras", "Cruz", "Dang", "Davenport", "Delgado", "Diaz",
    "Dixon", "Domínguez", "Douglas", "Edwards", "Ellison", "Espinoza", "Farah", "Figueroa", "Fletcher", "Flores",
    "Foster", "Franklin", "Freeman", "Fuentes", "Garcia", "Gibson", "Goldberg", "Gonzalez", "Grant", "Greene",
    "Gupta", "Guzmán", "Hall", "Hampton", "Harris", "Hassan", "Hayes", "Henderson", "Hernández", "Hill", "Holloway",
    "Howard", "Huynh", "Jackson", "Jefferson", "Jenkins", "Jiménez", "Johnson", "Jordan", "Kaur", "Kelly", "Kim",
    "King", "Kowalski", "Lambert", "Lara", "Le", "Lewis", "Lopez", "Mack", "Maldonado", "Martin", "Mason", "McCoy",
    "Medina", "Mendoza", "Miller", "Mitchell", "Mohamed", "Montoya", "Moore", "Morales", "Morgan", "Muñoz",
    "Murphy", "Navarro", "Nguyen", "Novak", "Nuñez", "O’Brien", "Okafor", "Oliver", "Ortega", "Ortiz", "Owens",
    "Pacheco", "Park", "Parker", "Patel", "Payne", "Perez", "Peterson", "Pham", "Phillips", "Quinn", "Ramirez",
    "Randolph", "Reed", "Reyes", "Rhodes", "Rivera", "Robinson", "Rodríguez", "Rojas", "Ruiz", "Russell", "Salazar",
    "Sanders", "Santiago", "Sato", "Silva", "Simmons", "Singh", "Smith", "Solís", "Soto", "Spencer", "Stewart",
    "Sullivan", "Tanaka", "Taylor", "Thompson", "Torres", "Tran", "Turner", "Valdez", "Vargas", "Vazquez", "Walker",
    "Washington", "Watkins", "White", "Williams", "Wilson", "Wong", "Wright", "Yang", "Young",
)  # fmt: skip

GROUPS = (
    "{street} Neighbors", "{area} Block Club", "Friends of {area}", "{area} Neighborhood Association",
    "{area} Garden Circle", "{street} Tenants", "Parents of {area} School", "{area} Seniors Together",
    "{area} Youth Council", "{street} Block Watch", "{area} Walking Group", "Iglesia Comunitaria de {area}",
    "{area} Arts Collective", "New Hope Fellowship of {area}", "{area} Bike Kitchen", "{area} Community Table",
    "Girl Scout Troop of {area}", "{area} Tree Stewards", "Veterans of {area}", "{area} Homework Club",
    "{area} Improvement League", "Vecinos de {area}",
)  # fmt: skip

SPONSORS = (
    "Riverbend Community Development", "Harbor Light Foundation", "Common Ground Alliance", "Open Door Center",
    "Good Neighbor Fund", "Cornerstone Community Services", "Bridges United", "Lantern House",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may apply."""

    first: str
    last: str
    email: str
    phone: str
    language: str = "en"

    @property
    def name(self) -> str:
        return f"{self.first} {self.last}"


def people(rng: Random, *, city: str, area_code: str) -> Iterator[Person]:
    """Yield people of one city, each with a name of their own there, in an endless shuffled order."""
    pairs = rng.sample(range(len(FIRST) * len(LAST)), 400)
    for number, pair in enumerate(pairs):
        first, last = FIRST[pair % len(FIRST)], LAST[pair // len(FIRST)]
        address = f"{_plain(first)}.{_plain(last)}@{city}.example"
        yield Person(first, last, address, f"{area_code}-555-01{number % 100:02d}")


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.lower())
    return "".join(letter for letter in letters if letter.isascii() and letter.isalnum())
