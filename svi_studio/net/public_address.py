"""Which IP addresses a request may reach: those of the public internet, or of the user's own network where he said so.

The ranges are IANA's registries of special-purpose addresses (RFC 6890 and its successors), written out here so that
the answer is the same under every version of Python; the three addresses of cloud metadata services are added.
"""

from enum import Enum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

Address = IPv4Address | IPv6Address


class Reach(Enum):
    """Where an address lies."""

    PUBLIC = "public"
    OWN = "own"  # this computer, or a network of the user's own
    NEVER = "never"  # nothing that a request of ours has any business with


_OWN_4 = tuple(
    map(IPv4Network, ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
)  # private, shared by a provider or a virtual private network, this computer
_NEVER_4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",  # "this network"
            "100.100.100.200/32",  # a cloud's metadata
            "168.63.129.16/32",  # a cloud's metadata
            "169.254.0.0/16",  # link-local, and the clouds' metadata
            "192.0.0.0/24",  # protocol assignments
            "192.0.2.0/24",  # documentation
            "192.31.196.0/24",  # AS112
            "192.52.193.0/24",  # AMT
            "192.88.99.0/24",  # 6to4 relays
            "192.175.48.0/24",  # AS112
            "198.18.0.0/15",  # measuring networks
            "198.51.100.0/24",  # documentation
            "203.0.113.0/24",  # documentation
            "224.0.0.0/4",  # multicast
            "240.0.0.0/4",  # reserved, and broadcast
        ),
    )
)
_OWN_6 = (IPv6Network("::1/128"), IPv6Network("fc00::/7"))
_NEVER_6 = tuple(
    map(
        IPv6Network,
        (
            "2001::/23",  # protocol assignments: Teredo, ORCHID, measuring networks
            "2001:db8::/32",  # documentation
            "2002::/16",  # 6to4
            "2620:4f:8000::/48",  # AS112
            "3fff::/20",  # documentation
            "fd00:ec2::/32",  # a cloud's metadata
        ),
    )
)
_PUBLIC_6 = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_ISATAP = (0x00005EFE, 0x02005EFE)


def reach_of(text: str) -> Reach:
    """Where the numeric address ``text`` lies; what is no plain numeric address, or has a zone, lies nowhere."""
    try:
        return _reach(ip_address(text))
    except ValueError:
        return Reach.NEVER


def _reach(address: Address) -> Reach:
    if isinstance(address, IPv4Address):
        return _reach_4(address)
    if address.scope_id is not None:
        return Reach.NEVER
    inner = address.ipv4_mapped or (_last_four(address) if address in _NAT64 else None)
    return _reach_6(address) if inner is None else _reach_4(inner)


def _reach_4(address: IPv4Address) -> Reach:
    if any(address in network for network in _NEVER_4):
        return Reach.NEVER
    return Reach.OWN if any(address in network for network in _OWN_4) else Reach.PUBLIC


def _reach_6(address: IPv6Address) -> Reach:
    if any(address in network for network in _NEVER_6):
        return Reach.NEVER
    if any(address in network for network in _OWN_6):
        return Reach.OWN
    if address not in _PUBLIC_6 or (int(address) >> 32 & 0xFFFFFFFF) in _ISATAP:
        return Reach.NEVER
    return Reach.PUBLIC


def _last_four(address: IPv6Address) -> IPv4Address:
    return IPv4Address(int(address) & 0xFFFFFFFF)
