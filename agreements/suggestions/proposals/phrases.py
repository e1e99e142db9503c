"""How far the noun phrase around a word reaches, in English and Vietnamese."""

from __future__ import annotations

from itertools import islice

from agreements.suggestions.numerals import ENGLISH_ORDINALS
from agreements.suggestions.proposals.prose import Prose, Token, unmarked

_FUNCTION_WORDS = frozenset(
    "a an the this that these those its their his her our your my each every any some all "
    "both no such another other of on in at to for from with by under over after before "
    "during since until between among into onto through via about against within without "
    "including following despite out up off down back away along across around and or but nor "
    "as than then when where which who whom whose while if because so also not only more most "
    "many several few two three four five six seven eight nine ten first second third is are "
    "was were be been being am has have had do does did will would shall should can could may "
    "might must it they he she we you i there here what how why new existing recent latest "
    "upcoming forthcoming previous earlier current ongoing annual proposed planned draft "
    "historic landmark similar formal various regular successful last next past same first- "
    "ever sign signs signed hold holds held make makes made conduct conducts take takes took "
    "carry join joins attend attends begin begins began end ends start starts see sees saw "
    "include includes complete completes launch launches host hosts organise organize reach "
    "reached discuss discusses discussed sought seek seeks become became kick open opens "
    "close closes strengthen promote expand increase boost enhance deepen implement support "
    "continue resume propose welcome undergo underwent receive give gave gives offer offers "
    "share plan plans agree says said say told called call known named".split()
)
# Words in -ing and -ed that qualify a noun, where others are verbs.
_QUALIFYING = frozenset(
    "training fishing shipping boarding passing working meeting policing monitoring sharing "
    "smuggling trafficking visiting building planning standing operating binding firing "
    "landing diving sailing refuelling refueling confidence-building capacity-building towing "
    "screening fact-finding firefighting fire-fighting seafaring peacekeeping combined "
    "coordinated co-ordinated integrated armed unmanned advanced expanded united extended "
    "enhanced limited accelerated shared simulated information-sharing steering engineering "
    "negotiating piloting non-binding legally-binding live-firing ship-boarding counter- "
    "trafficking implementing".split()
)
_JOINED_BY_AND = frozenset(
    "search towing boarding rescue visit command fire education research exchange security "
    "training air board safety science trade fisheries maritime peace humanitarian crime oil "
    "friendship environmental disaster defense defence customs navigation amity".split()
)


def start_with_modifiers(prose: Prose, start: int, most: int = 5) -> int:
    """Return where an English noun phrase begins whose noun begins at an offset.

    Articles, numbers and words that only place it in time are left out.
    """
    words: list[Token] = []
    for token in prose.before(start):
        if len(words) == most:
            break
        joins = token.text == "and" and bool(words)
        if not joins and not _qualifies(token):
            break
        words.append(token)
    while words and words[-1].text == "and":
        words.pop()
    for at, token in enumerate(words):
        if token.text != "and":
            continue
        if at + 1 == len(words) or words[at + 1].text not in _JOINED_BY_AND:
            words = words[:at]
            break
    while words and words[-1].text in ("very", "most", "bilateral-level"):
        words.pop()
    return words[-1].start if words else start


def _qualifies(token: Token) -> bool:
    text = token.text
    if text in _QUALIFYING:
        return True
    if text in _FUNCTION_WORDS or text in ENGLISH_ORDINALS or text.endswith(("'s", "s'")):
        return False
    if text.endswith(("-day", "-week", "-month", "-year", "-hour")) or text[0].isdecimal():
        return False
    return not text.endswith(("ing", "ed", "ly")) or text.endswith("-led")


# What may lead from an instrument or a dialogue to what it is on.
_LEADING = frozenset("on for concerning regarding against in".split())
_STOPPING = frozenset(
    "between with signed which that who was were is are has have had will would to by during "
    "after before when while as since from until following at among under through via into "
    "held dated reached known including but both so may might should could can he she it they "
    "this these those if than then last next".split()
)
_OTHER_MATTERS = frozenset("first second third a an more".split())
_INNER = frozenset("of on for and the in against at or its".split())


