"""What is found for a record that may be of the same event as another."""

from dataclasses import replace

import pytest
from django.utils.translation import override

from agreements.countries import country_table
from agreements.likeness import Candidate, explained, likely_same, likely_same_many
from agreements.models import KINDS, Country, Force, ForceName, Participant, Series
from tests.twins import FORCES, OTHERS, TWINS, Told, candidate

pytestmark = pytest.mark.django_db

UNREAD = {"agreement": {"status": "signed"}, "meeting": {"status": "held"}}
UNREAD["exercise"] = {"status": "held", "activity": "other"}


def country(code: str) -> Country:
    alpha3 = country_table()[code]["alpha3"]
    return Country.objects.get_or_create(code=code, defaults={"alpha3": alpha3})[0]


@pytest.fixture
def forces():
    for slug, (code, english, vietnamese, acronym) in FORCES.items():
        row = Force.objects.create(slug=slug, name=english, country=country(code), kind="other")
        for text, language in ((english, "en"), (vietnamese, "vi"), (acronym, "en")):
            kind = "acronym" if text == acronym else "official"
            if text != acronym or acronym.casefold() != english.casefold():
                ForceName.objects.create(force=row, text=text, language=language, kind=kind)


def saved(row: Told, slug: str):
    """A row as a record of the desk."""
    values = dict(row)
    kind, sides = values.pop("kind"), values.pop("sides").split()
    if name := values.pop("series", ""):
        values["series"] = Series.objects.get_or_create(slug=name, defaults={"title": name})[0]
    record = KINDS[kind].objects.create(**{**UNREAD[kind], **values, "slug": slug})
    for name in sides:
        force = Force.objects.filter(slug=name).first() if name in FORCES else None
        side = country(FORCES[name][0] if force else name)
        Participant.objects.create(engagement=record, country=side, force=force)
    return record


@pytest.fixture
def desk(forces) -> list[int]:
    """The desk with the first record of each pair of twins; their numbers."""
    return [saved(first, f"twin-{number}").pk for number, (first, _) in enumerate(TWINS)]


def every() -> list[Candidate]:
    return [candidate(second) for _, second in TWINS] + [candidate(row) for row in OTHERS]


class TestTwins:
    def test_most_are_found_and_little_else(self, desk):
        found = {
            (place, each.pk)
            for place, likely in likely_same_many(every()).items()
            for each in likely
        }
        right = {(place, number) for place, number in enumerate(desk)}
        recall, precision = len(found & right) / len(right), len(found & right) / len(found)
        print(f"recall {recall:.2f}, precision {precision:.2f}")
        assert (recall, precision) >= (0.9, 0.9), (right - found, found - right)

    def test_one_at_a_time_as_many_are_found_as_together(self, desk):
        together = likely_same_many(every())
        for place, each in enumerate(every()):
            assert likely_same(each) == together.get(place, []), each.title

    def test_it_does_not_matter_which_came_first(self, forces):
        for number, (_, second) in enumerate(TWINS):
            saved(second, f"twin-{number}")
        found = likely_same_many([candidate(first) for first, _ in TWINS])
        assert len(found) >= 0.9 * len(TWINS)

    def test_as_many_queries_for_thousands_as_for_thirty(self, desk, django_assert_num_queries):
        with django_assert_num_queries(6):
            likely_same_many(every())
        with django_assert_num_queries(6):
            likely_same_many(every() * 40)
        with django_assert_num_queries(7):
            likely_same(every()[0])

    def test_no_more_than_ten_are_given(self, forces):
        for number in range(15):
            saved(TWINS[0][0], f"copy-{number}")
        assert len(likely_same(candidate(TWINS[0][1]))) == 10


HELD = {
    "kind": "exercise",
    "title": "Joint patrol",
    "date": "2020-04-21",
    "sides": "vcg ccg",
    "activity": "joint-patrol",
}


