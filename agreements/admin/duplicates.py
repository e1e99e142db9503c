"""The pairs of records that may be of the same event: looked at side by side, and judged."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from agreements import likeness
from agreements.admin.addresses import desk_address
from agreements.admin.conflicts import VERSION
from agreements.admin.selects import is_key
from agreements.date_words import in_words
from agreements.desk.alike import hand_over as hand_over_to
from agreements.exceptions import AgreementsError
from agreements.history import Way
from agreements.likeness.pairs import REASON_LENGTH
from agreements.models import KINDS, Engagement, PossibleDuplicate, Publication
from agreements.roles import WITHDRAW
from agreements.versions import token

_A_PAGE = 20
_VIEW = "agreements.view_possibleduplicate"
_CHANGE = "agreements.change_possibleduplicate"
# More sides than these are counted.
_SIDES = 6
_DRAFT = Engagement.ReviewState.DRAFT


@dataclass(frozen=True)
class Side:
    """One record of a pair in brief, and where it leads.

    `merge` is the page on which it is merged into the other, "" where the reader may not;
    `discards` whether the reader may hand its passages over to the other, for it to go.
    """

    record: Engagement
    kind: str
    date: str
    parties: str
    sources: int
    address: str
    merge: str
    discards: bool
    token: str


@dataclass(frozen=True)
class Pair:
    """A pair of records, side by side, and what is alike in them."""

    row: PossibleDuplicate
    sides: tuple[Side, Side]
    why: str

    @property
    def merge(self) -> str:
        """Where the two are merged: what came later, or was never public, ends."""
        first, second = self.sides
        earlier_is_draft = first.record.review_state == _DRAFT != second.record.review_state
        return first.merge if earlier_is_draft else second.merge


@admin.site.admin_view
@require_safe
def possible_duplicates(request: HttpRequest) -> HttpResponse:
    """GET: the pairs that nobody has judged, or with `apart` those told apart; `p` the page."""
    _require(request, _VIEW)
    apart = "apart" in request.GET
    kinds = [kind for kind in KINDS if _may(request, "view", kind)]
    pairs = likeness.told_apart() if apart else likeness.open_pairs()
    page = Paginator(pairs.filter(first__kind__in=kinds), _A_PAGE).get_page(request.GET.get("p"))
    context = {
        **admin.site.each_context(request),
        "title": _("Possible duplicates"),
        "apart": apart,
        "page": page,
        "pairs": _shown(request, list(page.object_list)),
        "count_apart": likeness.told_apart().filter(first__kind__in=kinds).count(),
        "may_judge": request.user.has_perm(_CHANGE),
        "reason_length": REASON_LENGTH,
    }
    return TemplateResponse(request, "admin/agreements/duplicates/list.html", context)


@admin.site.admin_view
@require_POST
def tell_apart(request: HttpRequest, pk: int) -> HttpResponse:
    """POST reason: say of two records that they are not the same."""
    _require(request, _CHANGE)
    pair = _pair(pk)
    if pair is None:
        return _gone(request)
    reason = " ".join(request.POST.get("reason", "").replace("\x00", "").split())
    if not reason or len(reason) > REASON_LENGTH:
        text = _("Say in at most %(length)d characters why they are not the same.")
        messages.error(request, text % {"length": REASON_LENGTH})
        return _back(request)
    by = request.user.get_username()
    if likeness.tell_apart(pair.first_id, pair.second_id, by, reason):
        text = _("“%(first)s” and “%(second)s” are not the same: they are not proposed again.")
        values = {"first": pair.first, "second": pair.second}
        messages.success(request, text % values)
    else:
        messages.warning(request, _("Somebody else said so before."))
    return _back(request)


@admin.site.admin_view
@require_POST
def bring_back(request: HttpRequest, pk: int) -> HttpResponse:
    """POST: take back that two records are not the same."""
    _require(request, _CHANGE)
    pair = _pair(pk)
    if pair is None or not pair.told_apart_by:
        return _gone(request)
    likeness.bring_back(pair)
    messages.success(request, _("Taken back. While the two are alike, they are proposed again."))
    return _back(request)


@admin.site.admin_view
@require_POST
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """POST draft: what is cited for this record of a pair goes to the other, and it is deleted."""
    pair, draft = _pair(pk), request.POST.get("draft", "")
    if pair is None or not is_key(draft) or int(draft) not in (pair.first_id, pair.second_id):
        _require(request, _CHANGE)
        return _gone(request)
    ends = pair.first if pair.first_id == int(draft) else pair.second
    if not (_may(request, "change", ends.kind) and _may(request, "delete", ends.kind)):
        raise PermissionDenied
    stays = pair.second_id if ends is pair.first else pair.first_id
    record = KINDS[ends.kind].objects.get(pk=ends.pk)
    by, shown = request.user.get_username(), request.POST.get(VERSION, "")
    try:
        other = hand_over_to(record, stays, by, shown, Way.FORM)
    except AgreementsError as error:
        messages.error(request, str(error))
        return _back(request)
    text = _("The passages are cited for “%(record)s” now, and the draft is gone.")
    messages.success(request, text % {"record": other})
    return HttpResponseRedirect(desk_address(other.kind, other.pk))


def _require(request: HttpRequest, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _may(request: HttpRequest, action: str, kind: str) -> bool:
    held = request.user.has_perm(f"agreements.{action}_{kind}")
    return held or (action == "view" and request.user.has_perm(f"agreements.change_{kind}"))


def _pair(pk: int) -> PossibleDuplicate | None:
    if not is_key(str(pk)):
        raise Http404
    return PossibleDuplicate.objects.select_related("first", "second").filter(pk=pk).first()


def _gone(request: HttpRequest) -> HttpResponse:
    text = _("This pair is not here any more: the records were changed, merged or deleted.")
    messages.warning(request, text)
    return _back(request)


def _back(request: HttpRequest) -> HttpResponse:
    query = "?apart" if request.POST.get("from") == "apart" else ""
    return HttpResponseRedirect(reverse("possible_duplicates") + query)


def _shown(request: HttpRequest, rows: list[PossibleDuplicate]) -> list[Pair]:
    numbers = {number for row in rows for number in (row.first_id, row.second_id)}
    found = Engagement.objects.filter(pk__in=numbers).order_by()
    found = found.annotate(sources=Count("citations__document", distinct=True))
    records = {
        each.pk: each
        for each in found.prefetch_related("participants__country", "participants__force")
    }
    public = _ever_published(records.values())
    pairs = []
    for row in rows:
        if row.first_id in records and row.second_id in records:
            one, other = records[row.first_id], records[row.second_id]
            sides = (_side(request, one, other, public), _side(request, other, one, public))
            pairs.append(Pair(row, sides, likeness.explained(row.because)))
    return pairs


def _ever_published(records: Collection[Engagement]) -> set[str]:
    rows = Publication.objects.filter(slug__in=[each.slug for each in records], kind__in=KINDS)
    return set(rows.order_by().values_list("slug", flat=True).distinct())


def _side(request: HttpRequest, record: Any, other: Engagement, public: set[str]) -> Side:
    kind, user = record.kind, request.user
    merges = user.has_perm(WITHDRAW) and _may(request, "change", kind)
    discards = (
        record.review_state == _DRAFT
        and record.edited_by == user.get_username()
        and record.slug not in public
        and _may(request, "change", kind)
        and _may(request, "delete", kind)
    )
    return Side(
        record,
        capfirst(record.get_kind_display()),
        in_words(record.date) if record.date else "",
        _parties(record),
        record.sources,
        desk_address(kind, record.pk),
        f"{desk_address(kind, record.pk, 'merge')}?into={other.pk}" if merges else "",
        discards,
        token(record),
    )


def _parties(record: Engagement) -> str:
    sides = [str(side.force or side.country) for side in record.participants.all()]
    if len(sides) > _SIDES:
        more = _("and %(count)d more") % {"count": len(sides) - _SIDES}
        return f"{', '.join(sides[:_SIDES])} {more}"
    return ", ".join(sides)


urlpatterns = [
    path("", possible_duplicates, name="possible_duplicates"),
    path("<int:pk>/apart/", tell_apart, name="tell_apart"),
    path("<int:pk>/back/", bring_back, name="bring_back"),
    path("<int:pk>/hand-over/", hand_over, name="hand_over_duplicate"),
]
