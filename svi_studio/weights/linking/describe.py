"""Tells of each part of a model where it lies, how it is stored and what is wrong with it, linked or not."""

import os
from pathlib import Path
from typing import get_args

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.model_parts import PartName
from svi_studio.domain.film.part_facts import PartFacts
from svi_studio.domain.film.track import InputKind
from svi_studio.weights.linked_parts import check_linked_parts
from svi_studio.weights.model_folder import (
    INPUT_FILES,
    OPTIONAL_PARTS,
    SOUND_ENCODER,
    TOKENIZER,
    expected_files,
    linked_files,
    read_parts,
    sound_encoder_files,
)
from svi_studio.weights.scan.evidence import read_evidence, together
from svi_studio.weights.scan.precision import precision_of
from svi_studio.weights.stored_file import read_stored_file


def describe_parts(folder: Path) -> tuple[PartFacts, ...]:
    """The parts of the model in ``folder``, in the order in which a film needs them; reads headers only.

    What is wrong with a part stands in it. Raises BadWeights when the folder itself says nothing usable.
    """
    parts: tuple[PartName, ...] = get_args(PartName)
    return tuple(_facts(folder, part) for part in parts if _has(folder, part))


def _has(folder: Path, part: PartName) -> bool:
    if part == "sound":
        return bool(linked_files(folder, part)) or (folder / INPUT_FILES[InputKind.SOUND]).is_file()
    return part not in (*OPTIONAL_PARTS, SOUND_ENCODER) or (folder / part).is_dir()


def _facts(folder: Path, part: PartName) -> PartFacts:
    linked = linked_files(folder, part)
    files = linked or _own_files(folder, part)
    return PartFacts(
        part=part,
        files=tuple(str(file) for file in files),
        linked=bool(linked),
        precision=None if part == TOKENIZER else _precision(files),
        bytes=sum(_size(file) for file in files),
        problem=_problem(folder, part, files),
    )


def _own_files(folder: Path, part: PartName) -> tuple[Path, ...]:
    if part == TOKENIZER:
        return (folder / TOKENIZER / "tokenizer.json",)
    if part == "sound":
        return (folder / INPUT_FILES[InputKind.SOUND],)
    try:
        return sound_encoder_files(folder) if part == SOUND_ENCODER else expected_files(folder, part)
    except BadWeights:
        return ()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError:
        return 0


def _precision(files: tuple[Path, ...]) -> str | None:
    try:
        return precision_of(together(read_evidence(file) for file in files), files[0].name) if files else None
    except OSError:
        return None


def _problem(folder: Path, part: PartName, files: tuple[Path, ...]) -> str:
    try:
        known = read_parts(folder)
        if known is not None and part in known.parts:
            check_linked_parts(folder, known.model_copy(update={"parts": {part: known.parts[part]}}))
            return ""
        for file in files:
            if not os.path.isfile(file):  # noqa: PTH113 - False for any odd name
                return f"{file} is missing: download or copy the model again."
            if part != TOKENIZER:
                read_stored_file(file)
    except BadWeights as error:
        return str(error)
    return "" if files or part == TOKENIZER else f"The model in {folder} has no weights for its {part}."
