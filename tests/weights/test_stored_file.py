"""Weights files of foreign making are read by their headers, and refused in one sentence where they cannot be read."""

import json
import random
import subprocess
import sys
import time
from pathlib import Path

import gguf
import numpy as np
import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.gguf_header import read_gguf_header
from svi_studio.weights.safetensors_header import Incomplete
from svi_studio.weights.stored_file import read_stored_file
from tests.builders.header_files import entry, write_safetensors


def refusal(path: Path) -> str:
    with pytest.raises(BadWeights) as caught:
        read_stored_file(path)
    return str(caught.value)


def small_gguf(path: Path) -> Path:
    writer = gguf.GGUFWriter(path, "wan")
    writer.add_array("tokenizer.ggml.tokens", [f"word{i}" for i in range(40)])
    writer.add_array("comfy.gguf.orig_shape.b", [3, 2, 1, 2, 2])
    writer.add_tensor("a", np.zeros((2, 18), np.uint8), raw_dtype=gguf.GGMLQuantizationType.Q4_0)
    writer.add_tensor("b", np.zeros((6, 4), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


@pytest.mark.parametrize(("folded", "bias", "shape"), [(6, 3, (3, 2, 1, 2, 2)), (7, 3, (7, 1, 2, 2))])
def test_patches_with_two_axes_made_one_get_them_back(
    tmp_path: Path, folded: int, bias: int, shape: tuple[int, ...]
) -> None:
    path, values = tmp_path / "x.gguf", np.arange(folded * 4, dtype=np.float32).reshape(folded, 1, 2, 2)
    writer = gguf.GGUFWriter(path, "wan")
    writer.add_tensor("model.diffusion_model.patch_embedding.weight", values)
    writer.add_tensor("model.diffusion_model.patch_embedding.bias", np.zeros(bias, np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert read_stored_file(path).tensors["patch_embedding.weight"].shape == shape


def test_a_gguf_gives_what_the_package_reads(tmp_path: Path) -> None:
    path = small_gguf(tmp_path / "x.gguf")
    header, theirs = read_gguf_header(path), gguf.GGUFReader(path)
    assert {n: (e.kind, e.start, e.end - e.start) for n, e in header.tensors.items()} == {
        t.name: (t.tensor_type.name, t.data_offset, t.n_bytes) for t in theirs.tensors
    }
    assert (header.tensors["a"].shape, header.tensors["b"].shape) == ((2, 32), (3, 2, 1, 2, 2))
    assert header.metadata["general.architecture"] == "wan"
    assert "tokenizer.ggml.tokens" not in header.metadata


def test_a_gguf_is_told_by_its_content(tmp_path: Path) -> None:
    assert read_stored_file(small_gguf(tmp_path / "x.safetensors")).tensors["a"].format == "Q4_0"


@pytest.mark.parametrize("kept", [4, 10, 60, -1])
def test_a_gguf_that_is_cut_short_is_incomplete(tmp_path: Path, kept: int) -> None:
    path = small_gguf(tmp_path / "x.gguf")
    end = max(entry.end for entry in read_gguf_header(path).tensors.values())
    path.write_bytes(path.read_bytes()[: kept if kept > 0 else end - 1])
    with pytest.raises(Incomplete, match="cut short"):
        read_stored_file(path)


def test_mutated_gguf_headers_are_read_or_refused_at_once(tmp_path: Path) -> None:
    path, dice = small_gguf(tmp_path / "x.gguf"), random.Random(7)
    good = path.read_bytes()
    refused = 0
    for _ in range(400):
        bad = bytearray(good)
        for _ in range(dice.randint(1, 4)):
            bad[dice.randrange(4, len(bad) - 60)] = dice.choice([0, 1, 127, 255, dice.randrange(256)])
        path.write_bytes(bad)
        begun = time.process_time()
        try:
            read_stored_file(path)
        except BadWeights:
            refused += 1
        assert time.process_time() - begun < 1
    assert refused > 100


@pytest.mark.parametrize(
    ("kind", "length", "what"),
    [(8, 2**64 - 1, "too many values"), (0, 2**64 - 1, "larger than"), (9, 5, "lists in lists"), (77, 5, "lists in")],
)
def test_a_list_that_no_file_has_is_refused(tmp_path: Path, kind: int, length: int, what: str) -> None:
    path = tmp_path / "x.gguf"
    key = (1).to_bytes(8, "little") + b"k" + (9).to_bytes(4, "little")
    counts = (0).to_bytes(8, "little") + (1).to_bytes(8, "little")
    listed = kind.to_bytes(4, "little") + length.to_bytes(8, "little")
    path.write_bytes(b"GGUF\x03\0\0\0" + counts + key + listed + bytes(100))
    assert what in refusal(path)


def test_a_header_full_of_words_is_passed_over_within_a_second(tmp_path: Path) -> None:
    path, words = tmp_path / "x.gguf", 590_000
    key = (1).to_bytes(8, "little") + b"k" + (9).to_bytes(4, "little")
    counts = (0).to_bytes(8, "little") + (1).to_bytes(8, "little")
    listed = (8).to_bytes(4, "little") + words.to_bytes(8, "little")
    path.write_bytes(b"GGUF\x03\0\0\0" + counts + key + listed + bytes(8 * words + 64))
    begun = time.process_time()
    assert not read_gguf_header(path).metadata
    assert time.process_time() - begun < 1


def test_another_kind_of_gguf_is_named(tmp_path: Path) -> None:
    writer = gguf.GGUFWriter(tmp_path / "x.gguf", "wan")
    writer.add_tensor("a.weight", np.zeros((2, 136), np.uint8), raw_dtype=gguf.GGMLQuantizationType.IQ4_XS)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert "IQ4_XS" in refusal(tmp_path / "x.gguf")


FP8 = entry([2, 2], 0, 4, "F8_E4M3")


@pytest.mark.parametrize("told", ["nvfp4", "mxfp8", "int8_tensorwise", "convrot_w4a4", "awq_w4a16"])
@pytest.mark.parametrize("generation", [2, 3])
def test_another_quantisation_that_is_told_is_named(tmp_path: Path, told: str, generation: int) -> None:
    raw = json.dumps({"format": told}).encode()
    header = {"m.weight": FP8, "m.weight_scale": entry([], 4, 8)}
    if generation == 2:
        note = json.dumps({"format_version": "1.0", "layers": {"m": {"format": told}}})
        header["__metadata__"] = {"_quantization_metadata": note}
    else:
        header["m.comfy_quant"] = entry([len(raw)], 8, 8 + len(raw), "U8")
    data = bytes(8) + (raw if generation == 3 else b"")
    assert told in refusal(write_safetensors(tmp_path / "x.safetensors", header, data))


@pytest.mark.parametrize(
    ("names", "what"),
    [
        ({"m.weight._data": "I8"}, "quanto"),
        ({"m.weight": "U8", "m.weight.absmax": "F32"}, "bitsandbytes"),
        ({"m.qweight": "I32"}, "GPTQ or AWQ"),
        ({"m.weight": "U8", "m.weight_scale_2": "F32"}, "nvfp4"),
        ({"m.weight": "I8"}, "int8"),
        ({"m.weight": "F8_E4M3", "m.weight_scale": "F32", "m.pre_quant_scale": "F32"}, "AWQ"),
    ],
)
def test_another_quantisation_is_known_by_its_names(tmp_path: Path, names: dict[str, str], what: str) -> None:
    header, place = {}, 0
    for name, dtype in names.items():
        size = 4 if dtype in ("F32", "I32") else 1
        header[name] = entry([1], place, place + size, dtype)
        place += size
    assert what in refusal(write_safetensors(tmp_path / "x.safetensors", header, bytes(place)))


@pytest.mark.parametrize("sign", ["marker", "note", "description"])
def test_a_sign_of_scales_without_scales_is_refused(tmp_path: Path, sign: str) -> None:
    raw = json.dumps({"format": "float8_e4m3fn"}).encode()
    extra = {
        "marker": {"scaled_fp8": entry([0], 4, 4, "F8_E4M3")},
        "note": {"__metadata__": {"_quantization_metadata": json.dumps({"layers": {"m": json.loads(raw)}})}},
        "description": {"m.comfy_quant": entry([len(raw)], 4, 4 + len(raw), "U8")},
    }[sign]
    data = bytes(4) + (raw if sign == "description" else b"")
    path = write_safetensors(tmp_path / "x.safetensors", {"m.weight": FP8, **extra}, data)
    assert "m.weight has none" in refusal(path)


@pytest.mark.parametrize("note", ["", "[]", "{}", '{"layers": 3}', '{"layers": {"m": 3}}', "[" * 100_000])
def test_a_note_that_says_nothing_is_refused(tmp_path: Path, note: str) -> None:
    header = {"m.weight": FP8, "__metadata__": {"_quantization_metadata": note}}
    assert "clearly" in refusal(write_safetensors(tmp_path / "x.safetensors", header, bytes(4)))


@pytest.mark.parametrize("shape", [[], [1], [2], [2, 1]])
def test_a_scale_for_all_or_for_each_row_is_found(tmp_path: Path, shape: list[int]) -> None:
    end = 4 + 4 * int(np.prod(shape))
    header = {"diffusion_model.m.weight": FP8, "diffusion_model.m.weight_scale": entry(shape, 4, end)}
    stored = read_stored_file(write_safetensors(tmp_path / "x.safetensors", header, bytes(end)))
    assert list(stored.tensors) == ["m.weight"]
    assert stored.tensors["m.weight"].scale is not None


def test_a_scale_for_each_column_is_refused(tmp_path: Path) -> None:
    header = {"m.weight": FP8, "m.weight_scale": entry([1, 2], 4, 12)}
    assert "form" in refusal(write_safetensors(tmp_path / "x.safetensors", header, bytes(12)))


def test_a_name_with_and_without_prefix_is_refused(tmp_path: Path) -> None:
    header = {"a": entry([1], 0, 4), "model.diffusion_model.a": entry([1], 4, 8)}
    assert "twice" in refusal(write_safetensors(tmp_path / "x.safetensors", header, bytes(8)))


def test_no_torch_is_needed() -> None:
    check = "import svi_studio.weights.stored_file, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0
