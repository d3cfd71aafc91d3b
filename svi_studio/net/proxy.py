"""The proxy that the environment or the system names for a server, for what users fetch from the internet by name."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from svi_studio.domain.errors import BadInput
from svi_studio.net.origin import PORTS, Origin
from svi_studio.net.secret import Secret
from svi_studio.settings import HTTPS_PROXY


@dataclass(frozen=True)
class Proxy:
    """``origin`` is where it stands; ``login`` is "name:password", which it alone hears."""

    origin: Origin
    login: Secret | None = None


Proxies = Callable[[Origin], Proxy | None]
"""The proxy that leads to a server, or None where the way is straight."""


def straight(server: Origin) -> Proxy | None:
    """No proxy, whatever the environment says."""
    return None


def proxy_of_system(server: Origin) -> Proxy | None:
    """What HTTPS_PROXY, ALL_PROXY and NO_PROXY say, in capitals or not, else the settings of Windows or macOS.

    Raises BadInput for a proxy of a kind that is not spoken here, or whose address is none.
    """
    import urllib.request  # noqa: PLC0415 - nothing else here needs it

    if urllib.request.proxy_bypass(server.host):
        return None
    named = urllib.request.getproxies()
    address = named.get(server.scheme) or named.get("all")
    return read_proxy(address) if address else None


def read_proxy(address: str) -> Proxy:
    """The proxy at an address as the environment has it: ``http://name:password@host:port``, ``host:port``."""
    whole = address.strip() if "://" in address else f"http://{address.strip()}"
    try:
        parts = urlsplit(whole)
        host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        host, port = "", 0
    if not host or not port or parts.scheme not in PORTS:
        kind = "a SOCKS proxy" if whole.lower().startswith("socks") else "no proxy that can be used"
        raise BadInput(f"{HTTPS_PROXY.name} names {kind}: write it like http://host:3128, or unset it.")
    origin = Origin(parts.scheme, host.lower(), port)
    name, password = unquote(parts.username or ""), unquote(parts.password or "")
    return Proxy(origin, Secret(f"{name}:{password}", origin) if name else None)
