"""Language models that see pictures, as folders on this computer: Qwen-VL in the layout it is published in."""

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.settings import CACHE_HOME, HUB_CACHE, HUB_HOME
from svi_studio.weights.catalogue import models_folders
from svi_studio.weights.model_folder import read_json, safetensors_files
from svi_studio.weights.safetensors_header import BITS, read_header
from svi_studio.weights.whole_model import check_whole

MODEL_TYPES = frozenset({"qwen2_vl", "qwen2_5_vl", "qwen3_vl", "qwen3_vl_moe", "qwen3_5", "qwen3_5_moe"})
"""What their config.json calls itself: Qwen2-VL, Qwen2.5-VL, and the later ones that see pictures in the same way."""

_STEM = "model"
_DOWNLOADED = "models--"
_MOST_OF_A_NAME = 1000


@dataclass(frozen=True)
class StoryModelFolder:
    """A model that can write storylines: its weights files, and how many numbers and bytes are in them."""

    name: str
    folder: Path
    model_type: str
    files: tuple[Path, ...]
    numbers: int
    bytes: int


def story_model(folder: Path) -> StoryModelFolder:
    """The Qwen-VL model in ``folder``; reads its configuration and the headers of its weights, never the weights.

    Raises BadWeights when there is none, when it is of another kind, or when its files are missing, damaged or unsafe.
    """
    model_type = _model_type(folder)
    if model_type not in MODEL_TYPES:
        raise BadWeights(
            f"The model in {folder} is a {model_type[:60] or 'model of an unknown kind'}, not a Qwen-VL that sees "
            "pictures: choose the folder of a Qwen2.5-VL or a later one."
        )
    check_whole(folder, {"": _STEM})
    files = safetensors_files(folder, _STEM)
    tensors = [entry for file in files for entry in read_header(file).tensors.values()]
    size = sum(entry.end - entry.start for entry in tensors)
    numbers = sum((entry.end - entry.start) * 8 // BITS[entry.dtype] for entry in tensors)
    return StoryModelFolder(model_name(folder), folder, model_type, files, numbers, size)


def find_story_models() -> tuple[Path, ...]:
    """Folders with a Qwen-VL model: in the user's models folders, then the newest of each Hugging Face download.

    Reads configurations only; ``story_model_problem`` says which of them cannot be used.
    """
    places = [folder for place in models_folders() for folder in _folders(place)]
    downloads = [folder for folder in _folders(downloads_folder()) if folder.name.startswith(_DOWNLOADED)]
    places += [snapshot for folder in downloads if (snapshot := _snapshot(folder)) is not None]
    return tuple(folder for folder in places if _is_story_model(folder))


def story_model_problem(folder: Path) -> str | None:
    """Why the Qwen-VL model in ``folder`` cannot be used, such as half a download; None when it can."""
    try:
        story_model(folder)
    except BadWeights as error:
        return str(error)
    return None


def model_name(folder: Path) -> str:
    """What people call the model: the folder's name, or the model's in the cache of Hugging Face's tools."""
    folder = folder.absolute()
    if folder.parent.name == "snapshots" and folder.parent.parent.name.startswith(_DOWNLOADED):
        return folder.parent.parent.name.rpartition("--")[2]
    return folder.name or str(folder)


def _model_type(folder: Path) -> str:
    if not os.path.isfile(folder / "config.json"):  # noqa: PTH113 - False for a name that the system refuses
        raise BadWeights(f"There is no model in {folder}: choose the folder with its config.json, as of Qwen2.5-VL.")
    configuration: dict[str, Any] = read_json(folder / "config.json")
    return str(configuration.get("model_type", ""))


def _is_story_model(folder: Path) -> bool:
    try:
        return _model_type(folder) in MODEL_TYPES
    except BadWeights:
        return False


def _snapshot(download: Path) -> Path | None:
    """The one state of a downloaded model that counts: the one that ``refs/main`` names, else the youngest."""
    snapshots = _folders(download / "snapshots")
    with contextlib.suppress(OSError, Refused, UnicodeDecodeError):
        named = read_plain(download / "refs" / "main", _MOST_OF_A_NAME).decode().strip()
        if chosen := next((folder for folder in snapshots if folder.name == named), None):
            return chosen
    return max(snapshots, key=lambda folder: (folder.stat().st_mtime, folder.name), default=None)


def downloads_folder() -> Path:
    """The cache folder of Hugging Face's tools, where they look for it themselves."""
    if named := HUB_CACHE.text():
        return Path(named)
    home = HUB_HOME.text() or Path(CACHE_HOME.text() or Path.home() / ".cache", "huggingface")
    return Path(home) / "hub"


def _folders(place: Path) -> list[Path]:
    try:
        return [folder for folder in sorted(place.iterdir()) if folder.is_dir() and not folder.name.startswith(".")]
    except OSError:
        return []
