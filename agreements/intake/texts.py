"""The texts of documents: kept, replaced, and every quotation looked up in them again."""

from dataclasses import asdict, dataclass, field

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from agreements import workflow
from agreements.exceptions import IntakeError
from agreements.intake.alike import digest, digests, held_alike, remember
from agreements.intake.extraction import clean_text
from agreements.intake.particulars import Particulars
from agreements.intake.plain import tidy
from agreements.intake.quotations import Text
from agreements.models import Citation, Document, DocumentText, ReportedTotal, Reviewable


@dataclass(frozen=True)
class LookedUp:
    """What was found of a quotation in a text.

    `fault` is "" where it stands at its locator. `moved` is the number of the paragraph in which
    it stands instead, None where it stands in none.
    """

    row: Citation | ReportedTotal
    fault: str = ""
    moved: int | None = None

    def __str__(self) -> str:
        return f"{_name(self.row)}: {self.row.locator}: {self.fault}: “{self.row.quote}”"


@dataclass
class Attached:
    """What came of attaching a text: what was found of each quotation, and which rows changed."""

    document: Document
    quotations: list[LookedUp] = field(default_factory=list)
    changed: list[Citation | ReportedTotal] = field(default_factory=list)

    @property
    def verified(self) -> int:
        """How many quotations stand where they say."""
        return sum(not each.fault for each in self.quotations)

    @property
    def lost(self) -> list[LookedUp]:
        """The quotations that do not stand where they say."""
        return [each for each in self.quotations if each.fault]

    @property
    def records(self) -> list[Reviewable]:
        """The records that have a quotation whose verification changed, each once."""
        every = (row if isinstance(row, Reviewable) else row.target for row in self.changed)
        return list(dict.fromkeys(every))


@transaction.atomic
def create_document(
    particulars: Particulars, text: str, by: str, way: str, origin: Document | None = None
) -> Document:
    """Make a draft of a document with its text, and return it.

    Raises an IntakeError where the text is empty, too long, or held already, and a
    ValidationError where a value is refused.
    """
    clean = clean_text(text)
    _refuse_held(text)
    document = Document(**asdict(particulars), sha256=digest(clean), origin=origin)
    document.full_clean()
    _save(document)
    attach_text(document, clean)
    workflow.record_creation(document, by, way)
    return document


@transaction.atomic
def replace_text(
    document: Document, text: str, by: str, way: str, reason: str, file_sha256: str = ""
) -> Attached:
    """Give a document another text, and look its quotations up there.

    Those that are not found at their locators any more come back unverified, for an analyst to
    look at. The text that the document is known by changes nothing but what was never looked up.
    Raises an IntakeError where the text is empty, too long, or that of another document.
    """
    clean = clean_text(text)
    if not _is_of(document, text, file_sha256):
        _refuse_held(text, document)
        document.sha256 = digest(clean)
        _save(document, "sha256")
        workflow.record_edit(document, by, way, reason)
    outcome = attach_text(document, clean)
    for record in outcome.records:
        workflow.record_verification(record, by, way)
    return outcome


@transaction.atomic
def attach_text(document: Document, text: str) -> Attached:
    """Keep a document's text and verify each quotation from it, on the desk's records.

    The records whose verification changed are for the caller to note.
    """
    held, _created = DocumentText.objects.update_or_create(
        document=document, defaults={"text": text}
    )
    remember(held)
    looked_up = Text(text)
    outcome = Attached(document)
    citations = document.citations.select_related("engagement", "force", "series")
    rows: list[Citation | ReportedTotal] = [*citations, *document.totals.all()]
    for row in (row for row in rows if row.quote):
        found = _look_up(row, looked_up)
        outcome.quotations.append(found)
        against = "" if found.fault else document.sha256 or ""
        if row.verified_against != against:
            row.verified_against = against
            row.save(update_fields=["verified_against"])
            outcome.changed.append(row)
    return outcome


def _look_up(row: Citation | ReportedTotal, text: Text) -> LookedUp:
    fault = text.fault(row.locator, row.quote)
    return LookedUp(row, fault, text.paragraph_of(row.quote)) if fault else LookedUp(row)


def _is_of(document: Document, text: str, file_sha256: str) -> bool:
    """Whether a text is the one that a document is known by, or holds."""
    if document.sha256 in digests(text, file_sha256):
        return True
    held = DocumentText.objects.filter(document=document).first()
    return held is not None and tidy(held.text) == tidy(text)


def _refuse_held(text: str, besides: Document | None = None) -> None:
    for alike in held_alike(text, 1, besides):
        if alike.exact:
            raise IntakeError(
                _("This text is held already: “%(title)s” (%(slug)s). Open that document instead.")
                % {"title": alike.document.title, "slug": alike.document.slug}
            )


def _save(document: Document, *fields: str) -> None:
    """Save a document, or only some fields of it."""
    try:
        with transaction.atomic():
            document.save(update_fields=fields or None)
    except IntegrityError as error:
        raise IntakeError(
            _("Somebody else has just brought this text, or taken this key; look for it first.")
        ) from error


def _name(row: Citation | ReportedTotal) -> str:
    if isinstance(row, ReportedTotal):
        return f"total {row.slug}"
    return f"{row.target.record_kind} {row.target.record_key}, {row.field}"
