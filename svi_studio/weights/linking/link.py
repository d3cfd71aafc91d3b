"""Makes a model folder of files that lie elsewhere: configurations, a card and where each part is, never a weight."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from svi_studio.disk.atomic import plain_errors, write_new
from svi_studio.disk.fs_ops import REAL_DISK, FsOps
from svi_studio.disk.lock import locked
from svi_studio.disk.publish import make_part_folder, publish_part_folder, remove
from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.domain.film.architecture import ARCHITECTURES, Architecture
from svi_studio.domain.film.filmable import Filmable, Network
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.model_parts import ModelParts, PartFiles, PartName
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.domain.value import with_fields
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import models_folders
from svi_studio.weights.file_print import file_print
from svi_studio.weights.linking.fitting import check_fitting
from svi_studio.weights.linking.hearing import check_hearing
from svi_studio.weights.linking.part_configs import part_config
from svi_studio.weights.linking.unlink import OWN_FILES, PATIENCE_S, is_alone
from svi_studio.weights.model_folder import (
    CARD_FILE,
    INDEX_FILE,
    INPUT_FILES,
    PARTS_FILE,
    is_on_share,
    read_card,
    read_parts,
)
from svi_studio.weights.name_marks import is_marked

Configs = Mapping[PartName, dict[str, Any]]
_FEW_STEPS = 4


def link_model(filmable: Filmable, *, name: str | None = None, place: Path | None = None) -> Path:
    """Writes the folder of the model that ``filmable`` describes; returns it.

    It lies in ``place`` (default: the user's first models folder) under ``name`` (default: what ``filmable`` is
    called; a number is added where another model has that name). The same files linked again take the place of their
    model, which keeps its card. Nothing of the files themselves is copied or changed.

    The window and the command line take turns. Raises BadInput when something is missing or only the user can say, or
    when the name is taken; BadWeights when a file is gone, damaged, or does not belong to the others.
    """
    _require_ready(filmable)
    _require_plain_names(filmable)
    parts = ModelParts(
        architecture=filmable.architecture,
        parts={part: _part_files(network) for part, network in filmable.parts.items()},
    )
    without: tuple[PartName, ...] = ("tokenizer", "sound")
    configs = {part: part_config(part, _paths(each)) for part, each in filmable.parts.items() if part not in without}
    check_fitting(filmable, configs)
    if "sound" in filmable.parts:
        check_hearing(_paths(filmable.parts["sound"]), configs["transformer"])
    place = place or models_folders()[0]
    with plain_errors(place):
        place.mkdir(parents=True, exist_ok=True)
    with locked(place, PATIENCE_S):
        target = _free_folder(place, filmable, name)
        card = _kept_card(target, filmable) if read_parts(target) else _card(filmable, target.name)
        _make(target, parts, configs, card)
    return target


def _make(target: Path, parts: ModelParts, configs: Configs, card: ModelCard) -> None:
    """The whole folder under its name at once, or its files in that of an earlier link."""
    part = make_part_folder(target)
    try:
        _write(part, parts, configs, card)
        read_architecture(part, card)  # refuses what could not be filmed with
        if target.exists():
            _renew(part, target)
        else:
            publish_part_folder(part, target)
    finally:
        remove(part)


def _require_ready(filmable: Filmable) -> None:
    for question in filmable.questions:
        raise BadInput(question.words)
    if filmable.missing:
        raise BadInput(f"{filmable.title} cannot be linked yet. {' '.join(each.words for each in filmable.missing)}")


def _require_plain_names(filmable: Filmable) -> None:
    """A name that is no text in any language, as on disks of other systems, cannot be written down and found again."""
    for name in (name for network in filmable.parts.values() for name in network.files):
        if any(ord(char) < 32 or 0xD800 <= ord(char) <= 0xDFFF for char in name):  # control characters, half ones
            raise BadInput(f"{name!r} has characters in its name that cannot be kept: give the file another name.")
        if is_on_share(name):
            raise BadInput(f"{name} is named by its computer on the network: give that share a drive letter first.")


def _paths(network: Network) -> tuple[Path, ...]:
    return tuple(Path(name) for name in network.files)


def _part_files(network: Network) -> PartFiles:
    return PartFiles(files=network.files, prints=tuple(file_print(path) for path in _paths(network)))


def _card(filmable: Filmable, name: str) -> ModelCard:
    """With few steps and no guidance where the file's name says that it was made for that: else its films burn out."""
    architecture = ARCHITECTURES[filmable.architecture]
    is_fast = is_marked("distilled", (path.stem for path in _paths(filmable.parts["transformer"])))
    return ModelCard(
        name=name,
        title=filmable.title,
        architecture=architecture.name,
        num_frames=architecture.num_frames,
        inputs=filmable.inputs,
        num_inference_steps=_FEW_STEPS if is_fast else None,
        guidance_scale=1.0 if is_fast else None,
    )


