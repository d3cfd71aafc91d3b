"""Fills a network that was built without memory with the tensors of safetensors files, one tensor at a time."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

import torch
from safetensors import SafetensorError, safe_open
from torch import nn

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.safetensors_header import read_header

Shape = tuple[int, ...]


def fill_network(
    network: nn.Module,
    files: Iterable[Path],
    *,
    rename: Callable[[str], str | None],
    dtype_of: Callable[[str], torch.dtype],
    device: torch.device,
) -> None:
    """Gives every parameter and saved buffer of `network` (on the meta device) its tensor from `files`, on `device`.

    `rename` maps a name in a file to a name in the network, or to None for a tensor that is not needed; `dtype_of`
    says in which type a tensor of the network is kept. At no time is more than one tensor in memory twice.
    Raises BadWeights, before anything is read, unless the names and shapes of the files and the network match exactly.
    """
    wanted = _matched(tuple(files), rename, saved_shapes(network))
    for path, names in wanted.items():
        for target, tensor in read_tensors(path, names):
            fill_tensor(network, target, tensor.to(device=device, dtype=dtype_of(target), copy=True))


def saved_shapes(network: nn.Module) -> dict[str, Shape]:
    """Name and shape of every tensor that a file of `network` holds; a shared tensor has its first name only."""
    saved = set(network.state_dict())
    tensors = [*network.named_parameters(), *network.named_buffers()]
    return {name: tuple(tensor.shape) for name, tensor in tensors if name in saved}


def read_tensors(path: Path, names: Mapping[str, str]) -> Iterator[tuple[str, torch.Tensor]]:
    """The tensors of the checked file `path`, one by one, as (`names[name in file]`, tensor on the CPU).

    Raises BadWeights when the file cannot be read as safetensors.
    """
    try:
        with safe_open(path, framework="pt", device="cpu") as file:
            for name, target in names.items():
                yield target, file.get_tensor(name)
    except (SafetensorError, OSError) as error:
        raise BadWeights(f"The weights file {path} could not be read; download or copy it again.") from error


def matched_names(
    shapes: Mapping[Path, Mapping[str, Shape]], rename: Callable[[str], str | None], expected: Mapping[str, Shape]
) -> dict[Path, dict[str, str]]:
    """By file: the network's name of each tensor that is needed; `shapes` says what the files hold.

    Raises BadWeights unless names and shapes match `expected` exactly.
    """
    wanted: dict[Path, dict[str, str]] = {}
    seen: set[str] = set()
    for path, held in shapes.items():
        for name, shape in held.items():
            target = rename(name)
            if target is None:
                continue
            check_tensor(path, name, shape, expected.get(target), twice=target in seen)
            seen.add(target)
            wanted.setdefault(path, {})[name] = target
    missing = sorted(set(expected) - seen)
    if missing:
        raise missing_tensors(tuple(shapes), missing)
    return wanted


def missing_tensors(files: Sequence[Path], missing: Sequence[str]) -> BadWeights:
    """The refusal of `files` that lack the tensors `missing` of a network."""
    where = files[0].parent if files else "the model"
    return BadWeights(
        f"The weights in {where} lack {len(missing)} tensors, for example {missing[0]}; "
        "download or copy the model again."
    )


def _matched(
    files: tuple[Path, ...], rename: Callable[[str], str | None], expected: Mapping[str, Shape]
) -> dict[Path, dict[str, str]]:
    shapes = {path: {name: entry.shape for name, entry in read_header(path).tensors.items()} for path in files}
    return matched_names(shapes, rename, expected)


def check_tensor(path: Path, name: str, shape: Shape, expected: Shape | None, *, twice: bool) -> None:
    """Raises BadWeights unless the tensor `name` of `path` is one of the network's, of its shape, and the only one."""
    if expected is None:
        raise BadWeights(
            f"{path} holds the tensor {name}, which this kind of network does not have; use another model."
        )
    if shape != expected:
        raise BadWeights(
            f"The tensor {name} in {path} has the shape {_size(shape)} where its configuration asks for "
            f"{_size(expected)}; the folder mixes two models: download or copy it again."
        )
    if twice:
        raise BadWeights(f"The tensor {name} is there twice in {path.parent}; download or copy the model again.")


def _size(shape: Shape) -> str:
    return "x".join(map(str, shape)) or "a single number"


def fill_tensor(network: nn.Module, name: str, tensor: torch.Tensor) -> None:
    """Makes `tensor` the parameter or buffer `name` of `network`, which is there already, on the meta device."""
    owner_name, _, leaf = name.rpartition(".")
    owner = network.get_submodule(owner_name)
    if leaf in owner._parameters:
        owner._parameters[leaf] = nn.Parameter(tensor, requires_grad=False)
    else:
        owner._buffers[leaf] = tensor
