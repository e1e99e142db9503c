"""What is offered for selected words: the fields they can be cited for, and records to begin."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from agreements.admin.workbench.fields import field_label, layout
from agreements.admin.workbench.panel import BEGUN_HERE, may
from agreements.desk.cited import key_of
from agreements.desk.offers import Reader
from agreements.desk.passages import Selection
from agreements.desk.values import in_short
from agreements.history import fresh
from agreements.quality.dossier import Dossier
from agreements.records import KINDS_OF_RECORD
from agreements.text import word_count
from agreements.versions import token

_KEYS = {"agreement": "a", "meeting": "m", "exercise": "e"}
_NUMBERED = 9


@dataclass(frozen=True)
class Button:
    """A field, what the words say of it, and whether the record lacks a passage for it."""

    name: str
    label: str
    value: str = ""
    inferred: bool = False
    lacks: bool = False
    key: str = ""


class Toolbar:
    """The toolbar for a selection, with a record that is worked on or none."""

    def __init__(self, selection: Selection, record: Any, user: Any):
        self.selection = selection
        self.record: Any = fresh(record) if record is not None else None
        self.user = user
        self.quote = selection.quote()
        self.words = word_count(self.quote)

    @cached_property
    def buttons(self) -> list[Button]:
        """The fields: first those that the words can fill, then those that lack a passage."""
        if self.record is None:
            return []
        kind, model = self.record.record_kind, type(self.record)
        values: dict[str, list[str]] = {}
        inferred = set()
        for fact in Reader(self.selection).offered(kind):
            values.setdefault(fact.field, []).append(in_short(model, fact))
            if fact.inferred:
                inferred.add(fact.field)
        lacking = self._lacking
        shown, seldom = layout(kind)
        rest = [name for name in (*shown, *seldom) if name not in values]
        rest.sort(key=lambda name: name not in lacking)
        return [
            Button(
                name,
                field_label(model, name),
                ", ".join(values.get(name, ())),
                name in inferred,
                name in lacking,
                str(number) if number <= _NUMBERED else "",
            )
            for number, name in enumerate([*values, *rest], 1)
        ]

    @cached_property
    def _lacking(self) -> set[str]:
        dossier = Dossier(self.record)
        return {name for name in dossier.facts if not dossier.support_of(name)}

    @property
    def key(self) -> str:
        return key_of(self.record)

    @property
    def token(self) -> str:
        return token(self.record)

    @property
    def filling(self) -> list[Button]:
        return [each for each in self.buttons if each.value]

    @property
    def others(self) -> list[Button]:
        return [each for each in self.buttons if not each.value]

    @property
    def begun_here(self) -> list[tuple[str, Any, str]]:
        """Kind, name and key of each kind that a record can be begun of."""
        return [
            (kind, KINDS_OF_RECORD[kind]._meta.verbose_name, _KEYS[kind])
            for kind in BEGUN_HERE
            if may(self.user, "add", kind)
        ]

    @property
    def said(self) -> str:
        """What a screen reader says of it."""
        text = _("%(words)d words selected. Enter leads to what can be done with them.")
        return text % {"words": self.words}
