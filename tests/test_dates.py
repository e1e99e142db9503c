import calendar
import copy
import datetime
import pickle

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agreements.dates import MAX_LENGTH, PartialDate, PartialDateError

pytestmark = pytest.mark.anywhere

# Examples of the specification (levels 0 and 1, then the part of level 2 that is accepted),
# with the first and last day that each can mean.
ACCEPTED = [
    ("1985-04-12", "1985-04-12", "1985-04-12"),
    ("1985-04", "1985-04-01", "1985-04-30"),
    ("1985", "1985-01-01", "1985-12-31"),
    ("2024-02", "2024-02-01", "2024-02-29"),
    ("1900-02", "1900-02-01", "1900-02-28"),
    ("0001", "0001-01-01", "0001-12-31"),
    ("9999", "9999-01-01", "9999-12-31"),
    ("1985-04-12T23:20:30", "1985-04-12", "1985-04-12"),
    ("1985-04-12T23:20:30Z", "1985-04-12", "1985-04-12"),
    ("1985-04-12T23:20:30-04", "1985-04-12", "1985-04-12"),
    ("1985-04-12T23:20:30+04:30", "1985-04-12", "1985-04-12"),
    ("1964/2008", "1964-01-01", "2008-12-31"),
    ("2004-06/2006-08", "2004-06-01", "2006-08-31"),
    ("2004-02-01/2005-02-08", "2004-02-01", "2005-02-08"),
    ("2004-02-01/2005-02", "2004-02-01", "2005-02-28"),
    ("2004-02-01/2005", "2004-02-01", "2005-12-31"),
    ("2005/2006-02", "2005-01-01", "2006-02-28"),
    ("2015/2015", "2015-01-01", "2015-12-31"),
    ("Y170000002", None, None),
    ("Y-170000002", None, None),
    ("-1985", None, None),
    ("0000", None, None),
    ("2001-21", "2001-01-01", "2001-12-31"),
    ("2001-22", "2001-01-01", "2002-02-28"),
    ("2001-23", "2001-01-01", "2001-12-31"),
    ("2003-24", "2003-01-01", "2004-02-29"),
    ("1984?", "1984-01-01", "1984-12-31"),
    ("2004-06~", "2004-06-01", "2004-06-30"),
    ("2004-06-11%", "2004-06-11", "2004-06-11"),
    ("201X", "2010-01-01", "2019-12-31"),
    ("20XX", "2000-01-01", "2099-12-31"),
    ("1XXX", "1000-01-01", "1999-12-31"),
    ("2004-XX", "2004-01-01", "2004-12-31"),
    ("1985-04-XX", "1985-04-01", "1985-04-30"),
    ("1985-XX-XX", "1985-01-01", "1985-12-31"),
    ("1985-04-12/..", "1985-04-12", None),
    ("1985-04/..", "1985-04-01", None),
    ("1985/..", "1985-01-01", None),
    ("../1985-04-12", None, "1985-04-12"),
    ("../1985-04", None, "1985-04-30"),
    ("../1985", None, "1985-12-31"),
    ("1985-04-12/", "1985-04-12", None),
    ("1985/", "1985-01-01", None),
    ("/1985-04", None, "1985-04-30"),
    ("/1985", None, "1985-12-31"),
    ("1984~/2004-06", "1984-01-01", "2004-06-30"),
    ("1984/2004-06~", "1984-01-01", "2004-06-30"),
    ("1984?/2004%", "1984-01-01", "2004-12-31"),
    ("1984-06-02?/2004-08-08~", "1984-06-02", "2004-08-08"),
    ("2004-06-XX/2004-07-03", "2004-06-01", "2004-07-03"),
    ("2001-21/2003", "2001-01-01", "2003-12-31"),
    ("2021?-09-12", "2021-09-12", "2021-09-12"),
    ("2004-06~-11", "2004-06-11", "2004-06-11"),
    ("XXXX-07", None, None),
    ("XXXX-07-24", None, None),
    ("XXXX-02-29", None, None),
    ("XXXX-07-24/XXXX-07-28", None, None),
    ("XXXX-12-30/XXXX-01-02", None, None),
    # A day that datetime.date cannot hold is no bound.
    ("0XXX", None, "0999-12-31"),
    ("9999-24", "9999-01-01", None),
    ("-0044/0014", None, "0014-12-31"),
]

