"""What a selection says of an agreement, a meeting or an exercise, with the words that bear it."""

import pytest

from agreements.dates import PartialDate
from agreements.models import Agreement, Exercise, Meeting
from agreements.models.engagements import STATUSES
from agreements.models.evidence import CITABLE_FIELDS
from agreements.suggestions import readers, vocabulary
from agreements.suggestions.dates import YEAR_FROM_PUBLICATION
from agreements.suggestions.facts import Fact, fact_for, facts_of, proposed_title
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.participants import ELSEWHERE, ROLE_FROM_PLACE, THE_TWO_SIDES
from agreements.suggestions.spans import Span
from tests.press import REGISTER

pytestmark = pytest.mark.anywhere

GAZETTEER = Gazetteer(REGISTER)

MEETING = (
    "MANILA – The ninth high-level meeting of the Vietnam Coast Guard and the Japan Coast Guard "
    "was held in Yokohama from 3 to 5 June 2024. Talks went on by video in the autumn."
)
AGREEMENT = (
    "The Vietnam Coast Guard and the Indian Coast Guard signed a Memorandum of Understanding on "
    "Maritime Cooperation in New Delhi, India, on May 8. It is not legally binding."
)
EXERCISE = (
    "Three patrol ships of the China Coast Guard and the Vietnam Coast Guard conducted a joint "
    "patrol in the Gulf of Tonkin last month, working on search and rescue."
)
VIETNAMESE = (
    "Hội nghị song phương lần thứ mười một giữa Cảnh sát biển Việt Nam và Lực lượng Bảo vệ bờ biển "
    "Nhật Bản sẽ diễn ra tại Hà Nội vào tháng 11/2024. Hai tàu của hai lực lượng luyện tập chung."
)


