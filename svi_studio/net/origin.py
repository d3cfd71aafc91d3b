"""Who a server is to a key: its scheme, host and port, exactly."""

from typing import TYPE_CHECKING, NamedTuple

from svi_studio.net.net_errors import BadAddress

if TYPE_CHECKING:
    import httpx2

PORTS = {"http": 80, "https": 443}
NO_WEB_ADDRESS = 'That is no web address: write one like "https://example.org" or "http://127.0.0.1:11434".'
"""The sentence for it. What was written is not repeated, nor kept as the cause: it may be a key in the wrong place."""


class Origin(NamedTuple):
    """Scheme ("http" or "https"), host in lower case and ASCII (an IPv6 address without brackets), port 1 to 65535."""

    scheme: str
    host: str
    port: int

    @classmethod
    def of(cls, address: "str | httpx2.URL") -> "Origin":
        """The origin of a web address. Raises BadAddress when it has none."""
        import httpx2  # noqa: PLC0415 - the window opens without HTTP

        try:
            url = httpx2.URL(address)
            port = PORTS.get(url.scheme, 0) if url.port is None else url.port
            origin = cls(url.scheme, url.raw_host.decode("ascii").lower(), port)
        except (httpx2.InvalidURL, UnicodeError, TypeError, ValueError):
            raise BadAddress(NO_WEB_ADDRESS) from None
        if origin.scheme not in PORTS or not origin.host or not 0 < origin.port < 65_536:
            raise BadAddress(NO_WEB_ADDRESS)
        return origin

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if self.port == PORTS[self.scheme] else f":{self.port}")
