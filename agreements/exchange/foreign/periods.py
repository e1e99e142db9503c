"""When states were: an exercise of 2005 with the Soviet Union deserves a second look."""

from django.utils.translation import gettext as _

from agreements.countries import country_table
from agreements.dates import PartialDate

# The first year of states that began after 1945 out of another one that data sets also name.
_SINCE = {
    **dict.fromkeys("AM AZ BY EE GE HR KG KZ LT LV MD MK RU SI TJ TM UA UZ".split(), 1991),
    **dict.fromkeys(("BA",), 1992),
    **dict.fromkeys(("CZ", "SK", "ER"), 1993),
    **dict.fromkeys(("ME", "RS"), 2006),
    "BD": 1971,
    "CSXX": 2003,
    "NA": 1990,
    "SS": 2011,
    "TL": 2002,
    "XK": 2008,
}


def out_of_time(code: str, date: str) -> str:
    """Return in words why a state cannot have taken part on a date; "" where it can."""
    value = PartialDate(date) if date else None
    row = country_table().get(code)
    if value is None or row is None:
        return ""
    name = row["names"]["en"]
    until = int(row["former"]["until"]) if "former" in row else None
    if until and value.earliest and value.earliest.year > until:
        return _("%(country)s was until %(year)d.") % {"country": name, "year": until}
    since = _SINCE.get(code)
    if since and value.latest and value.latest.year < since:
        return _("%(country)s is a state since %(year)d.") % {"country": name, "year": since}
    return ""
