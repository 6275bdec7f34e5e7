"""Where a request comes from, as far as it can't be made up."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """Return the address of the client.

    ``X-Forwarded-For`` is read only as far back as our own proxies wrote it (``LYB_TRUSTED_PROXIES``);
    what stands left of that the client may have written itself. A chain shorter than our proxies means
    that somebody came past them: then the peer's own address counts.
    """
    peer = str(request.META.get("REMOTE_ADDR") or "")
    hops = settings.TRUSTED_PROXY_COUNT
    if hops < 1:
        return peer
    chain = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if len(chain) < hops:
        return peer
    return _plain(chain[-hops]) or peer


def client_network(request: HttpRequest) -> str:
    """Return what limits count by: the address, or the /64 that one IPv6 household has to itself."""
    address = _parsed(client_address(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(address)


def client_block(request: HttpRequest) -> str | None:
    """Return the /48 of an IPv6 client, or ``None``: one customer may have all its 65,536 networks to hop between."""
    address = _parsed(client_address(request))
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, 48), strict=False))
    return None


def _parsed(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | str:
    """Return the address, of IPv4 also where it is written as IPv6; what is none stays as it is."""
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return text
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        return address.ipv4_mapped
    return address


def _plain(text: str) -> str:
    """Drop a port (``203.0.113.7:1234``, ``[2001:db8::1]:1234``); empty if it is no address."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""
