"""Which published records a picture is of: those that the catalogue lists for the same question."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.functional import cached_property

from agreements.catalogue.asking import Answer, ask, refuse_unknown
from agreements.catalogue.listings import ENGAGEMENTS
from agreements.catalogue.parameters import MAX_REPEATS
from agreements.models import EngagementKind
from agreements.models.publications import PublicationQuerySet

KINDS: tuple[str, ...] = tuple(EngagementKind.values)
# Given several times, they mean all of their values.
_ALL_OF = ("country", "force")
# What a list is asked for besides its filters says how it is written, not what is in it.
PARAMETERS: tuple[str, ...] = (*ENGAGEMENTS.filters.base_filters, "as_of")


@dataclass(frozen=True)
class Selection:
    """A question to the catalogue, in its own parameters: (name, value), some several times."""

    asked: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **parameters: str | Iterable[str]) -> "Selection":
        """Return what asks for parameters; those that may stand several times can be lists."""
        return cls(tuple(_pairs(parameters)))

    @classmethod
    def read(cls, query: QueryDict) -> "Selection":
        """Return what an address asks for; what is left empty there is not asked."""
        return cls(
            tuple((name, value) for name, values in query.lists() for value in values if value)
        )

    def narrowed(self, **parameters: str | list[str]) -> "Selection | None":
        """Return this with more asked for: countries and forces besides, all else instead.

        None where that is more than can be asked for at once.
        """
        kept = [pair for pair in self.asked if pair[0] in _ALL_OF or pair[0] not in parameters]
        added = [pair for pair in _pairs(parameters) if pair not in kept]
        names = [name for name, _ in (*kept, *added)]
        if any(names.count(name) > MAX_REPEATS for name in (*_ALL_OF, "place")):
            return None
        return Selection((*kept, *added))

    @cached_property
    def answer(self) -> Answer:
        """What the catalogue finds. Raises BadParameters, naming what cannot be asked."""
        return ask(ENGAGEMENTS, QueryDict(self.query))

    def check(self) -> None:
        """Raise BadParameters where nothing is found because what is asked for never was."""
        if not self.answer.rows.exists():
            refuse_unknown(self.answer.values)

    @property
    def parameters(self) -> dict[str, list[str]]:
        """The question by parameter."""
        found: dict[str, list[str]] = {}
        for name, value in self.asked:
            found.setdefault(name, []).append(value)
        return found

    @property
    def query(self) -> str:
        """The question as it stands in an address."""
        return urlencode(self.asked)

    def standing(self) -> PublicationQuerySet:
        """Return the published rows of every kind of record, now or at the moment asked about."""
        return self.answer.standing.published()

    def records(self) -> PublicationQuerySet:
        """Return the agreements, meetings and exercises that are asked for."""
        return self.answer.rows

    @property
    def moment(self) -> datetime | None:
        return self.answer.moment

    @property
    def countries(self) -> list[str]:
        return self._value("country") or []

    @property
    def forces(self) -> list[str]:
        return self._value("force") or []

    @property
    def role(self) -> str:
        return self._value("role") or ""

    @property
    def happened(self) -> bool:
        return bool(self._value("happened"))

    @property
    def certain(self) -> bool:
        """Whether only records are asked for whose dates are certain to lie in the range."""
        return bool(self._value("date_certain"))

    @property
    def first_day(self) -> date:
        return self._value("date_from") or date.min

    @property
    def last_day(self) -> date:
        return self._value("date_to") or date.max

    def _value(self, name: str) -> Any:
        return self.answer.values.get(name)


def _pairs(parameters: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, values in parameters.items():
        for value in [values] if isinstance(values, str) else values:
            yield name, value
