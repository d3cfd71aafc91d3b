"""What lies in a diffusers-style model folder, or is linked from it: its parts, their weights files and its card."""

import json
import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path, PureWindowsPath
from typing import Any, Literal

from pydantic import ValidationError

from svi_studio.disk.plain_file import TooLarge, read_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.model_parts import ModelParts, PartName
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.value import first_problem
from svi_studio.weights.safetensors_header import Incomplete

CARD_FILE = "svi_model.json"
INDEX_FILE = "model_index.json"
PARTS_FILE = "svi_parts.json"
TOKENIZER: PartName = "tokenizer"
PARTS: Mapping[str, str] = {
    "transformer": "diffusion_pytorch_model",
    "transformer_2": "diffusion_pytorch_model",
    "vae": "diffusion_pytorch_model",
    "text_encoder": "model",
    "image_encoder": "model",
}
"""Each network of a model folder, and how its weights file is called."""

OneExpert = Literal["high", "low"]
EXPERT_PARTS: Mapping[OneExpert, str] = {"high": "transformer", "low": "transformer_2"}
"""Where the two transformers of a model of two experts lie: for the noisy steps, and for the others."""

SOUND_ENCODER = "audio_encoder"
SOUND_FILE = "sound.safetensors"
SKELETON_FILE = "skeleton.safetensors"
SOUND_ENCODER_STEM = "model"
"""What a model folder has beside its parts to follow a film's tracks: a wav2vec2 network, and what the transformer gets
for Talk and for Dance, under the authors' names."""

INPUT_FILES: Mapping[InputKind, str] = {InputKind.SOUND: SOUND_FILE, InputKind.SKELETON: SKELETON_FILE}
"""By kind of input, what the transformer gets to follow it."""

INPUT_STEMS: Mapping[InputKind, str] = {kind: name.removesuffix(".safetensors") for kind, name in INPUT_FILES.items()}

LOOK_AGAIN = "check that its drive is there, or link the model again"
"""What to do about a file elsewhere that is gone."""

OPTIONAL_PARTS = frozenset({"image_encoder", "transformer_2"})
_MAX_JSON_BYTES = 16 * 1024 * 1024


def is_model_folder(folder: Path) -> bool:
    """Whether `folder` looks like a diffusers-style Wan model (it has a transformer with a configuration)."""
    return os.path.isfile(folder / "transformer" / "config.json")  # noqa: PTH113 - False for an impossible name


def is_begun_model(folder: Path) -> bool:
    """Whether a download of a Wan model into `folder` has begun: diffusers' list of parts comes before all parts."""
    try:
        return str(read_json(folder / INDEX_FILE).get("_class_name", "")).startswith("Wan")
    except BadWeights:
        return False


def read_card(folder: Path) -> ModelCard:
    """The model's `svi_model.json`, or defaults under the folder's name; raises BadWeights if it is wrong.

    A clip has as many frames as the model's architecture was trained for, unless the card says otherwise.
    """
    path = folder / CARD_FILE
    if not path.is_file():
        return ModelCard(name=folder.resolve().name, num_frames=_usual_frames(folder))
    said = read_json(path)
    try:
        return ModelCard.model_validate_json(json.dumps({"num_frames": _usual_frames(folder), **said}))
    except ValidationError as error:
        raise BadWeights(
            f"The model card {path} is not valid ({first_problem(error)}); correct or remove it."
        ) from error


def _usual_frames(folder: Path) -> int:
    """By the channels of the model's latents; Wan 2.1's where nothing is told, which is refused elsewhere."""
    config = folder / "vae" / "config.json"
    with suppress(BadWeights):
        channels = read_json(config).get("z_dim") if config.is_file() else None
        alike = (each for each in ARCHITECTURES.values() if each.latent_channels == channels)
        return next(alike, ARCHITECTURES[WAN_2_1_I2V]).num_frames
    return ARCHITECTURES[WAN_2_1_I2V].num_frames


def read_parts(folder: Path) -> ModelParts | None:
    """Where the parts of the linked model in ``folder`` lie; None for a model whose parts are all in its folder.

    Whether the files are there is not looked at. Raises BadWeights when its ``svi_parts.json`` is wrong.
    """
    path = folder / PARTS_FILE
    if not path.is_file():
        return None
    try:
        parts = ModelParts.model_validate_json(json.dumps(read_json(path)))
    except ValidationError as error:
        raise BadWeights(
            f"{path} does not say where the parts of this model lie ({first_problem(error)}): link the model again."
        ) from error
    names = (name for each in parts.parts.values() for name in each.files)
    if (odd := next((name for name in names if not _full_path(name)), None)) is not None:
        raise BadWeights(f"{path} names {odd[:80]!r}, which is no full path of a file: link the model again.")
    return parts


def _full_path(name: str) -> bool:
    return Path(name).is_absolute() and all(ord(char) >= 32 for char in name) and not is_on_share(name)


def is_on_share(name: str) -> bool:
    r"""Whether a path names another computer, as ``\\server\share\file``: looking there tells it who the user is.

    A model that somebody else made could name any, so none is followed; a share with a letter of its own is a drive.
    """
    return PureWindowsPath(name).drive.startswith("\\\\")


