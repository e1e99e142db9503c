"""Countries, forces, people and topics found in texts."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.countries import country_table
from agreements.models import ForceName, Person, PersonName, TopicLabel
from agreements.suggestions.bare_forces import BY_CONTEXT, UNIT
from agreements.suggestions.names import FoundForceName, Gazetteer
from agreements.suggestions.register import KnownForce, Register
from tests import builders
from tests.press import REGISTER

GAZETTEER = Gazetteer(REGISTER)


def found(text: str, *kinds: str, language: str = "", gazetteer: Gazetteer = GAZETTEER):
    names = gazetteer.find(text, language)
    return [(name.span.of(text), name.key) for name in names if name.kind in kinds]


def countries(text: str, language: str = "") -> list[str]:
    return [key for _, key in found(text, "country", language=language)]


def forces(text: str, language: str = "", gazetteer: Gazetteer = GAZETTEER) -> list[str]:
    kinds = ("force", "new-force")
    return [key for _, key in found(text, *kinds, language=language, gazetteer=gazetteer)]


@pytest.mark.parametrize(
    "code",
    # The last three have names that are others' today.
    sorted(set(country_table()) - {"CD", "CG", "HK", "MO", "MM", "CC", "BUMM", "TPTL", "CSXX"}),
)
def test_every_country_is_found_by_its_names(code):
    names = country_table()[code]["names"]
    assert countries(f"They went to {names['en']} again", "en") == [code]
    assert code in countries(f"Họ đã đến thăm {names['vi']} trong tuần", "vi")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("the US, the U.S. and the USA; tell us, contact us", ["US", "US", "US"]),
        ("Korea, South Korean, ROK, North Korea, DPRK", ["KR", "KR", "KR", "KP", "KP"]),
        ("Japanese and Filipino sailors met Thais and Australians", ["JP", "PH", "TH", "AU"]),
        ("the UK, Britain and the British", ["GB", "GB", "GB"]),
        ("Myanmar, Hong Kong, Macau and the DR Congo", ["MM", "HK", "MO", "CD"]),
        ("Türkiye, Turkey, a turkey, Cote d’Ivoire, Timor-Leste", ["TR", "TR", "CI", "TL"]),
        ("china-Vietnam ties and Viet Nam", ["CN", "VN", "VN"]),
        ("Papua New Guinea and Equatorial Guinea", ["PG", "GQ"]),
        ("the South China Sea, the Sea of Japan, the Gulf of Thailand, the Indian Ocean", []),
        ("Latin American, New Jersey, the Korean Peninsula", []),
        ("nam, my, ao, duc, phap, bi", []),
        ("see https://example.vn/viet-nam/japan and japan@example.org", []),
    ],
)
def test_countries_in_english(text, codes):
    assert countries(text, "en") == codes


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Mỹ, Nhật, Hàn và Úc", ["US", "JP", "KR", "AU"]),
        ("quan hệ Việt - Trung, Việt-Mỹ và Trung -Việt", ["VN", "CN", "VN", "US", "CN", "VN"]),
        ("Hàn Quốc, Nhật Bản, Trung Quốc, Ấn Độ, Hoa Kỳ", ["KR", "JP", "CN", "IN", "US"]),
        ("Hải quân đến từ Anh và Pháp; Bộ trưởng Đức; tàu Nga", ["GB", "FR", "DE", "RU"]),
        ("Thụy Sĩ, Thuỵ Sỹ, Hà Lan, Ba Lan", ["CH", "CH", "NL", "PL"]),
        ("ông Nguyễn Tuấn Anh và bà Lan ở Mỹ Tho, Lào Cai, Thủ Đức", []),
        ("pháp luật, Pháp luật, ý kiến, Ý kiến, thủy điện, năm phí, cấp ai", []),
        ("tiếng Anh, Chủ Nhật, nhật ký, trung ương, châu Mỹ, Bắc Mỹ", []),
        ("Biển Đông, vịnh Thái Lan, Ấn Độ Dương, bán đảo Triều Tiên", []),
        ("Anh cho biết sẽ đến sớm.", []),
    ],
)
def test_countries_in_vietnamese(text, codes):
    assert countries(text, "vi") == codes


def test_vietnamese_names_are_found_without_diacritics():
    assert countries("Viet Nam, Nhat Ban va Han Quoc") == ["VN", "JP", "KR"]
    assert forces("tau cua Canh sat bien Viet Nam") == ["vietnam-coast-guard"]


@pytest.mark.parametrize(
    "text",
    [
        "the Japan Coast Guard",
        "the Japanese coast guard",
        "Japan's coast guard",
        "Japan’s Coast Guard",
        "the Coast Guard of Japan",
        "JAPAN COAST GUARD",
        "Cảnh sát biển Nhật Bản",
        "lực lượng bảo vệ bờ biển Nhật Bản",
        "Lực lượng Bảo vệ bờ biển của Nhật Bản",
        "Tuần duyên Nhật Bản",
    ],
)
def test_a_force_is_found_by_name_and_by_kind_and_country(text):
    assert forces(text) == ["japan-coast-guard"]
    assert countries(text) == []


def test_a_force_that_the_database_lacks_is_given_with_what_is_needed_to_create_it():
    text = "đoàn Cảnh sát biển Ấn Độ"
    (name,) = GAZETTEER.find(text, "vi")
    assert isinstance(name, FoundForceName)
    assert (name.kind, name.key, name.country) == ("new-force", "indian-coast-guard", "IN")
    assert (name.name, name.force_kind) == ("Indian Coast Guard", "coast-guard")
    (name,) = GAZETTEER.find("the Peruvian navy", "en")
    assert (name.country, name.name, name.force_kind) == ("PE", "Peruvian Navy", "navy")


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("USCG and MMEA", ["united-states-coast-guard", "malaysian-maritime-enforcement-agency"]),
        ("Indonesia's Bakamla", ["indonesian-maritime-security-agency"]),
        ("Royal Thai Navy, Republic of Singapore Navy", ["royal-thai-navy", "singapore-navy"]),
        ("Vietnamese Ministry of National Defence", ["vietnam-ministry-of-national-defence"]),
        ("Korea's Ministry of National Defence", ["ministry-of-defence-of-south-korea"]),
        ("uscg, Uscg, coast guards, the navy", []),
        ("Bộ Tư lệnh Vùng Cảnh sát biển 2", ["vietnam-coast-guard-region-2"]),
        ("Bộ Tư lệnh Cảnh sát biển Việt Nam", ["vietnam-coast-guard"]),
        ("Tư lệnh Cảnh sát biển", ["vietnam-coast-guard"]),
        ("cảnh sát biển; Cảnh sát biển hai nước; Cảnh sát biển các nước; Cảnh sát biển 8002", []),
    ],
)
def test_forces_are_found_as_articles_name_them(text, keys):
    assert forces(text, "vi" if "biển" in text else "en") == keys


@pytest.mark.parametrize(
    "text",
    [
        "the Vietnamese and Chinese coast guards",
        "China, Vietnam Coast Guards",
        "the coast guards of China and Vietnam",
        "Vietnam-China coast guard forces",
        "Cảnh sát biển hai nước Việt Nam, Trung Quốc",
        "Cảnh sát biển Việt Nam và Trung Quốc",
        "Cảnh sát biển Trung - Việt",
    ],
)
def test_countries_that_share_a_word_for_their_forces_have_one_each(text):
    assert sorted(forces(text)) == ["china-coast-guard", "vietnam-coast-guard"]
    assert len(countries(text)) == 1


def test_of_several_forces_of_a_kind_none_is_chosen():
    register = Register(
        forces=tuple(
            KnownForce(slug, "ID", "coast-guard", (name,))
            for slug, name in (("one", "Sea and Coast Guard Unit"), ("two", "Sea Security Board"))
        )
    )
    text = "the Indonesian maritime police"
    gazetteer = Gazetteer(register)
    assert forces(text, gazetteer=gazetteer) == []
    assert found(text, "country", gazetteer=gazetteer) == [("Indonesian", "ID")]


def test_a_name_that_does_not_say_whose_force_it_is_follows_the_countries_of_the_text():
    assert forces("the Ministry of National Defence said") == [
        "vietnam-ministry-of-national-defence"
    ]
    assert forces("In Seoul, South Korea, the Ministry of National Defence and MND said") == [
        "ministry-of-defence-of-south-korea"
    ]
    text = "In Seoul, South Korea, and Tokyo, Japan, the Ministry of National Defence said"
    assert forces(text) == []
    assert forces("In Hanoi, Vietnam, the MND said") == ["vietnam-ministry-of-national-defence"]


def test_an_acronym_that_a_text_introduces_is_known_in_it():
    text = "The Sri Lankan coast guard (SLX) met the Korean Coast Guard (KCG). The KCG left."
    assert found(text, "new-force")[-1] == ("KCG", "korea-coast-guard")
    assert [word for word, _ in found(text, "new-force")].count("SLX") == 0


def test_a_whole_text_sheds_light_on_its_parts():
    text = "The Greek coast guard (GCG) met the Japan Coast Guard.\nThe GCG and MND agreed."
    part = text.splitlines()[1]
    assert forces(part) == ["vietnam-ministry-of-national-defence"]
    informed = GAZETTEER.for_text(text)
    assert forces(part, gazetteer=informed) == ["hellenic-coast-guard"]
    assert [body.country for body in informed.pair] in (["GR", "JP"], ["JP", "GR"])


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("The Philippine Coast Guard sailed. The Coast Guard said so.", ["philippine-coast-guard"]),
        ("The South Korean navy sailed; the navy said so.", ["republic-of-korea-navy"]),
        ("The Royal Thai Navy and the Indian Navy met. A navy, a coast guard ship.", []),
        ("Sri Lanka Coast Guard and the Secretary of the Ministry of Defence", ["LK"]),
        ("The Royal Thai Navy and the Royal Thai Navy met the Indian Navy. The Navy left.", ["TH"]),
        ("Asian Coast Guard Agencies met the Japan Coast Guard; the Coast Guard Forum", []),
        ("Hải quân Ấn Độ; đoàn chào Tư lệnh Hải quân Việt Nam. Tư lệnh Hải quân tiếp.", ["VN"]),
        ("Tuần duyên Hàn Quốc bắt tàu. Tuần duyên nói.", ["korea-coast-guard"]),
    ],
)
def test_a_force_named_by_its_sort_alone_is_the_one_that_the_text_is_of(text, keys):
    language = "vi" if "à" in text or "ầ" in text else "en"
    told = [name for name in GAZETTEER.for_text(text, language).find(text, language) if name.why]
    assert {name.why for name in told} <= {BY_CONTEXT}
    assert len(told) == len(keys)
    pairs = zip(told, keys, strict=True)
    assert [name.country if len(key) == 2 else name.key for name, key in pairs] == keys


def test_without_a_force_of_the_sort_the_country_of_the_text_tells_it():
    text = "The Filipino crew was thanked by the Coast Guard."
    assert forces(text) == ["philippine-coast-guard"]
    assert forces("The crew was thanked by the Coast Guard.") == []


@pytest.mark.parametrize(
    ("text", "words", "key"),
    [
        ("Phó Tư lệnh Vùng Cảnh sát biển 3", "Vùng Cảnh sát biển 3", "vietnam-coast-guard"),
        ("Bộ Tư lệnh Vùng 5 Hải quân", "Bộ Tư lệnh Vùng 5 Hải quân", "vietnam-peoples-navy"),
        ("Chi đội Kiểm ngư số 5", "Chi đội Kiểm ngư số 5", "vietnam-fisheries-surveillance"),
        ("BTL Vùng CSB 4", "BTL Vùng CSB 4", "vietnam-coast-guard"),
        ("the Philippine Coast Guard District Palawan", "Philippine Coast Guard District Palawan",
         "philippine-coast-guard"),
        ("U.S. Coast Guard Sector Guam", "U.S. Coast Guard Sector Guam",
         "united-states-coast-guard"),
    ],
)  # fmt: skip
def test_a_unit_that_the_database_lacks_stands_for_its_force(text, words, key):
    names = GAZETTEER.find(text, "en" if text.isascii() else "vi")
    (name,) = (name for name in names if name.kind in ("force", "new-force"))
    assert (name.span.of(text), name.key, name.why) == (words, key, UNIT)


def test_the_name_of_a_unit_ends_before_the_next_force():
    text = "Coast Guard District Philippine Navy ships met the U.S. Coast Guard"
    spans = [name.span for name in GAZETTEER.find(text, "en") if "force" in name.kind]
    assert [span.of(text) for span in spans] == [
        "Coast Guard",
        "Philippine Navy",
        "U.S. Coast Guard",
    ]


def test_a_unit_of_the_database_is_itself():
    text = "Chính ủy Vùng Cảnh sát biển 2"
    assert forces(text, "vi") == ["vietnam-coast-guard-region-2"]


@pytest.mark.parametrize(
    "text",
    [
        "tàu CSB 8005 và tàu KN-491",
        "Tổng cục Hải quan; trạm kiểm ngữ; Hải quân các nước",
        "the European Union and its Naval Forces",
        "a hull, CCG 5901, and hull VCG 8002",
    ],
)
def test_what_is_no_force_is_not_found(text):
    assert forces(text, "vi" if "à" in text else "en") == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("Petty Officer Jordan Smith of Savannah, Georgia, and Chad Lewis", []),
        ("Jordan, Georgia and Chad; the Jordan Navy", ["JO", "GE", "TD"]),
        ("the Sea of Japan, the Korea Strait, the Oman Sea, the Gulf of Guinea", []),
        ("the Vietnam News Agency in Vietnam", ["VN"]),
        ("the Soviet Union, the USSR, Soviet ships, Yugoslavia", ["SUHH", "SUHH", "SUHH", "YUCS"]),
        ("Burma and East Timor, Serbia and Montenegro", ["MM", "TL", "RS", "ME"]),
        ("US$2 million from the US", ["US"]),
        ("USS America and HMS Jamaica", []),
    ],
)
def test_names_of_countries_in_other_names_are_not_countries(text, codes):
    assert countries(text, "en") == codes


def test_the_style_of_a_state_belongs_to_its_name():
    text = "the Republic of the Philippines, the Kingdom of Tonga; Vương quốc Campuchia"
    assert [words for words, _ in found(text, "country")] == [
        "Republic of the Philippines",
        "Kingdom of Tonga",
        "Vương quốc Campuchia",
    ]


def test_transliterated_names_are_found():
    text = "Ô-xtrây-li-a, Phi-líp-pin, Xinh-ga-po, Băng-la-đét và Trung-Mỹ; Trung Mỹ; cô Anh"
    assert countries(text, "vi") == ["AU", "PH", "SG", "BD", "CN", "US"]


def test_a_body_of_the_european_union_is_found_and_belongs_to_no_state():
    text = "Frontex met the Hellenic Coast Guard and the Italian Coast Guard."
    assert forces(text) == ["frontex", "hellenic-coast-guard", "italian-coast-guard"]
    assert {body.country for body in GAZETTEER.for_text(text).pair} == {"GR", "IT"}


def test_people_are_found_with_and_without_marks_and_in_either_order():
    text = "Vũ Trung Kiên, Vu Trung Kien, VU TRUNG KIEN, Kishi Nobuo and Nobuo Kishi; kishi"
    assert [key for _, key in found(text, "person")] == ["vu-trung-kien"] * 3 + ["kishi-nobuo"] * 2


def test_topics_are_found_by_label_in_either_number():
    text = "joint patrol, drug-trafficking, search and rescue, tuần tra chung"
    assert [key for _, key in found(text, "topic")] == [
        "joint-patrols",
        "drug-trafficking",
        "search-and-rescue",
        "joint-patrols",
    ]


def test_places_fit_decomposed_text():
    text = unicodedata.normalize("NFD", "Lực lượng Bảo vệ bờ biển Nhật Bản và Việt Nam")
    names = GAZETTEER.find(text, "vi")
    assert [unicodedata.normalize("NFC", name.span.of(text)) for name in names] == [
        "Lực lượng Bảo vệ bờ biển Nhật Bản",
        "Việt Nam",
        "Việt Nam",
    ]


@given(st.text(alphabet="USKC.of, -'’()andJapenVitmứMỹHọ \u0301\n/@", max_size=60), st.booleans())
def test_names_of_one_kind_never_overlap(text, vietnamese):
    names = GAZETTEER.find(text, "vi" if vietnamese else "en")
    for kinds in (("country",), ("force", "new-force"), ("person",), ("topic",)):
        spans = [name.span for name in names if name.kind in kinds]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(a.end <= b.start for a, b in zip(spans, spans[1:], strict=False))


@pytest.mark.django_db
class TestFromTheDatabase:
    def test_its_names_aliases_and_acronyms_are_found(self):
        force = builders.force(builders.VCG)
        ForceName.objects.create(force=force, text="VCG", language="en", kind="acronym")
        ForceName.objects.create(force=force, text="Marine Police of Vietnam", language="en")
        gazetteer = Gazetteer()
        text = "Vietnam Coast Guard; Cảnh sát biển Việt Nam; VCG; Marine Police of Vietnam; vcg"
        assert forces(text, gazetteer=gazetteer) == ["vietnam-coast-guard"] * 4
        assert gazetteer.force_names == {"vietnam-coast-guard": "Vietnam Coast Guard"}
        assert gazetteer.country_of("vietnam-coast-guard") == "VN"

    def test_its_people_topics_and_places_are_found(self):
        person = Person.objects.create(slug="lan-nguyen", name="Nguyễn Thị Lan")
        PersonName.objects.create(person=person, text="Nguyen Thi Lan", language="en")
        TopicLabel.objects.create(topic=builders.topic(), text="Tìm kiếm cứu nạn", language="vi")
        builders.meeting(location_name="Hanoi", location_country=builders.country("VN"))
        gazetteer = Gazetteer()
        assert gazetteer.places == {"Hanoi": "VN"}
        names = gazetteer.find("Nguyen Thi Lan on search and rescue, tìm kiếm cứu nạn")
        assert [name.key for name in names] == ["lan-nguyen", *["search-and-rescue"] * 2]

    def test_a_place_that_records_put_in_two_countries_has_none(self):
        for slug, code in (("one", "VN"), ("two", "JP")):
            builders.meeting(
                slug, location_name="Victoria", location_country=builders.country(code)
            )
        assert Gazetteer().places == {"Victoria": ""}

    def test_it_is_read_with_a_number_of_queries_that_does_not_grow(
        self, django_assert_num_queries
    ):
        for number in range(20):
            body = (f"force-{number}", "VN", f"Force {number} of Vietnam")
            builders.force(body, kind="agency")
            Person.objects.create(slug=f"person-{number}", name=f"Person Number {number}")
        with django_assert_num_queries(7):
            gazetteer = Gazetteer()
        with django_assert_num_queries(0):
            gazetteer.for_text("Force 3 of Vietnam").find("Force 3 of Vietnam")
