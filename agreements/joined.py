"""The texts of a group as one text, on both databases."""

from typing import Any

from django.db.models import Aggregate, TextField

BETWEEN = " "


class Joined(Aggregate):
    """The texts of a group, in any order. None of them may have a space."""

    function = "STRING_AGG"
    template = f"%(function)s(%(expressions)s, '{BETWEEN}')"
    output_field = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        return self.as_sql(compiler, connection, function="GROUP_CONCAT", **context)


def parted(text: str | None) -> frozenset[str]:
    """Return the texts that were joined; none of nothing."""
    return frozenset(text.split(BETWEEN) if text else ())
