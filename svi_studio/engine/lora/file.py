"""Reads a LoRA file of any known form into pairs of small matrices and differences, by the transformer's own names."""

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.streamed_weights import read_tensors
from svi_studio.engine.lora.forms import Composed, Hadamard, composed
from svi_studio.weights.adapter_config import MOST_ALPHA, AdapterConfig, read_adapter_config
from svi_studio.weights.input_channels import PATCHES, input_channels
from svi_studio.weights.key_names import DIT
from svi_studio.weights.lora_keys import ROLES, LoraKey, LoraKeyReader, Role, bare_name
from svi_studio.weights.safetensors_header import SafetensorsHeader, TensorEntry, read_header

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
    SVI-Dance file carries beside its LoRA; `tensors` counts the tensors of the file, all of which are in these, or are
    named in `left_out`: see `checked_lora`.
    `from_peft` is true for names as peft's own saving leaves them, the form of the authors' files. `composed` are the
    LoHa and LoKr of weights, `magnitudes` the lengths that a DoRA gives to the rows or columns of weights.
    """

    path: Path
    low_rank: Mapping[str, LowRank]
    differences: Mapping[str, torch.Tensor]
    pose_encoder: Mapping[str, torch.Tensor]
    tensors: int
    from_peft: bool
    composed: Mapping[str, Composed] = field(default_factory=dict)
    magnitudes: Mapping[str, torch.Tensor] = field(default_factory=dict)
    left_out: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        """What people call a file of this form."""
        if self.magnitudes:
            return "DoRA"
        kinds = {"LoHa" if isinstance(each, Hadamard) else "LoKr" for each in self.composed.values()}
        return " and ".join(sorted(kinds)) or "LoRA"


def read_lora(path: Path, parameters: Iterable[str], *, channels: int | None = None, values: bool = True) -> LoraFile:
    """The LoRA in the safetensors file `path`, read for a transformer with these `parameters` (diffusers' names).

    Accepts the authors' files (`pipe.dit.*.default`, with or without the prefix), bare and `diffusion_model.` names,
    `transformer.` with diffusers' or original names, down/up with alpha, `lora_unet_` names, full differences (`diff`,
    `diff_b`, `diff_m`), DoRA, LoHa and LoKr. The strength is the file's own, or that of peft's file beside it. What a
    file for a transformer of other `channels` (text-to-video) does to the weight that takes them in is left out, as in
    ComfyUI; None: there is nothing to compare. Without `values` the tensors are on the meta device, and only the header
    and the alphas are read: a moment for gigabytes.
    Raises BadWeights when the file is unsafe or damaged, when any tensor is not finite, is of no known form, or lacks
    its partner.
    """
    header = read_header(path)
    config = read_adapter_config(path, header)
    reader = LoraKeyReader(parameters)
    keys, pose_names = _understood(path, header, reader)
    lacking = {PATCHES} if channels and input_channels(header.tensors) not in (None, channels) else set[str]()
    left_out = tuple(
        name for name, key in keys.items() if key.parameter in lacking or reader.is_for_pictures_it_lacks(key.parameter)
    )
    tensors = len(keys) + len(pose_names)
    idle = _idle_alphas(keys)
    keys = {name: key for name, key in keys.items() if name not in {*left_out, *idle}}
    parts = _Parts(path, frozenset(idle.values()))
    for name, tensor in _finite(path, keys) if values else _outlined(header, keys):
        parts.put(name, keys[name], tensor)
    scales = _scales(parts, config)
    if config.is_dora and not parts.by_role["magnitude"]:
        raise BadWeights(f"{path} is a DoRA without its magnitudes; nothing was applied: get the whole file.")
    return LoraFile(
        path,
        low_rank=parts.pairs(scales),
        differences=parts.all_differences(scales),
        pose_encoder=_pose_encoder(header, pose_names, values=values),
        tensors=tensors,
        from_peft=any(key.adapter for key in keys.values()),
        composed=parts.all_composed(config),
        magnitudes=parts.all_magnitudes(),
        left_out=left_out,
    )


def read_pose_encoder(path: Path) -> dict[str, torch.Tensor]:
    """The pose encoder in the file `path`, by the names in `dwpose_embedding`; empty without one. Raises BadWeights."""
    names = [name for name in read_header(path).tensors if _UNUSED not in name and _is_pose(name)]
    return {bare_name(name).removeprefix(_POSE_ENCODER): tensor for name, tensor in _finite(path, names)}


def _understood(path: Path, header: SafetensorsHeader, reader: LoraKeyReader) -> tuple[dict[str, LoraKey], list[str]]:
    names = [name for name in header.tensors if _UNUSED not in name]
    pose = [name for name in names if _is_pose(name)]
    keys = {name: reader.read(name) for name in names if not _is_pose(name)}
    unknown = [name for name, key in keys.items() if key is None]
    if unknown or not keys:
        raise BadWeights(_not_a_lora(path, unknown))
    return {name: key for name, key in keys.items() if key is not None}, pose


def _idle_alphas(keys: Mapping[str, LoraKey]) -> dict[str, str]:
    """By name, its parameter: each alpha of a LoKr of two whole factors, which has no rank to be divided by.

    Nobody reads those, and trainers write anything: ai-toolkit 9,999,999,999, which is infinite in 16 bits.
    """
    held = {(key.parameter, key.part) for key in keys.values()}
    return {
        name: key.parameter
        for name, key in keys.items()
        if key.role == "alpha" and {(key.parameter, "lokr_w1"), (key.parameter, "lokr_w2")} <= held
    }


def _is_pose(name: str) -> bool:
    return bare_name(name).startswith(_POSE_ENCODER)


def _not_a_lora(path: Path, unknown: list[str]) -> str:
    if not unknown:
        return f"{path} holds no LoRA weights for the transformer; use a LoRA made for Wan image-to-video."
    return (
        f"{path} is not a LoRA of a known form: {len(unknown)} of its tensors are not understood, for example "
        f"{unknown[0][:120]}; nothing was applied: use a LoRA made for Wan image-to-video."
    )


def _pose_encoder(header: SafetensorsHeader, names: list[str], *, values: bool) -> dict[str, torch.Tensor]:
    if not names:
        return {}
    return read_pose_encoder(header.path) if values else {name: _outline(header.tensors[name]) for name in names}


def _outlined(header: SafetensorsHeader, keys: Mapping[str, LoraKey]) -> Iterator[tuple[str, torch.Tensor]]:
    single = [name for name, key in keys.items() if key.role == "alpha" and math.prod(header.tensors[name].shape) == 1]
    yield from _finite(header.path, single)
    yield from ((name, _outline(header.tensors[name])) for name in keys if name not in set(single))


def _outline(entry: TensorEntry) -> torch.Tensor:
    return torch.empty(entry.shape, device="meta")


def _finite(path: Path, names: Iterable[str]) -> Iterator[tuple[str, torch.Tensor]]:
    for name, tensor in read_tensors(path, {name: name for name in names}):
        if not tensor.is_floating_point() and tensor.numel() != 1:
            kind = str(tensor.dtype).removeprefix("torch.")
            raise BadWeights(f"{path} holds {name[:120]} as {kind}, which no LoRA is made of: get another file of it.")
        if not torch.isfinite(tensor.float()).all():
            raise BadWeights(f"{path} is damaged: {name[:120]} holds values that are not numbers; get the file again.")
        yield name, tensor


class _Parts:
    """Gathers the tensors of one file by parameter and role, and refuses what does not belong together."""

    def __init__(self, path: Path, unscaled: frozenset[str]) -> None:
        """`unscaled`: parameters whose factor is 1, whatever alpha the file gives them."""
        self.path = path
        self._unscaled = unscaled
        self.by_role: dict[Role, dict[str, torch.Tensor]] = {role: {} for role in ROLES}
        self.composed: dict[str, dict[str, torch.Tensor]] = {}

    def put(self, name: str, key: LoraKey, tensor: torch.Tensor) -> None:
        place, at = self.by_role[key.role], key.parameter
        if key.part:
            place, at = self.composed.setdefault(key.parameter, {}), key.part
        if at in place:
            raise BadWeights(f"{self.path} names the weight {name[:120]} twice in two forms; keep one LoRA in a file.")
        if key.role == "alpha" and (tensor.numel() != 1 or not 0 <= tensor.item() <= MOST_ALPHA):
            raise BadWeights(
                f"{self.path} is damaged: {name[:120]} should be a single number from 0 to {MOST_ALPHA:,.0f}; "
                "get the file again."
            )
        place[at] = tensor

    def pairs(self, scales: Mapping[str, float]) -> dict[str, LowRank]:
        """Every down with its up and scale; raises BadWeights when one lacks the other or their ranks differ."""
        down, up, alpha = self.by_role["down"], self.by_role["up"], self.by_role["alpha"]
        for parameter in sorted({*down, *up, *alpha} - set(self.composed)):
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

    def all_composed(self, config: AdapterConfig) -> dict[str, Composed]:
        """Every LoHa and LoKr with its scale; raises BadWeights when a part is missing or does not fit."""
        found: dict[str, Composed] = {}
        for parameter, matrices in self.composed.items():
            form = composed(matrices)
            if form is None or parameter in self.by_role["down"]:
                raise BadWeights(
                    f"{self.path} is a LoHa or LoKr that is not whole: its matrices for {parameter} do not fit each "
                    "other; nothing was applied: get the whole file."
                )
            scale = 1.0 if parameter in self._unscaled else self.scale(parameter, form.rank, config)
            found[parameter] = replace(form, scale=scale)
        return found

    def all_magnitudes(self) -> dict[str, torch.Tensor]:
        """Those of a DoRA; raises BadWeights for one without the rest of its LoRA, or that is no length."""
        found = self.by_role["magnitude"]
        for parameter, magnitude in found.items():
            alone = parameter not in self.by_role["down"] and parameter not in self.composed
            if alone or not magnitude.numel() or (not magnitude.is_meta and magnitude.min() <= 0):
                raise BadWeights(
                    f"{self.path} is a DoRA whose dora_scale of {parameter} is damaged: nothing was applied; "
                    "get the file again."
                )
        return found

    def scale(self, parameter: str, rank: int, config: AdapterConfig) -> float:
        """By the file's own alpha, else by its configuration, else 1."""
        own = self.by_role["alpha"].get(parameter)
        if own is not None:
            return float(own.item()) / rank
        if config.rank not in (None, rank) and parameter in self.by_role["down"]:
            raise BadWeights(
                f"{self.path} has the rank {rank} for {parameter}, and its description says {config.rank}, so its "
                "strength is not known: get the LoRA and its adapter_config.json again, from one place."
            )
        told = config.scale(_spellings(parameter), rank)
        return 1.0 if told is None else told

    def _check_ranks(self, parameter: str, down: torch.Tensor, up: torch.Tensor) -> None:
        if down.ndim < 2 or up.ndim < 2 or down.shape[0] != up.shape[1]:
            raise BadWeights(
                f"{self.path} is damaged: the two matrices for {parameter} have the shapes {tuple(down.shape)} and "
                f"{tuple(up.shape)}, which do not fit each other; get the file again."
            )


def _scales(parts: _Parts, config: AdapterConfig) -> dict[str, float]:
    """A file's own alpha means alpha/rank; the authors' files have none and mean 1."""
    ranks = {name: max(down.shape[0] if down.ndim else 0, 1) for name, down in parts.by_role["down"].items()}
    return {name: parts.scale(name, rank, config) for name, rank in ranks.items()}


def _spellings(parameter: str) -> tuple[str, ...]:
    """The name of a layer as diffusers and as the authors of Wan have it: a configuration may use either."""
    module = parameter.removesuffix(".weight")
    return module, DIT.original(module) or module
