"""The table of countries is what CLDR says, by way of Babel."""

from agreements.countries import country_name, country_table
from tools.country_table import table


def test_the_table_is_what_babel_gives():
    assert country_table() == table()


def test_every_country_of_iso_3166_is_there_once():
    alpha3 = [row["alpha3"] for row in country_table().values()]
    assert len(alpha3) == 249
    assert len(set(alpha3)) == 249
    assert list(country_table()) == sorted(country_table())


def test_codes_have_two_and_three_capitals():
    for code, row in country_table().items():
        assert (len(code), len(row["alpha3"])) == (2, 3)
        assert code.isupper()
        assert row["alpha3"].isupper()


def test_norway_is_not_a_falsehood():
    assert country_name("NO") == "Norway"
    assert country_table()["NO"]["alpha3"] == "NOR"


def test_names_are_in_the_language_asked_for():
    assert country_name("VN", "vi") == "Việt Nam"
    assert country_name("JP", "vi") == "Nhật Bản"
    assert country_name("JP", "vi-VN") == "Nhật Bản"


def test_a_language_that_the_table_lacks_gives_the_english_name():
    assert country_name("JP", "fr") == "Japan"


def test_what_has_no_code_of_iso_3166_is_not_there():
    assert {"XK", "EU", "UN", "SU", "UK"}.isdisjoint(country_table())
