"""The files of a film, read as a stranger's: bounded in size and depth, with a clear sentence for what is wrong."""

from pathlib import Path
from typing import Any

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadProject, NotAFile, Refused
from svi_studio.domain.text.strict_json import StrictError, strict_json

MAX_BYTES = 32 << 20
MAX_PARTS = 1_000_000  # objects and lists; empty ones are far larger in memory than in the file
MAX_DEPTH = 32


def read_bytes(path: Path, limit: int = MAX_BYTES, root: Path | None = None) -> bytes:
    """The content of a plain file of at most ``limit`` bytes. Raises BadProject, NotAFile for anything else there.

    With ``root``, the folder of a film, no link on the way from there is followed.
    """
    try:
        return read_plain(path, limit, root=root)
    except FileNotFoundError as error:
        raise BadProject(f"There is no file {path}: check the name.") from error
    except Refused as error:
        raise NotAFile(str(error)) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "the name is not possible"
        raise BadProject(f"{path} cannot be read ({reason}): check it and its permissions.") from error


def parse_object(content: bytes, path: Path) -> dict[str, Any]:
    """The JSON object in ``content``; ``path`` is for the sentence. Raises BadProject."""
    if content.count(b"{") + content.count(b"[") > MAX_PARTS:
        raise BadProject(f"{path} is not a storyboard that can be read: it has too many parts.")
    try:
        document = strict_json(content.decode("utf-8-sig"), MAX_DEPTH)
    except ValueError as error:
        reason = str(error) if isinstance(error, StrictError) else "it is not text in UTF-8"
        raise BadProject(f"{path} is not a storyboard that can be read: {reason}.") from error
    if not isinstance(document, dict):
        raise BadProject(f"{path} is not a storyboard: it must hold one JSON object.")
    return document
