"""Whether all weights of a model folder are there: a download that broke off leaves some behind, or short ones."""

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.linked_parts import check_linked_parts
from svi_studio.weights.model_folder import (
    INDEX_FILE,
    OPTIONAL_PARTS,
    PARTS,
    TOKENIZER,
    named_files,
    read_json,
    read_parts,
    some_of,
)
from svi_studio.weights.safetensors_header import Incomplete, read_header

TOKENIZER_FILE = "tokenizer/tokenizer.json"


def model_problem(folder: Path) -> str | None:
    """Why the Wan model in ``folder`` cannot be used yet; None when it is whole. Reads headers, never weights."""
    try:
        parts = read_parts(folder)
        linked = {*parts.parts} if parts else set[str]()
        own = {part: PARTS[part] for part in _parts(folder) if part not in linked}
        check_whole(folder, own, _other_files(folder, linked))
        if parts is not None:
            check_linked_parts(folder, parts)
    except BadWeights as error:
        return str(error)
    return None


def check_whole(folder: Path, parts: Mapping[str, str], others: Iterator[Path] | tuple[Path, ...] = ()) -> None:
    """Raises Incomplete naming what lacks of the weights in ``parts`` (folder: stem) and of the ``others``.

    Raises BadWeights when an index or a file is damaged in another way.
    """
    files = [file for part, stem in parts.items() for file in named_files(folder / part, stem)]
    gone = [file for file in (*others, *files) if not file.exists()]
    short = [file for file in files if file not in gone and not _is_whole(file)]
    told = []
    for found, one, many in ((gone, "is missing", "are missing"), (short, "is cut short", "are cut short")):
        if found:
            names = [file.relative_to(folder).as_posix() for file in found]
            told.append(f"{some_of(names)} {one if len(names) == 1 else many}")
    if told:
        why = ", its download broke off or still runs" if _has_half_files(folder) else ""
        raise Incomplete(f"The model in {folder} is incomplete{why}: {' and '.join(told)}; download or copy it again.")


def _is_whole(file: Path) -> bool:
    try:
        read_header(file)
    except Incomplete:
        return False
    return True


def _parts(folder: Path) -> list[str]:
    config = folder / "transformer" / "config.json"
    needed = set(PARTS) - OPTIONAL_PARTS
    if config.exists() and read_json(config).get("image_dim") is not None:
        needed.add("image_encoder")
    if _has_second_expert(folder):
        needed.add("transformer_2")
    return [part for part in PARTS if part in needed or (folder / part).is_dir()]


def _has_second_expert(folder: Path) -> bool:
    """Whether diffusers' list of parts names a second transformer; of a part that a model lacks it says null."""
    index = folder / INDEX_FILE
    named = read_json(index).get("transformer_2") if index.exists() else None
    return isinstance(named, list) and any(named)


def _other_files(folder: Path, linked: Collection[str]) -> Iterator[Path]:
    """What a model has in its folder besides weights; the configurations of ``linked`` parts, too."""
    yield from (folder / part / "config.json" for part in _parts(folder))
    if TOKENIZER not in linked:
        yield folder / TOKENIZER_FILE


def _has_half_files(folder: Path) -> bool:
    """Whether Hugging Face's tools left half a file: among the blobs of their cache, or in a folder of the model."""
    blobs, own = folder.parent.parent / "blobs", folder / ".cache" / "huggingface" / "download"
    in_cache = folder.parent.name == "snapshots" and any(blobs.glob("*.incomplete"))
    return in_cache or any(own.rglob("*.incomplete"))
