"""Recall and precision of the proposals on annotated articles. See bench/suggestions/README.md."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

HERE = Path(__file__).absolute().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(ROOT), str(HERE)]
if __name__ == "__main__":
    # No database is read; the settings only want a place for one.
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coastguard.settings")
    os.environ.setdefault("COASTGUARD_STATE", tempfile.mkdtemp())
    import django

    django.setup()

from annotated import Article, Mark, articles_in  # noqa: E402

from agreements.dates import PartialDate  # noqa: E402
from agreements.suggestions.names import Gazetteer  # noqa: E402
from agreements.suggestions.proposals import TYPES, Proposal, proposals_of  # noqa: E402
from agreements.suggestions.register import KnownForce, Register  # noqa: E402
from agreements.text import fold  # noqa: E402

ALL = "all"


def register_from(fixtures: Path) -> Register:
    """Return what the shipped fixtures name, as `Register.from_database` would after loading."""
    rows: dict[str, list[dict]] = defaultdict(list)
    for path in sorted(fixtures.glob("*.json")):
        for row in json.loads(path.read_text(encoding="utf-8")):
            rows[row["model"].removeprefix("agreements.")].append(row["fields"])
    names: dict[str, list[str]] = defaultdict(list)
    acronyms: dict[str, list[str]] = defaultdict(list)
    for each in rows["forcename"]:
        (acronyms if each["kind"] == "acronym" else names)[each["force"][0]].append(each["text"])
    forces = tuple(
        KnownForce(
            each["slug"],
            each["country"][0],
            each["kind"],
            (each["name"], *names[each["slug"]]),
            tuple(acronyms[each["slug"]]),
            each["parent"] is not None,
        )
        for each in sorted(rows["force"], key=lambda force: force["slug"])
    )
    people = _named(rows["person"], rows["personname"], "person")
    topics = _named(rows["topic"], rows["topiclabel"], "topic")
    return Register(forces, people, topics)


def _named(records: list[dict], texts: list[dict], key: str) -> dict[str, tuple[str, ...]]:
    names: dict[str, dict[str, None]] = {each["slug"]: {each["name"]: None} for each in records}
    for each in texts:
        names[each[key][0]][each["text"]] = None
    return {slug: tuple(found) for slug, found in names.items()}


# Whether a proposal has the value that a mark gives, by type.


def _same_date(marked: str, value: str) -> bool:
    plain = str.maketrans("", "", "~?%")
    return marked.translate(plain) == value.translate(plain)


def _same_force(marked: str, value: dict) -> bool:
    country, kind, *slug = marked.split("/")
    if (country, kind) != (value["country"], value["kind"]):
        return False
    return not slug or slug[0] in (value["slug"], value["key"])


def _same_person(marked: str, value: dict) -> bool:
    name, _, rank = marked.partition("/")
    if fold(name) != fold(value["name"]) and not fold(name).endswith(fold(value["name"])):
        return False
    return not rank or fold(rank) == fold(value["rank"])


def _same_count(marked: str, value: dict) -> bool:
    return marked == ("several" if value["count"] is None else str(value["count"]))


_SAME: dict[str, Callable[[str, Any], bool]] = {
    "date": _same_date,
    "country": lambda marked, value: marked == value,
    "force": _same_force,
    "instrument": lambda marked, value: marked == value["instrument"],
    "meeting": lambda marked, value: marked == str(value["ordinal"] or ""),
    "exercise": lambda marked, value: marked == value["activity"],
    "person": _same_person,
    "count": _same_count,
}


@dataclass
class Pairing:
    """The marks and proposals of one type in one article, put together one to one."""

    pairs: list[tuple[Mark, Proposal]] = field(default_factory=list)
    missed: list[Mark] = field(default_factory=list)
    wrong: list[Proposal] = field(default_factory=list)


def pair(marks: Iterable[Mark], proposals: Iterable[Proposal]) -> Pairing:
    """Put marks and proposals of one type together that overlap, each at most once.

    Of several that overlap those of the same span come first, then those of the same value, then
    those that share most characters.
    """
    marks, proposals = list(marks), list(proposals)
    candidates = sorted(
        (_rank(mark, proposal), i, j)
        for i, mark in enumerate(marks)
        for j, proposal in enumerate(proposals)
        if mark.number == proposal.number and mark.span.overlaps(proposal.span)
    )
    by_mark: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in candidates:
        if i not in by_mark and j not in taken:
            by_mark[i] = j
            taken.add(j)
    return Pairing(
        [(marks[i], proposals[j]) for i, j in sorted(by_mark.items())],
        [mark for i, mark in enumerate(marks) if i not in by_mark],
        [proposal for j, proposal in enumerate(proposals) if j not in taken],
    )


def _rank(mark: Mark, proposal: Proposal) -> tuple[bool, bool, int]:
    shared = min(mark.span.end, proposal.span.end) - max(mark.span.start, proposal.span.start)
    return mark.span != proposal.span, not same_value(mark, proposal), -shared


def same_value(mark: Mark, proposal: Proposal) -> bool:
    """Return whether a proposal has the value that a mark gives."""
    return _SAME[mark.type](mark.value, proposal.value)


@dataclass
class Tally:
    """Numbers of one type: marked, proposed, paired, and of the pairs what was right."""

    marked: int = 0
    proposed: int = 0
    found: int = 0
    exact: int = 0
    right: int = 0

    def add(self, pairing: Pairing) -> None:
        self.marked += len(pairing.pairs) + len(pairing.missed)
        self.proposed += len(pairing.pairs) + len(pairing.wrong)
        self.found += len(pairing.pairs)
        self.exact += sum(mark.span == proposal.span for mark, proposal in pairing.pairs)
        self.right += sum(same_value(mark, proposal) for mark, proposal in pairing.pairs)

    @property
    def recall(self) -> float | None:
        return _share(self.found, self.marked)

    @property
    def precision(self) -> float | None:
        return _share(self.found, self.proposed)

    def shares(self) -> list[float | None]:
        """Recall and precision by place, then by place and value, then exact and right of found."""
        by_value = _share(self.right, self.marked), _share(self.right, self.proposed)
        of_found = _share(self.exact, self.found), _share(self.right, self.found)
        return [self.recall, self.precision, *by_value, *of_found]


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def measured(
    articles: Iterable[Article], gazetteer: Gazetteer
) -> Iterator[tuple[Article, str, Pairing]]:
    """Yield (article, type, pairing) for every type of every article."""
    for article in articles:
        published = PartialDate.parse(article.published) if article.published else None
        proposals = proposals_of(article.text, gazetteer, published, article.language)
        for kind in TYPES:
            marks = [mark for mark in article.marks if mark.type == kind]
            yield article, kind, pair(marks, [each for each in proposals if each.type == kind])


def tallies(results: Iterable[tuple[Article, str, Pairing]]) -> dict[tuple[str, str], Tally]:
    """Return the numbers by (type, language), and by (type, "all")."""
    found: dict[tuple[str, str], Tally] = defaultdict(Tally)
    for article, kind, pairing in results:
        for language in (article.language, ALL):
            found[kind, language].add(pairing)
    return found


def table(found: dict[tuple[str, str], Tally], types: Iterable[str]) -> Iterator[str]:
    """Yield the lines of the table that is printed."""
    head = ("marked", "proposed", "found", "recall", "precision", "recall=", "precision=")
    head += ("exact", "value")
    yield f"{'type':<12}{'':<5}" + "".join(f"{each:>11}" for each in head)
    languages = sorted({language for _, language in found} - {ALL})
    for kind in types:
        for language in (*languages, ALL):
            tally = found[kind, language]
            numbers = (tally.marked, tally.proposed, tally.found)
            shares = ("–" if share is None else f"{share:.3f}" for share in tally.shares())
            cells = "".join(f"{each:>11}" for each in (*numbers, *shares))
            yield f"{kind if language != ALL else '':<12}{language:<5}{cells}"


def errors(results: Iterable[tuple[Article, str, Pairing]]) -> Iterator[str]:
    """Yield a line for each miss, false find, wrong value and wrong span, in its context."""
    for article, kind, pairing in results:
        for mark in pairing.missed:
            yield _line(article, kind, "missed", mark.number, mark.span, mark.value)
        for each in pairing.wrong:
            yield _line(article, kind, "false", each.number, each.span, each.value)
        for mark, each in pairing.pairs:
            if not same_value(mark, each):
                told = f"{mark.value} ≠ {each.value}"
                yield _line(article, kind, "value", mark.number, mark.span, told)
            if mark.span != each.span:
                words = each.span.of(article.paragraphs[each.number - 1])
                yield _line(article, kind, "span", mark.number, mark.span, f"found “{words}”")


def _line(article: Article, kind: str, fault: str, number: int, span: Any, told: object) -> str:
    paragraph = article.paragraphs[number - 1]
    before = paragraph[max(0, span.start - 30) : span.start]
    after = paragraph[span.end : span.end + 30]
    words = f"{before}[[{span.of(paragraph)}]]{after}"
    return f"{kind:<11}{fault:<7}{article.name}:{number}: {words}  ({told})"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIRECTORY")
    parser.add_argument("--errors", action="store_true", help="list what was missed or wrong")
    parser.add_argument("--type", action="append", choices=TYPES, help="only this type; repeat it")
    options = parser.parse_args()
    directories = options.directories or sorted(
        path for path in (HERE / "articles").iterdir() if path.is_dir()
    )
    types = options.type or TYPES
    register = register_from(ROOT / "fixtures")
    gazetteer = Gazetteer(register)
    counted = f"{len(register.forces)} forces, {len(register.people)} people"
    print(f"Names: the shipped fixtures ({counted}), all countries and the known forces.")
    for directory in directories:
        articles = articles_in(directory)
        if not articles:
            sys.exit(f"{directory} holds no annotated articles (*.txt).")
        started = time.process_time()
        results = [each for each in measured(articles, gazetteer) if each[1] in types]
        taken = time.process_time() - started
        words = sum(len(article.text.split()) for article in articles)
        print(
            f"\n{directory}: {len(articles)} articles, {words} words, "
            f"{taken / words * 1_000_000:.0f} ms of processor time per 1,000 words"
        )
        print("\n".join(table(tallies(results), types)))
        if options.errors:
            print("\n".join(errors(results)))


if __name__ == "__main__":
    main()