REFUSED = [
    ("2023-2-1", "syntax", "2023-02-01"),
    ("2023/02/01", "syntax", "2023-02-01"),
    ("2023.02.01", "syntax", "2023-02-01"),
    ("20230201", "syntax", "2023-02-01"),
    ("2023-02-01 10:00", "syntax", "2023-02-01"),
    ("September 2015", "syntax", "2015-09"),
    ("1 Sept. 2015", "syntax", "2015-09-01"),
    ("September 1, 2015", "syntax", "2015-09-01"),
    ("24 July", "syntax", "XXXX-07-24"),
    ("24–28 July", "syntax", "XXXX-07-24/XXXX-07-28"),
    ("19-22 December 2023", "syntax", "2023-12-19/2023-12-22"),
    ("19 December to 22 December 2023", "syntax", "2023-12-19/2023-12-22"),
    ("28 December to 3 January 2024", "syntax", None),
    ("tháng 9 năm 2015", "syntax", "2015-09"),
    ("ngày 12 tháng 9 năm 2015", "syntax", "2015-09-12"),
    ("12/2023", "syntax", "2023-12"),
    ("25/12/2023", "syntax", "2023-12-25"),
    ("12/25/2023", "syntax", "2023-12-25"),
    ("5/5/2023", "syntax", "2023-05-05"),
    ("c. 2024", "syntax", "2024~"),
    ("2010s", "syntax", "201X"),
    ("1900s", "syntax", None),
    ("201x", "syntax", "201X"),
    ("2004-uu", "syntax", "2004-XX"),
    ("2004?~", "syntax", "2004%"),
    ("1984/open", "syntax", "1984/.."),
    ("unknown/2006", "syntax", "/2006"),
    ("2023-12-19/22", "syntax", "2023-12-19/2023-12-22"),
    ("2023–02–01", "syntax", "2023-02-01"),
    ("2023-12-19–2023-12-22", "syntax", "2023-12-19/2023-12-22"),
    ("1985–1990", "syntax", "1985/1990"),
    ("2015–", "syntax", None),
    (" 2015 ", "syntax", "2015"),
    ("2015\n", "syntax", "2015"),
    ("٢٠١٥", "syntax", "2015"),
    ("2023-02-01T24:00:00", "syntax", "2023-02-01"),
    ("Y2023", "syntax", "2023"),
    ("-0000", "syntax", "0000"),
    ("2023\x00", "syntax", None),
    ("2023-02-01T10:00:00/2023-02-02T10:00:00", "syntax", "2023-02-01/2023-02-02"),
    ("03/04/2023", "ambiguous", None),
    ("3-4-2023", "ambiguous", None),
    ("01/02/03", "ambiguous", None),
    ("2001–04", "ambiguous", None),
    ("2023-02-30", "calendar", "2023-02"),
    ("2023-02-29", "calendar", "2023-02"),
    ("XXXX-02-30", "calendar", "XXXX-02"),
    ("2015-09-00", "calendar", "2015-09"),
    ("2015-00-00", "calendar", "2015"),
    ("2023-13", "calendar", None),
    ("2023-13-05", "calendar", None),
    ("2001-21-01", "calendar", None),
    ("2005/2004", "reversed", "2004/2005"),
    ("-0100/-0200", "reversed", "-0200/-0100"),
    ("XXXX-07-28/XXXX-07-24", "reversed", "XXXX-07-24/XXXX-07-28"),
    ("XXXX-07-24/2023-07-28", "mixed", None),
    ("201X/XXXX-07", "mixed", None),
    ("", "empty", None),
    ("XXXX", "empty", None),
    ("xxxx", "empty", None),
    ("XXXX-XX-XX", "empty", None),
    ("../..", "empty", None),
    ("/", "empty", None),
    ("unknown", "empty", None),
    ("[1667,1668,1670..1672]", "unsupported", None),
    ("{1960,1961-12}", "unsupported", None),
    ("?2004", "unsupported", "2004?"),
    ("?2004-06-11", "unsupported", "2004?-06-11"),
    ("2004-06-~11", "syntax", None),
    ("Y17E7", "unsupported", None),
    ("1950S2", "unsupported", None),
    ("2001-25", "unsupported", "2001-21"),
    ("2001-34", "unsupported", None),
    ("201X-05", "unsupported", None),
    ("1985-XX-12", "unsupported", None),
    ("XXXX-07-XX", "unsupported", "XXXX-07"),
    ("XXXX-21", "unsupported", None),
]


