"""The render queue of a project on disk, so that what was asked for is still there after the program ends."""

import json
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple

from pydantic import ValidationError

from svi_studio.disk.atomic import atomic_write
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.domain.errors import BadProject, NewerVersion, NotAFile
from svi_studio.domain.render.request import QueuedRender
from svi_studio.domain.text.wording import plural
from svi_studio.project.film.schema import read_storyboard
from svi_studio.project.strict_json import parse_object, read_bytes

QUEUE: Final = "queue.json"
_FORMAT = "svi-studio queue"
_VERSION = 1
_MAX_BYTES = 256 << 20  # every request holds its storyboard


class FoundQueue(NamedTuple):
    """The requests that were read, and one sentence about those that could not be, or None."""

    items: tuple[QueuedRender, ...]
    problem: str | None


def read_queue(folder: Path) -> tuple[QueuedRender, ...]:
    """The requests in the project folder ``folder``, first to last; what cannot be read is left out."""
    return open_queue(folder).items


def open_queue(folder: Path) -> FoundQueue:
    """The requests in the project folder ``folder``, and what is to be said about a damaged file."""
    path = folder / QUEUE
    if not os.path.lexists(path):
        return FoundQueue((), None)
    try:
        document = parse_object(read_bytes(path, _MAX_BYTES, root=folder), path)
    except NotAFile as error:
        return FoundQueue((), str(error))
    except BadProject:
        return FoundQueue(
            (), f"The render queue in {path} is damaged and was emptied: add what is still to be rendered."
        )
    version, found = document.get("schema_version"), document.get("items")
    if document.get("format") != _FORMAT or version != _VERSION or not isinstance(found, list):
        return FoundQueue((), f"The render queue in {path} is of another version: add what is still to be rendered.")
    items = [item for item in (_item(entry, path) for entry in found) if item is not None]
    lost = len(found) - len(items)
    problem = f"{plural(lost, 'request')} in the render queue could not be read: add what is still to be rendered."
    return FoundQueue(tuple(items), problem if lost else None)


def write_queue(folder: Path, items: Sequence[QueuedRender], fs: FsOps = REAL_DISK) -> None:
    """Keeps ``items`` as the queue of the project.

    Raises DiskFull or StudioError; then the old queue is still there.
    """
    entries = ",\n".join(item.model_dump_json() for item in items)
    text = f'{{"format": {json.dumps(_FORMAT)}, "schema_version": {_VERSION}, "items": [\n{entries}\n]}}\n'
    disk = fs.below(folder)
    with locked(folder, fs=disk):  # a save of the project clears away half-written files of others
        atomic_write(folder / QUEUE, text.encode(), disk)


def _item(entry: Any, path: Path) -> QueuedRender | None:
    """One request; its storyboard may be of an earlier version."""
    try:
        request = dict(entry["request"])
        storyboard = read_storyboard(request.pop("storyboard"), path)
        rest = json.dumps({**entry, "request": {**request, "storyboard": storyboard.model_dump(mode="json")}})
        return QueuedRender.model_validate_json(rest)
    except (ValidationError, BadProject, NewerVersion, KeyError, TypeError, ValueError, AttributeError):
        return None
