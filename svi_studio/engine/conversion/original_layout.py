"""Finds the files of a Wan model in its authors' layout: of 2.1, of 2.2 with two experts, or of the small 2.2."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.weights.model_folder import EXPERT_PARTS, OneExpert
from svi_studio.weights.safetensors_header import read_header

VAE_FILE = "Wan2.1_VAE"
VAE_48_FILE = "Wan2.2_VAE"
TEXT_FILE = "models_t5_umt5-xxl-enc-bf16"
IMAGE_FILE = "models_clip_open-clip-xlm-roberta-large-vit-huge-14"
SHARDS = "diffusion_pytorch_model*.safetensors"
TOKENIZER_FOLDERS = ("google/umt5-xxl", "tokenizer")
EXPERT_FOLDERS: Mapping[OneExpert, str] = {"high": "high_noise_model", "low": "low_noise_model"}

_PLACES = 4  # latent places of a token
_FEW_CHANNELS = 16


@dataclass(frozen=True)
class OriginalLayout:
    """Where the parts of an original model lie.

    `transformers`: the folder with the shards of each transformer, by the part of a model folder that it becomes.
    `image_encoder` is None for a transformer that takes no picture tokens.
    """

    transformers: Mapping[str, Path]
    vae: Path
    text_encoder: Path
    image_encoder: Path | None
    tokenizer: Path

    @property
    def shards(self) -> list[Path]:
        """The files of all transformers."""
        return [shard for folder in self.transformers.values() for shard in shards_in(folder)]

    @property
    def encoders(self) -> list[Path]:
        """The files of the other networks, which may be `.pth`."""
        return [self.vae, self.text_encoder, *((self.image_encoder,) if self.image_encoder is not None else ())]


def find_original(source: Path) -> OriginalLayout:
    """The original model in the folder `source`; headers of its shards are read.

    Raises BadInput when there is no such folder, BadWeights when a part is missing.
    """
    if not source.is_dir():
        raise BadInput(f"There is no folder {source}: give the folder with the original Wan files.")
    if source.name in EXPERT_FOLDERS.values():
        raise BadInput(f"{source} is one expert of two: give the folder that holds both, {source.parent}.")
    transformers = _transformers(source)
    shapes = {
        name: entry.shape
        for shard in shards_in(next(iter(transformers.values())))
        for name, entry in read_header(shard).tensors.items()
    }
    taken, made = shapes.get("patch_embedding.weight", (0, 0))[1], shapes.get("head.head.weight", (0,))[0] // _PLACES
    if 0 < taken == made <= _FEW_CHANNELS:
        raise BadWeights(
            f"{source} holds a model that makes videos from words alone (a T2V model) and cannot start from a picture: "
            "choose an image-to-video model."
        )
    sees = any(name.startswith("img_emb.") for name in shapes)
    return OriginalLayout(
        transformers,
        vae=_original(source, VAE_48_FILE if made > _FEW_CHANNELS else VAE_FILE),
        text_encoder=_original(source, TEXT_FILE),
        image_encoder=_original(source, IMAGE_FILE) if sees else None,
        tokenizer=_tokenizer_folder(source),
    )


def shards_in(folder: Path) -> list[Path]:
    """The files of an original transformer, in order; raises BadWeights when there are none."""
    shards = sorted(folder.glob(SHARDS))
    if not shards:
        raise BadWeights(
            f"{folder} has no diffusion_pytorch_model*.safetensors: give the folder of the original model."
        )
    return shards


def _transformers(source: Path) -> dict[str, Path]:
    folders = {expert: source / name for expert, name in EXPERT_FOLDERS.items()}
    missing = [folder.name for folder in folders.values() if not folder.is_dir()]
    if len(missing) == len(folders):
        return {EXPERT_PARTS["high"]: source}
    if missing:
        raise BadWeights(
            f"{source} holds one expert of two, {missing[0]} is not there: download the whole original model."
        )
    return {EXPERT_PARTS[expert]: folder for expert, folder in folders.items()}


def _original(source: Path, stem: str) -> Path:
    for ending in (".safetensors", ".pth"):
        if (file := source / f"{stem}{ending}").is_file():
            return file
    raise BadWeights(f"{source} has no {stem}.pth; download the whole original model.")


def _tokenizer_folder(source: Path) -> Path:
    for name in TOKENIZER_FOLDERS:
        if (source / name / "tokenizer.json").is_file():
            return source / name
    raise BadWeights(f"{source} has no tokenizer (google/umt5-xxl/tokenizer.json); download the whole original model.")