def iso(date):
    return date and date.isoformat()


@pytest.mark.parametrize(("text", "earliest", "latest"), ACCEPTED)
def test_accepted_forms_have_their_bounds(text, earliest, latest):
    value = PartialDate.parse(text)

    assert str(value) == text
    assert (iso(value.earliest), iso(value.latest)) == (earliest, latest)
    assert value.bounded == (earliest is not None or latest is not None)


@pytest.mark.parametrize(("text", "code", "nearest"), REFUSED)
def test_refused_forms_name_the_nearest_accepted_one(text, code, nearest):
    with pytest.raises(PartialDateError) as refusal:
        PartialDate.parse(text)

    error = refusal.value
    assert (error.value, error.code, error.nearest) == (text, code, nearest)
    assert nearest is None or nearest in str(error)


def test_a_message_says_what_would_be_accepted():
    with pytest.raises(PartialDateError) as refusal:
        PartialDate.parse("2023-2-1")
    assert str(refusal.value) == "2023-2-1 is not a date in EDTF; did you mean 2023-02-01?"


def test_a_message_echoes_no_more_than_64_characters_and_nothing_unprintable():
    with pytest.raises(PartialDateError) as long:
        PartialDate.parse("z" * 5000)
    with pytest.raises(PartialDateError) as strange:
        PartialDate.parse("20\x00\u202e\ud80023")

    assert long.value.code == "too_long"
    assert str(long.value).count("z") == MAX_LENGTH
    assert len(long.value.value) == MAX_LENGTH
    assert str(strange.value).startswith("20\ufffd\ufffd\ufffd23 is not a date")


def test_errors_and_values_survive_pickling_and_copying():
    value = PartialDate.parse("2015-09")
    error = PartialDateError("2015-9", "syntax", "2015-09")

    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value
    assert pickle.loads(pickle.dumps(value)).latest == datetime.date(2015, 9, 30)
    assert str(pickle.loads(pickle.dumps(error))) == str(error)


def test_values_are_equal_when_their_texts_are():
    assert PartialDate.parse("2015") == PartialDate.parse("2015")
    assert PartialDate.parse("2015") != PartialDate.parse("2015-01-01/2015-12-31")
    assert len({PartialDate.parse("2015"), PartialDate.parse("2015")}) == 1
    with pytest.raises(AttributeError):
        PartialDate.parse("2015").edtf = "2016"


@pytest.mark.parametrize(
    ("text", "certain", "year_known"),
    [
        ("2023-12-19/2023-12-22", True, True),
        ("201X", True, True),
        ("2004-XX", True, True),
        ("2024~", False, True),
        ("2021?-09-12", False, True),
        ("../2025", False, True),
        ("2025/", False, True),
        ("-0044", False, True),
        ("XXXX-07-24/XXXX-07-28", False, False),
    ],
)
def test_certain_means_unqualified_with_both_bounds(text, certain, year_known):
    value = PartialDate.parse(text)
    assert (value.certain, value.year_known) == (certain, year_known)


qualifiers = st.sampled_from(["", "?", "~", "%"])
days = st.dates(min_value=datetime.date(1, 1, 1))


