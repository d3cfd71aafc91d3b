"""Files written tensor by tensor are what the safetensors library writes, with one tensor in memory at a time."""

import weakref
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from svi_studio.engine.loading.safetensors_writer import DTYPES, write_safetensors
from svi_studio.weights.safetensors_header import read_header


@pytest.mark.parametrize("name", DTYPES)
def test_every_type_comes_back_bit_for_bit(tmp_path: Path, name: str) -> None:
    dtype = DTYPES[name]
    raw = torch.arange(6 * dtype.itemsize, dtype=torch.uint8) % 2
    tensor = raw.view(dtype).reshape(2, 3)
    write_safetensors(tmp_path / "x", {"a": (dtype, (2, 3))}, [tensor])
    back = load_file(tmp_path / "x")["a"]
    assert back.dtype == dtype
    assert torch.equal(back.view(torch.uint8), tensor.view(torch.uint8))


def test_scalars_empty_and_strided_tensors_are_written(tmp_path: Path) -> None:
    tensors = {"scalar": torch.tensor(2.0), "empty": torch.zeros(0, 3), "strided": torch.arange(6.0).reshape(2, 3).T}
    outline = {name: (tensor.dtype, tuple(tensor.shape)) for name, tensor in tensors.items()}
    write_safetensors(tmp_path / "x", outline, tensors.values())
    back = load_file(tmp_path / "x")
    assert all(torch.equal(back[name], tensor) for name, tensor in tensors.items())


def test_the_header_passes_our_own_check(tmp_path: Path) -> None:
    write_safetensors(
        tmp_path / "x",
        {"a": (torch.float32, (2,)), "b": (torch.int8, (3,))},
        [torch.ones(2), torch.ones(3, dtype=torch.int8)],
    )
    assert set(read_header(tmp_path / "x").tensors) == {"a", "b"}


def test_only_one_tensor_is_alive_at_a_time(tmp_path: Path) -> None:
    alive: weakref.WeakSet[torch.Tensor] = weakref.WeakSet()
    most = 0

    def tensors() -> Iterator[torch.Tensor]:
        nonlocal most
        for _ in range(20):
            tensor = torch.zeros(10)
            alive.add(tensor)
            most = max(most, len(alive))
            yield tensor
            del tensor

    write_safetensors(tmp_path / "x", {str(i): (torch.float32, (10,)) for i in range(20)}, tensors())
    assert most <= 2


def test_a_tensor_that_is_not_as_announced_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="a is"):
        write_safetensors(tmp_path / "x", {"a": (torch.float32, (2,))}, [torch.zeros(3)])