def place(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def facts(
    kind: str, paragraph: str, words: str, published: str = "2024-06-20", **options
) -> list[Fact]:
    gazetteer = options.pop("gazetteer", GAZETTEER)
    date = PartialDate(published) if published else None
    return facts_of(kind, paragraph, place(paragraph, words), gazetteer, date, **options)


def values(found: list[Fact]) -> dict:
    """Values by field; those of participants and topics as lists."""
    read: dict = {}
    for fact in found:
        if fact.field in ("participants", "topics"):
            read.setdefault(fact.field, []).append(fact.value)
        else:
            assert fact.field not in read
            read[fact.field] = fact.value
    return read


def words_of(found: list[Fact], paragraph: str) -> dict[str, str]:
    return {fact.field: fact.span.of(paragraph) for fact in found}


def of(found: list[Fact], field: str) -> Fact:
    return next(fact for fact in found if fact.field == field)


def one(kind: str, field: str, text: str, published: str = "", language: str = ""):
    """The value of one field, read from a whole text."""
    date = PartialDate(published) if published else None
    fact = fact_for(kind, field, text, Span(0, len(text)), GAZETTEER, date, language)
    return fact.value if fact else None


def test_a_meeting_is_read_from_a_selection():
    found = facts("meeting", MEETING, "The ninth high-level meeting of the Vietnam Coast Guard")
    assert values(found) == {
        "status": "held",
        "date": "2024-06-03/2024-06-05",
        "location": ("Yokohama", "JP"),
        "ordinal": 9,
        "level": "high-level",
        "modality": "online",
        "participants": [
            ("VN", "vietnam-coast-guard", "guest"),
            ("JP", "japan-coast-guard", "host"),
        ],
    }
    assert words_of(found, MEETING) == {
        "status": "held",
        "date": "3 to 5 June 2024",
        "location": "Yokohama",
        "ordinal": "ninth",
        "level": "high-level",
        "modality": "by video",
        "participants": "Japan Coast Guard",
    }


def test_what_stands_in_another_sentence_is_inferred_and_says_so():
    found = facts("meeting", MEETING, "The ninth high-level meeting")
    assert (of(found, "status").inferred, of(found, "date").inferred) == (False, False)
    assert (of(found, "modality").inferred, of(found, "modality").note) == (True, ELSEWHERE)


def test_host_and_guest_are_inferred_from_the_place():
    participants = [f for f in facts("meeting", MEETING, "ninth") if f.field == "participants"]
    assert {(fact.inferred, fact.note) for fact in participants} == {(True, ROLE_FROM_PLACE)}


def test_an_agreement_is_read_from_a_selection():
    found = facts("agreement", AGREEMENT, "signed a Memorandum of Understanding")
    assert values(found) == {
        "status": "signed",
        "date": "2024-05-08",
        "location": ("New Delhi", "IN"),
        "instrument": "memorandum-of-understanding",
        "title_as_given": "Memorandum of Understanding on Maritime Cooperation",
        "binding": False,
        "participants": [("VN", "vietnam-coast-guard", "party"), ("IN", None, "party")],
    }
    assert of(found, "location").span.of(AGREEMENT) == "New Delhi, India"
    assert of(found, "date").note == YEAR_FROM_PUBLICATION


def test_an_exercise_is_read_from_a_selection():
    found = facts("exercise", EXERCISE, EXERCISE)
    assert values(found) == {
        "status": "held",
        "date": "2024-05",
        "activity": "joint-patrol",
        "count_stated": "Three patrol ships",
        "area": "Gulf of Tonkin",
        "participants": [
            ("CN", "china-coast-guard", "party"),
            ("VN", "vietnam-coast-guard", "party"),
        ],
        "topics": ["joint-patrols", "search-and-rescue"],
    }


def test_a_planned_meeting_is_read_in_vietnamese():
    found = facts("meeting", VIETNAMESE, "Hội nghị song phương lần thứ mười một", language="vi")
    assert values(found) == {
        "status": "planned",
        "date": "2024-11",
        "location": ("Hanoi", "VN"),
        "ordinal": 11,
        "participants": [
            ("VN", "vietnam-coast-guard", "host"),
            ("JP", "japan-coast-guard", "guest"),
        ],
    }
    assert of(found, "location").span.of(VIETNAMESE) == "Hà Nội"


def test_the_two_sides_are_those_that_the_document_names_most():
    document = (
        "The Japan Coast Guard and the Vietnam Coast Guard met. The Vietnam Coast Guard and the "
        "Japan Coast Guard praised each other; the China Coast Guard was not there.\n"
        "The two sides signed a letter of intent in 2019."
    )
    paragraph = document.splitlines()[1]
    found = facts(
        "agreement", paragraph, "The two sides signed", gazetteer=GAZETTEER.for_text(document)
    )
    participants = [fact for fact in found if fact.field == "participants"]
    assert {fact.value[1] for fact in participants} == {"japan-coast-guard", "vietnam-coast-guard"}
    assert {(fact.inferred, fact.note) for fact in participants} == {(True, THE_TWO_SIDES)}
    assert {fact.span.of(paragraph) for fact in participants} == {"The two sides"}
    assert "participants" not in values(facts("agreement", paragraph, "The two sides signed"))


@pytest.mark.parametrize(
    ("kind", "text", "status"),
    [
        ("meeting", "The two sides held talks.", "held"),
        ("meeting", "The admiral holds talks with her guest.", "held"),
        ("meeting", "The meeting will be held in Lima.", "planned"),
        ("meeting", "They met and agreed to hold another round.", "held"),
        ("meeting", "The round is scheduled for June.", "planned"),
        ("meeting", "The talks, planned for May, were postponed.", "postponed"),
        ("meeting", "The talks were called off.", "cancelled"),
        ("exercise", "The drill is under way.", "ongoing"),
        ("exercise", "The sides agreed to share data.", "planned"),
        ("meeting", "Hội nghị diễn ra tại Lima.", "held"),
        ("meeting", "Hội nghị dự kiến diễn ra tại Lima.", "planned"),
        ("meeting", "Hai bên sẽ gặp nhau.", "planned"),
        ("meeting", "Cuộc họp bị hoãn.", "postponed"),
        ("meeting", "A meeting of the forces.", None),
        ("agreement", "They signed an agreement.", "signed"),
        ("agreement", "Hai bên ký kết Bản ghi nhớ.", "signed"),
        ("agreement", "They are negotiating a protocol.", "under-negotiation"),
        ("agreement", "They will sign a protocol.", "under-negotiation"),
        ("agreement", "Hai bên dự kiến ký Bản ghi nhớ.", "under-negotiation"),
        ("agreement", "The treaty entered into force.", "in-force"),
        ("agreement", "The pact expired.", "terminated"),
        ("agreement", "Tổng thư ký đăng ký tham dự.", None),
    ],
)
def test_the_status_follows_the_words(kind, text, status):
    assert one(kind, "status", text) == status


def test_words_before_the_selection_tell_that_it_is_planned():
    text = "The sides plan to train together and to hold the tenth conference in Lima."
    found = facts("meeting", text, "hold the tenth conference")
    assert (of(found, "status").value, of(found, "status").span.of(text)) == ("planned", "plan to")


def test_without_words_the_status_is_inferred_from_tense_and_date():
    fact = of(facts("meeting", "The eighth round took two days.", "eighth round"), "status")
    assert (fact.value, fact.inferred, fact.note) == ("held", True, readers.PAST_TENSE)
    fact = of(facts("meeting", "Next: eighth round, 5 July 2024.", "eighth round"), "status")
    assert (fact.value, fact.inferred, fact.note) == ("planned", True, readers.DATE_IS_AHEAD)
    fact = of(facts("meeting", "Before: eighth round, 5 May 2024.", "eighth round"), "status")
    assert (fact.value, fact.inferred, fact.note) == ("held", True, readers.DATE_IS_PAST)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("the eighth meeting", 8),
        ("the 11th bilateral conference", 11),
        ("their twenty-first round of talks", 21),
        ("met for the third time", 3),
        ("hội nghị lần thứ tám", 8),
        ("hội nghị lần thứ 10", 10),
        ("hội nghị lần thứ nhất", 1),
        ("the 50th anniversary meeting", None),
        ("the 21st century", None),
        ("on December 16th they met", None),
        ("a meeting", None),
    ],
)
def test_ordinals_are_read_in_digits_and_words(text, number):
    assert one("meeting", "ordinal", text) == number


