"""Reads a LoRA file of any known form into pairs of small matrices and differences, by the transformer's own names."""

import json
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.lora_keys import ROLES, LoraKey, LoraKeyReader, Role, bare_name
from svi_studio.engine.streamed_weights import read_tensors
from svi_studio.weights.safetensors_header import SafetensorsHeader, read_header

_PEFT_METADATA = "lora_adapter_metadata"
_POSE_ENCODER = "dwpose_embedding."
_UNUSED = "randomref"  # in UniAnimate files; the authors' program does not read it either


@dataclass(frozen=True)
class LowRank:
    """What a LoRA adds to one weight: `scale * up @ down`; `down [r, in, ...]`, `up [out, r, ...]`."""

    down: torch.Tensor
    up: torch.Tensor
    scale: float = 1.0

    @property
    def rank(self) -> int:
        """The number of rows of `down`."""
        return self.down.shape[0]


@dataclass(frozen=True)
class LoraFile:
    """The content of one LoRA file, by the parameter names of `WanTransformer3DModel`.

    `low_rank` belongs to weights; `differences` are added to parameters as they are; `pose_encoder` holds what an
    SVI-Dance file carries beside its LoRA; `tensors` counts the tensors of the file, all of which are in these.
    `from_peft` is true for names as peft's own saving leaves them, the form of the authors' files.
    """

    path: Path
    low_rank: Mapping[str, LowRank]
    differences: Mapping[str, torch.Tensor]
    pose_encoder: Mapping[str, torch.Tensor]
    tensors: int
    from_peft: bool


def read_lora(path: Path, parameters: Iterable[str]) -> LoraFile:
    """The LoRA in the safetensors file `path`, read for a transformer with these `parameters` (diffusers' names).

    Accepts the authors' files (`pipe.dit.*.default`, with or without the prefix), bare and `diffusion_model.` names,
    `transformer.` with diffusers' or original names, down/up with alpha, `lora_unet_` names, and full differences
    (`diff`, `diff_b`, `diff_m`). Raises BadWeights when the file is unsafe or damaged, when any tensor is not finite,
    is of no known form, or lacks its partner.
    """
    header = read_header(path)
    keys, pose_names = _understood(path, header, LoraKeyReader(parameters))
    parts = _Parts(path)
    for name, tensor in _finite(path, keys):
        parts.put(name, keys[name], tensor)
    scales = _scales(parts, _peft_config(path, header.metadata))
    return LoraFile(
        path,
        low_rank=parts.pairs(scales),
        differences=parts.all_differences(scales),
        pose_encoder={
            bare_name(name).removeprefix(_POSE_ENCODER): tensor for name, tensor in _finite(path, pose_names)
        },
        tensors=len(keys) + len(pose_names),
        from_peft=any(key.adapter for key in keys.values()),
    )


def _understood(path: Path, header: SafetensorsHeader, reader: LoraKeyReader) -> tuple[dict[str, LoraKey], list[str]]:
    names = [name for name in header.tensors if _UNUSED not in name]
    pose = [name for name in names if _is_pose(name)]
    keys = {name: reader.read(name) for name in names if not _is_pose(name)}
    unknown = [name for name, key in keys.items() if key is None]
    if unknown or not keys:
        raise BadWeights(_not_a_lora(path, unknown))
    return {name: key for name, key in keys.items() if key is not None}, pose


def _is_pose(name: str) -> bool:
    return bare_name(name).startswith(_POSE_ENCODER)


def _not_a_lora(path: Path, unknown: list[str]) -> str:
    if not unknown:
        return f"{path} holds no LoRA weights for the transformer; use a LoRA made for Wan image-to-video."
    return (
        f"{path} is not a LoRA of a known form: {len(unknown)} of its tensors are not understood, for example "
        f"{unknown[0][:120]}; nothing was applied: use a LoRA made for Wan image-to-video."
    )


def _finite(path: Path, names: Iterable[str]) -> Iterator[tuple[str, torch.Tensor]]:
    for name, tensor in read_tensors(path, {name: name for name in names}):
        if not torch.isfinite(tensor.float()).all():
            raise BadWeights(f"{path} is damaged: {name[:120]} holds values that are not numbers; get the file again.")
        yield name, tensor


