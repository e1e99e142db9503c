"""`manage.py suggest FILE` and the measure of its proposals."""

import json
import sys
from pathlib import Path

import pytest

from agreements.models import Change, Engagement
from agreements.suggestions.names import Gazetteer
from agreements.suggestions.proposals import Proposal
from agreements.suggestions.spans import Span
from tests.builders import JCG, VCG, force
from tests.readings import refused, run

ROOT = Path(__file__).resolve().parent.parent
BENCH = ROOT / "bench" / "suggestions"
sys.path.insert(0, str(BENCH))

from annotated import AnnotationError, articles_in, parsed  # noqa: E402
from measure import Tally, errors, measured, pair, register_from, table, tallies  # noqa: E402

REPORT = """\
Coast guards hold their eighth high-level meeting

HANOI, May 17, 2024 –  The eighth high-level meeting of the Vietnam Coast Guard and the Japan
Coast Guard was held on May 16, and eight ships joined a joint patrol.
"""


def written(folder: Path, text: str = REPORT, name: str = "report.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def rows(*arguments: object) -> list[dict]:
    told = run("suggest", *arguments, "--format", "json").splitlines()
    return [json.loads(line) for line in told if line.startswith("{")]


@pytest.mark.django_db
class TestCommand:
    def test_proposals_are_printed_with_their_places(self, tmp_path):
        force(VCG)
        path = written(tmp_path)
        found = rows(path, "--published", "2024-05-17", "--language", "en")
        dated = next(row for row in found if row["text"] == "May 16")
        assert (dated["type"], dated["value"], dated["inferred"]) == ("date", "2024-05-16", True)
        assert REPORT[dated["file_start"] : dated["file_end"]] == "May 16"
        vcg = next(row for row in found if row["text"] == "Vietnam Coast Guard")
        assert vcg["value"]["slug"] == "vietnam-coast-guard"
        assert {row["type"] for row in found} >= {"meeting", "count", "exercise", "event"}

    def test_the_file_tells_when_it_was_published(self, tmp_path):
        page = (
            "<html lang='en'><head><title>Ships meet</title>"
            "<meta property='article:published_time' content='2021-03-09T10:00:00Z'></head><body>"
            "<article><h1>Ships meet</h1><p>Two patrol ships of Vietnam and Japan met at sea on "
            "March 4 and held a joint patrol, the coast guards of the two countries said on "
            "Tuesday in a short statement that was published in Hanoi and in Tokyo.</p><p>It was "
            "the third of its kind, and more of them are planned for later, they said.</p>"
            "</article></body></html>"
        )
        found = rows(written(tmp_path, page, "page.html"), "--type", "date")
        assert "2021-03-04" in [row["value"] for row in found]
        assert all("file_start" not in row for row in found)

    def test_types_are_chosen(self, tmp_path):
        found = rows(written(tmp_path), "--type", "count", "--type", "meeting")
        assert {row["type"] for row in found} == {"count", "meeting"}

    def test_the_table_has_a_line_for_each(self, tmp_path):
        told = run("suggest", written(tmp_path), "--type", "count", "--language", "en")
        assert "“eight ships”" in told
        assert "1 proposals (published 2024-05-17, language en)." in told

    def test_events_come_with_their_facts(self, tmp_path):
        force(VCG)
        force(JCG)
        found = rows(written(tmp_path), "--type", "event")
        meeting = next(row["value"] for row in found if row["value"]["kind"] == "meeting")
        facts = {fact["field"]: fact["value"] for fact in meeting["facts"]}
        assert (facts["ordinal"], facts["level"]) == (8, "high-level")

    def test_nothing_is_stored(self, tmp_path):
        rows(written(tmp_path))
        assert not Engagement.objects.exists()
        assert not Change.objects.exists()

    @pytest.mark.parametrize(
        ("content", "arguments", "told"),
        [
            (b"A few words of a report\0 and more", (), "NUL"),
            (b"", (), "no text"),
            (b"Caf\xe9 talks", (), "not UTF-8"),
            (b"Talks", ("--type", "ship"), "“ship” is no type of proposal"),
            (b"Talks", ("--published", "yesterday"), "--published"),
            (b"Talks", ("--published", ""), "--published"),
        ],
    )
    def test_what_cannot_be_read_is_refused_in_one_line(self, tmp_path, content, arguments, told):
        path = tmp_path / "text.txt"
        path.write_bytes(content)
        message = refused("suggest", path, *arguments)
        assert told in message
        assert "\n" not in message.strip()

    def test_a_missing_file_and_a_folder_are_refused(self, tmp_path):
        assert "cannot be read" in refused("suggest", tmp_path / "none.txt")
        assert "cannot be read" in refused("suggest", tmp_path)


ANNOTATED = """\
# en-00-example
language: en
published: 2024-05-17
---
On {date:2024-05-16|May 16}, {country:VN|Vietnam} and {country:JP|Japan}  met.

{count:8|Eight ships} of the {force:VN/coast-guard|Vietnam Coast Guard} and {count:2|two\tboats}.
"""


def test_an_article_is_read_with_its_marks_taken_out():
    article = parsed("en-00", ANNOTATED)
    assert article.paragraphs[0] == "On May 16, Vietnam and Japan met."
    assert (article.language, article.published) == ("en", "2024-05-17")
    words = [(m.type, m.value, m.span.of(article.paragraphs[m.number - 1])) for m in article.marks]
    assert ("date", "2024-05-16", "May 16") in words
    assert ("count", "2", "two boats") in words
    assert len(words) == 6


def test_marks_may_hold_marks():
    article = parsed("vi", "language: vi\n---\n{meeting:3|họp {country:VN|Việt Nam} lần thứ 3}")
    assert [mark.span.of(article.paragraphs[0]) for mark in article.marks] == [
        "họp Việt Nam lần thứ 3",
        "Việt Nam",
    ]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("{date:2024|May", "does not end"),
        ("May}", "did not begin"),
        ("{when:2024|May}", "is not a type"),
        ("{date:2024| May }", "white space"),
        ("a | b", "outside a mark"),
    ],
)
def test_a_broken_annotation_is_told_with_its_line(line, told):
    with pytest.raises(AnnotationError, match=f"line 3.*{told}|x, line 3"):
        parsed("x", f"language: en\n---\n{line}")


