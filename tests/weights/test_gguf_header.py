"""The header of a GGUF file is read with its true shapes; what is cut short, too long or askew is refused."""

import struct
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.gguf_header import read_gguf_header
from svi_studio.weights.safetensors_header import Incomplete
from tests.builders.weights_trees import gguf

TENSORS = {"patch_embedding.weight": ("F16", (48, 1, 2, 2)), "a.weight": ("Q4_K", (3, 512))}
SHAPE = "comfy.gguf.orig_shape.patch_embedding.weight"


def test_shapes_types_and_places_are_those_of_torch(tmp_path: Path) -> None:
    header = read_gguf_header(gguf(tmp_path / "a.gguf", TENSORS, {"general.name": "x", SHAPE: (4, 12, 1, 2, 2)}))
    patch, weight = header.tensors["patch_embedding.weight"], header.tensors["a.weight"]
    assert (patch.type, patch.shape, patch.start, patch.end) == ("F16", (4, 12, 1, 2, 2), 0, 384)
    assert (weight.type, weight.shape, weight.end - weight.start) == ("Q4_K", (3, 512), 3 * 2 * 144)
    assert header.fields["general.name"] == "x" and header.data_start % 32 == 0


def test_a_true_shape_of_another_size_is_not_believed(tmp_path: Path) -> None:
    header = read_gguf_header(gguf(tmp_path / "a.gguf", TENSORS, {SHAPE: (4, 13, 1, 2, 2)}))
    assert header.tensors["patch_embedding.weight"].shape == (48, 1, 2, 2)


@pytest.mark.parametrize("kept", [5, 30, 100, -1])
def test_a_file_cut_short_is_incomplete(tmp_path: Path, kept: int) -> None:
    path = gguf(tmp_path / "a.gguf", TENSORS)
    path.write_bytes(path.read_bytes()[:kept])
    with pytest.raises(Incomplete, match="cut short"):
        read_gguf_header(path)


@pytest.mark.parametrize(
    ("at", "number", "says"),
    [(4, struct.pack("<I", 9), "version"), (8, b"\xff" * 8, "lists"), (16, b"\xff" * 8, "lists")],
)
def test_impossible_counts_are_refused(tmp_path: Path, at: int, number: bytes, says: str) -> None:
    path = gguf(tmp_path / "a.gguf", TENSORS)
    content = bytearray(path.read_bytes())
    content[at : at + len(number)] = number
    path.write_bytes(content)
    with pytest.raises(BadWeights, match=says):
        read_gguf_header(path)


def test_a_field_of_endless_length_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "a.gguf"
    field = struct.pack("<Q", 1) + b"a" + struct.pack("<IIQ", 9, 8, 2**60)
    path.write_bytes(b"GGUF" + struct.pack("<IQQ", 3, 0, 1) + field + bytes(64))
    with pytest.raises(BadWeights):
        read_gguf_header(path)
