"""Reads and writes what a model folder has for Talk and Dance: safetensors only, under the original names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import torch
from torch import nn
from transformers import Wav2Vec2Config, Wav2Vec2Model

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.track import InputKind
from svi_studio.engine.conditions.skeleton_network import PATCH, SkeletonNetwork
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.engine.loading.safetensors_writer import write_safetensors
from svi_studio.engine.loading.streamed_weights import fill_network
from svi_studio.engine.out_of_memory import ran_out_of_memory
from svi_studio.weights.model_folder import (
    INPUT_FILES,
    SOUND_ENCODER,
    SOUND_ENCODER_STEM,
    input_files,
    read_json,
    sound_encoder_files,
)
from svi_studio.weights.safetensors_header import read_header

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

S = TypeVar("S")
N = TypeVar("N", bound=nn.Module)

_ENCODER_FIELDS = (
    "hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "conv_dim", "conv_stride",
    "conv_kernel", "conv_bias", "num_conv_pos_embeddings", "num_conv_pos_embedding_groups", "feat_extract_norm",
    "do_stable_layer_norm", "layer_norm_eps", "hidden_act", "feat_extract_activation",
)  # fmt: skip
_BESIDE_ENCODER = ("lm_head.", "quantizer.", "project_hid.", "project_q.", "dropout_features.")
_OLD_WEIGHT_NORM = {"weight_g": "parametrizations.weight.original0", "weight_v": "parametrizations.weight.original1"}


def load_sound_network(folder: Path, heads: int, device: torch.device, dtype: torch.dtype) -> SoundNetwork:
    """Talk's part of the model in `folder`, for a transformer with so many `heads`, in `dtype` and without gradients.

    Raises BadWeights when the file is missing, damaged or of another kind.
    """
    files = _input_files(folder, InputKind.SOUND)
    sizes = _sizes(files, lambda shapes: SoundSizes.of_shapes(shapes, heads))
    with torch.device("meta"):
        network = SoundNetwork(sizes)
    return _filled(network, files, device, dtype)


def load_skeleton_network(folder: Path, device: torch.device) -> SkeletonNetwork:
    """Dance's part of the model in `folder`, in float32 as the authors run it; raises BadWeights as above."""
    files = _input_files(folder, InputKind.SKELETON)
    dim, channels = _sizes(files, SkeletonNetwork.sizes)
    with torch.device("meta"):
        network = SkeletonNetwork(dim, channels=channels, patch=patch_pixels(folder))
    return _filled(network, files, device, torch.float32)


def patch_pixels(folder: Path) -> int:
    """Pixels of a film, each way, in a patch of the transformer of the model in `folder`.

    Wan 2.1's 16 where nothing else is said. Raises BadWeights for what no pose encoder can be laid over.
    """
    said = {part: folder / part / "config.json" for part in ("vae", "transformer")}
    vae, transformer = (read_json(path) if path.is_file() else {} for path in said.values())
    try:
        patch = int(vae.get("scale_factor_spatial", 8)) * int(transformer.get("patch_size", (1, 2, 2))[1])
    except (TypeError, ValueError, IndexError, KeyError) as error:
        raise BadWeights(f"The sizes in {said['vae']} are not those of a model; copy the model again.") from error
    if patch < PATCH or patch % PATCH:
        raise BadWeights(f"A patch of the model in {folder} is {patch} pixels wide: no skeleton can be laid over that.")
    return patch


def skeleton_network_of(
    tensors: Mapping[str, torch.Tensor], path: Path, device: torch.device, patch: int = PATCH
) -> SkeletonNetwork:
    """Dance's part from `tensors` that a LoRA file `path` brings, under the names in `dwpose_embedding`.

    `patch`: as for a `SkeletonNetwork`. Raises BadWeights when they are not a pose encoder, or not whole.
    """
    named = {f"dwpose_embedding.{name}": tensor.float() for name, tensor in tensors.items()}
    try:
        dim, channels = SkeletonNetwork.sizes({name: tuple(tensor.shape) for name, tensor in named.items()})
        network = SkeletonNetwork(dim, channels=channels, patch=patch).requires_grad_(False).eval()
        network.load_state_dict(named, strict=True)
    except (KeyError, ValueError, IndexError, RuntimeError) as error:
        if ran_out_of_memory(error):
            raise
        raise BadWeights(
            f"The pose encoder in {path} is not whole; nothing was applied: get the file again."
        ) from error
    return network.to(device)


def load_sound_encoder(folder: Path, device: torch.device) -> Wav2Vec2Model:
    """The wav2vec2 network of the model in `folder`, in float32; raises BadWeights when it is missing or damaged."""
    place = folder / SOUND_ENCODER
    files = sound_encoder_files(folder)
    if not files:
        raise BadWeights(
            f"The model in {folder} has no {SOUND_ENCODER}/{SOUND_ENCODER_STEM}.safetensors; copy the model again."
        )
    network = build_sound_encoder(read_json(place / "config.json"))
    fill_network(network, files, rename=encoder_name, dtype_of=lambda _: torch.float32, device=device)
    return network


def build_sound_encoder(config: Mapping[str, Any]) -> Wav2Vec2Model:
    """The wav2vec2 network of this `config.json`, on the meta device; only known fields count. Raises BadWeights."""
    fields = {key: config[key] for key in _ENCODER_FIELDS if key in config}
    try:
        with torch.device("meta"):
            network = Wav2Vec2Model(Wav2Vec2Config(**fields, apply_spec_augment=False))
    except (TypeError, ValueError, KeyError, RuntimeError, ZeroDivisionError) as error:
        if ran_out_of_memory(error):
            raise
        raise BadWeights(
            f"The configuration of the {SOUND_ENCODER} describes no network that can be built; copy the model again."
        ) from error
    del network.masked_spec_embed  # only a training uses it
    return network.eval().requires_grad_(False)


def encoder_name(name: str) -> str | None:
    """The network's own name for a tensor `name` of a wav2vec2 file; None for one that is not needed."""
    name = name.removeprefix("wav2vec2.")
    start, _, leaf = name.rpartition(".")
    if name == "masked_spec_embed" or name.startswith(_BESIDE_ENCODER):
        return None
    return f"{start}.{_OLD_WEIGHT_NORM[leaf]}" if leaf in _OLD_WEIGHT_NORM else name


def save_network(network: nn.Module, path: Path) -> None:
    """Writes a `SoundNetwork` or `SkeletonNetwork` to the new file `path` under its original names. Raises OSError."""
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in sorted(network.state_dict().items())}
    outline = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()}
    write_safetensors(path, outline, tensors.values())


def _input_files(folder: Path, kind: InputKind) -> tuple[Path, ...]:
    return input_files(folder, kind) or (folder / INPUT_FILES[kind],)  # which says that it is not there


def _sizes(files: Sequence[Path], read: Callable[[Mapping[str, tuple[int, ...]]], S]) -> S:
    shapes = {name: entry.shape for path in files for name, entry in read_header(path).tensors.items()}
    try:
        return read(shapes)
    except (KeyError, ValueError, IndexError, ZeroDivisionError) as error:
        raise BadWeights(f"{files[0]} does not hold what its name promises; copy the model again.") from error


def _filled(network: N, files: Sequence[Path], device: torch.device, dtype: torch.dtype) -> N:
    network.requires_grad_(False).eval()
    fill_network(network, files, rename=lambda name: name, dtype_of=lambda _: dtype, device=device)
    return network
