"""Texts that are held already: the same, republished, shortened, and merely about the same."""

import hashlib
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agreements.intake.alike import NEAR, held_alike, remember
from agreements.intake.extraction import pasted
from agreements.intake.shingles import KEPT, sample, shares, shingles
from agreements.intake.texts import attach_text
from agreements.models import Document, DocumentText, TextShingle
from tests.articles import ARTICLE, OTHER_ARTICLE
from tests.builders import document

WORDS = [f"{first}{last}" for first in "bdfglmnprst" for last in ("ale", "ori", "und", "ek", "ima")]


def prose(words: int, seed: int = 1) -> str:
    """An article of so many words, in paragraphs of fifty."""
    chosen = random.Random(seed).choices(WORDS, k=words)
    return "\n".join(" ".join(chosen[at : at + 50]) for at in range(0, words, 50))


def edited(text: str, every: int) -> str:
    """The text with one word in so many replaced."""
    words = text.split(" ")
    return " ".join("changed" if at % every == 0 else word for at, word in enumerate(words))


def hold(slug: str, text: str) -> Document:
    row = document(slug, sha256=hashlib.sha256(text.encode()).hexdigest())
    attach_text(row, text)
    return row


def test_shingles_are_the_same_in_every_process():
    assert shingles("Cảnh sát biển") == {4871724537716194911}
    assert shingles("canh SAT, Bien!") == shingles("Cảnh sát biển")
    assert shingles("") == shingles(" … ") == set()


@given(st.text(max_size=200))
def test_shingles_fit_their_column(text):
    assert all(0 <= number < 2**63 for number in shingles(text))


@given(st.integers(1, 3000), st.integers(0, 10**6))
def test_a_text_has_the_whole_of_itself(words, seed):
    whole = shingles(prose(words, seed))
    kept = sample(whole)
    assert len(kept) <= KEPT
    assert shares(whole, kept) == (1.0, 1.0)


@pytest.mark.parametrize("part", [0.3, 0.5, 0.8])
def test_shares_are_estimated_well(part):
    long = prose(3000)
    short = " ".join(long.split()[: int(3000 * part)])
    share, of_short = shares(shingles(long), sample(shingles(short)))
    assert share == pytest.approx(part, abs=0.1)
    assert of_short == pytest.approx(1.0, abs=0.02)
    share, of_long = shares(shingles(short), sample(shingles(long)))
    assert share == pytest.approx(1.0, abs=0.02)
    assert of_long == pytest.approx(part, abs=0.1)


@pytest.mark.django_db
class TestHeld:
    def test_the_same_text_is_told_first(self):
        same = hold("same", prose(600))
        hold("near", edited(prose(600), 40))
        first, second = held_alike(prose(600))
        assert (first.document, first.exact, first.share) == (same, True, 1.0)
        assert (second.document.slug, second.exact) == ("near", False)

    @pytest.mark.parametrize(
        "given",
        [
            ARTICLE.replace("\n", "\r\n"),
            ARTICLE + "\n",
            "\n\n".join(ARTICLE.split("\n")),
            f"  {ARTICLE}  ",
        ],
    )
    def test_ends_of_lines_make_no_other_text(self, given):
        hold("same", ARTICLE)
        assert [each.exact for each in held_alike(given)] == [True]

    def test_a_file_is_recognised_though_no_text_is_held(self):
        raw = b"\xef\xbb\xbf" + ARTICLE.encode()
        row = document("known", sha256=hashlib.sha256(raw).hexdigest())
        assert held_alike(ARTICLE) == []
        (alike,) = held_alike(ARTICLE, file_sha256=row.sha256)
        assert (alike.document, alike.exact) == (row, True)

    def test_a_pasted_text_is_recognised_though_none_is_held(self):
        row = document("known", sha256=hashlib.sha256(f"{ARTICLE}\n".encode()).hexdigest())
        found = pasted(f"{ARTICLE}\n".replace("\n", "\r\n"))
        assert (found.text, held_alike(found.text)) == (ARTICLE, [])
        (alike,) = held_alike(found.text, file_sha256=found.sha256)
        assert (alike.document, alike.exact) == (row, True)

    @pytest.mark.parametrize(
        "republished",
        [
            lambda text: f"Another title\nBy another hand\n{text}",
            lambda text: f"{text}\n{prose(150, seed=5)}",
            lambda text: text.partition("\n")[2],
            lambda text: edited(text, 12),
            lambda text: text.upper(),
            lambda text: " ".join(text.split()[:300]),
            lambda text: " ".join(text.split()[400:700]),
            lambda text: f"{prose(400, seed=6)}\n{text}\n{prose(900, seed=7)}",
        ],
        ids="title foot headless edited capitals beginning excerpt longer".split(),
    )
    def test_a_republication_is_found(self, republished):
        original = hold("original", prose(800))
        for number in range(5):
            hold(f"other-{number}", prose(800, seed=10 + number))
        (alike,) = held_alike(republished(prose(800)))
        assert (alike.document, alike.exact) == (original, False)
        assert alike.nearness >= NEAR

    def test_an_article_with_small_edits_is_found(self):
        hold("plan", ARTICLE)
        changed = (
            ARTICLE.replace("22 December", "23 December")
            .replace("a day of talks", "talks")
            .replace("eight places", "ten places")
            .replace("at any hour", "at every hour")
        )
        (alike,) = held_alike(changed)
        assert (alike.document.slug, alike.exact) == ("plan", False)

    def test_another_article_on_the_same_event_is_not_found(self):
        hold("plan", ARTICLE)
        assert held_alike(OTHER_ARTICLE) == []
        assert held_alike(f"{OTHER_ARTICLE}\n{ARTICLE.splitlines()[4]}") == []

    def test_the_nearest_come_first_and_no_more_than_asked_for(self):
        for every in (10, 15, 20, 40):
            hold(f"every-{every}", edited(prose(800), every))
        found = held_alike(prose(800))
        assert [each.document.slug for each in found] == ["every-40", "every-20", "every-15"]
        assert len(held_alike(prose(800), limit=1)) == 1

    def test_a_document_is_not_like_itself(self):
        row = hold("itself", ARTICLE)
        assert held_alike(ARTICLE, besides=row) == []
        assert held_alike(edited(ARTICLE, 30), besides=row) == []

    def test_rows_are_bounded_and_follow_the_text(self):
        row = hold("long", prose(5000))
        assert TextShingle.objects.count() == KEPT
        before = set(TextShingle.objects.values_list("pk", flat=True))
        remember(row.held_text)
        assert set(TextShingle.objects.values_list("pk", flat=True)) == before
        attach_text(row, "A short text of seven words now")
        remember(DocumentText.objects.get())
        assert TextShingle.objects.count() == 3

    def test_as_many_queries_for_many_texts_as_for_few(self, django_assert_num_queries):
        for number in range(30):
            hold(f"near-{number}", edited(prose(400), 20 + number))
            with django_assert_num_queries(4):
                held_alike(prose(400))

    def test_a_text_of_any_length_is_looked_up(self):
        hold("plan", ARTICLE)
        assert held_alike("one word " * 50_000) == []
        assert held_alike("plan") == []