@pytest.mark.parametrize(
    ("kind", "field", "text", "value"),
    [
        ("meeting", "modality", "They spoke via video link.", "online"),
        ("meeting", "modality", "Hội nghị trực tuyến", "online"),
        ("meeting", "modality", "They met in person.", "in-person"),
        ("meeting", "level", "a senior-level dialogue", "high-level"),
        ("meeting", "level", "hội đàm cấp cao", "high-level"),
        ("meeting", "level", "a working-level meeting", "working"),
        ("meeting", "level", "The Prime Minister received the commandant.", "head-of-government"),
        ("meeting", "level", "Bộ trưởng tiếp Tư lệnh", "minister"),
        ("meeting", "level", "Bộ Tư lệnh Cảnh sát biển tổ chức hội nghị", None),
        ("meeting", "level", "The vice commandant called on the deputy minister.", "high-level"),
        ("agreement", "instrument", "signed an MoU", "memorandum-of-understanding"),
        ("agreement", "instrument", "ký Bản ghi nhớ", "memorandum-of-understanding"),
        ("agreement", "instrument", "a letter of intent", "letter-of-intent"),
        ("agreement", "instrument", "a hotline agreement", "hotline-arrangement"),
        ("agreement", "instrument", "issued a joint statement", "joint-statement"),
        ("agreement", "instrument", "ký Hiệp định", "agreement"),
        ("agreement", "ambit", "a bilateral pact", "bilateral"),
        ("agreement", "binding", "a legally binding treaty", True),
        (
            "agreement",
            "title_as_given",
            "the “Protocol on Safe Seas” was signed",
            "Protocol on Safe Seas",
        ),
        (
            "agreement",
            "title_as_given",
            "ký Thỏa thuận hợp tác tuần tra chung tại Lima",
            "Thỏa thuận hợp tác tuần tra chung",
        ),
        ("exercise", "activity", "a joint patrol", "joint-patrol"),
        ("exercise", "activity", "tuần tra liên hợp", "joint-patrol"),
        ("exercise", "activity", "synchronized law enforcement", "joint-law-enforcement"),
        ("exercise", "activity", "a search-and-rescue drill", "search-and-rescue-drill"),
        ("exercise", "activity", "diễn tập tìm kiếm cứu nạn", "search-and-rescue-drill"),
        ("exercise", "activity", "a naval exercise", "joint-training"),
        ("exercise", "activity", "The cutter made a port call.", "ship-visit"),
        ("exercise", "activity", "tàu huấn luyện cập cảng", "ship-visit"),
        ("exercise", "activity", "visited the regional headquarters", "unit-visit"),
        ("exercise", "activity", "a training course on boarding", "training-course"),
        ("exercise", "activity", "khóa tập huấn", "training-course"),
        ("exercise", "activity", "an exchange programme", "exchange-programme"),
        ("exercise", "activity", "An officer was posted to the centre.", "liaison-deployment"),
        ("exercise", "activity", "trao đổi thông tin", "information-exchange"),
        ("exercise", "activity", "handed over two boats", "capacity-building"),
        ("exercise", "activity", "gìn giữ hòa bình", "peacekeeping"),
        ("exercise", "count_stated", "eight ship visits", "eight ship visits"),
        ("exercise", "count_stated", "several joint drills", "several joint drills"),
        ("exercise", "count_stated", "hai tàu", "hai tàu"),
        ("exercise", "count_stated", "one ship", None),
        ("exercise", "area", "in the Sulu Sea", "Sulu Sea"),
        ("exercise", "area", "bờ biển Nhật Bản", None),
        ("meeting", "location", "They met in Hanoi.", ("Hanoi", "VN")),
        ("meeting", "location", "Hai bên gặp tại Hà Nội.", ("Hanoi", "VN")),
        ("meeting", "location", "They met in Lima, Peru.", ("Lima", "PE")),
        ("meeting", "location", "They met in Lima on Monday.", ("Lima", "")),
        ("meeting", "location", "They met in San José.", ("San José", "")),
        ("meeting", "location", "They met in Japan.", ("", "JP")),
        ("meeting", "location", "a visit to Japan", ("", "JP")),
        ("meeting", "location", "in December, in English, at the Japan-Vietnam talks", None),
        ("meeting", "location", "at the Japan Coast Guard in the South China Sea", None),
        ("agreement", "entered_into_force", "in force since 1 May 2020", "2020-05-01/.."),
        ("force", "established", "founded in 1998", "1998"),
        ("force", "country", "a force of Japan", "JP"),
        (
            "meeting",
            "participants",
            "the Japanese coast guard",
            ("JP", "japan-coast-guard", "party"),
        ),
        ("meeting", "topics", "search and rescue", "search-and-rescue"),
        ("meeting", "outcomes", "They agreed on much.", None),
        ("meeting", "summary", "They met.", None),
    ],
)
def test_a_selection_is_read_for_one_field(kind, field, text, value):
    assert one(kind, field, text) == value


