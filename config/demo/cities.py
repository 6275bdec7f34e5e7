"""The cities of the 2024–26 cohort. Name, zone and place are real; desks, addresses and numbers are not."""

from dataclasses import dataclass

EASTERN, CENTRAL, MOUNTAIN, PACIFIC = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
)


@dataclass(frozen=True, slots=True)
class DemoCity:
    """One city of the demo. ``reach`` is how far its neighborhoods lie around the center, in kilometers."""

    slug: str
    name: str
    region: str
    timezone: str
    latitude: float
    longitude: float
    population: int
    accent: str
    reach: float
    neighborhoods: tuple[str, ...]
    area_code: str
    languages: tuple[str, ...] = ("en",)
    fiscal_month: int = 7

    @property
    def contact(self) -> dict[str, str]:
        """Whom residents call. Numbers ending in 555-01xx are never given to anybody."""
        return {
            "contact_name": "Love Your Block desk",
            "contact_email": f"loveyourblock@{self.slug}.example",
            "contact_phone": f"{self.area_code}-555-0142",
            "contact_address": f"City Hall, {self.name}, {self.region}",
        }


BOTH = ("en", "es")

DEMO_CITIES: tuple[DemoCity, ...] = (
    DemoCity(
        "allentown", "Allentown", "PA", EASTERN, 40.6023, -75.4714, 125_845, "#5b2a86", 3.2,
        ("Cedar Furnace", "Gordon Hill", "Jordan Bend", "Linden Steps", "Old Silk Mill", "Ridge Common",
         "South Fountain", "Trout Run", "Union Terrace Park"),
        "610", BOTH, 1,
    ),
    DemoCity(
        "baltimore", "Baltimore", "MD", EASTERN, 39.3004, -76.6122, 585_708, "#8a4b08", 6.5,
        ("Ashburn Row", "Barclay Green", "Carroll Steps", "Druid Corner", "Eastwick Terrace", "Falls Bend",
         "Gwynn Hollow", "Harlem Gate", "Lombard Yard", "Mill Race", "Patterson Rise", "Rosemont Court",
         "Tilden Park", "Union Hill"),
        "410", BOTH,
    ),
    DemoCity(
        "charleston", "Charleston", "SC", EASTERN, 32.8100, -79.9900, 150_227, "#0b6e6e", 5.0,
        ("Ashley Bluff", "Battery Oaks", "Camellia Row", "Live Oak Landing", "Marsh View", "Palmetto Green",
         "Rosemary Neck", "Tidewater Park"),
        "843", ("en",), 1,
    ),
    DemoCity(
        "durham", "Durham", "NC", EASTERN, 35.9940, -78.8986, 283_506, "#7a1f3d", 5.2,
        ("Bull Creek", "Calloway Park", "East Depot", "Golden Leaf", "Holloway Green", "Old Tobacco Row",
         "Pine Knoll", "Sandy Ellerbe", "West Loom"),
        "919",
    ),
    DemoCity(
        "fall-river", "Fall River", "MA", EASTERN, 41.7015, -71.1400, 94_000, "#1f4e79", 2.6,
        ("Bell Tower", "Corky Row South", "Globe Yard", "Granite Mill", "Highland Steps", "Quequechan Bend",
         "Watuppa Side"),
        "508",
    ),
    DemoCity(
        "port-st-lucie", "Port St. Lucie", "FL", EASTERN, 27.2730, -80.3582, 204_851, "#a23b00", 6.0,
        ("Crane Lake", "Heron Bay", "Mangrove Park", "Old River Grove", "Sable Palm", "Sandpiper",
         "Tropical Acres"),
        "772", BOTH, 10,
    ),
    DemoCity(
        "louisville", "Louisville", "KY", "America/Kentucky/Louisville", 38.2327, -85.7585, 633_045, "#3a5f0b", 6.2,
        ("Algonquin Bend", "Bourbon Row", "Chickasaw Green", "Derby Steps", "Falls Landing", "Germantown Yard",
         "Limerick Rise", "Parkland Court", "Shelby Oaks", "Smoketown Square"),
        "502",
    ),
    DemoCity(
        "columbia", "Columbia", "MO", CENTRAL, 38.9517, -92.3341, 126_254, "#6b4e00", 4.0,
        ("Bear Creek", "Benton Steps", "Flat Branch", "Hinkson Bend", "North Depot", "Ridgeway Green",
         "Worley Park"),
        "573", ("en",), 10,
    ),
    DemoCity(
        "dallas", "Dallas", "TX", CENTRAL, 32.7767, -96.7970, 1_304_379, "#00538a", 8.5,
        ("Bonton Green", "Cedar Trinity", "East Limestone", "Five Mile Bend", "Joppa Oaks", "Kessler Yard",
         "Lakewest Park", "Mesquite Row", "Oak Bluff", "Pecan Court", "Red Bird Rise", "White Rock Steps"),
        "214", BOTH, 10,
    ),
    DemoCity(
        "evanston", "Evanston", "IL", CENTRAL, 42.0451, -87.6977, 78_110, "#4b2e83", 2.2,
        ("Canal Bank", "Dempster Yard", "Lake Shore Row", "Mason Green", "Northlight", "West End Gardens"),
        "847", BOTH, 1,
    ),
    DemoCity(
        "gary", "Gary", "IN", CENTRAL, 41.5834, -87.3464, 69_093, "#8b1e1e", 4.2,
        ("Aetna Park", "Brunswick Green", "Dune Side", "Glen Steel", "Horace Oaks", "Midtown Square",
         "Tolleston Bend"),
        "219", ("en",), 1,
    ),
    DemoCity(
        "little-rock", "Little Rock", "AR", CENTRAL, 34.7365, -92.3196, 202_591, "#0f5c4d", 5.0,
        ("Arch Street Row", "Capitol Steps", "Fourche Bend", "Granite Heights", "Hanger Green", "Oak Forest Park",
         "Pettaway Square", "River Bluff"),
        "501", ("en",), 1,
    ),
    DemoCity(
        "rapid-city", "Rapid City", "SD", MOUNTAIN, 44.0705, -103.2310, 74_703, "#5a3e2b", 3.2,
        ("Badger Hollow", "Canyon Side", "North Rushmore", "Pine Ridge Court", "Robbins Green", "Star Meadow"),
        "605", ("en",), 1,
    ),
    DemoCity(
        "long-beach", "Long Beach", "CA", PACIFIC, 33.8001, -118.1700, 466_742, "#005f73", 5.0,
        ("Anaheim Gate", "Bixby Green", "Cambodia Row", "Cherry Steps", "Harbor Side", "Los Cerritos Bend",
         "Magnolia Yard", "Poly Square", "Rose Park South", "Willow Court"),
        "562", BOTH, 10,
    ),
    DemoCity(
        "reno", "Reno", "NV", PACIFIC, 39.5296, -119.8138, 264_165, "#7a2e8e", 4.4,
        ("Arch Side", "Donner Steps", "Midtown Yard", "Peavine Rise", "Sagebrush Court", "Truckee Bend",
         "Wells Green"),
        "775", BOTH,
    ),
    DemoCity(
        "san-bernardino", "San Bernardino", "CA", PACIFIC, 34.1233, -117.2898, 222_101, "#9a3412", 4.8,
        ("Arrowhead Row", "Blair Park", "Cajon Gate", "Del Rosa Green", "Lytle Bend", "Mountain View Court",
         "Orange Grove", "Santa Fe Yard"),
        "909", BOTH,
    ),
)  # fmt: skip

STREETS = (
    "Tilden Street", "Maple Avenue", "Calloway Street", "North Bond Street", "Ellery Lane", "Fourth Street",
    "Grant Avenue", "Harlan Street", "Linden Court", "Mercer Street", "Olive Street", "Prospect Avenue",
    "Quarry Road", "Riverside Drive", "Sycamore Street", "Union Street", "Vine Street", "Washburn Avenue",
    "Willow Lane", "Wren Street", "Second Street", "Ninth Street", "Juniper Way", "Hollis Street",
    "Delmar Avenue", "Cotter Street", "Bellweather Road", "Ash Street", "Orchard Street", "Station Road",
)  # fmt: skip
