"""What a repository of the hub holds at one commit: its files, their sizes and checksums, and its terms."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import quote

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from svi_studio.hub.hub import Hub
from svi_studio.net.errand import never
from svi_studio.net.net_errors import BrokenReply

_Sha1 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{40}$")]
_Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Lenient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", strict=True)


class _Lfs(_Lenient):
    sha256: _Sha256
    size: Annotated[int, Field(ge=0, le=1 << 43)]


class _Sibling(_Lenient):
    rfilename: Annotated[str, StringConstraints(max_length=4096)]
    size: Annotated[int, Field(ge=0, le=1 << 43)] | None = None
    blob: _Sha1 | None = Field(default=None, alias="blobId")
    lfs: _Lfs | None = None


class _Info(_Lenient):
    sha: _Sha1
    gated: bool | str = False
    siblings: Annotated[tuple[_Sibling, ...], Field(max_length=100_000)]
    card: dict[str, Any] | None = Field(default=None, alias="cardData")


@dataclass(frozen=True)
class HubFile:
    """One file. ``checksum`` is its SHA-256 (64 digits), or for a small one git's SHA-1 (40 digits)."""

    path: str
    size: int
    checksum: str


@dataclass(frozen=True)
class Listing:
    """``commit`` is the version that was found; ``gated`` says that terms have to be accepted first."""

    repository: str
    commit: str
    gated: bool
    licence: str
    files: tuple[HubFile, ...]


def read_listing(hub: Hub, repository: str, revision: str, cancelled: Callable[[], bool] = never) -> Listing:
    """Asks the hub. Raises NetError, Busy, Forbidden, NoSuchFile, Stopped."""
    reply = hub.ask(f"/api/models/{repository}/revision/{quote(revision, safe='')}?blobs=true", cancelled)
    try:
        info = _Info.model_validate_json(reply.content)
    except (ValidationError, RecursionError):
        raise BrokenReply(f"The hub says something about {repository} that cannot be understood: try later.") from None
    files = (_file(each) for each in info.siblings)
    licence = (info.card or {}).get("license")
    return Listing(
        repository, info.sha, bool(info.gated), _plain(licence), tuple(each for each in files if each is not None)
    )


def _file(sibling: _Sibling) -> HubFile | None:
    if sibling.lfs is not None:
        return HubFile(sibling.rfilename, sibling.lfs.size, sibling.lfs.sha256)
    if sibling.size is None or sibling.blob is None:
        return None
    return HubFile(sibling.rfilename, sibling.size, sibling.blob)


def _plain(licence: Any) -> str:
    text = licence if isinstance(licence, str) else "" if licence is None else json.dumps(licence)
    return "".join(char for char in text if char.isprintable())[:200]
