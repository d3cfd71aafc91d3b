"""Opens connections for one request: looks the host up once, judges each address, connects to just those."""

import socket
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import ip_address
from typing import Any

import httpcore2

from svi_studio.net.errand import Errand
from svi_studio.net.guarded_socket import connect
from svi_studio.net.name_lookup import Resolve, look_up
from svi_studio.net.net_errors import BadAddress
from svi_studio.net.origin import Origin
from svi_studio.net.public_address import Reach, reach_of


@dataclass(frozen=True)
class Reachable:
    """Which servers a client may reach.

    ``allow_private``: also this computer and the user's own network; then what is public must be encrypted.
    ``also_allowed``: numeric addresses with ports that are good wherever they lie.
    """

    allow_private: bool
    also_allowed: Collection[tuple[str, int]]
    resolve: Resolve

    def check(self, address: str, port: int, errand: Errand, is_encrypted: bool) -> None:
        """Raises BadAddress unless the numeric ``address`` may be connected to."""
        if (address, port) in self.also_allowed:
            return
        reach = reach_of(address)
        if reach is Reach.PUBLIC and self.allow_private and not is_encrypted:
            raise BadAddress(f"{errand.server} is on the internet, so its address must begin with https.")
        if reach is Reach.OWN and not self.allow_private:
            raise BadAddress(f"{errand.server} lies inside your own network, where this request does not go.")
        if reach is Reach.NEVER:
            raise BadAddress(f"{errand.server} has the address {address}, which no server may have: use another one.")

    def by_proxy(self, server: Origin) -> "Reachable":
        """For the way to a proxy that the user named, wherever it stands, and beyond it to ``server``.

        The proxy looks the server up, so only a number that is none of the internet can be refused. Raises BadAddress.
        """
        with suppress(ValueError):
            if reach_of(str(ip_address(server.host))) is not Reach.PUBLIC:
                raise BadAddress(f"{server} is no address on the internet, so no proxy is asked for it.")
        if server.host == "localhost":
            raise BadAddress(f"{server} is this computer, so no proxy is asked for it.")
        return replace(self, allow_private=True)


class GuardedBackend(httpcore2.NetworkBackend):
    """What httpcore2 opens its connections through, for one errand."""

    def __init__(self, reachable: Reachable, errand: Errand, is_encrypted: bool) -> None:
        self._reachable = reachable
        self._errand = errand
        self._is_encrypted = is_encrypted

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connects. Raises BadAddress when even one address of the host is not allowed: a server is wholly good."""
        addresses = look_up(host, port, self._reachable.resolve, self._errand)
        for address in addresses:
            self._reachable.check(address, port, self._errand, self._is_encrypted)
        return connect([_socket_address(address, port) for address in addresses], self._errand)


def _socket_address(address: str, port: int) -> tuple[int, Any]:
    """A family and a numeric address: nothing is looked up a second time."""
    if ip_address(address).version == 4:
        return socket.AF_INET, (address, port)
    return socket.AF_INET6, (address, port, 0, 0)
