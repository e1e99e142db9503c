"""Records that somebody edited since a file brought them: a second import leaves them alone."""

from django.db.models import Max

from agreements.exchange.plans import CHANGED
from agreements.exchange.preview import Line, Preview
from agreements.history import Way
from agreements.models import Change

_A_TIME = 500


def edited_since(made: Preview) -> list[Line]:
    """Return the lines of a preview that would change what somebody wrote after the last import."""
    lines = [line for line in made.lines if line.outcome == CHANGED]
    by_file: set[int] = set()
    for start in range(0, len(lines), _A_TIME):
        some = [line.pk for line in lines[start : start + _A_TIME] if line.pk]
        noted = Change.objects.filter(kind=made.kind, record_id__in=some, state__isnull=False)
        newest = noted.values("record_id").annotate(last=Max("id")).values("last")
        rows = Change.objects.filter(pk__in=newest, way=Way.FILE)
        by_file |= set(rows.values_list("record_id", flat=True))
    return [line for line in lines if line.pk not in by_file]
