"""Whether the files that a linked model is read from are still those that it was linked to."""

import os
from collections.abc import Iterator
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.model_parts import ModelParts
from svi_studio.weights.file_print import file_print
from svi_studio.weights.model_folder import LOOK_AGAIN, TOKENIZER, some_of
from svi_studio.weights.safetensors_header import Incomplete
from svi_studio.weights.stored_file import read_stored_file


def check_linked_parts(folder: Path, parts: ModelParts) -> None:
    """Raises BadWeights, one sentence, unless all files of ``parts`` are there, whole, and as they were when linked.

    Reads the first and last 64 kB of each file; the header too of one of which nobody took a print.
    """
    files = [*_files(parts)]
    gone = [str(path) for _, path, _ in files if not os.path.isfile(path)]  # noqa: PTH113 - False for any odd name
    if gone:
        verb = "is not there" if len(gone) == 1 else "are not there"
        raise Incomplete(f"The model {folder.name} is read from {some_of(gone)}, which {verb}: {LOOK_AGAIN}.")
    for part, path, known in files:
        if known and file_print(path) != known:
            raise _changed(folder, part, path)
        if not known and part != TOKENIZER:
            read_stored_file(path)


def _files(parts: ModelParts) -> Iterator[tuple[str, Path, str]]:
    """Each part, one of its files, and the print of that; empty where nobody took one."""
    for part, linked in parts.parts.items():
        for number, name in enumerate(linked.files):
            yield part, Path(name), linked.prints[number] if linked.prints else ""


def _changed(folder: Path, part: str, path: Path) -> BadWeights:
    """What became of it: cut short, of another kind, or whole weights that are others."""
    try:
        if part != TOKENIZER:
            read_stored_file(path)
    except BadWeights as error:
        return error
    return BadWeights(
        f"{path} has changed since the model {folder.name} was linked to it: link the model again, or put the file "
        "back."
    )
