"""Values that programs trip over, and a chance that chooses the same ones for the same seed."""

from random import Random

LONG = 5000
TEXTS = (
    *("", " ", "\t\r\n", "0", "-1", "1", "00", "+1", "1e9", "0x10", "1_000", "NaN", "Infinity"),
    *("2147483648", "9223372036854775807", "9223372036854775808", "-9223372036854775809"),
    *("99999999999999999999", "9" * 400, "9" * 4301, "1.5", "1,5", "٣", "１２", "²", "Ⅻ", "½"),
    *("\0", "1\0", "\0001", "a\0b", "\x7f", "\x1b[31m", "\x85", "\u2028", "\ufeff", "\ufffe"),
    *("\u202etxt.exe", "\u200f", "e\u0301" * 50, "👩‍👩‍👧", "İı", "ﬀ", "đĐ", "ß" * 300, "𝟙"),
    *("\ud800", "a\udfffb", "\udcff"),
    *("None", "null", "undefined", "true", "[]", "{}", "{{7*7}}", "%s%n%d", "${7*7}", "__proto__"),
    *("../../../etc/passwd", "..%2f..%2f", "%2e%2e/", "%00", "%", "%zz", "//elsewhere.example/"),
    *(
        "https://elsewhere.example/",
        "javascript:alert(1)",
        "\\\\elsewhere",
        "http://[",
        "http://[::1",
    ),
    *("<script>alert(1)</script>", "'\"><svg/onload=alert(1)>", "]]>", "<!--", "&#0;", "&amp"),
    *("' OR 1=1 --", "%' AND 1=1", "_%_%", "\\", "(a+)+$", "a" * LONG, "á" * LONG, " " * LONG),
    *(
        "a " * 2000,
        ",".join(["a"] * 3000),
        "\n" * 3000,
        "=cmd|' /C calc'!A0",
        "@SUM(1)",
        "\r\nX: y",
    ),
    *("0000-00-00", "10000-01-01", "2023-02-30", "2023-13", "2023-02-29/", "/", "..", "../..", "~"),
    *(
        "2023-01-01/2022-01-01",
        "XXXX-XX-XX",
        "2021?-09-12",
        "{1,2}",
        "Y-17E7",
        "2023-W01",
        "9999-12",
    ),
    *("2023-01-01T00:00:00Z", "2023-01-01T25:00:00Z", "2023-01-01T00:00:00+99:99", "24:60:60"),
    *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "VN", "vn", "ZZ", "en-us-x-a"),
    *(
        "meeting-1",
        "meeting-99999999999999999999",
        "meeting-٣",
        "pirate-1",
        "meeting--1",
        "-",
        "--",
    ),
    *(
        "citation-1",
        "citation-" + "9" * 30,
        "total-1",
        "1-2-3",
        "id",
        "pk",
        "password",
        "user__password",
    ),
)
PARAMETERS = (
    *("q", "p", "o", "e", "all", "_facets", "_popup", "_to_field", "_changelist_filters", "next"),
    *("term", "app_label", "model_name", "field_name", "page", "format", "language", "page_size"),
    *("country", "force", "kind", "record", "of", "show", "number", "from", "by", "across", "back"),
    *("date", "as_of", "group", "status__exact", "review_state__exact", "country__id__exact"),
    *(
        "title__regex",
        "pk__in",
        "id__gt",
        "date_earliest__year",
        "edited_by__startswith",
        "a__b__c",
    ),
    *("slug__exact", "country__isnull", "topics__id__exact", "without_text", "series", "ordinal"),
    *("paragraph", "start", "end", "view", "side", "role", "name", "stage", "missing", "person"),
)
# What the workbench's scripts post, and what each other endpoint without a form of its own takes.
POSTED = {
    **dict.fromkeys(
        ("paragraph", "start", "end", "to_paragraph", "side", "person"), ("1", "2", "0")
    ),
    "kind": ("meeting", "agreement", "exercise", "force", "series", "total"),
    "field": ("date", "title", "participants", "status", "ordinal", "delegates", "topics", "name"),
    "type": ("date", "force", "country", "number", "person", "place", "topic", "title"),
    "reading": ("", "0", "1"),
    "differing": ("use", "dispute", "keep"),
    "series": ("new", "1"),
    "series_title": ("Talks",),
    "role": ("host", "guest", "head"),
    "country": ("1", "VN"),
    "force": ("1", "vietnam-coast-guard"),
    "topic": ("1",),
    "name": ("Somebody",),
    "title": ("Talks",),
    "date": ("2024-05", "2024"),
    "stance": ("supports", "disputes"),
    "details": ("1",),
    "dispute": ("1",),
    "remove": ("1",),
    "open": ("meeting-1",),
    "origin": ("1",),
    "value": ("1",),
    "reason": ("A mistake.",),
    "text": ("They met in May 2024.",),
    "post": ("yes",),
    "action": ("submit_for_review", "delete_selected", "approve_and_publish", "export_as_csv"),
    "_selected_action": ("1", "2"),
    "_confirmed": ("1",),
    "_review_step": ("approve", "return", "submit"),
    "_agreed": ("0" * 64,),
    "into": ("1", "2"),
    "other": ("1",),
    "step": ("preview",),
    "language": ("vi", "en"),
    "next": ("/admin/", "//elsewhere.example"),
}


class Chance:
    """A random choice of hostile things; the same seed makes the same ones."""

    def __init__(self, seed: str):
        self.random = Random(seed)

    def one(self, choices):
        return choices[self.random.randrange(len(choices))]

    def often(self, share: float) -> bool:
        return self.random.random() < share

    def text(self) -> str:
        """Return a hostile text, a mixture of two, or one spoilt at some place."""
        text = self.one(TEXTS)
        if self.often(0.15):
            text += self.one(TEXTS)
        if self.often(0.1) and len(text) < LONG:
            at = self.random.randint(0, len(text))
            text = (
                text[:at] + chr(self.random.choice((0, 9, 10, 0x300, 0xD800, 0x10FFFF))) + text[at:]
            )
        return text

    def number(self) -> str:
        """Return something where a key belongs."""
        if self.often(0.5):
            return str(self.random.randint(0, 60))
        return self.text()

    def spoilt(self, text: str) -> str:
        """Return a text as it might be typed or forged: cut, doubled, with something put in."""
        way = self.random.randrange(5)
        at = self.random.randint(0, len(text))
        if way == 0:
            return text[:at]
        if way == 1:
            return text[:at] + self.text() + text[at:]
        if way == 2:
            return text + text
        if way == 3:
            return text.swapcase()
        return self.text()
