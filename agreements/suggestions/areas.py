"""Seas, gulfs and straits in a text. A country's name within one is not the country."""

from functools import cache

from agreements.suggestions.folded import spelling
from agreements.suggestions.spans import Span
from agreements.suggestions.words import Index, Word, name

_ENGLISH = """
South China Sea|East China Sea|West Philippine Sea|Philippine Sea|Yellow Sea|Sea of Japan
Japan Sea|East Sea|Bien Dong|Gulf of Tonkin|Tonkin Gulf|Beibu Gulf|Bac Bo Gulf|Gulf of Thailand
Andaman Sea|Strait of Malacca|Malacca Strait|Straits of Malacca and Singapore|Straits of Malacca
Malacca Straits|Singapore Strait|Strait of Singapore|Sulu Sea|Celebes Sea|Sulawesi Sea
Sulu-Celebes Sea|Java Sea|North Natuna Sea|Natuna Sea|Bay of Bengal|Arabian Sea|Indian Ocean
Pacific Ocean|Western Pacific|South Pacific|Atlantic Ocean|Arctic Ocean|Southern Ocean
Taiwan Strait|Korea Strait|Tsushima Strait|Gulf of Aden|Gulf of Oman|Persian Gulf|Arabian Gulf
Red Sea|Strait of Hormuz|Bab el-Mandeb|Black Sea|Baltic Sea|Mediterranean Sea|Mediterranean
Aegean Sea|Adriatic Sea|Caribbean Sea|Gulf of Mexico|Gulf of Guinea|Gulf of Panama
Mozambique Channel|English Channel|North Sea|Norwegian Sea|Barents Sea|Indian and Pacific Oceans
Bering Sea|Bering Strait|Coral Sea|Tasman Sea|Timor Sea|Arafura Sea|Banda Sea|Lombok Strait
Sunda Strait|Makassar Strait|Luzon Strait|Bashi Channel|Irish Sea|Sea of Okhotsk|Gulf of Finland
Scarborough Shoal|Second Thomas Shoal|Spratly Islands|Paracel Islands|Spratlys|Paracels
Senkaku Islands|Benham Rise|Philippine Rise|Gulf of Fonseca|Florida Straits|Straits of Florida
Denmark Strait|Danish Straits|Sea of Oman|Oman Sea|Bay of Biscay|Sea of Marmara|Ionian Sea
Mona Passage|Windward Passage|Bass Strait|Torres Strait|Cook Strait|Solomon Sea|Bismarck Sea
Natuna Sea|Straits of Singapore|Singapore Straits|Taiwan Straits|Formosa Strait|Luzon Strait
"""
_VIETNAMESE = """
Biển Đông|vịnh Bắc Bộ|vịnh Thái Lan|vịnh Bengal|eo biển Malacca|eo biển Đài Loan|eo biển Singapore
biển Hoa Đông|biển Nhật Bản|biển Hoàng Hải|biển Đen|Biển Đỏ|biển Tây Nam|biển Baltic
biển Philippines|biển Ả Rập|biển Andaman|biển Celebes|biển Sulu|vịnh Aden|vịnh Ba Tư|vịnh Oman
eo biển Hormuz|Ấn Độ Dương|Thái Bình Dương|Đại Tây Dương|Địa Trung Hải|vịnh Mexico
quần đảo Trường Sa|quần đảo Hoàng Sa|Trường Sa|Hoàng Sa|Nam Thái Bình Dương|Tây Thái Bình Dương
"""
# "bờ biển Nhật Bản" is the coast of Japan and stands in its coast guard's name; so with its navy's.
_GUARDED = frozenset(map(spelling, "bờ vệ sát an bo ve sat".split()))


@cache
def _index() -> Index[None]:
    texts = "|".join((_ENGLISH + _VIETNAMESE).strip().splitlines()).replace("||", "|").split("|")
    return Index(name(text, None) for text in texts if text)


def areas_in(text: str, words: list[Word]) -> list[Span]:
    """Return where the seas, gulfs, straits and groups of islands stand, in order."""
    return [
        Span(words[at].start, words[at + len(found.words) - 1].end)
        for at, found in _index().find(text, words)
        if any(word.given[0].isupper() for word in words[at : at + len(found.words)])
        and _GUARDED.isdisjoint(word.spelled for word in words[max(0, at - 2) : at])
    ]