def end_with_subject(prose: Prose, end: int, most: int = 14) -> int:
    """Return where an English noun phrase ends, with "on …" after the noun that ends there."""
    reached = end
    in_capitals = False
    for count, token in enumerate(islice(prose.after(end), most)):
        if _stops(prose, token, count) or (count == 1 and token.text in _OTHER_MATTERS):
            break
        if count and token.text not in _INNER:
            capital = prose.is_capital(token.start)
            if not capital and (in_capitals or token.text.endswith("ed")):
                break
            first = count == 1 or (count == 2 and prose.text.endswith("the ", 0, token.start))
            in_capitals = capital if first else in_capitals
            reached = token.end
    return reached


def _stops(prose: Prose, token: Token, count: int) -> bool:
    """Whether a word, so many words after a noun, tells no more of what the noun is on."""
    if count == 0 and token.text not in _LEADING:
        return True
    if token.text == "at":
        return not prose.text.startswith("at sea", token.start)
    if token.text in _STOPPING or token.text.isdecimal():
        return True
    if token.text == "in":
        return _names_or_dates(prose, token) if count else not _leads_in(prose, token)
    return False


def _leads_in(prose: Prose, token: Token) -> bool:
    return prose.text.startswith(("in the field", "in the area", "in the fields"), token.start)


def _names_or_dates(prose: Prose, token: Token) -> bool:
    """Whether "in" leads to a place or a date, and not to what is cooperated in."""
    following = next(prose.after(token.end), None)
    if following is None:
        return True
    return (
        prose.is_capital(following.start)
        or following.text[0].isdecimal()
        or (following.text in ("the", "a", "an", "its", "their", "early", "late"))
    )


_STOPPING_VIETNAMESE = frozenset(
    "giữa với được đã sẽ do ký vào tại ngày năm nhằm để mà là có cũng khi sau trước trên từ "
    "theo hai cùng nên thì bằng này đó nói như vẫn đang bao nếu cho của đến tới kể lần nhân "
    "trong bởi cả các những mỗi một".split()
)
# After "và" these begin another clause.
_ACTING = frozenset(
    "ra ký thực triển duy tổ tiến đưa thống tham tăng thúc đẩy mở xây chuẩn hoàn trao nhất".split()
)
_LINKING = frozenset("và về việc trong cho lĩnh".split())
_PERIOD = ("giai đoạn ", "giai doan ")
_GOING_ON = ("trong lĩnh vực", "trong linh vuc", "trên biển", "tren bien", "cho lực lượng")


def _with_bare(words: frozenset[str]) -> frozenset[str]:
    return words | {unmarked(word) for word in words}


# Without diacritics some of these are words that a title has.
_STOPPING_BARE = frozenset(map(unmarked, _STOPPING_VIETNAMESE)) - {"cac", "mot", "ca", "cho", "boi"}
_ACTING_ANY, _LINKING_ANY = _with_bare(_ACTING), _with_bare(_LINKING)


def end_with_subject_vietnamese(prose: Prose, end: int, most: int = 16) -> int:
    """Return where a Vietnamese noun phrase ends whose head noun ends at an offset."""
    stops = _STOPPING_BARE if prose.bare else _STOPPING_VIETNAMESE
    reached, last = end, ""
    for token in islice(prose.after(end), most):
        if token.text[0].isdecimal():
            dated = prose.text.endswith(_PERIOD, 0, token.start) and token.text.startswith("20")
            return token.end if dated else reached
        if token.text in stops and not prose.text.startswith(_GOING_ON, token.start):
            break
        if last in ("và", "va") and token.text in _ACTING_ANY:
            break
        last = token.text
        if last not in _LINKING_ANY:
            reached = token.end
    return reached