class _Parts:
    """Gathers the tensors of one file by parameter and role, and refuses what does not belong together."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.by_role: dict[Role, dict[str, torch.Tensor]] = {role: {} for role in ROLES}

    def put(self, name: str, key: LoraKey, tensor: torch.Tensor) -> None:
        place = self.by_role[key.role]
        if key.parameter in place:
            raise BadWeights(f"{self.path} names the weight {name[:120]} twice in two forms; keep one LoRA in a file.")
        if key.role == "alpha" and tensor.numel() != 1:
            raise BadWeights(f"{self.path} is damaged: {name[:120]} should be a single number; get the file again.")
        place[key.parameter] = tensor

    def pairs(self, scales: Mapping[str, float]) -> dict[str, LowRank]:
        """Every down with its up and scale; raises BadWeights when one lacks the other or their ranks differ."""
        down, up, alpha = self.by_role["down"], self.by_role["up"], self.by_role["alpha"]
        for parameter in sorted({*down, *up, *alpha}):
            if parameter not in down or parameter not in up:
                missing = "down (A)" if parameter not in down else "up (B)"
                raise BadWeights(
                    f"{self.path} is incomplete: {parameter} lacks its {missing} matrix; nothing was applied: "
                    "get the whole file."
                )
            self._check_ranks(parameter, down[parameter], up[parameter])
        return {name: LowRank(down[name], up[name], scales[name]) for name in down}

    def all_differences(self, scales: Mapping[str, float]) -> dict[str, torch.Tensor]:
        """Full differences; the bias of an up matrix is scaled like the matrix."""
        found = {**self.by_role["diff"], **self.by_role["diff_bias"]}
        for parameter, bias in self.by_role["up_bias"].items():
            if parameter in found:
                raise BadWeights(f"{self.path} names the bias {parameter} twice in two forms; keep one LoRA in a file.")
            found[parameter] = scales.get(parameter.removesuffix("bias") + "weight", 1.0) * bias
        return found

    def _check_ranks(self, parameter: str, down: torch.Tensor, up: torch.Tensor) -> None:
        if down.ndim < 2 or up.ndim < 2 or down.shape[0] != up.shape[1]:
            raise BadWeights(
                f"{self.path} is damaged: the two matrices for {parameter} have the shapes {tuple(down.shape)} and "
                f"{tuple(up.shape)}, which do not fit each other; get the file again."
            )


def _scales(parts: _Parts, config: Mapping[str, Any]) -> dict[str, float]:
    """A file's own alpha means alpha/rank; the authors' files have none and mean 1."""
    scales = {}
    for parameter, down in parts.by_role["down"].items():
        rank = max(down.shape[0] if down.ndim else 0, 1)
        own = parts.by_role["alpha"].get(parameter)
        configured = _configured_alpha(config, parameter)
        if own is not None:
            scales[parameter] = float(own.item()) / rank
        elif configured is not None:
            scales[parameter] = configured / (math.sqrt(rank) if config.get("use_rslora") else rank)
        else:
            scales[parameter] = 1.0
    return scales


def _peft_config(path: Path, metadata: Mapping[str, str]) -> Mapping[str, Any]:
    """The adapter's configuration, which diffusers writes into the header."""
    try:
        content = json.loads(metadata.get(_PEFT_METADATA, "{}"))
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise BadWeights(f"{path} is damaged: the description of its adapter is not valid; get the file again.")
    config = {str(key).removeprefix("transformer."): value for key, value in content.items()}
    if config.get("use_dora"):
        raise BadWeights(f"{path} is a DoRA, which cannot be merged here; use a plain LoRA.")
    return config


def _configured_alpha(config: Mapping[str, Any], parameter: str) -> float | None:
    module = parameter.removesuffix(".weight")
    patterns = config.get("alpha_pattern")
    chosen = config.get("lora_alpha")
    if isinstance(patterns, dict):
        chosen = next((alpha for ending, alpha in patterns.items() if f".{module}".endswith(f".{ending}")), chosen)
    return float(chosen) if isinstance(chosen, int | float) else None
