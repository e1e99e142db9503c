"""What a whole text proposes: mentions with their exact places, and events told of once."""

import pytest

from agreements.dates import PartialDate
from agreements.models import Agreement, Exercise, Meeting
from agreements.models.evidence import CITABLE_FIELDS
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.proposals import TYPES, events_of, proposals_of
from agreements.suggestions.proposals.offsets import FileOffsets
from agreements.suggestions.spans import Span
from agreements.text import paragraphs
from tests.press import REGISTER

pytestmark = pytest.mark.anywhere

GAZETTEER = Gazetteer(REGISTER)
PUBLISHED = PartialDate("2024-06-20")

INSTRUMENTS = [
    (
        "The two services signed a Memorandum of Understanding on Fisheries Surveillance "
        "in Colombo on May 2.",
        {"Memorandum of Understanding on Fisheries Surveillance": "memorandum-of-understanding"},
    ),
    (
        "A letter of intent was followed by a shiprider agreement and a white shipping agreement.",
        {
            "letter of intent": "letter-of-intent",
            "shiprider agreement": "agreement",
            "white shipping agreement": "agreement",
        },
    ),
    (
        "The sides reached agreement on the date, agreed to meet again, and were in agreement that "
        "seating arrangements and safety protocols could wait.",
        {},
    ),
    (
        "They opened a hotline between the two headquarters and adopted a joint statement.",
        {"hotline": "hotline-arrangement", "joint statement": "joint-statement"},
    ),
    (
        "“Arrangement on Cooperation at Sea” is the title; a protocol to it and an extradition "
        "treaty come later.",
        {
            "Arrangement on Cooperation at Sea": "agreement",
            "protocol": "protocol",
            "extradition treaty": "treaty",
        },
    ),
    (
        "The MoU of 2019 was renewed with standard operating procedures; for help call the "
        "hotline: 115 0000.",
        {"MoU": "memorandum-of-understanding", "standard operating procedures": "other"},
    ),
    (
        "The two leaders elevated ties to a comprehensive strategic partnership.",
        {"comprehensive strategic partnership": "partnership"},
    ),
    ("It was a comprehensive strategic partnership in name, he said.", {}),
    (
        "Hai bên ký Bản ghi nhớ về hợp tác tìm kiếm cứu nạn tại Hà Nội và Nghị định thư ngày 3/5.",
        {
            "Bản ghi nhớ về hợp tác tìm kiếm cứu nạn": "memorandum-of-understanding",
            "Nghị định thư": "protocol",
        },
    ),
    (
        "Hai bên thoả thuận gặp lại, duy trì đường dây nóng và thực hiện thỏa thuận hợp tác.",
        {"đường dây nóng": "hotline-arrangement", "thỏa thuận hợp tác": "agreement"},
    ),
    (
        "Hai ben da ky Hiep dinh phan dinh vung bien va ra Tuyen bo chung trong chuyen tham.",
        {"Hiep dinh phan dinh vung bien": "agreement", "Tuyen bo chung": "joint-statement"},
    ),
]
MEETINGS = [
    (
        "The 12th Vietnam–Philippines high-level meeting followed the seventh round of talks.",
        {
            "12th Vietnam–Philippines high-level meeting": 12,
            "seventh round of talks": 7,
        },
    ),
    (
        "On the 70th anniversary, the 7th Fleet held its third patrol; it was the fifth largest "
        "port, and the second day of the meeting.",
        {},
    ),
    (
        "Hội nghị Tư lệnh Cảnh sát biển các nước châu Á lần thứ mười hai diễn ra tại Seoul.",
        {"Hội nghị Tư lệnh Cảnh sát biển các nước châu Á lần thứ mười hai": 12},
    ),
    (
        "Cuộc họp cấp cao lần thứ VIII và Đối thoại biển lần 3.",
        {
            "Cuộc họp cấp cao lần thứ VIII": 8,
            "Đối thoại biển lần 3": 3,
        },
    ),
    (
        "Hai ben to chuc Hoi nghi song phuong lan thu bay tai Ha Noi.",
        {
            "Hoi nghi song phuong lan thu bay": 7,
        },
    ),
    ("Hai bên tuần tra chung lần thứ 27 trên vịnh Bắc Bộ.", {}),
    (
        "The 20th Heads of Asian Coast Guard Agencies Meeting was, for two of them, the third of "
        "its kind.",
        {"20th Heads of Asian Coast Guard Agencies Meeting": 20, "third of its kind": 3},
    ),
    ("The drill was the third of its kind.", {}),
]
EXERCISES = [
    (
        "The crews held a joint patrol, a search and rescue drill and a boarding course.",
        {
            "joint patrol": "joint-patrol",
            "search and rescue drill": "search-and-rescue-drill",
            "boarding course": "training-course",
        },
    ),
    (
        "Patrol boats exercised restraint off the training centre, of course.",
        {},
    ),
    (
        "Exercise Silver Heron 2023 began on Monday. Silver Heron was first held in 2011.",
        {"Exercise Silver Heron 2023": "joint-training", "Silver Heron": "joint-training"},
    ),
    (
        "During the port call the cadets joined an officer exchange programme and a PASSEX.",
        {
            "port call": "ship-visit",
            "officer exchange programme": "exchange-programme",
            "PASSEX": "joint-training",
        },
    ),
    (
        "Two liaison officers attended the handover of six patrol boats.",
        {
            "liaison officers": "liaison-deployment",
            "handover of six patrol boats": "capacity-building",
        },
    ),
    (
        "The cutter called at Cebu and then visited Davao; the minister visited Hanoi, and one "
        "cutter resumed its patrol.",
        {"called at": "ship-visit", "visited": "ship-visit"},
    ),
    (
        "Tàu CSB 8001 thăm Chennai; đoàn đại biểu thăm hỏi ngư dân.",
        {"thăm": "ship-visit"},
    ),
    (
        "Biên đội tàu hai nước tuần tra chung và luyện tập tìm kiếm cứu nạn trên biển.",
        {
            "tuần tra chung": "joint-patrol",
            "luyện tập tìm kiếm cứu nạn trên biển": "search-and-rescue-drill",
        },
    ),
    (
        "Tau tuan tra cua hai nuoc tham gia dien tap chung va giao luu huu nghi.",
        {"dien tap chung": "joint-training", "giao luu huu nghi": "exchange-programme"},
    ),
]
PERSONS = [
    (
        "Maj. Gen. Vu Trung Kien and Commodore Ines Dela Rosa met Rear Adm. (ret.) Paul H. Quist.",
        {
            "Maj. Gen. Vu Trung Kien": ("Vu Trung Kien", "Maj. Gen."),
            "Commodore Ines Dela Rosa": ("Ines Dela Rosa", "Commodore"),
            "Rear Adm. (ret.) Paul H. Quist": ("Paul H. Quist", "Rear Adm."),
        },
    ),
    (
        "Defence Minister Ana Korhonen, Lt. Cmdr. Bo Lindqvist and the Ambassador to Vietnam "
        "Marta Solís attended; Lindqvist spoke.",
        {
            "Ana Korhonen": ("Ana Korhonen", ""),
            "Lt. Cmdr. Bo Lindqvist": ("Bo Lindqvist", "Lt. Cmdr."),
            "Marta Solís": ("Marta Solís", ""),
        },
    ),
    (
        "Commander Task Group 71 and General Staff officers visited Captain Cook Street.",
        {"Captain Cook Street": None},
    ),
    (
        "Hanna Brandt, spokesperson of the coast guard, thanked Adm. Ruiz in Manila Bay, the "
        "commander said.",
        {"Hanna Brandt": ("Hanna Brandt", ""), "Adm. Ruiz": ("Ruiz", "Adm.")},
    ),
    (
        "Thiếu tướng, PGS.TS Hoàng Minh Sơn và đại tá Lý Thị Hạnh đón Chuẩn Đô đốc Ken Mori.",
        {
            "Thiếu tướng, PGS.TS Hoàng Minh Sơn": ("Hoàng Minh Sơn", "Thiếu tướng"),
            "đại tá Lý Thị Hạnh": ("Lý Thị Hạnh", "đại tá"),
            "Chuẩn Đô đốc Ken Mori": ("Ken Mori", "Chuẩn Đô đốc"),
        },
    ),
    (
        "Tư lệnh Cảnh sát biển Việt Nam Trần Văn Lợi tiếp Đại sứ Nhật Bản tại Việt Nam Abe Kana.",
        {"Trần Văn Lợi": ("Trần Văn Lợi", ""), "Abe Kana": ("Abe Kana", "")},
    ),
    (
        "Thieu tuong Pham Quoc Bao cung doan cong tac cua luc luong da den tham.",
        {"Thieu tuong Pham Quoc Bao": ("Pham Quoc Bao", "Thieu tuong")},
    ),
]
COUNTS = [
    (
        "Eight ship visits and more than 200 officers took part; they signed ten cooperation "
        "documents with 12 forces over five years.",
        {
            "Eight ship visits": (8, False),
            "200 officers": (200, True),
            "ten cooperation documents": (10, False),
            "12 forces": (12, False),
        },
    ),
    (
        "The two sides met 30 nautical miles off the coast at 5 p.m., with 40 percent of "
        "1,500 crew members and several helicopters.",
        {"1,500 crew members": (1500, False), "several helicopters": (None, False)},
    ),
    ("The 45-metre ship 8005 sailed on 3 May 2024 for $20 million.", {}),
    (
        "One hundred and twenty cadets and twenty-five ships.",
        {
            "One hundred and twenty cadets": (120, False),
            "twenty-five ships": (25, False),
        },
    ),
    (
        "Hơn 500 lượt tàu, hai mươi chuyến tuần tra và 27 lần tuần tra của hai nước trong 5 năm.",
        {
            "500 lượt tàu": (500, True),
            "hai mươi chuyến tuần tra": (20, False),
            "27 lần tuần tra": (27, False),
        },
    ),
    (
        "Nam 2019, hai tau va 30 chien si cua luc luong da tham gia cung cac nuoc.",
        {
            "hai tau": (2, False),
            "30 chien si": (30, False),
        },
    ),
]


