"""Names of files as a hub or an entry gives them: only those that lie below the chosen folder on every system."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from svi_studio.domain.errors import BadInput

_RESERVED = re.compile(r"(con|prn|aux|nul|clock\$|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\..*)?", re.IGNORECASE)
_NOT_IN_NAMES = set('\\:*?"<>|')
_MOST_BYTES = 200
_KINDS = frozenset(
    {".safetensors", ".json", ".txt", ".model", ".md", ".jinja", ".gguf", ".onnx", ".tflite", ".pth", ".yaml"}
)
"""What is fetched: data. A .pth is opened by a process of its own that knows tensors alone, when it is converted."""


def check_file_name(name: str) -> str:
    """``name`` again. Raises BadInput unless it is a plain relative path with "/" that every system can have."""
    parts = name.split("/")
    if not all(_is_plain(part) for part in parts) or len(name) > 1000:
        raise BadInput(f"A file is called {name[:80]!r}, which no file of a model is called: nothing was fetched.")
    if PurePosixPath(name).suffix.lower() not in _KINDS:
        raise BadInput(f"{name} is a kind of file that no model needs, and could hold a program: it is not fetched.")
    return name


def check_alike(names: Iterable[str]) -> None:
    """Raises BadInput when two names are one on a disk that takes capital and small letters for the same."""
    seen: set[str] = set()
    for name in names:
        if name.casefold() in seen:
            raise BadInput(f"Two files are called {name} apart from capital letters, so one would replace the other.")
        seen.add(name.casefold())


def _is_plain(part: str) -> bool:
    return (
        bool(part)
        and not part.startswith((".", " "))
        and not part.endswith((".", " "))
        and part.isprintable()
        and not _NOT_IN_NAMES & {*part}
        and not _RESERVED.fullmatch(part)
        and len(part.encode("utf-8", "replace")) <= _MOST_BYTES
    )
