"""Whether the two experts of a model folder are there, are two of a kind, and lie in the right places."""

from pathlib import Path
from typing import Any

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.weights.model_folder import EXPERT_PARTS, OneExpert, linked_files, read_json, weights_files
from svi_studio.weights.name_marks import expert_in
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES
from svi_studio.weights.stored_file import StoredFile, read_stored_file

_SAMPLE = 4096  # bytes of a tensor that are compared


def check_experts(folder: Path, card: ModelCard) -> None:
    """Raises BadWeights, one sentence, unless ``folder`` has two experts that can work together.

    Headers and a few bytes of each tensor are read, up to the first that differs.
    """
    high, low = EXPERT_PARTS["high"], EXPERT_PARTS["low"]
    if not (folder / low / "config.json").is_file():
        raise BadWeights(
            f"The model {card.name} needs two experts and has one: put the one for the low noise into {folder / low}."
        )
    if _sizes(folder / high) != _sizes(folder / low):
        raise BadWeights(
            f"The two experts of the model {card.name} are of different sizes, so they do not belong together: "
            "get the model again."
        )
    files = {part: [read_stored_file(file) for file in weights_files(folder, part)] for part in (high, low)}
    told = {part: _told(files[part]) for part in files}
    if told[high] == "low" or told[low] == "high":
        raise BadWeights(
            f"The two experts of the model {card.name} seem to be exchanged: {_place(folder, high)} must be the one "
            f"for the high noise and {_place(folder, low)} the one for the low noise; exchange the two."
        )
    if _same(files[high], files[low]):
        raise BadWeights(
            f"Both experts of the model {card.name} are the same weights: {_place(folder, high)} must be the one for "
            f"the high noise and {_place(folder, low)} the one for the low noise; get the other one."
        )


def _place(folder: Path, part: str) -> str:
    """Where an expert lies, as its user calls it: the file that it is linked to, or its folder."""
    linked = linked_files(folder, part)
    return str(linked[0]) if linked else f"the folder {part}"


def _sizes(part: Path) -> dict[str, Any]:
    """What a configuration says about the network, without who wrote it."""
    return {key: value for key, value in read_json(part / "config.json").items() if not key.startswith("_")}


def _told(files: list[StoredFile]) -> OneExpert | None:
    """By what the files say about themselves, else by where they really lie: a folder is often made of links.

    Of a file whose notes and name disagree, nothing is known.
    """
    for file in files:
        own = file.path.resolve()
        noted, named = expert_in(file.metadata.values()), expert_in([own.stem])
        if noted and named and noted != named:
            return None
        if (told := noted or named or expert_in([own.parent.name])) is not None:
            return told
    return None


def _same(first: list[StoredFile], second: list[StoredFile]) -> bool:
    """Whether every tensor begins alike, however the two are cut into files; stops at the first that does not."""
    theirs = {name: file for file in second for name in file.tensors}
    ours = {name: file for file in first for name in file.tensors}
    return set(ours) == set(theirs) and all(_begin(ours[name], name) == _begin(theirs[name], name) for name in ours)


def _begin(stored: StoredFile, name: str) -> tuple[str, bytes]:
    tensor = stored.tensors[name]
    try:
        with open_plain(stored.path, MAX_FILE_BYTES) as file:
            file.seek(tensor.start)
            return tensor.format, file.read(min(_SAMPLE, tensor.end - tensor.start))
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(
            f"The weights file {stored.path} could not be read ({error.strerror}); check the disk."
        ) from error
