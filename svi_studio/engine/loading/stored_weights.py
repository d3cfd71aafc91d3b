"""Fills a network from weights files of any readable form, and lets chosen linear layers keep theirs as stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import torch
from torch import Tensor, nn

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.engine.loading.key_names import DIT, is_of_skeleton, is_of_sound
from svi_studio.engine.loading.quantised_linear import QuantisedLinear
from svi_studio.engine.loading.quantised_weight import QuantisedWeight
from svi_studio.engine.loading.safetensors_writer import DTYPES
from svi_studio.engine.loading.streamed_weights import Shape, matched_names, put_tensor, saved_shapes
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, Incomplete
from svi_studio.weights.stored_file import StoredFile, StoredTensor, read_stored_file

Rename = Callable[[str], str | None]


def transformer_names(names: Iterable[str]) -> Rename:
    """Translates a transformer's names as its files have them, without prefix, to those of `WanTransformer3DModel`.

    Files with diffusers' own names are told by `names`. What Talk and Dance add to a file becomes None; an unknown name
    stays as it is, so that it is refused under that name.
    """
    if any(name.startswith("condition_embedder.") for name in names):
        return lambda name: name
    return lambda name: None if is_of_sound(name) or is_of_skeleton(name) else DIT.new(name) or name


def of_a_block(name: str) -> bool:
    """Whether the parameter `name` lies in a block of the transformer, where nearly all of its weights are."""
    return name.startswith("blocks.")


def fill_from_files(
    network: nn.Module,
    files: Sequence[Path],
    *,
    rename: Rename | None = None,
    dtype_of: Callable[[str], torch.dtype],
    device: torch.device,
    keep: Callable[[str], bool] = lambda _: False,
) -> None:
    """Gives every parameter and saved buffer of `network`, on the meta device, its tensor from `files`, on `device`.

    `files` are safetensors or GGUF, told by content. `rename` maps their names without prefix to the network's (default
    `transformer_names`); `dtype_of` says in which type a tensor is kept. A linear layer whose weight's name passes
    `keep`, and whose weight is quantised, becomes a `QuantisedLinear`; every other weight is dequantised once. Raises
    BadWeights before anything is read unless names and shapes match exactly, or a file is stored in another way.
    """
    stored = {path: read_stored_file(path) for path in files}
    rename = rename or transformer_names([name for file in stored.values() for name in file.tensors])
    shapes: dict[Path, Mapping[str, Shape]] = {
        path: {name: tensor.shape for name, tensor in file.tensors.items()} for path, file in stored.items()
    }
    for path, names in matched_names(shapes, rename, saved_shapes(network)).items():
        for target, found in read_stored(stored[path], names):
            if isinstance(found, Tensor):
                put_tensor(network, target, found.to(device=device, dtype=dtype_of(target)))
            elif keep(target) and isinstance(_owner(network, target), nn.Linear):
                _keep_stored(network, target, found.to(device))
            else:
                put_tensor(network, target, found.to(device).dequantised(dtype_of(target)))


def read_stored(file: StoredFile, names: Mapping[str, str]) -> Iterator[tuple[str, Tensor | QuantisedWeight]]:
    """The weights of `file`, one by one, as (`names[name in file]`, weight on the CPU), quantised ones as stored.

    Raises BadWeights when one cannot be read, and Incomplete when the file has become shorter meanwhile.
    """
    for name, target in names.items():
        yield target, _read(file.path, name, file.tensors[name])


def _read(path: Path, name: str, stored: StoredTensor) -> Tensor | QuantisedWeight:
    raw = _bytes(path, stored)
    scale = _scale(path, stored.scale) if stored.scale else None
    if stored.quantised:
        return QuantisedWeight(raw, stored.format, stored.shape, scale)
    if stored.format not in DTYPES:
        raise BadWeights(f"{path} holds {name[:120]} as {stored.format}, which cannot be read here; get another file.")
    plain = raw.view(DTYPES[stored.format]).reshape(stored.shape)
    if scale is None:
        return plain
    return plain.float() * (scale.reshape(-1, *[1] * (plain.ndim - 1)) if scale.ndim else scale)


def _scale(path: Path, stored: StoredTensor) -> Tensor:
    scale = _bytes(path, stored).view(DTYPES[stored.format]).float()
    if not torch.isfinite(scale).all():
        raise BadWeights(f"{path} is damaged: a scale of its fp8 weights is no number; download or copy it again.")
    return scale.reshape(()) if scale.numel() == 1 else scale


def _bytes(path: Path, stored: StoredTensor) -> Tensor:
    raw = torch.empty(stored.end - stored.start, dtype=torch.uint8)
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            file.seek(stored.start)
            read = file.readinto(raw.numpy()) if raw.numel() else 0
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"The weights file {path} could not be read ({error.strerror}); check the disk.") from error
    if read != raw.numel():
        raise Incomplete(f"{path} became shorter while it was read; download or copy it again.")
    return raw


def _owner(network: nn.Module, name: str) -> nn.Module:
    return network.get_submodule(name.rpartition(".")[0])


def _keep_stored(network: nn.Module, name: str, weight: QuantisedWeight) -> None:
    """Puts a `QuantisedLinear` where the linear layer is; its bias may come before or after."""
    place = name.rpartition(".")[0]
    bias = network.get_submodule(place)._parameters["bias"]
    parent, _, leaf = place.rpartition(".")
    setattr(network.get_submodule(parent), leaf, QuantisedLinear(weight, bias))
