"""What the cells of a file may name: records on the desk, and those of the same file."""

from collections.abc import Iterable
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from agreements.countries import code_of
from agreements.exchange.cells import CellError
from agreements.models import Country, Document, Engagement, Force, Person, Series, Topic
from agreements.records import KINDS_OF_RECORD

_MODELS: dict[str, Any] = {
    "topic": Topic,
    "person": Person,
    "series": Series,
    "document": Document,
    "force": Force,
}
_SHOWN = 60


class Register:
    """The keys of all records that can be named, one query for each kind that is.

    Records of `kind` may also name `keys`, those of the file that is read.
    """

    def __init__(self, kind: str = "", keys: Iterable[str] = ()) -> None:
        self.kind = kind
        self.keys = set(keys)
        self._known: dict[str, set[str]] = {}

    def named(self, kind: str, key: str) -> str:
        """Return the key of a record that is on the desk or in the file. Raises a CellError."""
        if kind not in self._known:
            rows = _MODELS[kind]._default_manager.values_list("slug", flat=True)
            self._known[kind] = set(rows) | (self.keys if kind == self.kind else set())
        if key not in self._known[kind]:
            values = {"kind": KINDS_OF_RECORD[kind]._meta.verbose_name, "key": key[:_SHOWN]}
            raise CellError(
                _("There is no %(kind)s “%(key)s” on the desk; write it there first.") % values
            )
        return key

    def country(self, code: str) -> str:
        """Return the code of a state, in capitals, whether it is on the desk yet or not."""
        found = code_of(code)
        if found is None:
            raise CellError(
                _("“%(code)s”: write an ISO 3166 alpha-2 code, such as VN.")
                % {"code": code[:_SHOWN]}
            )
        return found

    def force_of(self, country: str, slug: str) -> str:
        """Return the slug of a force of a country. Raises a CellError."""
        owner = self.forces.get(slug)
        if owner is None:
            return self.named("force", slug)
        if owner != country:
            raise CellError(
                _("%(force)s belongs to %(owner)s, not to %(country)s.")
                % {"force": slug, "owner": owner, "country": country}
            )
        return slug

    def engagement(self, slug: str) -> str:
        """Return the slug of an engagement on the desk or in the file. Raises a CellError."""
        if slug not in self.engagements and slug not in self.keys:
            raise CellError(
                _("There is no record “%(key)s” on the desk or in the file.")
                % {"key": slug[:_SHOWN]}
            )
        return slug

    @cached_property
    def forces(self) -> dict[str, str]:
        """The country of each force on the desk, by its slug."""
        return dict(Force.objects.values_list("slug", "country__code"))

    @cached_property
    def engagements(self) -> dict[str, str]:
        """The kind of each engagement on the desk, by its slug."""
        return dict(Engagement.objects.values_list("slug", "kind"))

    @cached_property
    def countries(self) -> set[str]:
        """The codes of the countries on the desk."""
        return set(Country.objects.values_list("code", flat=True))