def _kept_card(folder: Path, filmable: Filmable) -> ModelCard:
    """The card as its user left it; whether the model follows a sound is as the files now say."""
    card = read_card(folder)
    if (folder / INPUT_FILES[InputKind.SOUND]).is_file():
        return card
    others = tuple(kind for kind in card.inputs if kind is not InputKind.SOUND)
    return with_fields(card, {"inputs": (*others, *filmable.inputs)})


def _free_folder(place: Path, filmable: Filmable, name: str | None) -> Path:
    """A folder of that name that is free, or that links the same transformer; another one only by a number."""
    plain = plain_name(name or filmable.name, otherwise=filmable.architecture)
    for number in range(1, 1000):
        folder = place / (plain if number == 1 else f"{plain}-{number}")
        if not folder.exists() or _links_same(folder, filmable):
            return folder
        if name is not None:
            raise BadInput(f'There is a model called "{plain}" already: choose another name, or unlink that one first.')
    raise BadInput(f'There are too many models called "{plain}": choose another name.')


def _renew(part: Path, target: Path) -> None:
    """Gives the files of ``part`` to the earlier link of the same transformer, one by one; what else lies there stays.

    Where each part lies comes last, so that a power cut before leaves the earlier link, which says what has changed.
    """
    disk = REAL_DISK.below(target.parent)
    with plain_errors(target):
        for name in OWN_FILES:
            if not (part / name).is_file():
                _drop(target / name, disk)
                continue
            if not (target / name).parent.is_dir():
                disk.make_folder((target / name).parent)
            disk.sync_file(part / name)
            disk.replace(part / name, target / name)


def _drop(file: Path, disk: FsOps) -> None:
    """Removes the configuration of a part that is linked no more, unless the user put that part itself beside it."""
    if file.is_file() and is_alone(file):
        disk.remove(file)
        disk.remove_folder(file.parent)


def _links_same(folder: Path, filmable: Filmable) -> bool:
    """Whether the folder links the same transformers, as after one of their files was replaced."""
    try:
        known = read_parts(folder)
    except BadWeights:
        return False
    if known is None:
        return False
    names: tuple[PartName, ...] = ("transformer", "transformer_2")
    theirs = [known.parts[part].files for part in names if part in known.parts]
    return theirs == [filmable.parts[part].files for part in names if part in filmable.parts]


def _write(folder: Path, parts: ModelParts, configs: Configs, card: ModelCard) -> None:
    with plain_errors(folder):
        _write_json(folder / PARTS_FILE, parts.model_dump(mode="json"))
        _write_json(folder / CARD_FILE, card.model_dump(mode="json", exclude_defaults=True) | {"name": card.name})
        _write_json(folder / INDEX_FILE, _index(ARCHITECTURES[parts.architecture]))
        for part, config in configs.items():
            (folder / part).mkdir()
            _write_json(folder / part / "config.json", config)


def _index(architecture: Architecture) -> dict[str, Any]:
    """diffusers' list of the parts, as far as it says how they are used."""
    transformer = ["diffusers", "WanTransformer3DModel"]
    index: dict[str, Any] = {"_class_name": "WanImageToVideoPipeline", "transformer": transformer}
    if architecture.two_experts:
        index |= {"transformer_2": transformer, "boundary_ratio": architecture.boundary}
    if architecture.condition == "held":
        index["expand_timesteps"] = True
    return index


def _write_json(path: Path, content: object) -> None:
    write_new(path, (json.dumps(content, indent=2) + "\n").encode(), sync=False)