@st.composite
def meaning(draw, day):
    """A text, of any precision, that may mean this day."""
    year, month = f"{day:%Y}".zfill(4), f"{day:%m}"
    inner, outer = draw(qualifiers), draw(qualifiers)
    seasons = [f"{year}-21", f"{year}-22", f"{year}-23", f"{year}-24"]
    masks = [f"{year[:keep]}{'X' * (4 - keep)}" for keep in (1, 2, 3)]
    form = draw(
        st.sampled_from(
            [
                *(year, f"{year}{inner}-{month}", f"{year}{inner}-{month}-{day:%d}"),
                *(f"{year}-{month}{inner}-{day:%d}", f"{year}-XX", f"{year}-XX-XX"),
                *(f"{year}-{month}-XX", *seasons, *masks),
            ]
        )
    )
    return form + outer


@st.composite
def accepted(draw):
    first, last = sorted((draw(days), draw(days)))
    start, end = draw(meaning(first)), draw(meaning(last))
    unknown_year = f"XXXX-{first:%m}-{first:%d}" + draw(qualifiers)
    return draw(
        st.sampled_from(
            [
                *(start, f"{start}/{end}", f"{start}/", f"/{end}", f"{start}/..", f"../{end}"),
                *(unknown_year, f"{first.isoformat()}T12:00:00Z"),
            ]
        )
    )


@given(accepted())
def test_every_accepted_text_comes_back_the_same_with_ordered_bounds(text):
    value = PartialDate.parse(text)

    assert value.edtf == str(value) == text
    assert not (value.earliest and value.latest) or value.earliest <= value.latest


@given(st.data(), days)
def test_bounds_hold_every_day_that_a_text_may_mean(data, day):
    value = PartialDate.parse(data.draw(meaning(day)))

    assert value.earliest is None or value.earliest <= day
    assert value.latest is None or day <= value.latest


@given(st.data(), days, days)
def test_an_interval_holds_every_day_from_its_start_to_its_end(data, one, other):
    first, last = sorted((one, other))
    value = PartialDate.parse(f"{data.draw(meaning(first))}/{data.draw(meaning(last))}")
    between = data.draw(st.dates(first, last))

    assert value.earliest is None or value.earliest <= between
    assert value.latest is None or between <= value.latest


@given(days)
def test_bounds_of_a_month_are_its_first_and_last_day(day):
    value = PartialDate.parse(day.isoformat()[:7])

    assert value.earliest == day.replace(day=1)
    assert value.latest == day.replace(day=calendar.monthrange(day.year, day.month)[1])


@given(days, days)
def test_a_reversed_interval_is_offered_the_right_way_round(one, other):
    assume(one != other)
    first, last = sorted((one, other))

    with pytest.raises(PartialDateError) as refusal:
        PartialDate.parse(f"{last}/{first}")

    assert refusal.value.nearest == f"{first}/{last}"


@st.composite
def damaged(draw):
    """An accepted text with one to three characters changed, as a typist would."""
    text = list(draw(accepted()))
    for _ in range(draw(st.integers(1, 3))):
        place = draw(st.integers(0, len(text)))
        text[place : place + draw(st.integers(0, 1))] = draw(st.text(EDTF_LIKE, max_size=1))
    return "".join(text)


EDTF_LIKE = "0123456789-/.?~%XxUuYTZE+: –[]{},sS"
WORDS = st.sampled_from(
    [
        "1",
        "3",
        "12",
        "19",
        "22",
        "2023",
        "2015",
        "september",
        "Dec.",
        "may",
        "summer",
        "tháng",
        "ngày",
        "năm",
        "to",
        "đến",
        "-",
        "–",
        "/",
        "circa",
    ]
)


@given(
    st.one_of(
        st.text(max_size=80),
        st.text(EDTF_LIKE, max_size=24),
        st.lists(WORDS, max_size=8).map(" ".join),
        damaged(),
    )
)
def test_any_text_is_a_date_or_refused_with_a_nearest_form_that_parses(text):
    refusal = None
    try:
        value = PartialDate.parse(text)
    except PartialDateError as error:
        refusal = error

    if refusal is None:
        assert str(value) == text
        assert text.isascii()
    else:
        assert str(refusal)
        assert refusal.nearest is None or PartialDate.parse(refusal.nearest)
