"""What a text counts: "eight ship visits", "more than 200 officers", "hơn 500 lượt tàu"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from agreements.suggestions import numerals
from agreements.suggestions.proposals.proposal import Proposal
from agreements.suggestions.proposals.prose import Pattern, Prose, Token, unmarked
from agreements.suggestions.spans import Span

_DIGITS = r"\d{1,3}(?:[,.]\d{3})+|\d{1,5}"
_VAGUE = r"several|many|numerous|dozens of|hundreds of|scores of|thousands of|a number of|multiple"
_VAGUE += r"|a dozen|a few"
_VAGUE_VI = r"nhiều|một số|hàng chục|hàng trăm|hàng nghìn|hàng ngàn|vài|mấy"
_HUNDREDS = r"(?:(?:one|two|three|four|five|six|seven|eight|nine|a) hundred(?: and (?:\w+))?)"
_NUMBER = Pattern(
    rf"(?<![\w.,/:$€£¥#+-])(?:(?P<digits>{_DIGITS})(?:-strong)?"
    rf"|(?P<word>{_HUNDREDS}|{numerals.alternatives(numerals.ENGLISH)})|(?P<vague>{_VAGUE}))"
    r"(?![\w.,:/%]*\d)(?= )"
)
_NUMBER_VI = Pattern(
    rf"(?<![\w.,/:$€£¥#+-])(?:(?P<digits>{_DIGITS})"
    rf"|(?P<word>{numerals.alternatives(numerals.VIETNAMESE)})|(?P<vague>{_VAGUE_VI}))"
    r"(?![\w.,:/%]*\d)(?= )"
)
_APPROXIMATE = Pattern(
    r"(?:about|around|some|nearly|almost|over|approximately|roughly|more than|at least|up to"
    r"|close to|as many as|fewer than|less than|khoảng|hơn|gần|trên|tới|ít nhất|hàng|xấp xỉ|ngót)"
    r"(?: the)? \Z"
)
_DEFINITE = Pattern(
    r"(?:\bthe|\bthese|\bthose|\bboth|\bbetween|\bour|\btheir|\bits|\bthứ|\bngày|\btháng|\bnăm"
    r"|\bsố|\bvùng|\bhải đội|\bhải đoàn|\bquý|\bkhu vực|\bkhóa|\blần|\bpage|\barticle|\bno|\btrong"
    r"|\bby the|\bhải đội|\btàu|\bcsb|\bgiờ|\blúc) \Z"
)
# What is measured and not counted.
_MEASURES = frozenset(
    "day days week weeks month months year years hour hours minute minutes second seconds "
    "decade decades century centuries percent per cent km kilometers kilometres kilometer "
    "kilometre mile miles nautical nm meters metres meter metre knots knot tons tonnes ton "
    "tonne feet foot ft kg kilograms litres liters dollars dollar usd us$ million billion "
    "trillion pesos yen dong euros pounds degrees degree am pm a.m p.m a.m. p.m. o'clock "
    "hectares square inches points january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec hrs "
    "th st nd rd years-old year-old cm mm mhz times and or of in on at to from by with for is "
    "was are were have has had the a an after before as than that who which will would shall "
    "can said says crore lakh".split()
)
_PLURALS = frozenset(
    "personnel people aircraft crew staff men women children cadets crewmen fishermen seamen "
    "police servicemen servicewomen ratings troops spacecraft hovercraft helicopters deaths "
    "fatalities crewmembers midshipmen coastguardsmen craft memoranda series vessels-of-war".split()
)
_UNCOUNTED = frozenset(
    "sides countries nations forces agencies parties navies coastguards guards services "
    "neighbors neighbours leaders ministers states governments ministries delegations "
    "militaries peoples thirds words things ways points phases parts areas aspects "
    "continents".split()
)
_SHARED = frozenset("two three".split())
_STOP = frozenset(
    "of in on at to from by with for is was are were have has had the a an after before as "
    "than that who which will would shall may can said says and or but while during since "
    "under over into between among also both including carrying conducted conduct took take "
    "taking made held belonging near off along using aboard about such not only each against "
    "they we it".split()
)
_NOUNS_VI = Pattern(
    r"""(?:(?:lượt |chiếc )?(?:tàu|thuyền|xuồng|máy bay|trực thăng|ca nô|phương tiện)
      (?: thuyền| cá| tuần tra| cao tốc| cảnh sát biển| hải quân| chiến| hộ vệ| vận tải| biển
      | nước ngoài| chấp pháp| hàng)*
    |lượt(?: cán bộ| người| tàu| đoàn| chuyến| phương tiện| máy bay)*
      (?:,? (?:chiến sĩ|sĩ quan|tàu))*
    |cán bộ(?:, (?:chiến sĩ|sĩ quan|nhân viên|học viên))*
    |sĩ quan(?: trẻ)?(?:, (?:chiến sĩ|thủy thủ))*
    |chiến sĩ|ngư dân|thuyền viên|thủy thủ(?: đoàn)?|học viên|đại biểu|người(?: dân)?|thành viên
    |chuyến(?: tuần tra| thăm| tàu| công tác| bay)*(?: chung| liên hợp)?
    |cuộc(?: tuần tra| diễn tập| họp| gặp| hội đàm| giao lưu| tập trận| trao đổi| điện đàm
      | đối thoại| tập huấn| luyện tập| kiểm tra| hội nghị)*(?: chung| liên hợp)?
    |đợt(?: tuần tra| diễn tập| huấn luyện| tập huấn| kiểm tra)*(?: chung| liên hợp)?
    |(?:khóa|lớp)(?: học| huấn luyện| đào tạo| tập huấn| bồi dưỡng)*|lần(?: tuần tra| diễn tập)?
    |văn bản(?: hợp tác| thỏa thuận| ghi nhớ)*|văn kiện(?: hợp tác)?
    |(?:bản )?thỏa thuận(?: hợp tác)?
    |bản ghi nhớ|vụ(?: việc| án)*|đoàn(?: công tác| đại biểu| cán bộ)*|trường hợp
    |quốc gia|nước|lực lượng|cơ quan|tổ chức|đối tượng|nội dung|hoạt động|chương trình
    |suất quà|phần quà|thông tin|tin báo|buổi|hội nghị|nhóm|tốp|biên đội
    |ngư phủ|nạn nhân|phi công|bác sĩ)(?!\w)"""
)
_UNCOUNTED_VI = re.compile(
    r"(?:hai|ba|2|3) (?:bên|nước|quốc gia|lực lượng|cơ quan|nuoc|quoc gia|luc luong|co quan)\Z"
)
# Without diacritics these are "Việt Nam", "năm", "bay" or "tám" as well.
_AMBIGUOUS_BARE = ("nam", "bay", "tam", "tu")
_WORDS_VI = {unmarked(word): value for word, value in numerals.VIETNAMESE.items()}
_WORDS_VI |= numerals.VIETNAMESE


def counts(prose: Prose, number: int) -> Iterator[Proposal]:
    """Yield what a paragraph counts; neither dates and measures nor "the two sides" are."""
    dates = [each.span for each in prose.passage.dates]
    for match, end in _vietnamese(prose) if prose.vietnamese else _english(prose):
        span = prose.span(match.start(), end)
        if not any(span.overlaps(date) for date in dates):
            yield Proposal("count", number, span, _value(prose, match, span))


def _english(prose: Prose) -> Iterator[tuple[re.Match[str], int]]:
    for match in _NUMBER.finditer(prose):
        if match[0] == "one" or _is_definite(prose, match):
            continue
        end = _head_end(prose, match)
        if end is not None:
            yield match, end


def _head_end(prose: Prose, match: re.Match[str]) -> int | None:
    """Where the noun ends that a number counts, or None where it counts none."""
    head: Token | None = None
    for steps, token in enumerate(prose.after(match.end())):
        text = token.text.removesuffix("'")
        if steps == 0 and (text in _MEASURES or text[0].isdecimal()):
            return None
        if steps == 6 or text in _STOP or (head and _is_verb(text)):
            break
        if _is_plural(text):
            head = token
            if _next_is_not_plural(prose, token):
                break
        elif head:
            break
    if head is None or head.text in _MEASURES:
        return None
    definite = match[0] in _SHARED or match[0] in ("2", "3")
    if definite and head.text in _UNCOUNTED:
        return None
    return head.end - (1 if head.text.endswith("'") else 0)


def _next_is_not_plural(prose: Prose, token: Token) -> bool:
    following = next(prose.after(token.end), None)
    return following is None or not _is_plural(following.text)


def _is_plural(text: str) -> bool:
    if text in _PLURALS:
        return True
    return text.endswith("s") and not text.endswith(("ss", "us", "is", "'s")) and len(text) > 3


def _is_verb(text: str) -> bool:
    return text.endswith(("ed", "ing"))


def _is_definite(prose: Prose, match: re.Match[str]) -> bool:
    return _DEFINITE.search(prose, max(0, match.start() - 12), match.start()) is not None


def _vietnamese(prose: Prose) -> Iterator[tuple[re.Match[str], int]]:
    for match in _NUMBER_VI.finditer(prose):
        if prose.bare and match["word"] in _AMBIGUOUS_BARE:
            continue
        noun = _NOUNS_VI.match(prose, match.end() + 1)
        if noun is None or match[0] in ("một", "mot", "1") or _is_definite(prose, match):
            continue
        if not _UNCOUNTED_VI.search(prose.text[match.start() : noun.end()]):
            yield match, noun.end()


def _value(prose: Prose, match: re.Match[str], span: Span) -> dict[str, object]:
    before = _APPROXIMATE.search(prose, max(0, match.start() - 18), match.start())
    what = span.of(prose.passage.paragraph)[match.end() - match.start() :].strip()
    return {"count": _number(match), "approximate": before is not None, "what": what}


def _number(match: re.Match[str]) -> int | None:
    if match["digits"]:
        return int(re.sub("[,.]", "", match["digits"]))
    if match["vague"]:
        return 12 if match["vague"] == "a dozen" else None
    word = match["word"]
    if "hundred" in word:
        hundreds, _, rest = word.partition(" hundred")
        more = numerals.number(rest.removeprefix(" and").strip(), numerals.ENGLISH) or 0
        return (numerals.ENGLISH.get(hundreds, 1)) * 100 + more
    table = numerals.ENGLISH if word in numerals.ENGLISH else {**numerals.ENGLISH, **_WORDS_VI}
    return numerals.number(word, table)
