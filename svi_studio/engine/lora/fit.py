"""Checks that a LoRA file fits a transformer wholly, before a single weight is changed."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Protocol

import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.lora.file import LoraFile, LowRank, read_lora
from svi_studio.weights.input_channels import PATCHES

_BLOCK = re.compile(r"blocks\.(\d+)\.(.+)")


class HasShape(Protocol):
    """A weight, wherever and however it is kept."""

    @property
    def shape(self) -> Sequence[int]:
        """Its size along each axis."""


def checked_lora(
    path: Path, parameters: Mapping[str, HasShape], *, poses: bool = False, values: bool = True
) -> LoraFile:
    """The LoRA file at `path`, sure to fit: every tensor in it has its place in `parameters`, in the right shape.

    `poses`: the film has a use for the pose encoder that such a file may carry. Two things are left out, and counted:
    what a LoRA for Wan 2.1 does to picture tokens, in a transformer that takes none, and what one for text-to-video
    does to the weight that takes in a video of fewer channels. `values` as for `read_lora`. Raises
    BadWeights with the reason when it was made for another architecture, belongs to a family that needs more than a
    LoRA, or covers only some of the blocks where its form always covers all.
    """
    file = read_lora(path, parameters, channels=_channels(parameters), values=values)
    if file.pose_encoder and not poses:
        raise BadWeights(
            f"{path} is a Dance LoRA: it carries a pose encoder ({len(file.pose_encoder)} tensors) that this film "
            "cannot use; nothing was applied: use a Shot or Film LoRA, or make it a Dance film."
        )
    if file.left_out and not changed_by(file):
        raise BadWeights(
            f"{path} changes only what this model has not: how Wan 2.1 looks at pictures through CLIP, or how a video "
            "of other channels comes in; nothing was applied: use a LoRA made for this model."
        )
    wrong = [reason for name in file.low_rank if (reason := _misfit(file, name, parameters))]
    others = [name for name in sorted(changed_by(file)) if name not in file.low_rank]
    wrong += [reason for name in others if (reason := _misfit(file, name, parameters))]
    if wrong:
        more = f" (and {len(wrong) - 1} more)" if len(wrong) > 1 else ""
        raise BadWeights(
            f"{path} is a {file.kind} that was made for another architecture: {wrong[0]}{more}; nothing was applied: "
            "use a LoRA made for this model."
        )
    _check_all_blocks(file, parameters)
    return file


def _channels(parameters: Mapping[str, HasShape]) -> int | None:
    """Of the video that the transformer takes, noisy latents and condition together."""
    patches = parameters.get(PATCHES)
    return patches.shape[1] if patches is not None and len(patches.shape) > 1 else None


def _misfit(file: LoraFile, name: str, parameters: Mapping[str, HasShape]) -> str | None:
    """Why the LoRA's part for parameter `name` does not fit the transformer, or None."""
    if name not in parameters:
        return f"this model has no {name}"
    shape = tuple(parameters[name].shape)
    found = [_pair_shape(pair)] if (pair := file.low_rank.get(name)) else []
    found += [tuple(difference.shape)] if (difference := file.differences.get(name)) is not None else []
    if (form := file.composed.get(name)) is not None:
        found.append(shape if math.prod(shape) == math.prod(form.shape) and form.shape[0] == shape[0] else form.shape)
    if (magnitude := file.magnitudes.get(name)) is not None and not _lengths_fit(magnitude, shape):
        found.append(tuple(magnitude.shape))
    bad = next((size for size in found if size != shape), None)
    return None if bad is None else f"{name} is {_size(bad)} there and {_size(shape)} in this model"


def changed_by(file: LoraFile) -> set[str]:
    """The parameters that `file` changes."""
    return {*file.low_rank, *file.differences, *file.composed, *file.magnitudes}


def _lengths_fit(magnitude: torch.Tensor, shape: tuple[int, ...]) -> bool:
    """Whether there is one length for every row, or for every column, of a weight of this `shape`."""
    rows, columns = shape[0], math.prod(shape[1:])
    of_columns = magnitude.ndim > 1 and magnitude.shape[0] == 1 and magnitude.numel() == columns
    return len(shape) > 1 and (of_columns or (magnitude.shape[0] == rows and magnitude.numel() == rows))


def _pair_shape(pair: LowRank) -> tuple[int, ...]:
    extra = tuple(size for size in pair.up.shape[2:] if size != 1)
    return (pair.up.shape[0], *extra, *pair.down.shape[1:])


def _size(shape: tuple[int, ...]) -> str:
    return "x".join(map(str, shape)) or "a single number"


def _check_all_blocks(file: LoraFile, parameters: Mapping[str, HasShape]) -> None:
    """The authors' training always adapts the same weights of every block, so a gap is a damaged or foreign file."""
    if not file.from_peft:
        return
    blocks = by_block(parameters)
    found = by_block(file.low_rank)
    usual = max(found.values(), key=len, default=set())
    partial = [number for number in sorted(blocks) if found.get(number, set()) != usual]
    if usual and partial:
        raise BadWeights(
            f"{file.path} covers {len(blocks) - len(partial)} of this model's {len(blocks)} blocks wholly (block "
            f"{partial[0]} is not); nothing was applied: get the whole file, or a LoRA made for this model."
        )


def by_block(names: Iterable[str]) -> dict[int, set[str]]:
    """The names of weights inside the transformer's blocks, by the number of the block."""
    blocks: dict[int, set[str]] = {}
    for name in names:
        if match := _BLOCK.fullmatch(name):
            blocks.setdefault(int(match[1]), set()).add(match[2])
    return blocks
