"""Look through the desk for records that may be of one event: `manage.py find_duplicates`."""

from typing import Any

from agreements import likeness
from agreements.management.outages import TellingOutages
from agreements.models import PossibleDuplicate


class Command(TellingOutages):
    help = (
        "Look through all records for those that may be of the same event, and bring the list of "
        "possible duplicates up to date. To be run after an upgrade; otherwise it keeps itself so. "
        "Nothing is merged, and what was told apart stays so."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        before = set(_open())
        likeness.refresh_all()
        after = set(_open())
        self.stdout.write(
            f"{len(after)} possible duplicate(s): {len(after - before)} new, "
            f"{len(before - after)} gone; {likeness.told_apart().count()} told apart."
        )
        for pair in likeness.open_pairs().select_related("first", "second"):
            self.stdout.write(_line(pair))


def _open() -> Any:
    return likeness.open_pairs().values_list("first", "second")


def _line(pair: PossibleDuplicate) -> str:
    return (
        f"{pair.nearness:>3}  {pair.first.kind} {pair.first.slug} = {pair.second.slug}? "
        f"{likeness.explained(pair.because)}"
    )
