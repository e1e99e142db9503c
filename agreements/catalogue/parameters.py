"""The values that parameters take, each refused with what would be accepted."""

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.countries import code_of
from agreements.places import place_key
from agreements.text import fold

MAX_REPEATS = 10
MAX_TERMS = 10
MAX_QUERY = 200
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_SLUG = re.compile(r"[A-Za-z0-9_-]{1,100}")


class TruthField(forms.CharField):
    """true or false, and nothing else."""

    def clean(self, value: str | None) -> bool | None:
        if value is None:
            return None
        if value not in ("true", "false"):
            raise ValidationError(_("Write true or false."))
        return value == "true"


class SlugParameter(forms.CharField):
    def clean(self, value: str | None) -> str:
        if value is None:
            return ""
        if not _SLUG.fullmatch(value):
            raise ValidationError(_("Write a slug, as lists give them."))
        return value


class RepeatedField(forms.Field):
    """A parameter that may stand several times, meaning all of its values."""

    widget = forms.MultipleHiddenInput

    def __init__(self, item: forms.Field, **kwargs: object):
        self.item = item
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def clean(self, value: list[str] | None) -> list[str]:
        if value and len(value) > MAX_REPEATS:
            raise ValidationError(_("Give at most %(number)d of them.") % {"number": MAX_REPEATS})
        return [self.item.clean(each) for each in value or []]


class CountryCode(forms.CharField):
    def clean(self, value: str | None) -> str:
        code = code_of(value or "")
        if code is None:
            raise ValidationError(_("Write an ISO 3166 alpha-2 code, such as VN."))
        return code


class PlaceParameter(forms.CharField):
    """A country's code, a colon and a place, one half of which may be missing."""

    def clean(self, value: str | None) -> str:
        code, colon, name = (value or "").partition(":")
        if len(name) > MAX_QUERY or not (code or fold(name)):
            raise ValidationError(
                _("Write a country, a place or both: VN, :Gulf of Thailand, VN:Hanoi.")
            )
        country = CountryCode().clean(code) if code else ""
        return place_key(country, name) if colon else country


class WholeNumber(forms.CharField):
    """A whole number in a range."""

    def __init__(self, low: int, high: int, **kwargs: object):
        self.low, self.high = low, high
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def clean(self, value: str | None) -> int | None:
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,18}", value) or not self.low <= int(value) <= self.high:
            raise ValidationError(
                _("Write a whole number from %(low)d to %(high)d.")
                % {"low": self.low, "high": self.high}
            )
        return int(value)


class DayField(forms.CharField):
    """A day, or the first or last day of a month or year."""

    def __init__(self, last: bool, **kwargs: object):
        self.last = last
        super().__init__(**kwargs)  # type: ignore[arg-type]

    def clean(self, value: str | None) -> date | None:
        if value is None:
            return None
        match = _DAY.fullmatch(value)
        try:
            if match is None:
                raise ValueError
            year, month, day = (int(part) if part else None for part in match.groups())
            assert year is not None
            if month is None:
                return date(year, 12, 31) if self.last else date(year, 1, 1)
            if day is None:
                return date(year, month, calendar.monthrange(year, month)[1] if self.last else 1)
            return date(year, month, day)
        except (ValueError, calendar.IllegalMonthError) as error:
            raise ValidationError(_("Write a date as YYYY, YYYY-MM or YYYY-MM-DD.")) from error


class MomentField(forms.CharField):
    """A moment that is not in the future. A bare date means its end, in UTC; so does no zone."""

    def clean(self, value: str | None) -> datetime | None:
        if value is None:
            return None
        now = timezone.now()
        try:
            if _DAY.fullmatch(value) and len(value) == len("YYYY-MM-DD"):
                day = date.fromisoformat(value)
                moment = datetime.combine(day, time.min, UTC) + timedelta(days=1, microseconds=-1)
                return min(moment, now) if day <= now.astimezone(UTC).date() else self._refuse()
            if "T" not in value:
                raise ValueError
            moment = datetime.fromisoformat(value)
            moment = moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment
            moment = moment.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise ValidationError(
                _(
                    "Write a date such as 2026-11-22 or a time such as 2026-11-22T12:00:00Z "
                    "(a + in the zone is %2B in an address)."
                )
            ) from error
        return moment if moment <= now else self._refuse()

    def _refuse(self) -> datetime:
        raise ValidationError(_("This lies in the future; what will be published is not known."))


class WordsField(forms.CharField):
    """Words to search for, folded."""

    def clean(self, value: str | None) -> list[str]:
        if value is None:
            return []
        if len(value) > MAX_QUERY:
            raise ValidationError(_("Write at most %(number)d characters.") % {"number": MAX_QUERY})
        terms = fold(value).split()
        if not terms:
            raise ValidationError(_("Write at least one word."))
        if len(terms) > MAX_TERMS:
            raise ValidationError(_("Write at most %(number)d words.") % {"number": MAX_TERMS})
        return terms
