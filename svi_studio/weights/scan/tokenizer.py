"""Tells whose tokenizer a file is, by its folder and its first words."""

import re
from pathlib import Path

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import Refused
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.model_folder import CARD_FILE, INDEX_FILE
from svi_studio.weights.scan.places import Place

_BEGIN = 128 << 10
_MOST_BYTES = 256 << 20
_LAST_WORD = b"<extra_id_299>"  # umT5 has 300 of these words of its own, T5 only 100


def is_tokenizer(path: Path) -> bool:
    """Whether the file is called as tokenizers are."""
    return path.suffix in (".json", ".model")


def judged_tokenizer(place: Place) -> ModelFile:
    """What the tokenizer at ``place`` is for; reads at most 128 kB of it. Raises OSError when it cannot be read."""
    path = place.path
    is_ours = any(re.search(r"(?i)umt5", part) for part in path.parts[-4:]) or _begins_so(path)
    is_ours = is_ours or (path.parent.name == "tokenizer" and is_of_wan(path.parent.parent))
    why = (
        "" if is_ours else f"{path.name} in {path.parent.name} is the tokenizer of another model: Wan needs umt5-xxl's."
    )
    return ModelFile(
        path=str(path),
        kind="tokenizer",
        architecture="umt5-xxl" if is_ours else None,
        usable=is_ours,
        why=why,
        bytes=place.bytes,
    )


def _begins_so(path: Path) -> bool:
    try:
        with open_plain(path, _MOST_BYTES) as file:
            return _LAST_WORD in file.read(_BEGIN)
    except Refused:
        return False


def is_of_wan(model: Path) -> bool:
    """Whether the folder ``model`` is that of a Wan with all its parts, by this program's card or diffusers' list."""
    if (model / CARD_FILE).is_file():
        return True
    try:
        with open_plain(model / INDEX_FILE, _MOST_BYTES) as file:
            return re.search(rb'"_class_name"\s*:\s*"Wan', file.read(4096)) is not None
    except (OSError, Refused):
        return False
