"""Rules over several cells of a row, and over all rows of a file with what is on the desk.

The database holds them too; here they are told by row and column, before anything is stored.
"""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.exchange.plans import CHANGED, UNCHANGED, Plan
from agreements.exchange.register import Register
from agreements.models import Document, DocumentText, Engagement, Participant
from agreements.records import KINDS_OF_RECORD

_BARE = ("instrument", "title_as_given", "entered_into_force")
_ABOVE = {"force": ("parent", "predecessor"), "document": ("origin",)}


def check_row(plan: Plan, required: tuple[str, ...]) -> None:
    """Note what is wrong within a row."""
    told = {column for column, _message in plan.problems}
    for column, message in _row_problems(plan, required):
        if column not in told:
            plan.problems.append((column, message))


def _row_problems(plan: Plan, required: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    after = plan.after
    if plan.before is None:
        for column in required:
            if column not in plan.given:
                yield column, _("A new record needs this column.")
    if after.get("ordinal") is not None:
        if not after["series"]:
            yield "ordinal", _("A number needs a series, and starts at 1.")
        elif after["ordinal"] < 1:
            yield "ordinal", _("Numbers start at 1.")
    if after.get("identified") is False and any(after[name] for name in _BARE):
        yield "identified", _("An unidentified agreement has no type, title or date.")
    if any(link["target"] == plan.key for link in after.get("links", ())):
        yield "links", _("A record cannot be linked to itself.")


def check_together(kind: str, plans: list[Plan], register: Register) -> None:
    """Note what is wrong between rows, or between a row and the desk. A few queries."""
    _check_keys(kind, plans, register)
    if "ordinal" in (plans[0].after if plans else ()):
        _check_ordinals(plans)
    for column in _ABOVE.get(kind, ()):
        _check_circles(kind, column, plans)
    if kind == "force":
        _check_countries(plans)
    if kind == "document":
        _check_texts(plans)
    if kind == "person":
        _note_people(plans)


def _check_keys(kind: str, plans: list[Plan], register: Register) -> None:
    counts = Counter(plan.key for plan in plans)
    column = KINDS_OF_RECORD[kind].NATURAL_KEY[0]
    of_engagements = issubclass(KINDS_OF_RECORD[kind], Engagement)
    for plan in plans:
        if plan.key and counts[plan.key] > 1:
            text = _("This key stands in %(count)d rows of the file.")
            plan.problems.append((column, text % {"count": counts[plan.key]}))
        if of_engagements and plan.before is None:
            other = register.engagements.get(plan.key)
            if other is not None:
                name = KINDS_OF_RECORD[other]._meta.verbose_name
                text = _("This key is that of another record: %(kind)s “%(key)s”.")
                plan.problems.append((column, text % {"kind": name, "key": plan.key}))


def _moved(plans: Iterable[Plan]) -> list[Plan]:
    return [plan for plan in plans if plan.outcome not in (UNCHANGED,)]


def _check_ordinals(plans: list[Plan]) -> None:
    series = {plan.after["series"] for plan in _moved(plans) if plan.after["ordinal"] is not None}
    rows = Engagement.objects.filter(series__slug__in=series, ordinal__isnull=False)
    holders = {
        (run, number): slug
        for run, number, slug in rows.values_list("series__slug", "ordinal", "slug")
        if slug not in {plan.key for plan in plans}
    }
    for plan in plans:
        number = (plan.after["series"], plan.after["ordinal"])
        if None in number:
            continue
        holder = holders.setdefault(number, plan.key)
        if holder != plan.key:
            text = _("This series has this number already: %(record)s.")
            plan.problems.append(("ordinal", text % {"record": holder}))


def _check_circles(kind: str, column: str, plans: list[Plan]) -> None:
    """Note the rows that lead, by way of what stands above them, back to themselves."""
    moved = _moved(plans)
    if not any(plan.after[column] for plan in moved):
        return
    rows = KINDS_OF_RECORD[kind]._default_manager.filter(**{f"{column}__isnull": False})
    above = dict(rows.values_list("slug", f"{column}__slug"))
    above |= {plan.key: plan.after[column] for plan in plans}
    for plan in moved:
        seen: set[str] = set()
        each = above.get(plan.key)
        while each and each not in seen:
            seen.add(each)
            each = above.get(each)
        if plan.key in seen:
            text = _("Choose another one: this leads back to the record itself.")
            plan.problems.append((column, text))


def _note_people(plans: list[Plan]) -> None:
    """Note of each person who changes how many records, past their drafts, change with them."""
    moving = {plan.key: plan for plan in plans if plan.outcome == CHANGED}
    rows = Engagement.objects.exclude(review_state=Engagement.ReviewState.DRAFT)
    named = rows.filter(participants__delegates__person__slug__in=moving)
    pairs = named.values_list("participants__delegates__person__slug", "pk").distinct()
    for slug, count in Counter(slug for slug, _pk in pairs if slug in moving).items():
        text = ngettext(
            "%(count)d record that names this person becomes a draft again.",
            "%(count)d records that name this person become drafts again.",
            count,
        )
        moving[slug].notes.append(text % {"count": count})


def _check_countries(plans: list[Plan]) -> None:
    moving = {
        plan.key: plan
        for plan in plans
        if plan.outcome == CHANGED
        and plan.before
        and plan.before["country"] != plan.after["country"]
    }
    if not moving:
        return
    named = Participant.objects.filter(force__slug__in=moving).values_list("force__slug")
    for (slug,) in named.distinct():
        text = _("Records name this force for another country; change those first.")
        moving[slug].problems.append(("country", text))


def _check_texts(plans: list[Plan]) -> None:
    """Note hashes that another document has, and those that would part one from its text."""
    hashes = [plan.after["sha256"] for plan in plans if plan.after["sha256"]]
    mine = {plan.key for plan in plans}
    rows = Document.objects.filter(sha256__in=hashes).exclude(slug__in=mine)
    owners = dict(rows.values_list("sha256", "slug"))
    texts = DocumentText.objects.filter(document__slug__in=mine)
    held = set(texts.values_list("document__slug", flat=True))
    for plan in plans:
        sha256 = plan.after["sha256"]
        if sha256 and owners.setdefault(sha256, plan.key) != plan.key:
            text = _("Another document has this text: %(document)s.")
            plan.problems.append(("sha256", text % {"document": owners[sha256]}))
        if plan.key in held and plan.before and plan.before["sha256"] != sha256:
            text = _("The text of this document is held; replace it on its page.")
            plan.problems.append(("sha256", text))
