"""Make the tables of a benchmark: the same size and seed give the same bytes everywhere.

    bench/data.py --records 100000 --out /tmp/100k [--seed 1]

Writes CSV files of countries, forces, documents, agreements, their parties (two of each, rarely
three) and citations (two of each). An empty field is one that is not known.
"""

import argparse
import calendar
import csv
import random
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from agreements.countries import country_table  # noqa: E402

COLUMNS = {
    "country": "id iso3 name name_local",
    "force": "id country_id name abbreviation branch",
    "document": "id title publisher url published_on",
    "agreement": "id title title_original type status notes signed_text signed_earliest"
    " signed_latest start_text start_earliest start_latest end_text end_earliest end_latest",
    "party": "id agreement_id force_id position role",
    "citation": "id agreement_id document_id locator quote",
}
BRANCHES = {
    "coastguard": ("Coast Guard", "Cảnh sát biển", "CG"),
    "ministry": ("Ministry of Maritime Affairs", "Bộ Hàng hải", "MMA"),
    "navy": ("Navy", "Hải quân", "NAVY"),
    "agency": ("Border Agency", "Cơ quan Biên giới", "BA"),
}
TYPES = {
    "mou": ("Memorandum of Understanding", "Biên bản ghi nhớ"),
    "treaty": ("Treaty", "Hiệp ước"),
    "protocol": ("Protocol", "Nghị định thư"),
    "loi": ("Letter of Intent", "Ý định thư"),
    "technical": ("Technical Agreement", "Thỏa thuận kỹ thuật"),
    "transit": ("Hotline Arrangement", "Thỏa thuận đường dây nóng"),
    "visit": ("Joint Statement", "Tuyên bố chung"),
    "loan": ("Partnership", "Quan hệ đối tác"),
}
STATUSES = ("in_force", "in_force", "expired", "signed", "terminated", "unknown")
SUBJECTS = (
    ("search and rescue", "tìm kiếm cứu nạn"),
    ("maritime security", "an ninh hàng hải"),
    ("joint patrols", "tuần tra chung"),
    ("fisheries enforcement", "kiểm ngư"),
    ("smuggling at sea", "chống buôn lậu trên biển"),
    ("marine pollution", "ô nhiễm môi trường biển"),
    ("officer training", "đào tạo sĩ quan"),
    ("hydrographic survey", "khảo sát thủy văn"),
    ("ship repair", "sửa chữa tàu biển"),
    ("disaster relief", "cứu trợ thảm họa"),
)
PLACES = ("Hà Nội", "Đà Nẵng", "Hải Phòng", "Vũng Tàu", "Cần Thơ", "Łódź", "Besançon", "Malmö")
NOTES = (
    "Signed in {place} by the deputy heads; the wording was not released.",
    "Ký tại {place}; hai bên sẽ họp {number} năm một lần về {subject}.",
    "It extends an earlier arrangement by {number} years and names {place} as the contact point.",
    "Only the month is reported; the day follows from the programme of the visit to {place}.",
)
PUBLISHERS = ("Gazette of {place}", "Báo {place}", "Press office, {place}")
FIRST, LAST = date(1950, 1, 1), date(2025, 12, 31)
SPAN = (LAST - FIRST).days


class Dice:
    """Choices by `Random.random` alone, whose sequence Python promises to keep."""

    def __init__(self, seed: int):
        self.chance = random.Random(seed).random  # noqa: S311

    def below(self, number: int) -> int:
        return int(self.chance() * number)

    def one_of(self, choices):
        return choices[self.below(len(choices))]

    def partial_date(self, day: date) -> tuple[str, str, str]:
        """Return a day as it is known, with its first and last day: mostly to the day."""
        precision = self.chance()
        year, month = day.year, day.month
        if precision < 0.7:
            text = day.isoformat()
            return text, text, text
        if precision < 0.85:
            last = calendar.monthrange(year, month)[1]
            return f"{year}-{month:02}", f"{year}-{month:02}-01", f"{year}-{month:02}-{last}"
        if precision < 0.97:
            return str(year), f"{year}-01-01", f"{year}-12-31"
        decade = year // 10
        return f"{decade}0s", f"{decade}0-01-01", f"{decade}9-12-31"


