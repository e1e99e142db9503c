"""What is found in invented press reports: every date, country and force, to the character."""

import pytest

from agreements.suggestions.dates import find_dates
from agreements.suggestions.names import Gazetteer
from tests.press import REGISTER, reports

pytestmark = pytest.mark.anywhere

REPORTS = [pytest.param(*each[1:], id=each[0]) for each in reports()]


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return Gazetteer(REGISTER)


def words(text, marks):
    """The marks with their words, so that a failure can be read."""
    return [(span.of(text), value) for span, value in sorted(marks.items())]


def test_there_are_reports_of_both_languages():
    languages = [language for _, language, _, _ in reports()]
    assert languages.count("en") >= 15
    assert languages.count("vi") >= 10


@pytest.mark.parametrize(("language", "published", "report"), REPORTS)
def test_every_date_of_a_report_is_found_and_nothing_else(language, published, report):
    dates = {date.span: date.edtf for date in find_dates(report.text, published, language)}
    assert words(report.text, dates) == words(report.text, report.dates)


@pytest.mark.parametrize(("language", "published", "report"), REPORTS)
def test_every_country_of_a_report_is_found_and_nothing_else(
    gazetteer, language, published, report
):
    names = gazetteer.find(report.text, language)
    countries = {name.span: name.key for name in names if name.kind == "country"}
    assert words(report.text, countries) == words(report.text, report.countries)


@pytest.mark.parametrize(("language", "published", "report"), REPORTS)
def test_every_force_of_a_report_is_found_and_nothing_else(gazetteer, language, published, report):
    names = gazetteer.find(report.text, language)
    forces = {name.span: name.key for name in names if name.kind in ("force", "new-force")}
    assert words(report.text, forces) == words(report.text, report.forces)
