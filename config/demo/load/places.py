"""Two hundred and eighty invented cities to measure with."""

from config.demo.cities import CENTRAL, EASTERN, MOUNTAIN, PACIFIC, DemoCity

CITIES = 280
FIRST_CITY_HOLDS = 12_000
ZONES = (EASTERN, CENTRAL, MOUNTAIN, PACIFIC)
AREAS = ("Old Town", "Mill Side", "North End", "South Yard", "East Rise", "West Bend", "Market Square")
ACCENTS = ("#005ea2", "#5b2a86", "#8a4b08", "#0b6e6e", "#7a1f3d", "#3a5f0b")


def load_city(number: int) -> DemoCity:
    """Return city ``number`` of 1 to 280, on a grid over the country."""
    row, column = divmod(number - 1, 20)
    zone = ZONES[min(3, (19 - column) // 5)]
    return DemoCity(
        slug=f"load-{number:03d}",
        name=f"Load City {number:03d}",
        region=("PA", "IL", "CO", "CA")[ZONES.index(zone)],
        timezone=zone,
        latitude=31.0 + row * 1.1,
        longitude=-121.0 + column * 2.2,
        population=40_000 + number * 1_700,
        accent=ACCENTS[number % len(ACCENTS)],
        reach=4.0,
        neighborhoods=AREAS,
        area_code="202",
    )


def spread(count: int) -> list[int]:
    """Return how many applications each city gets: 12,000 the first, the rest evenly.

    Where there are too few for that, the first gets half.
    """
    first = FIRST_CITY_HOLDS if count >= FIRST_CITY_HOLDS + CITIES else (count + 1) // 2
    each, more = divmod(count - first, CITIES - 1)
    return [first, *(each + (1 if number < more else 0) for number in range(CITIES - 1))]
