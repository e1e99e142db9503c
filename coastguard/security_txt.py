"""Whom to tell of a hole: `/.well-known/security.txt` (RFC 9116)."""

from datetime import UTC, date, datetime

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.request import split_domain_port
from django.urls import path
from django.utils import timezone
from django.views.decorators.http import require_safe
from django.views.generic import RedirectView

ADDRESS = "/.well-known/security.txt"
# Half a year at least, and never the year that RFC 9116 allows at most.
_MONTHS = 7


@require_safe
def security_txt(request: HttpRequest) -> HttpResponse:
    """Return whom to tell, until when that holds, and in which languages it is understood."""
    host, _port = split_domain_port(request.get_host())
    lines = [
        f"Contact: {settings.SECURITY_CONTACT or mailbox(host)}",
        f"Expires: {expires(timezone.now().date()).isoformat().replace('+00:00', 'Z')}",
        f"Preferred-Languages: {', '.join(code for code, _ in settings.LANGUAGES)}",
        f"Canonical: {request.build_absolute_uri(ADDRESS)}",
    ]
    if settings.SECURITY_POLICY:
        lines.append(f"Policy: {settings.SECURITY_POLICY}")
    return HttpResponse(
        "\n".join(lines) + "\n",
        content_type="text/plain; charset=utf-8",
        headers={"Cache-Control": "public, max-age=86400"},
    )


def expires(today: date) -> datetime:
    """Return until when the file of a day holds: the same for all days of a month."""
    months = today.year * 12 + today.month - 1 + _MONTHS
    return datetime(months // 12, months % 12 + 1, 1, tzinfo=UTC)


def mailbox(host: str) -> str:
    """Return the mailbox that RFC 2142 reserves for this at a host."""
    if host.startswith("["):
        return f"mailto:security@%5BIPv6:{host[1:-1]}%5D"
    if host.replace(".", "").isdigit():
        return f"mailto:security@%5B{host}%5D"
    return f"mailto:security@{host}"


urlpatterns = [
    path(ADDRESS.removeprefix("/"), security_txt, name="security-txt"),
    path("security.txt", require_safe(RedirectView.as_view(url=ADDRESS, permanent=True))),
]