def test_a_selection_is_read_for_a_field_by_itself_only():
    selection = place(MEETING, "was held in Yokohama")
    assert fact_for("meeting", "date", MEETING, selection, GAZETTEER) is None
    fact = fact_for("meeting", "location", MEETING, selection, GAZETTEER)
    assert fact == Fact("location", ("Yokohama", "JP"), place(MEETING, "Yokohama"))


def test_an_activity_that_goes_on_has_no_end():
    text = "Since 2021 the forces have been sharing data."
    assert one("exercise", "date", text) == "2021/.."


@pytest.mark.parametrize(
    ("kind", "paragraph", "words", "title"),
    [
        (
            "meeting",
            MEETING,
            "The ninth",
            "Ninth high-level meeting of the Vietnam Coast Guard and the Japan Coast Guard in "
            "Yokohama, June 2024",
        ),
        (
            "meeting",
            VIETNAMESE,
            "Hội nghị",
            "Eleventh meeting of the Vietnam Coast Guard and the Japan Coast Guard in Hanoi, "
            "planned for November 2024",
        ),
        (
            "agreement",
            AGREEMENT,
            "signed",
            "Memorandum of understanding between the Vietnam Coast Guard and India in New Delhi, "
            "May 2024",
        ),
        (
            "exercise",
            EXERCISE,
            "joint",
            "Joint patrol of the China Coast Guard and the Vietnam Coast Guard, May 2024",
        ),
    ],
)
def test_a_title_is_put_together_from_the_facts(kind, paragraph, words, title):
    assert proposed_title(kind, facts(kind, paragraph, words), GAZETTEER.force_names) == title


def test_a_title_says_what_is_known_and_no_more():
    assert proposed_title("meeting", []) == "Meeting"
    assert proposed_title("exercise", []) == "Activity"
    sides = [Fact("participants", (code, None, "party"), Span(0, 1)) for code in ("US", "PH", "JP")]
    undated = Fact("date", "XXXX-05-08", Span(0, 1))
    assert proposed_title("agreement", [*sides, undated]) == (
        "Agreement between the United States, the Philippines and Japan"
    )


def test_every_value_that_words_stand_for_is_a_choice_of_the_field():
    choices = {
        (Meeting.Level, "LEVEL"),
        (Meeting.Level, "POSTS"),
        (Meeting.Modality, "MODALITY"),
        (Agreement.Instrument, "INSTRUMENT"),
        (Agreement.Ambit, "AMBIT"),
        (Exercise.Activity, "ACTIVITY"),
        (STATUSES["agreement"], "AGREEMENT_STATUS"),
        (STATUSES["meeting"], "ACTIVITY_STATUS"),
        (STATUSES["meeting"], "CALLED_OFF"),
    }
    for choice, table in choices:
        assert {value for value, _ in getattr(vocabulary, table)} <= set(choice.values), table
    named = {value for value, _ in vocabulary.ACTIVITY}
    assert set(Exercise.Activity.values) - named == {"other"}


@pytest.mark.parametrize("kind", ["agreement", "meeting", "exercise"])
@pytest.mark.parametrize("paragraph", [MEETING, AGREEMENT, EXERCISE, VIETNAMESE])
def test_every_fact_can_be_cited_in_its_words(kind, paragraph):
    for fact in facts(kind, paragraph, paragraph):
        assert fact.field in CITABLE_FIELDS[kind]
        assert fact.span.of(paragraph)
        assert bool(fact.note) == fact.inferred