def proposed(text: str, kind: str, language: str = "") -> dict:
    """The words of the proposals of a type, with their values."""
    return {
        each.span.of(paragraphs(text)[each.number - 1]): each.value
        for each in proposals_of(text, GAZETTEER, PUBLISHED, language)
        if each.type == kind
    }


@pytest.mark.parametrize(("text", "expected"), INSTRUMENTS)
def test_instruments(text, expected):
    found = proposed(text, "instrument")
    assert {words: value["instrument"] for words, value in found.items()} == expected


@pytest.mark.parametrize(("text", "expected"), MEETINGS)
def test_meetings_with_their_number(text, expected):
    found = proposed(text, "meeting")
    assert {words: value["ordinal"] for words, value in found.items()} == expected


@pytest.mark.parametrize(("text", "expected"), EXERCISES)
def test_activities(text, expected):
    found = proposed(text, "exercise")
    assert {words: value["activity"] for words, value in found.items()} == expected


@pytest.mark.parametrize(("text", "expected"), PERSONS)
def test_persons_with_rank_or_post(text, expected):
    found = proposed(text, "person")
    if None in expected.values():
        assert found.keys() <= expected.keys()
        return
    assert {words: (each["name"], each["rank"]) for words, each in found.items()} == expected


@pytest.mark.parametrize(("text", "expected"), COUNTS)
def test_counts(text, expected):
    found = proposed(text, "count")
    assert {
        words: (each["count"], each["approximate"]) for words, each in found.items()
    } == expected


