"""What was written in the ledger: publications, revisions, withdrawals and mergers."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict

from agreements.catalogue.asking import filtered, moment_of, refuse_unknown
from agreements.catalogue.filters import Choice, EngagementFilterSet, check_names
from agreements.catalogue.parameters import WholeNumber
from agreements.exceptions import BadParameters
from agreements.models import Publication
from agreements.models.publications import PublicationQuerySet

OWN_PARAMETERS = ("since", "as_of", "cursor", "page_size", "count", "format")


class ChangeFilterSet(EngagementFilterSet):
    """The ledger's rows, of records of any kind, narrowed by what each row says."""

    kind = Choice(Publication.Kind, help_text="Only what was written of records of this kind.")
    overdue = None


def changes(query: QueryDict) -> PublicationQuerySet:
    """Return the rows that a query asks for, in no order yet; raise BadParameters."""
    check_names(query, {*ChangeFilterSet.base_filters, *OWN_PARAMETERS})
    rows: Any = Publication.objects.defer("search_text")
    moment = moment_of(query)
    if moment is not None:
        rows = rows.filter(published_at__lte=moment)
    if "since" in query:
        try:
            rows = rows.filter(sequence__gt=WholeNumber(0, 10**18 - 1).clean(str(query["since"])))
        except ValidationError as error:
            raise BadParameters({"since": " ".join(error.messages)}) from error
    filterset = filtered(ChangeFilterSet, query, rows, moment)
    # Whoever follows the changes of one slug would wait for ever for those of another.
    refuse_unknown(filterset.form.cleaned_data)
    return filterset.qs


def change_of(row: Publication) -> str:
    """Return what a row did: published, revised, withdrawn or merged."""
    if row.state == Publication.State.PUBLISHED and row.revision > 1:
        return "revised"
    return row.state


def predecessors(rows: Iterable[Publication]) -> dict[tuple[str, str, int], Publication]:
    """Return the rows that rows followed, by kind, slug and revision; in one query."""
    keys = [(row.kind, row.slug, row.revision - 1) for row in rows if row.revision > 1]
    if not keys:
        return {}
    any_of = (Q(kind=kind, slug=slug, revision=revision) for kind, slug, revision in keys)
    found = Publication.objects.filter(reduce(or_, any_of)).defer("search_text")
    return {(row.kind, row.slug, row.revision): row for row in found}
