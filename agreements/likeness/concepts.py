"""Words of titles that say what a record is of, in English and Vietnamese, under one name each.

`concepts.json` has them folded, without diacritics. The longest phrase counts, each word once.
"""

import json
from functools import cache
from pathlib import Path

# They tell no event from another.
STOP_WORDS = frozenset(
    (
        "the a an of in on at to for with by and or from as its their this that between among into"
        " under near off being is are was be during after before held hold holds planned plans plan"
        " planning joint jointly combined bilateral multilateral trilateral two both sides side"
        " cooperation cooperate annual regular official event activities activity first time"
        " january february march april may june july august september october november december"
        " jan feb mar apr jun jul aug sep sept oct nov dec year s"
        " cua va giua voi tai o ve cac nhung trong tu den theo cho lan thu nam ngay thang hai ben"
        " chung phoi hop hop tac song phuong da ba lien hop du kien to chuc chinh thuc hoat dong"
        " cuoc chuyen buoi luc luong nuoc"
    ).split()
)
# Forces go by their names; these words of such names tell no event from another either.
FORCE_WORDS = frozenset(
    (
        "coast guard guards coastguard navy naval navies force forces maritime marine police"
        " ministry defence defense self department agency agencies command republic people peoples"
        " canh sat bien bao ve bo hai quan bo quoc phong tuan duyen phong ve canh kiem ngu"
        " bo doi bien phong nuoc cong hoa"
    ).split()
)


# Two of them make a title Vietnamese that was written without its diacritics.
VIETNAMESE_WORDS = frozenset(
    "cua giua va voi tai lan thu cuoc hoi huan luyen tham tuan ban".split()
)

Phrases = dict[str, list[tuple[tuple[str, ...], str]]]


@cache
def phrases(language: str) -> Phrases:
    """Return by its first word each phrase of "en" or "vi", and what it stands for; longest first.

    What stands for "" is said of anything.
    """
    found: Phrases = {}
    table = json.loads(Path(__file__).with_name("concepts.json").read_text(encoding="utf-8"))
    for name, texts in table.items():
        for phrase in texts[language]:
            words = tuple(phrase.split())
            found.setdefault(words[0], []).append((words, name))
    for each in found.values():
        each.sort(key=lambda row: -len(row[0]))
    return found
