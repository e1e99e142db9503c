"""Data sets as others make them, invented: their oddities are real, their content is not."""

import random

from tests.tables import csv_file

PARTIES = 39
NAMES = (
    "United States|Japan|India|Australia|Philippines|Vietnam|Indonesia|Malaysia|Singapore|Thailand"
    "|France|United Kingdom|Germany|Italy|Spain|Norway|Denmark|Poland|Turkey|Greece|Egypt|Jordan"
    "|Kenya|Ghana|Senegal|Brazil|Chile|Peru|Canada|New Zealand|South Korea|China|Pakistan|Oman"
    "|Bosnia and Herzegovina|Sri Lanka|Kuwait|Morocco|Tunisia|Netherlands|Belgium|Portugal"
).split("|")
# Names that need somebody's word, with what they are.
ODD = {
    "Kazakstan": "KZ",
    "Venezula": "VE",
    "Saudia Arabia": "SA",
    "West Germany": "DE",
    "Korea": "KR",
    "NATO": "+",
    "multiple": "-",
}
FORMER = ("USSR", "Czechoslovakia", "German Democratic Republic", "Yugoslavia")
_TYPES = ("1", "2", "3", "-9")


def exercises(rows: int = 3700, seed: int = 1) -> bytes:
    """A data set of exercises: dates in two forms with unknown days, -9, and 39 party columns."""
    chance = random.Random(seed)
    parties = [f"party{number}" for number in range(1, PARTIES + 1)]
    headers = ["xid", "xname", "start_date", "end_date", *parties, "xtype", "region", "coder_note"]
    return csv_file(headers, *(_exercise(chance, number) for number in range(1, rows + 1)))


def _exercise(chance: random.Random, number: int) -> list[str]:
    year = 1970 + number % 41
    month, day = chance.randint(1, 12), chance.randint(1, 28)
    start = f"{year}-{month:02}-{'xx' if number % 4 == 0 else f'{day:02}'}"
    end = "-9" if number % 3 == 0 else f"{year}-{month:02}-28"
    if number % 5 == 0:
        start, end = f"{day:02}/{month:02}/{year}", f"28/{month:02}/{year}"
    if number % 97 == 0:
        start = end = "-9"
    count = PARTIES if number % 150 == 0 else chance.randint(2, 6)
    names = chance.sample(NAMES, count)
    if number % 11 == 0:
        names[0] = FORMER[number % len(FORMER)]
    if number % 13 == 0:
        names[1] = tuple(ODD)[number % len(ODD)]
    cells = [*names, *["-9"] * (PARTIES - count)]
    name = "-9" if number % 10 == 0 else f"Sea Lantern {number}"
    note = f"Coder {number % 3}: source unclear" if number % 6 == 0 else "-9"
    return [str(number), name, start, end, *cells, _TYPES[number % 4], str(number % 7), note]


def treaties() -> bytes:
    """A list of treaties in Latin 1, without identifiers: misspelt states in one column."""
    rows = [
        ["Phillipines; Vietnam", "12.03.1998", "MoU", "Search and rescue at sea"],
        ["Viet Nam; Republic of Korea", "1999", "Agreement", "Fisheries enforcement"],
        ["Columbia; Venezula", "01.xx.2001", "Treaty", "Maritime boundaries"],
        ["Côte d'Ivoire; Untied States", "05.06.2004", "MoU", "Patrols"],
        ["Nigera; Ghana", "n.d.", "Protocol", "Piracy"],
        ["Trinidad and Tobago; Korea, North", "07.07.2007", "Treaty", "Drug trafficking"],
    ]
    text = csv_file(["Parties", "Signed", "Type", "Subject"], *rows, delimiter="\t")
    return text.decode().encode("latin-1")
