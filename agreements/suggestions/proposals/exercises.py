"""What sides do together, as a text names it: patrols, drills, ship visits, courses, handovers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.models import Exercise
from agreements.suggestions.names import FoundForceName
from agreements.suggestions.proposals.exercise_names import names_of_exercises
from agreements.suggestions.proposals.meetings import Ordinals
from agreements.suggestions.proposals.phrases import start_with_modifiers
from agreements.suggestions.proposals.places_taken import PlacesTaken
from agreements.suggestions.proposals.proposal import Proposal
from agreements.suggestions.proposals.prose import Pattern, Prose, unmarked

Activity = Exercise.Activity

_ENGLISH = Pattern(
    r"""(?<![\w-])(?:
    visit,? board,? search,? and seizure(?: \(vbss\))?(?: (?:drills?|exercises?|training))?
    |(?P<patrol>patrols?(?: operations?| missions?)?)
    |(?P<drill>(?:table-?top |passing |live-?fire |field training )?(?:exercises?|drills?)|passex
      |war ?games?|man(?:oeuvre|euver)s|maritime cooperative activit(?:y|ies))
    |(?P<training>training(?: (?:exercises?|drills?|sessions?|activit(?:y|ies)|events?))?)
    |(?P<course>training (?:\w+ )?(?:courses?|program(?:me)?s?|workshops?|seminars?|classes)
      |courses?|workshops?|seminars?)
    |(?P<ship>(?:port|ship|goodwill|friendship|friendly|naval|vessel)[ -](?:visits?|calls?)
      |goodwill port calls?|overseas deployments?)
    |(?P<visit>visits?)
    |(?P<calls>visited|call(?:s|ed|ing)? at)
    |(?P<exchange>exchange (?:program(?:me)?s?|activit(?:y|ies)|visits?|events?|tours?)
      |exchanges? of (?:cadets|officers|personnel|students|delegations|visits|crews?|experts)
      |exchanges?)
    |(?P<liaison>liaison officers?)
    |(?P<law>joint (?:maritime )?law[- ]enforcement(?: (?:operations?|activit(?:y|ies)))?
      |(?:joint|simultaneous|coordinated) (?:boarding|inspection|interdiction)s?
      |joint (?:boarding|enforcement|maritime|interdiction) operations?)
    |(?P<capacity>capacity[- ](?:building|development)
      (?! (?:workshop|course|seminar|class))(?: program(?:me)?s?| projects?| training)?
      |hand(?:ing)?-?over(?: ceremony)?(?: of [\w -]{0,30}?(?:boats?|vessels?|ships?|craft))?
      |turn-?over(?: ceremony)? of [\w -]{0,30}?(?:boats?|vessels?|ships?)
      |(?:donation|transfer|provision|delivery) of [\w -]{0,30}?(?:boats?|vessels?|ships?|cutters?))
    )(?![\w-])"""
)
# What these words stand in is no activity.
_NOT_AFTER = re.compile(
    r" (?:boats?|vessels?|ships?|aircraft|craft|planes?|cutters?|areas?|forces?|squadrons?"
    r"|cent(?:er|re)s?|academy|facilit\w+|schools?|units?|gunboats?|corvettes?|frigates?|teams?"
    r"|routes?|rigs?|zones?|grounds?|helicopters?|officers?|squad|aids?|equipment)\b"
)
# Before these they are verbs.
_ACTS = re.compile(
    r" (?:caution|restraint|control|jurisdiction|sovereign\w*|its|their|his|the|rights?"
    r"|of the right)\b"
)
_JOINT = re.compile(
    r"\b(?:joint|combined|bilateral|trilateral|multilateral|coordinated|boarding|maritime|naval"
    r"|technical|rescue|specialised|specialized|law|enforcement|professional|crew|sar|vbss|cadet"
    r"|english|officer|towing|diving|response|safety|medical|course)\b"
)
_OF_PEOPLE = re.compile(
    r"\b(?:exchange (?:pro|act|vis|event|tour)|exchanges? of (?!vis?ews)|cadet|officer|personnel"
    r"|student|youth|delegation|sports?|cultural|friendship|expert|professional|people|border|staff"
    r"|crew|academic|academy|educational)"
)
_SHIP = re.compile(
    r"\b(?:ships?|vessels?|cutters?|frigates?|destroyers?|corvettes?"
    r"|patrol boats?|flotilla|crew|uscgc|icgs|brp|hmas)\b"
)
_NO_SHIP_VISIT = re.compile(
    r"\b(?:official|working|state|courtesy|high-level|ministerial|two-way|reciprocal|study|field"
    r"|historic|inspection|site|home|exchange|recent)\b"
)
_SHIP_VIETNAMESE = re.compile(r"(?<!\w)(?:tàu|tau|biên đội)(?!\w)", re.IGNORECASE)
_VIETNAMESE = Pattern(
    r"""(?<!\w)(?:
    (?P<patrol>(?:kiểm tra liên hợp|liên hợp kiểm tra|tuần tra(?:, kiểm tra)?(?: kiểm soát)?
      (?: chung| liên hợp| liên hiệp| song phương| hỗn hợp| phối hợp| chung trên biển)+)
      |(?<=chuyến )tuần tra|(?<=đợt )tuần tra|(?<=cuộc )tuần tra)
    |(?P<alone>(?<!tàu )(?<!xuồng )(?<!máy bay )(?<!thuyền )tuần tra)
    |(?P<drill>diễn tập|luyện tập chung|luyện tập|tập trận(?: chung)?|huấn luyện(?: chung| phối hợp)
      |huấn luyện)
    |(?P<course>(?:khóa|lớp|chương trình)(?: học| huấn luyện| đào tạo| tập huấn| bồi dưỡng)+
      |tập huấn|hội thảo)
    |(?P<exchange>chương trình giao lưu|giao lưu|trao đổi (?:sĩ quan|học viên))
    |(?P<ship>chuyến thăm(?: hữu nghị| xã giao)?(?= (?:của )?(?:\w+ )?tàu)|thăm cảng)
    |(?P<visit>chuyến thăm|thăm(?! (?:xã giao|chính thức|hỏi|quan|và|cấp)))
    |(?P<liaison>sĩ quan liên lạc)
    |(?P<law>(?:phối hợp )?thực thi pháp luật chung)
    |(?P<capacity>(?:lễ )?(?:bàn giao|chuyển giao|trao tặng|tiếp nhận)
      (?: \w+){0,3}? (?:tàu|xuồng|ca nô)(?: tuần tra| cao tốc)*|viện trợ tàu)
    )(?!\w)"""
)
_ACTIVITIES = {
    "patrol": Activity.JOINT_PATROL,
    "alone": Activity.JOINT_PATROL,
    "drill": Activity.JOINT_TRAINING,
    "training": Activity.JOINT_TRAINING,
    "course": Activity.TRAINING_COURSE,
    "ship": Activity.SHIP_VISIT,
    "visit": Activity.SHIP_VISIT,
    "calls": Activity.SHIP_VISIT,
    "exchange": Activity.EXCHANGE_PROGRAMME,
    "liaison": Activity.LIAISON_DEPLOYMENT,
    "law": Activity.JOINT_LAW_ENFORCEMENT,
    "capacity": Activity.CAPACITY_BUILDING,
}
# What the rest of the phrase says of a drill.
_DRILL_OF = (
    (Activity.SAR_DRILL, re.compile(r"rescue|\bsar(?:ex)?\b|cứu nạn|cứu hộ|cuu nan|cuu ho")),
    (
        Activity.JOINT_LAW_ENFORCEMENT,
        re.compile(r"law[- ]enforcement|boarding|vbss|seizure|interdiction|thực thi pháp luật"),
    ),
)
_AIM = re.compile(r" (?:on|in|for|focus\w+ on|simulating|involving) [^.,;]{0,40}")
# Words that tell more of an activity after its name.
_SUBJECT = frozenset(
    "chung liên hợp song phương đa tìm kiếm cứu nạn hộ chữa cháy chống cướp biển phòng trên "
    "bắn đạn thật thực binh đội hình hải quân thông tin lạc ứng phó sự cố tràn dầu phối cảnh "
    "sát kỹ thuật quốc tế hữu nghị biên giới sĩ quan trẻ thể thao văn hóa và tàu nghiệp vụ y "
    "tiếng anh ngắn hạn ba bên hai".split()
)
_SUBJECT_BARE = frozenset(map(unmarked, _SUBJECT))


def exercises(prose: Prose, number: int, known: frozenset[str]) -> Iterator[Proposal]:
    """Yield the activities that a paragraph names.

    ``known`` are the proper names that the text gives activities.
    """
    taken = PlacesTaken()
    ordinals = Ordinals(prose)
    named = [(span, each, True) for span, each in names_of_exercises(prose, known)]
    phrases = [(prose.span(start, end), each, False) for start, end, each in _phrases(prose)]
    for span, activity, by_name in (*named, *phrases):
        if taken.take(span):
            name = span.of(prose.passage.paragraph) if by_name else ""
            value = {"activity": str(activity), "ordinal": ordinals.of(span), "name": name}
            yield Proposal("exercise", number, span, value)


def _phrases(prose: Prose) -> Iterator[tuple[int, int, str]]:
    if prose.vietnamese:
        for match in _VIETNAMESE.finditer(prose):
            if _is_activity_vietnamese(prose, match):
                yield _vietnamese(prose, match)
    for match in _ENGLISH.finditer(prose):
        is_verb = match.lastgroup == "calls"
        start = match.start() if is_verb else start_with_modifiers(prose, match.start())
        if _is_activity(prose, start, match):
            yield start, match.end(), _classified(match, _with_aim(prose, start, match))


def _is_activity_vietnamese(prose: Prose, match: re.Match[str]) -> bool:
    if match.lastgroup == "alone":
        return _is_joint(prose, match)
    if match.lastgroup == "visit":
        span = prose.span(*match.span())
        before = prose.passage.paragraph[prose.sentence_around(span).start : span.start]
        following = next(prose.after(match.end()), None)
        leads = match[0].startswith("chuy") or (
            following is not None
            and (prose.is_capital(following.start) or following.text in ("cảng", "thành", "cang"))
        )
        return leads and _SHIP_VIETNAMESE.search(before) is not None
    return True


def _is_joint(prose: Prose, match: re.Match[str]) -> bool:
    """Whether the sentence around a patrol names sides of two countries."""
    sentence = prose.sentence_around(prose.span(*match.span()))
    passage = prose.passage
    sides = {each.key for each in passage.names_in(sentence, "country")}
    sides |= {passage.gazetteer.country_of(e.key) for e in passage.names_in(sentence, "force")}
    new = passage.names_in(sentence, "new-force")
    return len(sides | {e.country for e in new if isinstance(e, FoundForceName)}) > 1


def _vietnamese(prose: Prose, match: re.Match[str]) -> tuple[int, int, str]:
    end = match.end()
    for token in prose.after(end):
        if token.text not in (_SUBJECT_BARE if prose.bare else _SUBJECT):
            break
        if token.text not in ("và", "va", "trên", "tren", "hải", "cảnh", "tìm"):
            end = token.end
    return match.start(), end, _classified(match, prose.text[match.start() : end])


def _with_aim(prose: Prose, start: int, match: re.Match[str]) -> str:
    """An activity with what follows it, where that tells what it is on."""
    aim = _AIM.match(prose.text, match.end())
    return prose.text[start : aim.end() if aim else match.end()]


def _classified(match: re.Match[str], phrase: str) -> str:
    group = match.lastgroup or ""
    activity = _ACTIVITIES.get(group, Activity.JOINT_LAW_ENFORCEMENT)
    if group in ("drill", "training"):
        for narrower, pattern in _DRILL_OF:
            if pattern.search(phrase):
                return narrower
    return activity


def _is_activity(prose: Prose, start: int, match: re.Match[str]) -> bool:
    if _NOT_AFTER.match(prose.text, match.end()):
        return False
    phrase, head, kind = prose.text[start : match.end()], match[0], match.lastgroup
    if kind in ("patrol", "drill") and _ACTS.match(prose.text, match.end()):
        return False
    if kind == "visit":
        sentence = prose.sentence_around(prose.span(*match.span()))
        told = prose.passage.paragraph[sentence.start : sentence.end].lower()
        return _SHIP.search(told) is not None and _NO_SHIP_VISIT.search(phrase) is None
    if kind == "calls":
        sentence = prose.sentence_around(prose.span(*match.span()))
        before = prose.span(match.start(), match.end()).start
        told = prose.passage.paragraph[sentence.start : before].lower().rpartition(";")[2]
        return _SHIP.search(told) is not None
    if kind == "exchange":
        return _OF_PEOPLE.search(phrase) is not None
    if kind == "training":
        return _JOINT.search(phrase[: -len(head)]) is not None
    if kind == "course" and head.startswith("course"):
        return start < match.start()
    if kind == "patrol" and start == match.start():
        return not prose.text[:start].endswith((" its ", " his ", " it "))
    return True
