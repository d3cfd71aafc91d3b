"""Checks the LoRAs of a film and its clips before a model is loaded: what each file is, and whether it is whole."""

from collections.abc import Mapping
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.clip_loras import all_loras
from svi_studio.domain.film.lora_traits import LoraTraits
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.project.media.media_store import MAX_MEDIA
from svi_studio.weights.input_networks import brings_pose_encoder
from svi_studio.weights.lora_kind import check_lora_kind, check_lora_size
from svi_studio.weights.lora_traits import read_lora_traits


def check_film_loras(storyboard: Storyboard, files: Mapping[str, Path], model: Path) -> None:
    """Raises BadWeights when one of ``files``, by the storyboard's names, cannot be a LoRA for the folder ``model``.

    What a file is, and whether it is whole, costs a moment: not the minutes that a model takes to load.
    """
    of_film = {use.file for use in storyboard.loras}
    for name, path in files.items():
        if not path.is_file():
            raise BadWeights(f'The LoRA "{name}" was not found at {path}; put it there or take it out.')
        header = check_lora_kind(path)
        check_lora_size(path, header, model)
        if path.stat().st_size > MAX_MEDIA:
            raise BadWeights(f'The LoRA "{name}" is larger than any LoRA, {MAX_MEDIA >> 30} GB: choose another file.')
        if name not in of_film and brings_pose_encoder(header):
            raise BadWeights(
                f'The LoRA "{name}" brings what follows a skeleton, the same in all clips: add it to the film.'
            )


def film_lora_traits(storyboard: Storyboard, files: Mapping[str, Path]) -> dict[str, LoraTraits]:
    """What each of ``files``, by the storyboard's names, says of itself there: by its label, then by its own name."""
    labels = {use.file: use.label for use in all_loras(storyboard)}
    return {name: read_lora_traits(path, called=(labels[name],), at=name) for name, path in files.items()}
