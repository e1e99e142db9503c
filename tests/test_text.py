"""Texts compared as people search and quote them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.text import fold, normalised, paragraphs, word_count

pytestmark = pytest.mark.anywhere


def test_vietnamese_is_found_without_its_diacritics():
    assert "canh sat bien" in fold("Tư lệnh Cảnh sát biển Việt Nam")


@pytest.mark.parametrize("written", ["Đà Nẵng", "đà nẵng", "ÐÀ NẴNG", "ðà nẵng", "Da Nang"])
def test_d_with_a_stroke_is_d(written):
    assert fold(written) == " da nang"


def test_composed_and_decomposed_text_fold_alike():
    written = "Hợp tác giữa lực lượng Cảnh sát biển"
    nfc, nfd = (unicodedata.normalize(form, written) for form in ("NFC", "NFD"))
    assert nfc != nfd
    assert fold(nfc) == fold(nfd)


def test_punctuation_parts_words_and_is_left_out():
    assert fold("VCG–JCG: “joint_drill” (2015/09)") == " vcg jcg joint drill 2015 09"


def test_full_width_letters_and_digits_are_plain_ones():
    assert fold("ＪＣＧ　２０１５") == " jcg 2015"


def test_other_scripts_keep_their_letters():
    assert fold("海上保安庁") == " 海上保安庁"


def test_a_text_without_words_folds_to_nothing():
    assert fold(" …—– ") == ""


@given(st.text(st.characters(codec="ascii")))
def test_words_of_ascii_are_the_same_beside_other_letters(text):
    assert fold(f"{text} \u0436") == f"{fold(text)} \u0436"


@given(st.text())
def test_folding_twice_is_folding_once(text):
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_composition_makes_no_difference_to_folding(text):
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text())
def test_every_folded_word_is_led_by_one_space(text):
    folded = fold(text)
    assert folded == "".join(f" {word}" for word in folded.split())


@given(st.text(alphabet=st.characters(max_codepoint=0x24F)))
def test_case_makes_no_difference_to_folding(text):
    assert fold(text.upper()) == fold(text.upper().lower())


def test_runs_of_white_space_are_one_space():
    assert normalised(" held\tin \n  Hanoi\u00a0today ") == "held in Hanoi today"


def test_normalised_text_is_composed():
    decomposed = unicodedata.normalize("NFD", "Cảnh sát")
    assert normalised(decomposed) == unicodedata.normalize("NFC", "Cảnh sát")


def test_normalised_text_keeps_case_and_punctuation():
    assert normalised("“The Two Sides”, said…") == "“The Two Sides”, said…"


@given(st.text())
def test_normalising_twice_is_normalising_once(text):
    assert normalised(normalised(text)) == normalised(text)


def test_a_paragraph_is_a_line_that_is_not_blank():
    text = "First  line\r\n\r\n \t \nSecond line\n\n\nThird"
    assert paragraphs(text) == ["First line", "Second line", "Third"]


def test_a_blank_text_has_no_paragraphs():
    assert paragraphs(" \n\n") == []


@given(st.lists(st.text(alphabet="abc đ", min_size=1).filter(str.strip)))
def test_paragraphs_are_the_lines_that_were_joined(lines):
    assert paragraphs("\n\n".join(lines)) == [normalised(line) for line in lines]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("—", 0),
        ("held in Hanoi", 3),
        ("search-and-rescue drill", 4),
        ("Cảnh sát biển", 3),
        ("December 16-21, 2024", 4),
    ],
)
def test_words_are_counted(text, words):
    assert word_count(text) == words
