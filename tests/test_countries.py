"""The table of countries is what CLDR says, by way of Babel, and former states stand beside."""

import pytest

from agreements.countries import country_name, country_table
from agreements.models import Country
from agreements.suggestions.country_names import countries_in
from agreements.suggestions.words import words_of
from tools.country_table import table

FORMER = {code: row for code, row in country_table().items() if "former" in row}
PRESENT = {code: row for code, row in country_table().items() if "former" not in row}


def test_the_table_is_what_babel_gives():
    assert country_table() == table()


def test_every_country_of_iso_3166_and_kosovo_is_there_once():
    assert len(PRESENT) == 249 + 1
    alpha3 = [row["alpha3"] for row in country_table().values()]
    assert len(set(alpha3)) == len(alpha3)
    assert list(country_table()) == sorted(country_table())


def test_codes_have_capitals_two_and_three_or_four_and_three():
    for code, row in country_table().items():
        assert (len(code), len(row["alpha3"])) == (4 if "former" in row else 2, 3)
        assert code.isupper()
        assert row["alpha3"].isupper()


def test_former_states_lead_to_those_in_their_place():
    assert FORMER["SUHH"]["alpha3"] == "SUN"
    assert FORMER["SUHH"]["former"]["until"] == "1992"
    assert len(FORMER["SUHH"]["former"]["successors"]) == 15
    for row in FORMER.values():
        assert row["former"]["until"].isdecimal()
        assert set(row["former"]["successors"]) <= country_table().keys()
        assert row["names"].keys() == {"en", "vi"}


def test_names_differ():
    for language in ("en", "vi"):
        names = [row["names"][language] for row in country_table().values()]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("ships of the Soviet Union", "SUHH"),
        ("tàu của Liên Xô", "SUHH"),
        ("the navy of Yugoslavia", "YUCS"),
        ("a visit to Burma", "MM"),
        ("thăm Đông Timor", "TL"),
        ("the police of Kosovo", "XK"),
    ],
)
def test_texts_name_former_states_and_those_of_an_old_name_as_they_are_today(text, code):
    found = countries_in(text, words_of(text), not text.isascii())
    assert [each.code for each in found] == [code]


@pytest.mark.django_db
def test_a_former_state_is_a_country_of_the_desk():
    country = Country(code="SUHH")
    country.full_clean(exclude=["alpha3"])
    country.save()
    assert (country.alpha3, country.name) == ("SUN", "Soviet Union")


def test_norway_is_not_a_falsehood():
    assert country_name("NO") == "Norway"
    assert country_table()["NO"]["alpha3"] == "NOR"


def test_names_are_in_the_language_asked_for():
    assert country_name("VN", "vi") == "Việt Nam"
    assert country_name("JP", "vi") == "Nhật Bản"
    assert country_name("JP", "vi-VN") == "Nhật Bản"
    assert country_name("SUHH", "vi") == "Liên Xô"


def test_a_language_that_the_table_lacks_gives_the_english_name():
    assert country_name("JP", "fr") == "Japan"


def test_what_has_no_code_is_not_there():
    assert {"EU", "UN", "SU", "UK"}.isdisjoint(country_table())
