"""From which address somebody asks, behind a declared number of proxies.

Whoever asks may write anything into X-Forwarded-For; each proxy adds on the right whom it heard it
from. So behind n proxies the n-th from the right is what the outermost one saw, and all before it
is hearsay. Other headers (Forwarded, X-Real-IP, Client-IP) are never read.
"""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# A household or a host has a network of this size, and may use any address in it.
_IPV6_PREFIX = 64


def client_address(request: HttpRequest) -> str:
    """Return the address that a request comes from; "" where the server does not know it.

    With `TRUSTED_PROXIES` = n > 0 that is the n-th from the right of X-Forwarded-For; it is the
    connection's own where n is 0, where there are fewer, or where that one is no IP address. An
    IPv6 address is given as the first one of its /64, an IPv4 address in IPv6 as IPv4.
    """
    forwarded = _forwarded(request, settings.TRUSTED_PROXIES)
    return forwarded or _normal(request.META.get("REMOTE_ADDR", "")) or ""


def _forwarded(request: HttpRequest, proxies: int) -> str | None:
    hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    if not 0 < proxies <= len(hops):
        return None
    return _normal(hops[-proxies])


def _normal(written: str) -> str | None:
    """Return an address as it is counted; None where it is none."""
    try:
        address = ipaddress.ip_address(written.strip())
    except ValueError:
        return None
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    if address.ipv4_mapped is not None:
        return str(address.ipv4_mapped)
    network = ipaddress.IPv6Network((int(address), _IPV6_PREFIX), strict=False)
    return str(network.network_address)
