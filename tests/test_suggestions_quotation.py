"""Sentences of English and Vietnamese, and what may be quoted of a selection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.models.evidence import QUOTE_WORDS
from agreements.suggestions.quotation import fragment, is_whole_sentence, sentences
from agreements.suggestions.spans import Span
from agreements.text import word_count

pytestmark = pytest.mark.anywhere

PARAGRAPH = (
    "The two coast guards met in Manila on 3 May 2024. They agreed to share more. "
    "Nothing was said of the ships that had been seen near the reef in the weeks before, nor of "
    "the crews who had been on board of them since the storm passed over the islands."
)


def place(text: str, words: str) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def quoted(words: str, keep: str = "") -> str:
    kept = place(PARAGRAPH, keep) if keep else None
    return fragment(PARAGRAPH, place(PARAGRAPH, words), kept).of(PARAGRAPH)


@pytest.mark.parametrize(
    ("paragraph", "starts"),
    [
        ("They met. They left.", ["They met", "They left"]),
        ("Lt. Gen. Bui Van An met Dr. J. Smith of the U.S. Coast Guard. He left.", ["Lt.", "He"]),
        ("It is in the U.S. The ship sails at 5 p.m. On Monday it returns.", ["It", "The", "On"]),
        ("Decree No. 12 of Jan. 5 costs 2.5 million. It stands.", ["Decree", "It"]),
        ("“We agree.” The talks went on! Why? Nobody said…", ["“We", "The", "Why", "Nobody"]),
        ("They joined other forums.Their goal was plain.", ["They", "Their"]),
        (
            "Hai bên hội đàm. Tại TP. Đà Nẵng, tàu cập cảng lúc 8.30. Kết quả tốt./.",
            ["Hai", "Tại", "Kết"],
        ),
        ("A ship at sea. Photo: Agency | The talks opened", ["A ship", "Photo", "The talks"]),
        ("He saw ships, e.g. patrol boats, etc. and left.", ["He saw"]),
        ("...", []),
        ("", []),
    ],
)
def test_sentences_end_where_they_do(paragraph, starts):
    found = [span.of(paragraph) for span in sentences(paragraph)]
    assert len(found) == len(starts), found
    for sentence, start in zip(found, starts, strict=True):
        assert sentence.startswith(start)


def test_a_part_of_a_sentence_is_quoted_as_selected():
    assert quoted("agreed to share") == "agreed to share"


def test_a_word_selected_in_part_is_taken_whole_and_punctuation_is_left_off():
    assert quoted("hare more. ") == "share more"
    assert quoted(" uards met in Mani".strip()) == "guards met in Manila"


def test_a_whole_sentence_loses_its_last_word():
    assert quoted("They agreed to share more.") == "They agreed to share"


def test_a_whole_sentence_loses_its_first_word_where_the_last_bears_the_value():
    sentence = "The two coast guards met in Manila on 3 May 2024."
    assert quoted(sentence, keep="3 May 2024") == "two coast guards met in Manila on 3 May 2024"


def test_of_two_whole_sentences_a_part_of_the_longer_stays():
    both = "The two coast guards met in Manila on 3 May 2024. They agreed to share more."
    assert quoted(both) == "The two coast guards met in Manila on 3 May"
    assert quoted(both, keep="share more") == "agreed to share more"


def test_of_a_long_selection_the_first_twenty_words_stay():
    first = PARAGRAPH[PARAGRAPH.index("Nothing") : PARAGRAPH.index(" crews")]
    assert word_count(first) == QUOTE_WORDS
    assert quoted(f"{first} crews who") == first


def test_of_a_long_selection_the_words_that_bear_the_value_stay():
    selected = PARAGRAPH[PARAGRAPH.index("Nothing") : -1]
    kept = quoted(selected, keep="the storm")
    assert kept.endswith("since the storm")
    assert word_count(kept) == QUOTE_WORDS


def test_a_selection_without_words_gives_an_empty_fragment():
    assert fragment("They met – then left.", Span(8, 11)) == Span(8, 8)


def test_a_word_by_itself_is_no_sentence():
    assert not is_whole_sentence("Agreed. They left.", Span(0, 7))
    assert fragment("Agreed. They left.", Span(0, 7)) == Span(0, 6)


@pytest.mark.parametrize(
    ("words", "whole"),
    [
        ("They agreed to share more.", True),
        ("They agreed to share more", True),
        ("2024. They agreed to share more. Nothing", True),
        ("They agreed to share", False),
        ("agreed to share more.", False),
        ("2024. They agreed", False),
    ],
)
def test_a_whole_sentence_is_recognised(words, whole):
    assert is_whole_sentence(PARAGRAPH, place(PARAGRAPH, words)) is whole


@given(st.text(alphabet="Ab đé.!? |“U"), st.integers(0, 40), st.integers(0, 40))
def test_no_fragment_is_a_whole_sentence_or_too_long(paragraph, start, length):
    span = Span(min(start, len(paragraph)), min(start + length, len(paragraph)))
    found = fragment(paragraph, span)
    assert 0 <= found.start <= found.end <= len(paragraph)
    assert not is_whole_sentence(paragraph, found)
    assert word_count(found.of(paragraph)) <= QUOTE_WORDS
    assert found.of(paragraph) == found.of(paragraph).strip(" .!?|“")
    assert fragment(paragraph, found) == found


@given(st.text())
def test_sentences_lie_in_order_and_leave_out_no_letter(paragraph):
    found = sentences(paragraph)
    assert found == sorted(found)
    for one, other in zip(found, found[1:], strict=False):
        assert one.end <= other.start
    covered = "".join(span.of(paragraph) for span in found)
    assert [c for c in covered if c.isalnum()] == [c for c in paragraph if c.isalnum()]
