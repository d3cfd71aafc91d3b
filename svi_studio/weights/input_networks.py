"""Which of its inputs a model can follow in a film: by what lies in its folder, and by what a LoRA brings."""

from collections.abc import Collection, Iterable
from pathlib import Path

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.track import InputKind
from svi_studio.weights.lora_in_use import LoraInUse
from svi_studio.weights.model_folder import (
    INPUT_FILES,
    SOUND_ENCODER,
    SOUND_ENCODER_STEM,
    input_files,
    sound_encoder_files,
)
from svi_studio.weights.safetensors_header import SafetensorsHeader, read_header

_POSE_ENCODER = "dwpose_embedding."


def brought_by(loras: Iterable[LoraInUse]) -> frozenset[InputKind]:
    """What a model follows by one of these LoRA files: a Dance LoRA has its pose encoder in it."""
    brings = any(use.weight and brings_pose_encoder(read_header(use.path)) for use in loras)
    return frozenset({InputKind.SKELETON}) if brings else frozenset()


def brings_pose_encoder(header: SafetensorsHeader) -> bool:
    """Whether the file with this header holds one."""
    return any(_POSE_ENCODER in name for name in header.tensors)


def check_input_networks(folder: Path, card: ModelCard, kinds: Collection[InputKind]) -> None:
    """Raises BadWeights when the model in ``folder`` lacks what it needs to follow ``kinds``; reads headers only."""
    for kind in sorted(kinds):
        wanted = [*(input_files(folder, kind) or (folder / INPUT_FILES[kind],))]
        if kind is InputKind.SOUND:
            place = folder / SOUND_ENCODER
            files = sound_encoder_files(folder) or (place / f"{SOUND_ENCODER_STEM}.safetensors",)
            wanted += [place / "config.json", *files]
        for path in wanted:
            if not path.is_file():
                name = path.relative_to(folder).as_posix()  # of a file elsewhere it was told that it is gone
                raise BadWeights(
                    f'The model {card.name} says that it follows a {kind}, but lacks "{name}"; get the model again.'
                )
            if path.suffix == ".safetensors":
                read_header(path)