@pytest.mark.parametrize(
    ("changed", "alike"),
    [
        ({}, True),
        ({"date": "2020-04"}, True),
        ({"date": "2020-04-20/2020-04-22"}, True),
        ({"date": "2020-04-22?"}, True),
        ({"date": "XXXX-04-21"}, True),
        ({"date": ""}, True),
        ({"sides": "VN CN"}, True),
        ({"sides": "vcg ccg KR"}, True),
        ({"activity": "joint-law-enforcement"}, True),
        ({"title": "Tuần tra chung giữa Cảnh sát biển Việt Nam và Hải cảnh Trung Quốc"}, True),
        ({"date": "2020-04-22"}, False),
        ({"date": "2021"}, False),
        ({"date": "XXXX-05"}, False),
        ({"sides": "vcg jcg"}, False),
        ({"sides": "vcg"}, True),
        ({"sides": "vcg", "title": "Patrol training", "date": "2020"}, False),
        ({"sides": ""}, False),
        ({"sides": "vcg ccg KR JP PH ID MY"}, True),
        ({"sides": "vcg ccg KR JP PH ID MY", "title": "Exercise CALM SEA"}, False),
        ({"activity": "training-course"}, False),
        ({"kind": "meeting", "activity": ""}, False),
        ({"title": "Second joint patrol"}, True),
        ({"title": "Donation of radios", "activity": "other", "date": ""}, False),
    ],
)
def test_what_makes_it_another_event(forces, changed, alike):
    saved(HELD, "patrol")
    assert bool(likely_same(candidate({**HELD, **changed}))) is alike


def test_another_number_is_another_event(forces):
    saved({**HELD, "title": "Third joint patrol"}, "patrol")
    assert likely_same(candidate({**HELD, "title": "3rd joint patrol"}))
    assert not likely_same(candidate({**HELD, "title": "Fourth joint patrol"}))
    assert not likely_same(candidate({**HELD, "series": "patrols", "ordinal": 4}))


def test_a_number_of_a_series_is_enough(forces):
    saved({**HELD, "sides": "", "date": "", "series": "patrols", "ordinal": 4}, "patrol")
    (likely,) = likely_same(candidate({**HELD, "series": "patrols", "ordinal": 4}))
    assert likely.nearness >= 90
    assert explained(likely.because).startswith("Number 4 in a series")


def test_withdrawn_records_are_left_out(forces):
    record = saved(HELD, "patrol")
    type(record).objects.filter(pk=record.pk).update(review_state="withdrawn")
    assert not likely_same(candidate(HELD))


def test_a_saved_record_is_not_like_itself(forces):
    record = saved(HELD, "patrol")
    assert not likely_same(replace(candidate(HELD), pk=record.pk))


def test_sides_are_read_from_the_title_where_none_are_named(forces):
    saved(HELD, "patrol")
    assert likely_same(candidate({**HELD, "sides": "", "title": "Vietnam–China joint patrol"}))


def test_thirty_nine_parties_are_one_line(forces):
    codes = " ".join(list(country_table())[:39])
    saved({**HELD, "sides": codes}, "patrol")
    (likely,) = likely_same(candidate({**HELD, "sides": codes.rpartition(" ")[0]}))
    assert explained(likely.because).startswith("38 of 39 parties in common, same date")


def test_the_line_is_in_the_readers_language(forces):
    saved(HELD, "patrol")
    (likely,) = likely_same(candidate({**HELD, "date": "2020-04", "sides": "VN CN"}))
    assert explained(likely.because) == (
        "Same parties (China, Vietnam), dates that overlap (April 2020; 21 April 2020), "
        "joint patrol, titles 100 % alike"
    )
    with override("vi"):
        assert "Trung Quốc" in explained(likely.because)


@pytest.mark.parametrize(
    "because",
    [{}, {"countries": ["XX"]}, {"dates": ["x", "y"]}, {"dates": ["2020"]}, {"level": "no such"}],
)
def test_a_line_of_what_is_not_known_is_a_line(because):
    assert isinstance(explained(because), str)


@pytest.mark.parametrize("text", ["", " ", "\x00", "?!", "1" * 300, "the of and", "🙂" * 100])
def test_titles_of_any_sort_are_compared(forces, text):
    saved({**HELD, "title": "Joint patrol"}, "patrol")
    assert len(likely_same(candidate({**HELD, "title": text}))) <= 1
