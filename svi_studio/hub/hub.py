"""The hub that models are fetched from: Hugging Face's, or a mirror that the environment names."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from urllib.parse import quote

from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.hub.hub_errors import Offline, refusal
from svi_studio.hub.hub_key import hub_key
from svi_studio.net.errand import never
from svi_studio.net.guarded_client import GuardedClient, OpenReply, Reply, guarded_client
from svi_studio.net.name_lookup import Resolve, system_addresses
from svi_studio.net.net_errors import Redirected
from svi_studio.net.origin import Origin
from svi_studio.net.plain_url import plain_url
from svi_studio.net.proxy import Proxies, proxy_of_system, straight
from svi_studio.net.public_address import Reach, reach_of
from svi_studio.net.secret import Secret
from svi_studio.settings import HUB_ENDPOINT, HUB_OFFLINE

_MAX_HOPS = 5
_LIST_BYTES = 32 << 20
_LIST_SECONDS = 60.0
_FILE_BYTES = 1 << 43
_FILE_SECONDS = 24 * 3600.0
_SILENCE_S = 30.0
_YES = frozenset({"1", "on", "yes", "true"})


@dataclass(frozen=True)
class OpenFile:
    """A part of a file whose bytes are still to come.

    ``tag`` is what the hub calls this content, else the server that sends it; ``commit`` as the hub says, or "".
    """

    reply: OpenReply
    tag: str
    commit: str


@dataclass(frozen=True)
class Hub:
    """``root`` is its address without a slash at the end; ``key`` is told to its own origin alone."""

    root: str
    listing: GuardedClient
    files: GuardedClient
    key: Secret | None

    def ask(self, path: str, cancelled: Callable[[], bool] = never) -> Reply:
        """The answer to a question of its interface. Raises NetError and what ``refusal`` says of other answers."""
        with self.listing.open(
            "GET", f"{self.root}{path}", headers={"Accept": "application/json"}, key=self.key, cancelled=cancelled
        ) as reply:
            if reply.status != 200:
                raise refusal(reply.status, reply.headers, path.removeprefix("/api/models/").partition("/revision")[0])
            return reply.read()

    def address(self, repository: str, commit: str, path: str) -> str:
        """Where a file of that version lies."""
        return f"{self.root}/{repository}/resolve/{commit}/{quote(path)}"

    @contextmanager
    def open_file(
        self, address: str, first: int, end: int, cancelled: Callable[[], bool] = never
    ) -> Iterator[OpenFile]:
        """Asks for the bytes ``first`` to ``end - 1`` and follows the hub's redirects; other hosts hear no key.

        The status is the caller's to judge. Raises NetError, Stopped.
        """
        here, tag, commit = address, "", ""
        with ExitStack() as stack:
            for _ in range(_MAX_HOPS + 1):
                reply = stack.enter_context(self._asked(here, first, end, cancelled))
                tag = tag or _plain_tag(reply.headers.get("x-linked-etag", ""))
                commit = commit or reply.headers.get("x-repo-commit", "")
                there = reply.leads_to
                if there is None:
                    yield OpenFile(reply, tag or _plain_tag(reply.headers.get("etag", "")), commit)
                    return
                here = there
        raise Redirected(f"{Origin.of(here)} sends this request on and on, so the file was left.")

    @contextmanager
    def _asked(self, here: str, first: int, end: int, cancelled: Callable[[], bool]) -> Iterator[OpenReply]:
        key = self.key if self.key is not None and Origin.of(here) == self.key.origin else None
        headers = {"Range": f"bytes={first}-{end - 1}"}
        with self.files.open("GET", here, headers=headers, key=key, cancelled=cancelled, follow=False) as reply:
            yield reply


def hub_of_environment(resolve: Resolve = system_addresses) -> Hub:
    """The hub that HF_ENDPOINT names, else Hugging Face's; by the proxy that the environment or the system names.

    Raises Offline, and BadInput for an address that is none.
    """
    if HUB_OFFLINE.text().strip().lower() in _YES:
        raise Offline("HF_HUB_OFFLINE is set, so nothing is fetched: unset it to fetch models.")
    root = HUB_ENDPOINT.text().strip().rstrip("/")
    url, origin = plain_url(root), Origin.of(root)
    proxies = straight if url.scheme != "https" or _is_at_home(origin) else proxy_of_system
    is_local = proxies(origin) is None and _lies_in_own_network(origin, resolve)
    if url.scheme != "https" and not is_local:
        raise BadInput(f"HF_ENDPOINT names {origin}, which is not encrypted: begin its address with https://.")
    return Hub(
        root,
        _client(_LIST_SECONDS, _LIST_BYTES, is_local, resolve, proxies),
        _client(_FILE_SECONDS, _FILE_BYTES, is_local, resolve, proxies),
        hub_key(origin),
    )


def _client(deadline_s: float, max_bytes: int, is_local: bool, resolve: Resolve, proxies: Proxies) -> GuardedClient:
    return guarded_client(
        deadline_s=deadline_s,
        max_bytes=max_bytes,
        allow_private=is_local,
        silence_s=_SILENCE_S,
        resolve=resolve,
        proxies=proxies,
    )


def _is_at_home(origin: Origin) -> bool:
    """Whether its address alone says that it lies on this computer or in the own network."""
    return reach_of(origin.host) is Reach.OWN or origin.host == "localhost"


def _lies_in_own_network(origin: Origin, resolve: Resolve) -> bool:
    """Only where the user's own hub does may its redirects lead to such places."""
    if _is_at_home(origin):
        return True
    try:
        return any(reach_of(address) is Reach.OWN for address in resolve(origin.host, origin.port))
    except OSError as error:
        raise StudioError(f"{origin} was not found: check the network connection and HF_ENDPOINT.") from error


def _plain_tag(text: str) -> str:
    """An ETag without its quotes and its mark of weakness, at most 200 characters."""
    return text.strip().removeprefix("W/").strip('"')[:200]