def proposal(start: int, end: int, value: object, number: int = 1) -> Proposal:
    return Proposal("count", number, Span(start, end), {"count": value})


def test_pairs_are_one_to_one_and_the_same_span_comes_first():
    article = parsed("x", "language: en\n---\n{count:8|Eight ships} and {count:2|two boats} left")
    wide, exact = proposal(0, 20, 2), proposal(0, 11, 8)
    pairing = pair(article.marks, [wide, exact, proposal(27, 31, 5)])
    assert [(mark.value, each) for mark, each in pairing.pairs] == [("8", exact), ("2", wide)]
    assert [each.span.start for each in pairing.wrong] == [27]
    tally = Tally()
    tally.add(pairing)
    assert (tally.marked, tally.proposed, tally.found, tally.exact, tally.right) == (2, 3, 2, 1, 2)
    assert (tally.recall, tally.precision) == (1.0, 2 / 3)


def test_a_proposal_in_another_paragraph_or_beside_the_words_finds_nothing():
    article = parsed("x", "language: en\n---\n{count:8|Eight ships} left")
    pairing = pair(article.marks, [proposal(0, 11, 8, number=2), proposal(11, 16, 8)])
    assert pairing.pairs == []
    assert len(pairing.missed), len(pairing.wrong) == (1, 2)


def test_a_tiny_article_is_measured_and_its_faults_are_listed():
    text = ANNOTATED + "\n{count:3|Three cats} and four dogs in {date:2020|2021}.\n"
    gazetteer = Gazetteer(register_from(ROOT / "fixtures"))
    results = list(measured([parsed("en-00", text)], gazetteer))
    found = tallies(results)
    assert found["country", "all"].recall == found["country", "en"].precision == 1.0
    assert (found["date", "all"].found, found["date", "all"].right) == (2, 1)
    assert found["count", "all"].marked == 3
    assert found["count", "all"].proposed == 4
    lines = "\n".join(errors(results))
    assert "false" in lines
    assert "[[four dogs]]" in lines
    assert "value" in lines
    assert "[[2021]]" in lines
    assert any(line.startswith("count") for line in table(found, ["count"]))


def test_the_articles_of_the_bench_are_annotated_consistently():
    folders = [path for path in (BENCH / "articles").iterdir() if path.is_dir()]
    articles = [article for folder in folders for article in articles_in(folder)]
    assert len(articles) >= 12
    assert {article.language for article in articles} == {"en", "vi"}
    for article in articles:
        for mark in article.marks:
            words = mark.span.of(article.paragraphs[mark.number - 1])
            assert words, (article.name, mark)
            assert words == words.strip(), (article.name, mark)
            assert mark.value, (article.name, mark)
            crossing = [
                other
                for other in article.marks
                if other.number == mark.number
                and other.span.overlaps(mark.span)
                and not (other.span.contains(mark.span) or mark.span.contains(other.span))
            ]
            assert not crossing, (article.name, mark, crossing)
