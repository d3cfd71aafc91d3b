"""The other folders that ComfyUI looks for models in, as its user wrote them down: read as text, nothing is run."""

import os
from collections.abc import Iterator
from pathlib import Path

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import Refused

FILE_NAMES = ("extra_model_paths.yaml", "extra_models_config.yaml")
_MOST_BYTES, _MOST_FOLDERS, _MOST_LETTERS = 256 << 10, 500, 4096
_NOT_MODELS = frozenset({"custom_nodes", "configs", "is_default", "download_model_base", "embeddings"})


def extra_folders(file: Path) -> tuple[Path, ...]:
    """The folders that the sections of ``file`` name, each once; empty when it cannot be read.

    Only what ComfyUI writes itself is understood: sections, names with a value, and several values after a bar.
    """
    try:
        text = read_plain(file, _MOST_BYTES).decode("utf-8-sig", "replace").replace("\0", "")
    except (OSError, Refused):
        return ()
    found: dict[Path, None] = {}
    for section in _sections(text):
        base = _path(next(iter(section.pop("base_path", [])), ""), file.parent)
        for values in (section[name] for name in section if name not in _NOT_MODELS):
            found |= dict.fromkeys(_path(value, base) for value in values if value)
    return tuple(found)[:_MOST_FOLDERS]


def _path(value: str, base: Path) -> Path:
    place = Path(os.path.expandvars(value))
    try:
        return base / place.expanduser()
    except RuntimeError:  # a home that nobody has
        return base / place


def _sections(text: str) -> Iterator[dict[str, list[str]]]:
    """The entries of each section, with the lines of their values."""
    entries: dict[str, list[str]] = {}
    block, depth = "", 0
    for line in text.splitlines():
        bare = line.strip()
        if not bare or bare.startswith("#"):
            continue
        indent = len(line) - len(line.lstrip(" \t"))
        if indent == 0:
            yield entries
            entries, block = {}, ""
        elif block and indent > depth:
            entries[block].append(_value(bare))
        elif ":" in bare:
            name, _, value = bare.partition(":")
            name, block, depth = name.strip().strip("\"'"), "", indent
            value = value.strip()
            if value[:1] in ("|", ">") or not value or value.startswith("#"):
                entries[name], block = [], name
            else:
                entries[name] = [_value(value)]
    yield entries


def _value(text: str) -> str:
    text = text.removeprefix("- ").strip()
    if text[:1] in ("'", '"'):
        return text[1:].partition(text[0])[0][:_MOST_LETTERS]
    return text.partition(" #")[0].strip()[:_MOST_LETTERS]