def tables(records: int, seed: int) -> Iterator[tuple[str, tuple]]:
    """Yield (table, row) for every row, those that are named before those that name them."""
    dice = Dice(seed)
    countries = [row for code, row in country_table().items() if len(code) == 2]
    for number, row in enumerate(countries, 1):
        yield "country", (number, row["alpha3"], row["names"]["en"], row["names"]["vi"])
        for place, (branch, names) in enumerate(BRANCHES.items(), 1):
            force = (number - 1) * len(BRANCHES) + place
            name = f"{row['names']['en']} {names[0]}"
            yield "force", (force, number, name, f"{row['alpha3']}{names[2]}", branch)
    documents = max(10, records // 5)
    for number in range(1, documents + 1):
        place = dice.one_of(PLACES)
        title = f"Report {number} on {dice.one_of(SUBJECTS)[0]} ({place})"
        publisher = dice.one_of(PUBLISHERS).format(place=place)
        day = FIRST + timedelta(days=dice.below(SPAN))
        yield "document", (number, title, publisher, f"https://example.org/{number}", day)
    for number in range(1, records + 1):
        yield from _agreement(dice, number, countries, documents)


def _agreement(dice: Dice, number: int, countries: list, documents: int):
    # A few countries take part in most, as in life; recent years have more.
    sides = [int(len(countries) * dice.chance() ** 2.5)]
    while len(sides) < (3 if dice.chance() < 0.02 else 2):
        other = int(len(countries) * dice.chance() ** 2.5)
        if other not in sides:
            sides.append(other)
    type_ = dice.one_of(list(TYPES))
    english, vietnamese = TYPES[type_]
    subject = dice.one_of(SUBJECTS)
    place = dice.one_of(PLACES)
    first, second = (countries[side]["names"] for side in sides[:2])
    title = f"{english} between {first['en']} and {second['en']} on {subject[0]}"
    original = f"{vietnamese} giữa {first['vi']} và {second['vi']} về {subject[1]}"
    notes = " ".join(
        dice.one_of(NOTES).format(place=place, number=1 + dice.below(30), subject=subject[1])
        for _ in range(2)
    )
    day = int(SPAN * (1 - dice.chance() * dice.chance()))
    signed = dice.partial_date(FIRST + timedelta(days=day))
    start = dice.partial_date(FIRST + timedelta(days=min(SPAN, day + dice.below(400))))
    open_end = dice.chance() < 0.35
    end = FIRST + timedelta(days=min(SPAN, day + 400 + dice.below(7000)))
    ended = ("", "", "") if open_end else dice.partial_date(end)
    given = original if dice.chance() < 0.6 else ""
    status = dice.one_of(STATUSES)
    yield "agreement", (number, title, given, type_, status, notes, *signed, *start, *ended)
    for position, side in enumerate(sides, 1):
        force = side * len(BRANCHES) + 1 + dice.below(len(BRANCHES))
        role = "signatory" if position < 3 else "observer"
        yield "party", (number * 4 + position, number, force, position, role)
    for position in range(2):
        quote = f"signed in {place}" if dice.chance() < 0.5 else ""
        document = 1 + dice.below(documents)
        locator = f"paragraph {1 + dice.below(40)}"
        yield "citation", (number * 2 + position, number, document, locator, quote)


def write(records: int, out: Path, seed: int) -> None:
    """Write the tables as CSV files into a folder."""
    out.mkdir(parents=True, exist_ok=True)
    with ExitStack() as files:
        writers = {}
        for name, columns in COLUMNS.items():
            path = out / f"{name}.csv"
            file = files.enter_context(path.open("w", encoding="utf-8", newline=""))
            writers[name] = csv.writer(file, lineterminator="\n")
            writers[name].writerow(columns.split())
        for name, row in tables(records, seed):
            writers[name].writerow(row)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    write(asked.records, asked.out, asked.seed)


if __name__ == "__main__":
    main()
