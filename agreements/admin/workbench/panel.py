"""The panel of the workbench: the records that cite a document, and the one that is worked on."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.urls import NoReverseMatch, reverse

from agreements import history, quality
from agreements.admin.workbench.fields import Bearing, FieldRow, field_label, inputs_of, layout
from agreements.admin.workbench.forms import CitationDetails, RecordForm, record_form
from agreements.desk.alike import Perhaps, perhaps_the_same
from agreements.desk.cited import CitedText, Passage, key_of
from agreements.desk.drafting import may_discard
from agreements.desk.proposed import usual_role
from agreements.desk.undoing import before_last
from agreements.differences import Difference
from agreements.models import Delegate, Document, Engagement, Participant, Reviewable
from agreements.presence import others_present
from agreements.records import KINDS_OF_RECORD
from agreements.versions import token

User = AbstractBaseUser | AnonymousUser
# What has citations, and so can be worked on here.
WORKED_ON = ("agreement", "meeting", "exercise", "force", "series")
BEGUN_HERE = ("agreement", "meeting", "exercise")


def may(user: Any, action: str, kind: str) -> bool:
    """Whether a user may do something ("view", "add", "change") with a kind of record."""
    model = KINDS_OF_RECORD[kind]._meta.model_name
    if action == "view" and user.has_perm(f"agreements.change_{model}"):
        return True
    return user.has_perm(f"agreements.{action}_{model}")


def page_of(record: Any, page: str = "change") -> str:
    """Return the address of a page of a record in the admin, "" where there is none such."""
    model = KINDS_OF_RECORD[record.record_kind]._meta.model_name
    try:
        return reverse(f"admin:agreements_{model}_{page}", args=[record.pk])
    except NoReverseMatch:
        return ""


@dataclass(frozen=True)
class Again:
    """A post that came second, to be sent again to the record as it is now."""

    url: str
    token: str
    key: str
    values: list[tuple[str, str]]


@dataclass
class Notice:
    """What the panel says of the change that was just asked for: "done", "refused", "conflict".

    After a conflict, `meanwhile` is what others saved, and `typed` what was typed, with labels.
    """

    tone: str = "done"
    text: str = ""
    meanwhile: list[Difference] = field(default_factory=list)
    typed: list[tuple[str, str]] = field(default_factory=list)
    again: Again | None = None


class Editor:
    """The record that is worked on: its fields with their passages, and what it still lacks."""

    def __init__(self, record: Any, cited: CitedText, user: Any, form: RecordForm | None = None):
        self.record = history.fresh(record)
        self.cited = cited
        self.user = user
        self.form = form or record_form(type(self.record))(instance=self.record)
        self.may_change = may(user, "change", record.record_kind)
        self.token = token(self.record)
        self.others = others_present(user, self.record)
        self.problems = list(quality.problems_of(self.record))
        self.advice = list(quality.advice_of(self.record))

    @property
    def key(self) -> str:
        return key_of(self.record)

    @property
    def is_draft(self) -> bool:
        return self.record.review_state == Reviewable.ReviewState.DRAFT

    @property
    def review_page(self) -> str:
        return page_of(self.record, "review")

    @property
    def full_page(self) -> str:
        return page_of(self.record)

    @cached_property
    def rows(self) -> list[FieldRow]:
        """The fields that are in use, or always shown, but for the first: its title or name."""
        return [*self._shown[1:], *filter(_in_use, self._seldom)]

    @property
    def first(self) -> FieldRow:
        """What the record is called."""
        return self._shown[0]

    @cached_property
    def _shown(self) -> list[FieldRow]:
        return self._named(layout(self.record.record_kind)[0])

    @cached_property
    def further(self) -> list[FieldRow]:
        """The fields that are neither."""
        return [row for row in self._seldom if not _in_use(row)]

    @cached_property
    def _seldom(self) -> list[FieldRow]:
        return self._named(layout(self.record.record_kind)[1])

    def _named(self, names: tuple[str, ...]) -> list[FieldRow]:
        return [self._row(name) for name in names]

    def _row(self, name: str) -> FieldRow:
        return FieldRow(
            name,
            field_label(type(self.record), name),
            [self.form[each] for each in inputs_of(name)],
            [each for each in self._bearings if each.quotation.field == name],
            any(each.field == name and each.rule == "E1" for each in self.problems),
            self._related(name),
        )

    @cached_property
    def _bearings(self) -> list[Bearing]:
        """Every citation of the record: those from this document with their place in its text."""
        places = {each.quotation.pk: each.place for each in self.cited.passages}
        return [
            Bearing(row, places.get(row.pk), details=CitationDetails(instance=row))
            for row in self.record.citations.all()
        ]

    def _related(self, name: str) -> list[Any]:
        record = self.record
        if name == "names":
            return list(record.names.all())
        if not isinstance(record, Engagement):
            return []
        sides = list(record.participants.all())
        if name == "delegates":
            return [delegate for side in sides for delegate in side.delegates.all()]
        found: dict[str, Any] = {
            "participants": sides,
            "topics": record.engagement_topics.all(),
            "links": record.links.all(),
        }
        return list(found.get(name, ()))

    @property
    def roles(self) -> list[tuple[str, Any]]:
        return Participant.Role.choices

    @property
    def usual_role(self) -> str:
        return usual_role(self.record)

    @property
    def sides(self) -> list[Participant]:
        return list(self.record.participants.all())

    @property
    def delegate_roles(self) -> list[tuple[str, Any]]:
        return Delegate.Role.choices

    @property
    def kind_name(self) -> str:
        return str(type(self.record)._meta.verbose_name)

    @property
    def may_undo(self) -> bool:
        """Whether the last change was the user's own, on the workbench."""
        return before_last(self.record, self.user.get_username()) is not None

    @property
    def may_discard(self) -> bool:
        """Whether the user may delete it as a draft of their own."""
        allowed = may(self.user, "delete", self.record.record_kind)
        return allowed and may_discard(self.record, self.user.get_username())

    @cached_property
    def perhaps_the_same(self) -> list[Perhaps]:
        """Records of what may be the same event, while this one is a draft."""
        if not (self.is_draft and isinstance(self.record, Engagement)):
            return []
        return perhaps_the_same(self.record)


def _in_use(row: FieldRow) -> bool:
    return row.said


class Panel:
    """All that the panel shows to one user."""

    def __init__(
        self,
        cited: CitedText,
        user: Any,
        record: Any = None,
        form: RecordForm | None = None,
        document_form: RecordForm | None = None,
    ):
        self.cited, self.user = cited, user
        self.document = cited.document
        self.current = Editor(record, cited, user, form) if record is not None else None
        self.may_change_document = may(user, "change", "document")
        self.document_form = document_form or record_form(Document)(instance=self.document)
        self.document_token = token(self.document)

    @property
    def document_is_draft(self) -> bool:
        return self.document.review_state == Reviewable.ReviewState.DRAFT

    @cached_property
    def records(self) -> list[Any]:
        """The records cited here, and the current one, even where nothing is cited for it yet."""
        return [
            each for each in self.cited.records() if may(self.user, "view", each.record.record_kind)
        ]

    @property
    def lost(self) -> list["Lost"]:
        return [Lost(each, self.user) for each in self.cited.lost()]


class Lost:
    """A passage to verify again, and what it takes to mend it."""

    def __init__(self, passage: Passage, user: Any):
        self.passage = passage
        self.key = key_of(passage.target)
        self.token = token(passage.target)
        self.may_change = may(user, "change", passage.target.record_kind)
