"""Dates found in texts: as stated, resolved against the publication, and what is no date."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.dates import PartialDate
from agreements.suggestions.dates import (
    ORDER_FROM_TEXT,
    RECKONED_FROM_BEFORE,
    RECKONED_FROM_PUBLICATION,
    YEAR_FROM_BEFORE,
    YEAR_FROM_PUBLICATION,
    find_dates,
)

pytestmark = pytest.mark.anywhere


def found(text: str, published: str = "", language: str = "en") -> list[tuple[str, str]]:
    dates = find_dates(text, PartialDate(published) if published else None, language)
    return [(date.span.of(text), date.edtf) for date in dates]


@pytest.mark.parametrize(
    ("text", "words", "edtf"),
    [
        ("met on December 16, 2024.", "December 16, 2024", "2024-12-16"),
        ("met on Dec. 16, 2024, here", "Dec. 16, 2024", "2024-12-16"),
        ("met on the 16th of December 2024", "16th of December 2024", "2024-12-16"),
        ("met on Tuesday, 17 December 2024", "Tuesday, 17 December 2024", "2024-12-17"),
        ("dated 24 January, 2025 and signed", "24 January, 2025", "2025-01-24"),
        ("dated 24-Jan-2025", "24-Jan-2025", "2025-01-24"),
        ("from December 16-21, 2024,", "December 16-21, 2024", "2024-12-16/2024-12-21"),
        ("from 16 to 21 December 2024", "16 to 21 December 2024", "2024-12-16/2024-12-21"),
        ("between 3 and 9 May 2024", "3 and 9 May 2024", "2024-05-03/2024-05-09"),
        ("on May 3 and 4, 2024", "May 3 and 4, 2024", "2024-05-03/2024-05-04"),
        (
            "from December 30, 2023 to January 2, 2024",
            "December 30, 2023 to January 2, 2024",
            "2023-12-30/2024-01-02",
        ),
        (
            "from 30 December to 2 January 2024",
            "30 December to 2 January 2024",
            "2023-12-30/2024-01-02",
        ),
        ("in September 2015", "September 2015", "2015-09"),
        ("in late September of 2015", "late September of 2015", "2015-09"),
        ("from March to May 2024", "March to May 2024", "2024-03/2024-05"),
        ("in 2015, they", "2015", "2015"),
        ("in early 2024", "early 2024", "2024"),
        ("around 2015", "around 2015", "2015~"),
        ("over 2022-25", "2022-25", "2022/2025"),
        ("from 2015 to 2020", "2015 to 2020", "2015/2020"),
        ("in the 1990s", "1990s", "199X"),
        ("in Q3 2024", "Q3 2024", "2024-07/2024-09"),
        ("in the third quarter of 2024", "third quarter of 2024", "2024-07/2024-09"),
        ("in the first half of 2024", "first half of 2024", "2024-01/2024-06"),
        ("in summer 2024", "summer 2024", "2024-22"),
        ("date 2023-02-22", "2023-02-22", "2023-02-22"),
        ("on 22/02/2023", "22/02/2023", "2023-02-22"),
        ("on 2/22/2023", "2/22/2023", "2023-02-22"),
        ("under the 2006 memorandum", "2006", "2006"),
        ("Exercise Dosti 2024 ended", "2024", "2024"),
    ],
)
def test_english_dates_are_taken_as_stated(text, words, edtf):
    assert found(text) == [(words, edtf)]


@pytest.mark.parametrize(
    ("text", "words", "edtf"),
    [
        ("Sáng ngày 24/7/2015, tàu", "ngày 24/7/2015", "2015-07-24"),
        ("ngày 24-7-2015", "ngày 24-7-2015", "2015-07-24"),
        ("vào 03/04/2023", "03/04/2023", "2023-04-03"),
        ("ngày 24 tháng 7 năm 2015", "ngày 24 tháng 7 năm 2015", "2015-07-24"),
        ("từ ngày 19-22/12/2023", "ngày 19-22/12/2023", "2023-12-19/2023-12-22"),
        ("từ 16–21/12/2024", "16–21/12/2024", "2024-12-16/2024-12-21"),
        ("từ ngày 19 đến ngày 22-12-2023", "ngày 19 đến ngày 22-12-2023", "2023-12-19/2023-12-22"),
        ("từ 28/12/2023 đến 2/1/2024", "28/12/2023 đến 2/1/2024", "2023-12-28/2024-01-02"),
        (
            "các ngày 13 và 14 tháng 12 năm 2023",
            "ngày 13 và 14 tháng 12 năm 2023",
            "2023-12-13/2023-12-14",
        ),
        ("tháng 9/2015", "tháng 9/2015", "2015-09"),
        ("tháng 9 năm 2015", "tháng 9 năm 2015", "2015-09"),
        ("tháng Chín năm 2015", "tháng Chín năm 2015", "2015-09"),
        ("đầu tháng 9-2015", "đầu tháng 9-2015", "2015-09"),
        ("từ tháng 3 đến tháng 5/2024", "tháng 3 đến tháng 5/2024", "2024-03/2024-05"),
        ("kể từ năm 2006", "năm 2006", "2006"),
        ("giai đoạn 2021 - 2025", "2021 - 2025", "2021/2025"),
        ("quý III/2024", "quý III/2024", "2024-07/2024-09"),
        ("6 tháng đầu năm 2024", "6 tháng đầu năm 2024", "2024-01/2024-06"),
        ("khoảng năm 2015", "khoảng năm 2015", "2015~"),
    ],
)
def test_vietnamese_dates_are_taken_as_stated(text, words, edtf):
    assert found(text, language="vi") == [(words, edtf)]


@pytest.mark.parametrize(
    ("text", "published", "words", "edtf"),
    [
        ("on September 11", "2021-09-13", "September 11", "2021-09-11"),
        ("on December 30", "2024-01-03", "December 30", "2023-12-30"),
        ("It will meet on January 10.", "2023-12-20", "January 10", "2024-01-10"),
        ("from December 19 to 22", "2023-12-20", "December 19 to 22", "2023-12-19/2023-12-22"),
        (
            "from December 30 to January 2",
            "2024-01-05",
            "December 30 to January 2",
            "2023-12-30/2024-01-02",
        ),
        ("They met in March.", "2023-09-20", "March", "2023-03"),
        ("They will meet in March.", "2023-09-20", "March", "2024-03"),
        ("on September 11", "2021", "September 11", "2021-09-11"),
        ("ngày 24/7, tàu đến", "2023-07-25", "ngày 24/7", "2023-07-24"),
        ("từ ngày 19-22/12", "2023-12-20", "ngày 19-22/12", "2023-12-19/2023-12-22"),
        ("sáng 24-2", "2022-02-24", "24-2", "2022-02-24"),
        ("thứ Năm (24/2)", "", "24/2", "XXXX-02-24"),
        ("tổ chức vào ngày 10/1 tới", "2023-09-01", "ngày 10/1", "2024-01-10"),
    ],
)
def test_a_year_that_is_not_stated_is_the_nearest_to_the_publication(text, published, words, edtf):
    language = "vi" if any(letter in text for letter in "àứáổ") or "24-2" in text else "en"
    assert found(text, published, language) == [(words, edtf)]


def test_the_year_from_the_publication_is_marked_as_inferred():
    (date,) = find_dates("on September 11", PartialDate("2021-09-13"), "en")
    assert (date.inferred, date.why) == (True, YEAR_FROM_PUBLICATION)


def test_without_a_publication_date_the_year_stays_unknown():
    (date,) = find_dates("on September 11", None, "en")
    assert (date.edtf, date.inferred, date.why) == ("XXXX-09-11", False, "")
    assert found("from September 10-12") == [("September 10-12", "XXXX-09-10/XXXX-09-12")]
    assert found("in November last year") == [("November last year", "XXXX-11")]


def test_a_day_takes_the_year_of_the_date_that_it_is_joined_to():
    assert found("on 3 March and 5 May 2024") == [
        ("3 March", "2024-03-03"),
        ("5 May 2024", "2024-05-05"),
    ]


@pytest.mark.parametrize(
    ("text", "words", "edtf"),
    [
        ("signed last year", "last year", "2022"),
        ("is to open this year", "this year", "2023"),
        ("earlier this month", "earlier this month", "2023-02"),
        ("due next month", "next month", "2023-03"),
        ("in November last year", "November last year", "2022-11"),
        ("last December", "last December", "2022-12"),
        ("last summer", "last summer", "2022-22"),
        ("said yesterday", "yesterday", "2023-02-21"),
        ("said on Monday", "Monday", "2023-02-20"),
        ("said Wednesday", "Wednesday", "2023-02-22"),
        ("will arrive on Monday", "Monday", "2023-02-27"),
        ("will arrive soon, he said on Monday", "Monday", "2023-02-20"),
        ("last week", "last week", "2023-02-13/2023-02-19"),
        ("two years ago", "two years ago", "2021"),
        ("three weeks ago", "three weeks ago", "2023-02-01~"),
        ("năm ngoái", "năm ngoái", "2022"),
        ("hôm qua", "hôm qua", "2023-02-21"),
        ("sáng nay", "sáng nay", "2023-02-22"),
        ("tháng trước", "tháng trước", "2023-01"),
        ("cuối năm nay", "cuối năm nay", "2023"),
        ("thứ Hai tuần trước", "thứ Hai tuần trước", "2023-02-13"),
        ("cách đây 5 năm", "cách đây 5 năm", "2018"),
    ],
)
def test_relative_dates_are_reckoned_from_the_publication(text, words, edtf):
    language = "en" if text.isascii() else "vi"
    (date,) = find_dates(text, PartialDate("2023-02-22"), language)
    assert (date.span.of(text), date.edtf) == (words, edtf)
    assert (date.inferred, date.why) == (True, RECKONED_FROM_PUBLICATION)


@pytest.mark.parametrize(
    "text", ["last year", "on Monday", "next month", "yesterday", "two years ago"]
)
def test_without_a_publication_date_relative_dates_are_not_found(text):
    assert found(text) == []


@pytest.mark.parametrize("published", ["9999-12-31", "0001-01-01", "XXXX-05-01", "../2025"])
def test_a_publication_date_that_cannot_be_reckoned_from_resolves_nothing(published):
    assert found("tomorrow, last year and on May 5", published) == [("May 5", "XXXX-05-05")]


@pytest.mark.parametrize(
    ("published", "words"), [("2023-02", ["last month", "last year"]), ("2023", ["last year"])]
)
def test_what_the_publication_date_is_too_coarse_for_is_not_found(published, words):
    text = "yesterday, last month and last year"
    assert [word for word, _ in found(text, published)] == words


@pytest.mark.parametrize(
    "text",
    [
        "on 03/04/2023",
        "at 10:30 and at 20h30",
        "the eighth meeting, the 21st century",
        "CSB 8002 and the ship 2015",
        "Resolution No. 59-NQ/TW and Resolution 1973",
        "1,982 people, 2000 tonnes, a 2000-tonne ship, $2015",
        "the 1982 United Nations Convention on the Law of the Sea (UNCLOS 1982)",
        "the Convention on the Law of the Sea of 1982",
        "you may march on",
        "for 50 years, in the last year of the plan",
        "https://example.org/2024/12/20/report-20241220.htm",
        "on February 30, 2023",
        "24/7",
    ],
)
def test_what_is_no_date_in_english_is_not_found(text):
    assert found(text, "2023-02-22") == []


@pytest.mark.parametrize(
    "text",
    [
        "Công ước của Liên hợp quốc về Luật Biển năm 1982",
        "kế hoạch số 12/2023/KH-BTL",
        "hoạt động 24/7, tăng gấp 2/3",
        "trong 50 năm qua, lần thứ hai, 6 tháng",
        "tàu 8002, trọng tải 2000 tấn",
        "ngày tháng năm sinh",
        "ngày 31/2/2023",
    ],
)
def test_what_is_no_date_in_vietnamese_is_not_found(text):
    assert found(text, "2023-02-22", "vi") == []


@pytest.mark.parametrize(
    ("text", "words", "edtf"),
    [
        ("from Sept. 9, 2024, through Sept. 13", "Sept. 9, 2024, through Sept. 13",
         "2024-09-09/2024-09-13"),
        ("between Jan. 8 and Jan. 19, 2024", "Jan. 8 and Jan. 19, 2024",
         "2024-01-08/2024-01-19"),
        ("Dated 06 Jul 20, it", "06 Jul 20", "2020-07-06"),
        ("from 15-19 Dec 23 at sea", "15-19 Dec 23", "2023-12-15/2023-12-19"),
        ("in the week of March 4, 2024", "the week of March 4, 2024", "2024-03-04/2024-03-10"),
        ("in the first nine months of 2023", "first nine months of 2023", "2023-01/2023-09"),
        ("in the third quarter of this year", "third quarter of this year", "2024-07/2024-09"),
        ("in the second half of last year", "second half of last year", "2023-07/2023-12"),
        ("at the end of the year", "the end of the year", "2024"),
        ("met over the weekend", "the weekend", "2024-08-10/2024-08-11"),
        ("ran from Monday to Wednesday", "Monday to Wednesday", "2024-08-12/2024-08-14"),
        ("will depart Sunday", "Sunday", "2024-08-18"),
        ("met on Tuesday (August 13)", "Tuesday", "2024-08-13"),
        ("is due next quarter", "next quarter", "2024-10/2024-12"),
    ],
)  # fmt: skip
def test_more_forms_of_english_dates(text, words, edtf):
    assert found(text, "2024-08-15")[0] == (words, edtf)


@pytest.mark.parametrize(
    ("text", "words", "edtf"),
    [
        ("trung tuần tháng 10/2024", "trung tuần tháng 10/2024", "2024-10"),
        ("vào cuối 2024, đầu 2025", "cuối 2024, đầu 2025", "2024/2025"),
        ("từ 15-11 đến 15-12 tới", "15-11 đến 15-12", "2024-11-15/2024-12-15"),
        ("từ ngày 12 đến hết ngày 23-8", "ngày 12 đến hết ngày 23-8", "2024-08-12/2024-08-23"),
        ("trong quý III, tàu sẽ đi", "quý III", "2024-07/2024-09"),
        ("6 tháng đầu năm, lực lượng", "6 tháng đầu năm", "2024-01/2024-06"),
        ("nửa cuối năm nay", "nửa cuối năm nay", "2024-07/2024-12"),
        ("tháng 4 sang năm", "tháng 4 sang năm", "2025-04"),
        ("sẽ ký sang năm", "sang năm", "2025"),
        ("hai năm nữa", "hai năm nữa", "2026"),
        ("10 năm trước", "10 năm trước", "2014"),
        ("Thứ Năm, ngày 15/8/2024, tại", "Thứ Năm, ngày 15/8/2024", "2024-08-15"),
        ("hôm thứ hai (12-8), ông", "thứ hai", "2024-08-12"),
        ("thứ Bảy này sẽ diễn", "thứ Bảy này", "2024-08-17"),
        ("cuối tuần qua", "cuối tuần qua", "2024-08-10/2024-08-11"),
        ("các ngày 5, 6 và 7-8", "ngày 5, 6 và 7-8", "2024-08-05/2024-08-07"),
        ("các ngày 5, 7 và 9/8", "ngày 5", "2024-08-05"),
        ("Bước sang năm 2024,", "năm 2024", "2024"),
        ("thập niên 90 của thế kỷ trước", "thập niên 90", "199X"),
        ("đón tàu hồi tháng 11", "tháng 11", "2023-11"),
    ],
)
def test_more_forms_of_vietnamese_dates(text, words, edtf):
    assert found(text, "2024-08-15", "vi")[0] == (words, edtf)


def test_vietnamese_without_diacritics_is_read():
    text = (
        "Ngay 5 thang 3 nam 2019, doan cua Canh sat bien Viet Nam 2018 tham tu ngay 3 den 7/3; "
        "nam ngoai va thang 5/2015 hai ben cung da den"
    )
    assert found(text, "2019-03-08", "vi") == [
        ("Ngay 5 thang 3 nam 2019", "2019-03-05"),
        ("2018", "2018"),
        ("ngay 3 den 7/3", "2019-03-03/2019-03-07"),
        ("nam ngoai", "2018"),
        ("thang 5/2015", "2015-05"),
    ]


@pytest.mark.parametrize(
    ("text", "last", "why"),
    [
        ("On 2 May 2014 a rig came. On 15 July it left.", "2014-07-15", YEAR_FROM_BEFORE),
        ("It was signed on 12 September 2023. On 15 September it sailed.", "2023-09-15",
         YEAR_FROM_BEFORE),
        ("They signed it on January 30, 2023. On August 4 ships sailed.", "2024-08-04",
         YEAR_FROM_PUBLICATION),
        ("They signed it on January 30, 2023. In May they will meet.", "2024-05",
         YEAR_FROM_PUBLICATION),
        ("It began in February 1990. In September of that year they met.", "1990-09",
         YEAR_FROM_BEFORE),
        ("On 2 May 2014 a rig came; later that month it left.", "2014-05", RECKONED_FROM_BEFORE),
        ("It was agreed in July 2016 and launched the following year.", "2017",
         RECKONED_FROM_BEFORE),
        ("On August 12, 2024 they met. The same day they signed.", "2024-08-12",
         RECKONED_FROM_BEFORE),
        ("Ngày 7-7-1982, hai nước ký; ngày 25-9 năm ấy, tàu đi.", "1982-09-25", YEAR_FROM_BEFORE),
        ("Sáng 12/8/2024, đoàn đến. Ngày hôm sau, đoàn về.", "2024-08-13", RECKONED_FROM_BEFORE),
    ],
)  # fmt: skip
def test_a_date_may_be_told_from_the_one_before_it(text, last, why):
    language = "en" if text.isascii() else "vi"
    date = find_dates(text, PartialDate("2024-08-15"), language)[-1]
    assert (date.edtf, date.inferred, date.why) == (last, True, why)


def test_a_date_may_be_told_from_the_last_of_the_paragraph_before():
    (before,) = find_dates("On August 12, 2024 they met.", None, "en")
    assert find_dates("The same day they signed.", None, "en") == []
    (date,) = find_dates("The same day they signed.", None, "en", before)
    assert date.edtf == "2024-08-12"


def test_the_tense_of_a_sentence_tells_the_year():
    text = "Ships are expected in Cebu after the coast guards carried out drills in mid-June."
    assert found(text, "2025-03-06") == [("mid-June", "2024-06")]
    assert found("They are expected to hold drills in mid-June.", "2025-03-06") == [
        ("mid-June", "2025-06")
    ]
    assert found('"Talks are set for April 15," he said.', "2025-03-06") == [
        ("April 15", "2025-04-15")
    ]


@pytest.mark.parametrize("nothing", ["00/05/2024", "05/00/2024", "0.0.2024", "5-0-2024"])
@pytest.mark.parametrize("published", ["2024-05-04", ""])
def test_a_day_or_month_0_is_no_date_and_shows_no_order(nothing, published):
    assert found(f"They met on {nothing} at sea.", published) == []
    text = f"They met on {nothing} and on 16/05/2024."
    assert found(text, published) == [("16/05/2024", "2024-05-16")]


def test_an_order_of_day_and_month_is_taken_from_other_dates_and_marked():
    text = "from 20/12/2023 to 05/06/2024"
    dates = find_dates(text, None, "en")
    assert [date.edtf for date in dates][-1] == "2024-06-05"
    assert (dates[-1].inferred, dates[-1].why) == (True, ORDER_FROM_TEXT)
    assert found("Updated: 12/03/2024", "2024-03-12") == [("12/03/2024", "2024-03-12")]
    assert found("Updated: 12/03/2024", "2024-10-12") == []
    assert found("12/20/2023, 20/12/2023 and 05/06/2024")[-1] == ("20/12/2023", "2023-12-20")


@pytest.mark.parametrize(
    "text",
    [
        "the Fisheries Act 1985, the Kenya Coast Guard Service Act, 2018",
        "China's 2021 Coast Guard Law; Regulation (EU) 2019/1896",
        "Office hours: Monday to Friday, 8:30-17:15",
        "Visitor Counter: 2017; Tel: 011-269-2014, +81-46-816-2024",
        "ready on any given day, 24/7",
        "Luật Cảnh sát biển Việt Nam 2018, Luật Thủy sản 2017",
        "đường dây hoạt động 24/7; điện thoại (024) 3734 2015",
        "Thứ hai, là việc này",
    ],
)
def test_numbers_of_laws_telephones_and_hours_are_no_dates(text):
    assert found(text, "2024-08-15", "en" if text.isascii() else "vi") == []


def test_the_letters_tell_the_language_where_no_tag_does():
    assert found("Hội nghị diễn ra ngày 03/04/2023 tại Hà Nội", language="") == [
        ("ngày 03/04/2023", "2023-04-03")
    ]
    assert found("The talks took place on 03/04/2023 in Đà Nẵng city hall", language="") == []


def test_decomposed_text_is_read_alike_and_places_fit_it():
    text = "Từ ngày 19–22/12 năm 2023, tháng 9 năm 2015"
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    assert [
        unicodedata.normalize("NFC", words) for words, _ in found(decomposed, language="vi")
    ] == [words for words, _ in found(text, language="vi")]


@given(st.text(alphabet="0123456789/-., Decmbrngàythá năm\u0301ﬁİ"), st.sampled_from(["en", "vi"]))
def test_whatever_is_found_is_a_date_and_lies_in_the_text(text, language):
    end = 0
    for date in find_dates(text, PartialDate("2023-02-22"), language):
        assert end <= date.span.start < date.span.end <= len(text)
        assert PartialDate(date.edtf).edtf == date.edtf
        end = date.span.end