ARTICLE = """\
HANOI – The eighth high-level meeting of the Vietnam Coast Guard and the Japan Coast Guard was \
held in Yokohama from 3 to 5 June 2024. They agreed to strengthen training and patrols.

At the eighth meeting, Maj. Gen. Vu Trung Kien thanked his hosts.

On 4 June, the sides signed a Memorandum of Understanding on Maritime Training in Tokyo.

The memorandum of understanding was signed on 4 June by both commanders.

In March 2025 two ships of the Japan Coast Guard will join a joint patrol with Vietnam off Da Nang.

Weather was fine, and 12 reporters came.
"""


def test_proposals_stand_where_they_say_and_in_the_order_of_the_text():
    found = proposals_of(ARTICLE, GAZETTEER, PUBLISHED, "en")
    held = paragraphs(ARTICLE)
    places = [(each.number, each.span) for each in found]
    assert places == sorted(places)
    assert {each.type for each in found} == set(TYPES)
    for each in found:
        words = each.span.of(held[each.number - 1])
        assert words
        assert words == words.strip()


def test_values_of_names_and_dates():
    values = {
        (each.type, each.span.of(paragraphs(ARTICLE)[each.number - 1])): each
        for each in proposals_of(ARTICLE, GAZETTEER, PUBLISHED, "en")
    }
    assert values["date", "3 to 5 June 2024"].value == "2024-06-03/2024-06-05"
    reckoned = values["date", "4 June"]
    assert (reckoned.value, reckoned.inferred) == ("2024-06-04", True)
    assert reckoned.note
    assert values["force", "Vietnam Coast Guard"].value["slug"] == "vietnam-coast-guard"
    assert values["country", "Vietnam"].value == "VN"
    kien = values["person", "Maj. Gen. Vu Trung Kien"].value
    assert (kien["rank"], kien["person"]) == ("Maj. Gen.", "vu-trung-kien")
    meeting = values["meeting", "eighth high-level meeting"].value
    assert meeting == {"ordinal": 8, "level": "high-level", "modality": ""}
    memorandum = values["instrument", "Memorandum of Understanding on Maritime Training"].value
    assert memorandum["title"] == "Memorandum of Understanding on Maritime Training"


