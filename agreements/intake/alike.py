"""Whether a text is held already, word for word or with small changes."""

from collections import defaultdict
from dataclasses import dataclass
from hashlib import sha256

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from agreements.dates import PartialDate
from agreements.intake.plain import tidy
from agreements.intake.shingles import KEPT, sample, shares, shingles
from agreements.models import Document, DocumentText, TextShingle

# From this share on, one of two texts is taken from the other. A changed word takes five shingles
# away, so that one change in ten words leaves a half; reports of one event by different hands
# share less than a fifth, in quotations and names.
NEAR = 0.5
# How many texts with some words in common are compared.
_CANDIDATES = 20
# More than are kept of a held text, since a long text may have taken in a short one.
_LOOKED_FOR = 3 * KEPT


@dataclass(frozen=True)
class Alike:
    """A held document that a text is the same as, or near to.

    `share` is the share of the text's runs of words that the held one has, `held_share` that of
    the held one's which the text has: an excerpt has a high share, a longer version a high held
    share. `exact` where the two are the same, word for word.
    """

    document: Document
    exact: bool
    share: float
    held_share: float = 1.0

    @property
    def nearness(self) -> float:
        return max(self.share, self.held_share)


def digest(text: str) -> str:
    """Return the SHA-256 of a text's bytes in UTF-8."""
    return sha256(text.encode(errors="surrogatepass")).hexdigest()


def digests(text: str, file_sha256: str = "") -> set[str]:
    """Return the SHA-256 by which a document of this text may be known.

    Of the text as given (forms send its lines with CR LF), as it is kept, and of its file.
    """
    return {digest(text.replace("\r\n", "\n")), digest(tidy(text)), file_sha256} - {""}


def held_alike(
    text: str, limit: int = 3, besides: Document | None = None, file_sha256: str = ""
) -> list[Alike]:
    """Return the documents that have a text, or nearly: the same first, then the nearest.

    Near is a share of at least NEAR, either way. `file_sha256` is that of the bytes which came
    (`Extracted.sha256`): documents are known by it even where no text is held.
    """
    documents = Document.objects.exclude(pk=besides.pk) if besides else Document.objects.all()
    same = documents.filter(sha256__in=digests(text, file_sha256))
    known = [Alike(each, True, 1.0) for each in same]
    found = {each.document.pk: each for each in [*_near(text, besides), *known]}
    ranked = sorted(found.values(), key=lambda each: (not each.exact, -each.nearness))
    return ranked[:limit]


def republished(document: Document) -> list[Alike]:
    """Return the documents that a document's text may be taken from, or they from it.

    None where its origin is known, or no text is held. Those that name it as theirs are left out.
    A translation is never among them: its words are others.
    """
    held = DocumentText.objects.filter(document=document).first()
    if held is None or document.origin_id is not None:
        return []
    found = held_alike(held.text, besides=document)
    return [each for each in found if each.document.origin_id != document.pk]


def explained(alike: Alike, published: PartialDate | None) -> str:
    """Return in a line how near a held text is to one that was published then, and which was first.

    "87 % of its text stands in this one; it appeared earlier, so it is the origin."
    """
    percent = {"percent": round(100 * alike.nearness)}
    if alike.exact:
        share = _("The same text, word for word")
    elif alike.share >= alike.held_share:
        share = _("%(percent)d %% of this text stands in it") % percent
    else:
        share = _("%(percent)d %% of its text stands in this one") % percent
    return _("%(share)s; %(order)s.") % {"share": share, "order": _order(alike, published)}


def _order(alike: Alike, published: PartialDate | None) -> str:
    theirs = alike.document.published
    if theirs is None or published is None:
        return _("which appeared first is not known")
    if _before(theirs, published):
        return _("it appeared earlier, so it is the likely origin")
    if _before(published, theirs):
        return _("it appeared later, so it may be the one that was taken from this")
    return _("their dates do not say which appeared first")


def _before(one: PartialDate, other: PartialDate) -> bool:
    return bool(one.latest and other.earliest and one.latest < other.earliest)


def remember(held: DocumentText) -> None:
    """Write the shingles by which a text is found again, in place of those it had."""
    wanted = set(sample(shingles(held.text)))
    kept = set(held.shingles.values_list("value", flat=True))
    held.shingles.filter(value__in=kept - wanted).delete()
    TextShingle.objects.bulk_create(
        TextShingle(held_text=held, value=value) for value in sorted(wanted - kept)
    )


def _near(text: str, besides: Document | None) -> list[Alike]:
    whole = shingles(text)
    found = []
    kept = _kept(_candidates(sorted(whole)[:_LOOKED_FOR], besides))
    for held in DocumentText.objects.filter(pk__in=kept).select_related("document"):
        exact = tidy(held.text) == tidy(text)
        share, held_share = (1.0, 1.0) if exact else shares(whole, kept[held.pk])
        if exact or max(share, held_share) >= NEAR:
            found.append(Alike(held.document, exact, share, held_share))
    return found


def _candidates(numbers: list[int], besides: Document | None) -> list[int]:
    """Return the texts that have most of some numbers, by their primary keys."""
    others = ~Q(held_text=besides.pk) if besides else Q()
    rows = TextShingle.objects.filter(others, value__in=numbers)
    counted = rows.values("held_text").annotate(common=Count("id")).order_by("-common", "held_text")
    return [row["held_text"] for row in counted[:_CANDIDATES]]


def _kept(texts: list[int]) -> dict[int, set[int]]:
    kept: dict[int, set[int]] = defaultdict(set)
    rows = TextShingle.objects.filter(held_text__in=texts)
    for text, value in rows.values_list("held_text", "value"):
        kept[text].add(value)
    return kept
