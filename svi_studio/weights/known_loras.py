"""Looks into LoRA files for speed recipes: those of a film, and those on this computer, of other programs too."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path

from svi_studio.domain.errors import BadWeights, StudioError
from svi_studio.domain.film.architecture import WAN_2_2_I2V_A14B
from svi_studio.domain.film.speed_recipe import KnownLora
from svi_studio.weights.catalogue import models_folders
from svi_studio.weights.lora_kind import check_lora_kind
from svi_studio.weights.lora_traits import read_lora_traits
from svi_studio.weights.model_folder import linked_files
from svi_studio.weights.name_marks import is_marked
from svi_studio.weights.scan.places import Walk
from svi_studio.weights.scan.usual_places import usual_places

_MOST_LOOKED_AT = 5000  # files below one folder
_FOLDERS = ("loras", "lora")
_NEAR = 4
"""So many folders above a linked file LoRAs are looked for: ``ComfyUI/models/diffusion_models/wan`` is three deep."""


def known_lora(path: Path, file: str, name: str = "") -> KnownLora:
    """What the LoRA at ``path`` is; ``file`` is what the answer calls it, ``name`` what it was called elsewhere.

    Raises BadWeights when it is no LoRA for Wan.
    """
    check_lora_kind(path)
    traits = read_lora_traits(path, called=(name,), at=None if Path(file).is_absolute() else file)
    base = traits.base or (None if traits.expert is None else WAN_2_2_I2V_A14B)  # the only one of two experts
    return KnownLora(file, traits.distilled, traits.expert or "both", base, traits.from_words)


def loras_on_this_computer(
    places: Iterable[Path] = (), should_stop: Callable[[], bool] = lambda: False
) -> tuple[KnownLora, ...]:
    """The distilled LoRAs on this computer, called by their paths; what cannot be used is left out.

    Those in the models folders come first, then those beside the files of linked models, in ``places``, and where other
    programs keep theirs. Only files are looked into whose names say that they are distilled; those of other programs
    may be for anything, and count only where they say for which Wan they are. Each file counts once. Raises Stopped.
    """
    walk = Walk(should_stop)
    own = _looked_into(_named_so(walk, _own_folders()))
    others = (*_beside_linked_models(), *places, *(place.folder for place in usual_places()))
    foreign = (known for known in _looked_into(_named_so(walk, others)) if known.architecture is not None)
    return (*own, *foreign)


def _looked_into(paths: Iterable[Path]) -> Iterator[KnownLora]:
    for path in paths:
        try:
            yield known_lora(path, str(path))
        except (StudioError, OSError, ValueError):  # of another model, or gone meanwhile: others may do
            continue


def _named_so(walk: Walk, folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        found = (place.path for place in walk.files(folder) if place.path.suffix == ".safetensors")
        for path in islice(found, _MOST_LOOKED_AT):
            if is_marked("distilled", (path.stem, path.parent.name)):
                yield path


def _own_folders() -> Iterator[Path]:
    return (folder / name for folder in models_folders() for name in _FOLDERS)


def _beside_linked_models() -> Iterator[Path]:
    """The folders of LoRAs of the program whose files a model is linked to."""
    for model in (model for folder in models_folders() for model in _inside(folder)):
        with suppress(BadWeights):
            for file in linked_files(model, "transformer")[:1]:
                yield from (
                    near for above in file.parents[:_NEAR] for near in _inside(above) if near.name.startswith("lora")
                )


def _inside(folder: Path) -> list[Path]:
    """The folders in ``folder``, by name; none where there is no such folder."""
    with suppress(OSError):
        return sorted(each for each in folder.iterdir() if each.is_dir())
    return []
