"""The interface's texts: all of them are in both catalogues, and in Vietnamese."""

import re
from gettext import GNUTranslations
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.utils import translation
from django.utils.translation.template import templatize

from agreements.date_forms import interpretation
from agreements.date_words import describe
from agreements.dates import PartialDate
from agreements.models import (
    Agreement,
    Citation,
    Document,
    Exercise,
    Meeting,
    Participant,
    Publication,
    Reviewable,
)
from tests.conftest import ROOT

pytestmark = pytest.mark.anywhere

APP = ROOT / "agreements"
LANGUAGES = ["en", "vi"]
COLLECT = "run: make messages"

# What makemessages collects: Django's names of gettext's functions, with their arguments' places.
_ONE, _MANY, _IN_CONTEXT, _MANY_IN_CONTEXT = None, (1, 2), ((1, "c"), 2), ((1, "c"), 2, 3)
KEYWORDS = {
    "_": _ONE,
    "gettext": _ONE,
    "gettext_lazy": _ONE,
    "gettext_noop": _ONE,
    "ngettext": _MANY,
    "ngettext_lazy": _MANY,
    "pgettext": _IN_CONTEXT,
    "pgettext_lazy": _IN_CONTEXT,
    "npgettext": _MANY_IN_CONTEXT,
    "npgettext_lazy": _MANY_IN_CONTEXT,
}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[a-z%]|\{\w*\}")


def catalogue(language) -> Catalog:
    path = APP / "locale" / language / "LC_MESSAGES" / "django.po"
    with path.open("rb") as file:
        return read_po(file)


def forms(text) -> list[str]:
    """The singular and plural of a msgid or a msgstr, or the one text that it is."""
    return list(text) if isinstance(text, tuple | list) else [text]


def key(message: Message) -> tuple[str | None, str]:
    """What gettext looks a message up by."""
    return (message.context, forms(message.id)[0])


def messages(language) -> list[Message]:
    return [message for message in catalogue(language) if message.id]


def placeholders(text: str) -> list[str]:
    return sorted(PLACEHOLDER.findall(text))


def texts_of(compiled: bytes) -> dict:
    """A compiled catalogue as gettext loads it, without its header."""
    texts = dict(GNUTranslations(BytesIO(compiled))._catalog)
    texts.pop("", None)
    return texts


def marked() -> dict[tuple[str | None, str], str]:
    """Each text that is marked for translation, with the file that it is in."""
    found = {}
    for path in [*APP.rglob("*.py"), *APP.rglob("*.html"), *APP.rglob("*.txt")]:
        source = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # Between the calls there is only filling, whose indentation would not be Python's.
            lines = templatize(source, origin=str(path)).splitlines()
            source = "\n".join(line.strip() for line in lines)
        for _, text, _, context in extract("python", BytesIO(source.encode()), KEYWORDS):
            found[(context, forms(text)[0])] = str(path.relative_to(ROOT))
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_marked_text_is_in_the_catalogue(language):
    collected = {key(message) for message in messages(language)}
    missing = {text: path for text, path in marked().items() if text not in collected}
    assert missing == {}, COLLECT


def test_marked_texts_are_found_in_python_and_in_templates():
    found = marked()
    assert found[None, "memorandum of understanding"] == "agreements/models/engagements.py"
    assert found[None, "Nothing is lacking for publication."].endswith("review_panel.html")


def test_every_text_is_in_vietnamese():
    untranslated = [
        message.id for message in messages("vi") if not all(map(str.strip, forms(message.string)))
    ]
    assert untranslated == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_a_guess(language):
    # Where a text changes, makemessages puts in the translation of one like it, as fuzzy.
    assert [message.id for message in messages(language) if message.fuzzy] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_their_placeholders(language):
    changed = [
        (message.id, text)
        for message in messages(language)
        for text in filter(None, forms(message.string))
        # Of a plural, every form is held against the plural: Vietnamese has one for any count.
        if placeholders(text) != placeholders(forms(message.id)[-1])
    ]
    assert changed == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_compiled_is_the_catalogue(language):
    translated = catalogue(language)
    for message in messages(language):
        if not any(forms(message.string)):
            translated.delete(message.id, message.context)
    compiled = BytesIO()
    write_mo(compiled, translated)
    shipped = APP / "locale" / language / "LC_MESSAGES" / "django.mo"
    assert texts_of(shipped.read_bytes()) == texts_of(compiled.getvalue()), COLLECT


@pytest.mark.parametrize(
    ("label", "vietnamese"),
    [
        (Agreement._meta.verbose_name, "thỏa thuận"),
        (Participant._meta.verbose_name, "bên tham gia"),
        (Document._meta.verbose_name_plural, "tài liệu"),
        (Publication._meta.verbose_name, "bản công bố"),
        (Citation._meta.get_field("quote").verbose_name, "trích nguyên văn"),
        (Agreement.Instrument.MEMORANDUM.label, "biên bản ghi nhớ"),
        (Agreement.Instrument.LETTER_OF_INTENT.label, "ý định thư"),
        (Meeting.Level.MINISTER.label, "bộ trưởng"),
        (Exercise.Activity.JOINT_PATROL.label, "tuần tra chung"),
        (Reviewable.ReviewState.IN_REVIEW.label, "chờ duyệt"),
    ],
)
def test_labels_are_in_vietnamese(label, vietnamese):
    with translation.override("vi"):
        assert str(label) == vietnamese


# Names of months are Django's own, and start with a capital.
@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("2015-09-12", "ngày 12 Tháng 9 năm 2015"),
        ("2015-09", "Tháng 9 năm 2015: từ ngày 1 đến ngày 30 Tháng 9 năm 2015"),
        ("2023-11-30/2023-12-02", "từ ngày 30 Tháng 11 đến ngày 2 Tháng 12 năm 2023"),
        ("2024~", "khoảng 2024: từ ngày 1 Tháng 1 đến ngày 31 Tháng 12 năm 2024"),
        ("XXXX-07", "Tháng 7, không rõ năm: không xác định được ngày đầu và ngày cuối"),
        ("../2025", "cho đến 2025: không có ngày đầu, ngày cuối là ngày 31 Tháng 12 năm 2025"),
    ],
)
def test_dates_are_read_in_vietnamese(text, description):
    with translation.override("vi"):
        assert describe(PartialDate(text)) == description


def test_a_refused_date_is_answered_in_vietnamese():
    with translation.override("vi"):
        assert interpretation("2025/2020") == (
            False,
            "2025/2020 kết thúc trước khi bắt đầu; có phải ý bạn là 2020/2025?",
        )
