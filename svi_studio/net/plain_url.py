"""Web addresses as a request may have them: http or https, a plain host, no user, no tricks with numbers."""

import re
from ipaddress import AddressValueError, IPv4Address

import httpx2

from svi_studio.net.net_errors import BadAddress
from svi_studio.net.origin import NO_WEB_ADDRESS, Origin

_MAX_CHARS = 4096
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


def plain_url(address: str) -> httpx2.URL:
    """``address``, checked. Raises BadAddress: another scheme, a user or password, no host, a host in disguise."""
    if len(address) > _MAX_CHARS or not address.isprintable() or any(char in address for char in "\\ \u3000"):
        raise BadAddress(NO_WEB_ADDRESS)
    origin = Origin.of(address)
    if "@" in re.split(r"[/?#]", address.partition("//")[2], maxsplit=1)[0]:
        raise BadAddress(f"The address of {origin} holds a user name or a password: leave that part out.")
    if _is_no_host(origin.host) or _is_number_in_disguise(origin.host):
        raise BadAddress(f"{origin} is not written as a plain host: use its name, or four numbers with dots.")
    return httpx2.URL(address)


def next_address(here: httpx2.URL, location: str) -> httpx2.URL:
    """Where a redirect from ``here`` leads. Raises BadAddress as ``plain_url`` does."""
    if _SCHEME.match(location):
        return plain_url(location)
    if location.startswith("//"):
        return plain_url(f"{here.scheme}:{location}")
    try:
        return plain_url(str(here.join(location)))
    except (httpx2.InvalidURL, UnicodeError, TypeError, ValueError):
        raise BadAddress(NO_WEB_ADDRESS) from None


def _is_no_host(host: str) -> bool:
    """Whether a host has an empty part, or a zone of an IPv6 address."""
    return "%" in host or "" in host.removesuffix(".").split(".")


def _is_number_in_disguise(host: str) -> bool:
    """Whether a host is an IPv4 address in other clothes: 2130706433, 0x7f.1, 0177.0.0.1, 127.1, 127.0.0.1. ."""
    last = host.rstrip(".").rpartition(".")[2]
    if not (last.isdigit() or last.startswith("0x")):
        return False
    try:
        IPv4Address(host)
    except AddressValueError:
        return True
    return False
