"""What representations need to know of the records that are public already."""

from typing import Any, Protocol

from django.utils.translation import gettext as _

from agreements.exceptions import AgreementsError


class NotPublished(AgreementsError):
    """A record names another one that is not public."""

    def __init__(self, kind: str, key: str):
        self.kind = kind
        self.key = key
        super().__init__(
            _("The %(kind)s %(key)s is not published; publish it first.")
            % {"kind": kind, "key": key}
        )


class Published(Protocol):
    """The public records, as the ledger has them.

    `serializers` keeps what renders each kind with them, since making one costs more than using it.
    """

    serializers: dict[str, Any]

    def body(self, kind: str, key: str) -> dict:
        """Return a record's public form; raise NotPublished where it has none."""

    def has(self, kind: str, key: str) -> bool:
        """Return whether a record is public, or becomes so together with the one rendered."""

    def title(self, record: Any) -> str:
        """Return the title that a record has in public, or will have with the one rendered."""