def test_a_force_that_the_desk_lacks_is_proposed_without_a_slug():
    (value,) = proposed("The Fiji Navy sailed.", "force").values()
    assert (value["slug"], value["country"], value["kind"]) == (None, "FJ", "navy")
    assert value["key"]


def test_an_event_is_proposed_once_with_what_is_said_of_it():
    events = events_of(ARTICLE, GAZETTEER, PUBLISHED, "en")
    assert [(each.kind, each.number) for each in events] == [
        ("meeting", 1),
        ("agreement", 3),
        ("exercise", 5),
    ]
    meeting, agreement, exercise = events
    assert meeting.value("ordinal") == 8
    assert meeting.value("date") == "2024-06-03/2024-06-05"
    assert meeting.countries == {"VN", "JP"}
    assert agreement.value("instrument") == "memorandum-of-understanding"
    assert agreement.value("status") == "signed"
    assert (exercise.value("status"), exercise.value("date")) == ("planned", "2025-03")


def test_a_dateline_does_not_date_an_event():
    text = "HANOI, June 18, 2024 (VNX) – Vietnam and Japan signed a memorandum on June 17."
    (event,) = events_of(text, GAZETTEER, PUBLISHED, "en")
    assert event.value("date") == "2024-06-17"


def test_facts_of_events_are_fields_of_their_kind():
    models = {model.RECORD_KIND: model for model in (Agreement, Meeting, Exercise)}
    for event in events_of(ARTICLE, GAZETTEER, PUBLISHED, "en"):
        assert models[event.kind]
        assert {fact.field for fact in event.facts} <= set(CITABLE_FIELDS[event.kind])
        columns = [f.field for f in event.facts if f.field not in ("participants", "topics")]
        assert len(columns) == len(set(columns))


def test_general_talk_of_cooperation_is_no_event():
    text = "Vietnam and Japan will strengthen joint patrols, training courses and port calls."
    assert events_of(text, GAZETTEER, PUBLISHED, "en") == []


def test_two_numbers_of_one_run_are_two_events():
    text = (
        "The seventh meeting of Vietnam and Japan took place in Hanoi in 2021.\n"
        "The eighth meeting of Vietnam and Japan took place in Tokyo in 2022."
    )
    assert [each.value("ordinal") for each in events_of(text, GAZETTEER, PUBLISHED)] == [7, 8]


@pytest.mark.parametrize("text", ["", " \n\t\n", "\u0301", "{}|", "3", "lần thứ", "Adm.", "“”"])
def test_texts_that_say_nothing(text):
    assert proposals_of(text, GAZETTEER, None) == []
    assert events_of(text, GAZETTEER, None) == []


def test_vietnamese_reads_the_same_in_both_spellings_and_decomposed():
    old, new = "Hai bên ký thoả thuận hợp tác.", "Hai bên ký thỏa thuận hợp tác."
    decomposed = new.replace("ỏ", "o\u0309")
    for text in (old, new, decomposed):
        (words,) = proposed(text, "instrument")
        assert words in ("thoả thuận hợp tác", "thỏa thuận hợp tác")


def test_offsets_count_the_characters_of_the_file():
    given = "\ufeffFirst  line\r\n\r\n  Thoả thuận   ký  kết, o\u0309 đây.\r\n"
    offsets = FileOffsets(given, paragraphs(given.removeprefix("\ufeff")))
    paragraph = paragraphs(given)[1]
    start = paragraph.index("ký kết")
    place = offsets.of(2, Span(start, start + len("ký kết")))
    assert place is not None
    assert place.of(given) == "ký  kết"
    accented = paragraph.index("ỏ đây")
    place = offsets.of(2, Span(accented, accented + 1))
    assert place is not None
    assert place.of(given) == "o\u0309"
