"""Brings a found picture here: only PNG, JPEG or WebP, as declared, as sniffed and as decoded, 20 MB at most."""

import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from PIL import Image

from svi_studio.disk.atomic import atomic_write, plain_errors
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.pictures.found_picture import FoundPicture
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.media.images import read_reference
from svi_studio.net.errand import never
from svi_studio.net.guarded_client import GuardedClient, guarded_client

PICTURE_SECONDS = 60.0
PICTURE_BYTES = 20_000_000
THUMBNAIL_SECONDS = 15.0
THUMBNAIL_BYTES = 2_000_000
KINDS: Final[Mapping[str, str]] = {
    "image/jpeg": "JPEG",
    "image/jpg": "JPEG",  # no registered name, but many servers say so
    "image/png": "PNG",
    "image/webp": "WEBP",
}
_SUFFIXES = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}


def picture_client() -> GuardedClient:
    """The client for whole pictures: 60 seconds and 20 MB each."""
    return guarded_client(deadline_s=PICTURE_SECONDS, max_bytes=PICTURE_BYTES)


def thumbnail_client() -> GuardedClient:
    """The client for small pictures: 15 seconds and 2 MB each."""
    return guarded_client(deadline_s=THUMBNAIL_SECONDS, max_bytes=THUMBNAIL_BYTES)


def fetch(
    picture: FoundPicture,
    folder: Path,
    *,
    client: GuardedClient | None = None,
    cancelled: Callable[[], bool] = never,
) -> Path:
    """Writes the whole picture, its bytes as they are, into ``folder`` under a free name; returns its path.

    A camera's note on how to turn the picture stays in it: whoever opens it with ``open_reference`` sees it upright.
    Raises NetError, BadInput for anything but a sound picture, Stopped, DiskFull or StudioError.
    """
    content = _download(picture, picture.picture_url, client or picture_client(), cancelled)
    kind, _ = _decoded(picture, content, cancelled)
    return _written(content, folder, plain_name(picture.title, "Picture"), _SUFFIXES[kind])


def read_thumbnail(
    picture: FoundPicture, *, client: GuardedClient | None = None, cancelled: Callable[[], bool] = never
) -> Image.Image:
    """The small picture, upright, as RGB. Raises as ``fetch`` does."""
    content = _download(picture, picture.thumbnail_url, client or thumbnail_client(), cancelled)
    return _decoded(picture, content, cancelled)[1]


def _download(picture: FoundPicture, address: str, client: GuardedClient, cancelled: Callable[[], bool]) -> bytes:
    with client.open("GET", address, headers={"Accept": ", ".join(KINDS)}, cancelled=cancelled) as reply:
        if reply.status != 200:
            raise StudioError(
                f'{picture.provider} has no picture at the place of "{picture.title}" (error {reply.status}): '
                "choose another one."
            )
        if reply.kind not in KINDS:
            raise _no_picture(picture)
        content = reply.read().content
        if _sniffed(content) != KINDS[reply.kind]:
            raise _no_picture(picture)
        return content


def _sniffed(content: bytes) -> str:
    """The kind that the first bytes tell, "" for none of ours."""
    if content.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    return "WEBP" if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else ""


def _decoded(picture: FoundPicture, content: bytes, cancelled: Callable[[], bool]) -> tuple[str, Image.Image]:
    try:
        kind, image = read_reference(content, picture.title, cancelled)
    except BadInput as error:
        raise BadInput(
            f'The picture "{picture.title}" came broken, has more than 50 megapixels or takes too long to read: '
            "choose another one."
        ) from error
    if kind != _sniffed(content):
        raise _no_picture(picture)
    return kind, image


def _no_picture(picture: FoundPicture) -> BadInput:
    return BadInput(f'What lies at the place of "{picture.title}" is no PNG, JPEG or WebP picture: choose another one.')


def _written(content: bytes, folder: Path, name: str, suffix: str) -> Path:
    with plain_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        names = (f"{name}{suffix}" if number == 1 else f"{name} {number}{suffix}" for number in itertools.count(1))
        path = next(folder / each for each in names if not (folder / each).exists())
        atomic_write(path, content)
        return path
