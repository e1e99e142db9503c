"""Where things took place: towns that the gazetteer knows, and all other places by name."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Count, JSONField, Max
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast

from agreements.models import Publication, PublicationFacet
from agreements.pictures.gazetteer import Town, town_of
from agreements.pictures.selection import Selection
from agreements.pictures.sides import named

# More places than these nobody reads; those with fewest records are left out.
MOST_PLACES = 1000
# So many points can be told apart.
MOST_SPOTS = 60


@dataclass(frozen=True)
class Place:
    """A place as records name it, and how many do, by kind.

    `country` is a code, or "" where records say none; `name` is "" where they name the country
    alone. `town`: what the gazetteer knows it as.
    """

    country: str
    name: str
    kinds: Counter[str]
    town: Town | None

    @property
    def parameter(self) -> str:
        """What finds it in the catalogue."""
        return f"{self.country}:{self.name}"

    @property
    def number(self) -> int:
        return self.kinds.total()


@dataclass(frozen=True)
class Spot:
    """A point of the map: a town, and the names by which records place something there."""

    town: Town
    places: tuple[Place, ...]

    @property
    def name(self) -> str:
        """What it is called: by the records where they agree, and do not say more than the town."""
        names = {place.name for place in self.places}
        (first, *others) = sorted(names)
        return self.town.name if others or "," in first else first

    @property
    def country(self) -> str:
        return self.places[0].country

    @property
    def kinds(self) -> Counter[str]:
        return sum((place.kinds for place in self.places), Counter())

    @property
    def number(self) -> int:
        return self.kinds.total()


@dataclass(frozen=True)
class Map:
    """What the picture and its table show.

    `spots` are drawn, most records first; `places` are all of them, by country, those of a town
    first. `records` counts the selected records, and `nowhere` those of them that say no place.
    `other_spots` and `other_places` are left out, having fewest records.
    """

    selection: Selection
    spots: tuple[Spot, ...]
    places: tuple[Place, ...]
    records: int
    nowhere: int
    other_spots: int = 0
    other_places: int = 0

    @property
    def unplaced(self) -> int:
        """How many records say a place that is no point: a country alone, or an unknown name."""
        return sum(place.number for place in self.places if place.town is None)


def map_of(selection: Selection) -> Map:
    """Read the map of what is selected. Three queries, however many records."""
    records = selection.records().order_by()
    total = records.count()
    places = sorted(_places(selection), key=lambda place: (-place.number, place.parameter))
    placed = sum(place.number for place in places)
    shown, others = places[:MOST_PLACES], max(0, len(places) - MOST_PLACES)
    by_town: dict[tuple[str, Town], list[Place]] = defaultdict(list)
    for place in shown:
        if place.town is not None:
            by_town[place.country, place.town].append(place)
    spots = [Spot(town, tuple(some)) for (_code, town), some in by_town.items()]
    spots.sort(key=lambda spot: (-spot.number, spot.country, spot.town.name))
    return Map(
        selection,
        tuple(spots[:MOST_SPOTS]),
        tuple(sorted(shown, key=_by_country)),
        total,
        total - placed,
        other_spots=max(0, len(spots) - MOST_SPOTS),
        other_places=others,
    )


def _by_country(place: Place) -> tuple[bool, str, bool, bool, int, str]:
    """By country; towns of the gazetteer first, then other names, then the country alone."""
    country = named(place.country) if place.country else ""
    return not country, country, place.town is None, not place.name, -place.number, place.name


def _places(selection: Selection) -> Iterator[Place]:
    """Yield every place that records name, from one query for numbers and one for names."""
    # A facet without a colon is of the country as a whole.
    rows = PublicationFacet.objects.filter(
        facet="place", value__contains=":", publication__in=selection.records().order_by()
    ).order_by()
    grouped = rows.values("value", "publication__kind").annotate(
        number=Count("pk"), latest=Max("publication")
    )
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    latest: dict[str, int] = {}
    for row in grouped:
        key = row["value"]
        kinds[key][row["publication__kind"]] += row["number"]
        latest[key] = max(latest.get(key, 0), row["latest"])
    location = KeyTextTransform("name", KeyTextTransform("location", Cast("body", JSONField())))
    spelt = dict(
        Publication.objects.filter(pk__in=latest.values())
        .annotate(place=location)
        .values_list("pk", "place")
    )
    for key, each in kinds.items():
        country, _colon, folded = key.partition(":")
        # SQLite has JSON's null as a text.
        name = spelt[latest[key]] if folded else ""
        yield Place(country, name, each, town_of(country, name) if name else None)
