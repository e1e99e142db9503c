"""Places: found by name in lists, known to the gazetteer or not, and drawn where they lie."""

from collections import Counter
from itertools import combinations
from math import hypot

import pytest

from agreements.pictures.drawing.map import draw
from agreements.pictures.drawing.places import overlap
from agreements.pictures.drawing.projection import window
from agreements.pictures.drawing.spots import placed
from agreements.pictures.drawing.svg import width_of
from agreements.pictures.gazetteer import town_of
from agreements.pictures.map import Map, Place, Spot
from agreements.pictures.selection import Selection
from agreements.pictures.timeline import DONE, Entry
from tests import builders
from tests.public import get, slugs


@pytest.mark.parametrize(
    ("country", "name", "town"),
    [
        *(("VN", "Hanoi", "Hanoi"), ("VN", "Hà Nội", "Hanoi"), ("VN", "HA NOI", "Hanoi")),
        *(("VN", "Da Nang", "Da Nang"), ("VN", "Đà Nẵng", "Da Nang"), ("VN", "Danang", "Da Nang")),
        ("VN", "Tiên Sa port, Đà Nẵng", "Da Nang"),
        ("VN", "Saigon", "Ho Chi Minh City"),
        # From the smaller to the larger.
        *(("JP", "Kure, Hiroshima", "Kure"), ("US", "Washington, D.C.", "Washington")),
        # A town and its district, beside each other, and a namesake that is far smaller.
        *(("VN", "Phú Quốc", "Phu Quoc"), ("CN", "Haikou", "Haikou")),
        # What is called so, not what is also called so.
        ("IN", "New Delhi", "New Delhi"),
        # Several, none of them far larger.
        *(("US", "Springfield", None), ("PH", "Quezon", None)),
        # In another country, in none, or nowhere.
        *(("JP", "Hanoi", None), ("", "Hanoi", None), ("SUHH", "Vladivostok", None)),
        *(("VN", "Nowhere Bay", None), ("VN", ",", None), ("VN", "đ", None), ("VN", "*", None)),
    ],
)
def test_a_name_means_one_town_or_none(country, name, town):
    found = town_of(country, name)
    assert (found.name if found else None) == town


def spots(*asked: tuple[str, str, int]) -> list[Spot]:
    found = []
    for country, name, number in asked:
        town = town_of(country, name)
        found.append(Spot(town, (Place(country, name, Counter(meeting=number), town),)))
    return found


CROWD = spots(
    *(("VN", "Hanoi", 120), ("VN", "Haiphong", 14), ("VN", "Hạ Long", 9), ("VN", "Da Nang", 30)),
    *(("JP", "Tokyo", 33), ("JP", "Yokohama", 12), ("JP", "Yokosuka", 5), ("SG", "Singapore", 22)),
    *(("MY", "Putrajaya", 9), ("MY", "Klang", 3), ("PH", "Manila", 25), ("ID", "Jakarta", 1234)),
)
PACIFIC = spots(("JP", "Tokyo", 3), ("US", "Honolulu", 5), ("US", "Seattle", 2))


def points(some: list[Spot]) -> list[tuple[float, float]]:
    return [(spot.town.longitude, spot.town.latitude) for spot in some]


@pytest.mark.parametrize("some", [CROWD, PACIFIC, CROWD[:1], CROWD + PACIFIC])
def test_every_point_and_no_land_beyond_is_in_the_window(some):
    seen = window(points(some), 940)
    assert seen.east - seen.west <= 360
    for east, north in points(some):
        x, y = seen.place(seen.near(east), north)
        assert 0 < x < 940
        assert 0 < y < seen.height
    assert 400 <= seen.height <= 600
    for ring in seen.land():
        assert all(-0.1 <= x <= 940.1 and -0.1 <= y <= seen.height + 0.1 for x, y in ring)


def test_the_pacific_is_seen_across_the_day_line():
    seen = window(points(PACIFIC), 940)
    tokyo, honolulu, seattle = (seen.place(seen.near(x), y)[0] for x, y in points(PACIFIC))
    assert tokyo < honolulu < seattle
    assert seen.east - seen.west < 130


def test_no_circle_and_no_label_lies_on_another():
    seen = window(points(CROWD), 940)
    homes = [
        (spot, seen.place(seen.near(x), y))
        for spot, (x, y) in zip(CROWD, points(CROWD), strict=True)
    ]
    found = placed(homes, 940, seen.height)
    for one, other in combinations(found, 2):
        assert hypot(one.x - other.x, one.y - other.y) >= one.size + other.size
    labels = []
    for each in (each for each in found if each.label):
        wide = width_of(each.label, 12.5)
        left = each.label_x - {"start": 0, "middle": wide / 2, "end": wide}[each.anchor]
        labels.append((left, each.label_y - 11, left + wide, each.label_y + 4))
    assert len(labels) >= 8
    boxes = labels + [each.box for each in found]
    assert not any(overlap(one, other) for one, other in combinations(boxes, 2))
    # The number has room in its circle.
    assert all(width_of(str(each.spot.number), 12) <= 2 * each.size for each in found)


def test_a_map_is_the_same_each_time_and_names_every_point():
    picture = Map(Selection(), tuple(CROWD), (), 100, 0)
    assert draw(picture) == draw(picture)
    for spot in CROWD:
        assert f"<title>{spot.name}, " in draw(picture)


@pytest.fixture(scope="class")
def ledger(class_database):
    vietnam = builders.country("VN")
    builders.publish(
        builders.meeting("hanoi", location_name="Hà Nội", location_country=vietnam),
        builders.meeting("port", location_name="Tiên Sa port, Đà Nẵng", location_country=vietnam),
        builders.meeting("somewhere", location_country=vietnam, status="planned"),
        builders.exercise("at-sea", location_name="Gulf of Thailand"),
        builders.exercise("nowhere", status="cancelled"),
        builders.agreement("under-way", status="under-negotiation"),
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("ledger")
class TestLists:
    @pytest.mark.parametrize(
        ("place", "found"),
        [
            ("VN", {"hanoi", "port", "somewhere"}),
            *(("VN:Hà Nội", {"hanoi"}), ("vn:ha noi", {"hanoi"}), ("VN:hanoi", set())),
            *(("VN:", {"somewhere"}), (":Gulf of Thailand", {"at-sea"}), ("JP", set())),
            ("VN:Tien Sa port, Da Nang", {"port"}),
            (["VN:Hà Nội", ":gulf of thailand"], {"hanoi", "at-sea"}),
        ],
    )
    def test_a_place_is_found_by_its_country_and_name(self, client, place, found):
        assert set(slugs(client, "engagements/", place=place)) == found

    @pytest.mark.parametrize("place", ["XX", ":", "Hanoi", "VNM:Hanoi", ":*", f"VN:{'x' * 201}"])
    def test_what_is_no_place_is_refused(self, client, place):
        problem = get(client, "meetings/", 400, place=place)
        assert problem["errors"][0]["parameter"] == "place"

    def test_what_came_about_and_what_did_not_are_all(self, client):
        come = set(slugs(client, "engagements/", happened="true"))
        assert come == {"hanoi", "port", "at-sea"}
        others = set(slugs(client, "engagements/", happened="false"))
        assert others == {"somewhere", "nowhere", "under-way"}

    def test_a_picture_marks_as_done_what_came_about(self, client):
        for record in get(client, "engagements/")["results"]:
            entry = Entry(record["kind"], record["slug"], "", record["status"], None, ())
            came = record["slug"] in slugs(client, "engagements/", happened="true")
            assert (entry.stage == DONE) == came