def linked_files(folder: Path, part: str) -> tuple[Path, ...]:
    """The files elsewhere that one part of the model in ``folder`` is read from, there or not; empty for its own."""
    parts = read_parts(folder)
    found = next((files for name, files in parts.parts.items() if name == part), None) if parts else None
    return tuple(Path(file) for file in found.files) if found else ()


def weights_files(folder: Path, part: str) -> tuple[Path, ...]:
    """The weights files of one part of the model in `folder`, of any readable form.

    Those elsewhere that the part is linked to, else a single safetensors file in the folder, or the shards that its
    index names. Raises Incomplete when one is missing, BadWeights when the index names anything but plain files beside
    it.
    """
    if linked := _there(folder, linked_files(folder, part)):
        return linked
    files = safetensors_files(folder / part, PARTS[part])
    if not files:
        name = f"{part}/{PARTS[part]}.safetensors"
        raise Incomplete(f"The model in {folder} has no {name}; download or copy the model again.")
    return files


def _there(folder: Path, linked: tuple[Path, ...]) -> tuple[Path, ...]:
    """The same files; raises Incomplete when one of them is gone."""
    gone = [str(file) for file in linked if not os.path.isfile(file)]  # noqa: PTH113 - False for an impossible name
    if gone:
        raise Incomplete(f"{folder.name} needs {some_of(gone)}, which is not there: {LOOK_AGAIN}.")
    return linked


def expected_files(folder: Path, part: str) -> tuple[Path, ...]:
    """The weights files that one part should have, there or not; raises BadWeights as ``weights_files``."""
    return linked_files(folder, part) or named_files(folder / part, PARTS[part])


def safetensors_files(folder: Path, stem: str) -> tuple[Path, ...]:
    """The shards that `STEM.safetensors.index.json` in `folder` names, else `STEM.safetensors`; empty without both.

    Raises Incomplete when a shard is missing, BadWeights when the index names anything but plain files beside it.
    """
    files = named_files(folder, stem)
    missing = [file.name for file in files if not file.is_file()]
    if missing == [f"{stem}.safetensors"]:
        return ()
    if missing:
        raise Incomplete(f"The model part {folder} lacks {some_of(missing)}; download or copy it again.")
    return files


def input_files(folder: Path, kind: InputKind) -> tuple[Path, ...]:
    """What the transformer in `folder` gets to follow inputs of that kind: one file, or the shards that an index names.

    Those elsewhere that they are linked to come first. Empty without any. Raises as `weights_files`.
    """
    return _there(folder, linked_files(folder, INPUT_STEMS[kind])) or safetensors_files(folder, INPUT_STEMS[kind])


def sound_encoder_files(folder: Path) -> tuple[Path, ...]:
    """The weights of the network by which the model in `folder` hears; empty without one. Raises as `weights_files`."""
    linked = _there(folder, linked_files(folder, SOUND_ENCODER))
    return linked or safetensors_files(folder / SOUND_ENCODER, SOUND_ENCODER_STEM)


def named_files(folder: Path, stem: str) -> tuple[Path, ...]:
    """The weights files that should be in ``folder``, there or not; raises BadWeights as ``safetensors_files``."""
    index = folder / f"{stem}.safetensors.index.json"
    return _shards(index) if index.is_file() else (folder / f"{stem}.safetensors",)


def some_of(names: Sequence[str]) -> str:
    """The first three names, and how many more there are."""
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _shards(index: Path) -> tuple[Path, ...]:
    weight_map = read_json(index).get("weight_map")
    if not isinstance(weight_map, dict) or not weight_map:
        raise BadWeights(f"{index} names no weights files; download or copy the model again.")
    names = {name for name in weight_map.values() if isinstance(name, str)}
    unsafe = [name for name in weight_map.values() if not isinstance(name, str) or not _plain_file(name)]
    if unsafe:
        raise BadWeights(
            f"{index} names the file {str(unsafe[0])[:80]!r}, which is not beside it; do not use this model."
        )
    return tuple(index.parent / name for name in sorted(names))


def _plain_file(name: str) -> bool:
    return name.endswith(".safetensors") and not any(char in name for char in "/\\:\0") and not name.startswith(".")


def read_json(path: Path) -> dict[str, Any]:
    """The JSON object in the file `path` (at most 16 MB); raises BadWeights with the reason when there is none."""
    try:
        content = json.loads(read_plain(path, _MAX_JSON_BYTES).decode("utf-8"))
    except TooLarge as error:
        raise BadWeights(
            f"{path} is far too large for a configuration file; download or copy the model again."
        ) from error
    except Refused as error:
        raise BadWeights(str(error)) from error
    except FileNotFoundError as error:
        raise BadWeights(f"The model file {path} is missing; download or copy the model again.") from error
    except OSError as error:
        raise BadWeights(f"The model file {path} could not be read ({error.strerror}); check the disk.") from error
    except (ValueError, RecursionError) as error:
        raise BadWeights(f"The model file {path} is not valid JSON; download or copy the model again.") from error
    if not isinstance(content, dict):
        raise BadWeights(f"The model file {path} is not a JSON object; download or copy the model again.")
    return content
