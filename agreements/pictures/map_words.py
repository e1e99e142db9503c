"""What the map says in words."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.pictures.map import Map, Place, Spot
from agreements.pictures.sides import named
from agreements.pictures.words import by_kind


def title() -> str:
    return _("Places of agreements, meetings and exercises")


def description(picture: Map) -> str:
    parts = {"spots": len(picture.spots), "records": sum(spot.number for spot in picture.spots)}
    return (
        _(
            "%(spots)d towns in which %(records)d records took place, each with its number of "
            "records. The table gives the same, and all places that are not on the map."
        )
        % parts
    )


def spot(point: Spot) -> str:
    parts = {
        "name": point.name,
        "country": named(point.country),
        "kinds": by_kind(point.kinds),
    }
    return _("%(name)s, %(country)s: %(kinds)s") % parts


def place(each: Place) -> str:
    return each.name or _("no place named")


def country(each: Place) -> str:
    return named(each.country) if each.country else _("no country named")


def on_the_map(each: Place) -> str:
    """What the gazetteer knows a place as, or why the place is not on the map."""
    if each.town is not None:
        return each.town.name
    return _("place not found in the gazetteer") if each.name else "–"


def longitude(degree: int) -> str:
    degree = (degree + 180) % 360 - 180
    if degree % 180 == 0:
        return f"{abs(degree)}°"
    return (_("%(degree)d° E") if degree > 0 else _("%(degree)d° W")) % {"degree": abs(degree)}


def latitude(degree: int) -> str:
    if not degree:
        return "0°"
    return (_("%(degree)d° N") if degree > 0 else _("%(degree)d° S")) % {"degree": abs(degree)}


def no_town() -> str:
    return _("No record here names a town that the gazetteer knows.")


def sources() -> list[str]:
    """Where coordinates and outlines come from, as their licences ask."""
    return [
        _("Places: GeoNames, geonames.org, CC BY 4.0"),
        _("Land: Natural Earth, naturalearthdata.com, public domain"),
    ]


def notes(picture: Map) -> Iterator[str]:
    """What a reader of the map should know of it."""
    yield _(
        "A point is a town in which records place something. The map draws land and no borders, "
        "and says nothing about whose any place is."
    )
    if picture.unplaced:
        text = ngettext(
            "%(number)d record names only a country, or a place that the gazetteer does not know "
            "for certain: it is in the table, and not on the map.",
            "%(number)d records name only a country, or a place that the gazetteer does not know "
            "for certain: they are in the table, and not on the map.",
            picture.unplaced,
        )
        yield text % {"number": picture.unplaced}
    if picture.nowhere:
        text = ngettext(
            "%(number)d record does not say where it took place.",
            "%(number)d records do not say where they took place.",
            picture.nowhere,
        )
        yield text % {"number": picture.nowhere}
    if picture.other_spots or picture.other_places:
        parts = {"spots": picture.other_spots, "places": picture.other_places}
        yield (
            _(
                "Left out, having fewest records: %(spots)d points of the map, and %(places)d "
                "places of the table."
            )
            % parts
        )
    if not picture.selection.happened:
        yield _("What is planned or was called off is counted too.")
