"""The header reader accepts what is sound and refuses everything else in one sentence, without torch."""

import contextlib
import io
import json
import pickle
import random
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.safetensors_header import MAX_HEADER_BYTES, MAX_TENSORS, read_header
from tests.builders.header_files import entry, write_safetensors

GOOD = {"__metadata__": {"format": "pt"}, "a": entry([2, 3], 0, 24), "b": entry([], 24, 26, "BF16")}


def refusal(path: Path) -> str:
    with pytest.raises(BadWeights) as caught:
        read_header(path)
    return str(caught.value)


def test_a_sound_file_gives_names_types_shapes_and_places(tmp_path: Path) -> None:
    header = read_header(write_safetensors(tmp_path / "x.safetensors", GOOD, bytes(26)))
    assert {name: (e.dtype, e.shape, e.start) for name, e in header.tensors.items()} == {
        "a": ("F32", (2, 3), 0),
        "b": ("BF16", (), 24),
    }


def test_the_header_of_a_file_written_by_the_safetensors_library_is_accepted(golden_dir: Path) -> None:
    assert len(read_header(golden_dir / "lora_svi_1x.safetensors").tensors) == 40


def zip_bytes() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}.")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (zip_bytes(), "zip archive"),
        (pickle.dumps({"a": 1}, protocol=2), "pickle"),
        (pickle.dumps({"a": [1] * 20}, protocol=5), "pickle"),
        (b"GGUF\x03\x00\x00\x00" + bytes(40), "GGUF"),
        (b"<!DOCTYPE html><html></html>", "web page"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS pointer"),
    ],
)
def test_another_format_is_refused_by_content_whatever_its_name(tmp_path: Path, content: bytes, what: str) -> None:
    path = tmp_path / "lora.safetensors"
    path.write_bytes(content)
    assert what in refusal(path)


@pytest.mark.parametrize("kept", [0, 5, 20, -1, -20])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = write_safetensors(tmp_path / "x.safetensors", GOOD, bytes(26))
    path.write_bytes(path.read_bytes()[:kept])
    assert "short" in refusal(path)


def test_a_file_with_bytes_after_its_tensors_is_refused(tmp_path: Path) -> None:
    assert "longer" in refusal(write_safetensors(tmp_path / "x.safetensors", GOOD, bytes(30)))


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    assert "missing" in refusal(tmp_path / "none.safetensors")


@pytest.mark.parametrize(
    "header",
    [
        b"not json at all",
        b"[" * 100_000,
        b'{"a": 1}',
        b'{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"a":{"dtype":"U8","shape":[8],"data_offsets":[4,12]}}',
        {"a": entry([2], 0, 8), "b": entry([2], 4, 12)},
        {"a": entry([2], 4, 12)},
        {"a": entry([3], 0, 8)},
        {"a": entry([-2], 0, 8)},
        {"a": entry([2], 0, 8, "F3")},
        {"a": {"dtype": "F32", "shape": [True, 2], "data_offsets": [0, 8]}},
        {"__metadata__": {"x": 1}},
    ],
)
def test_a_damaged_header_is_refused(tmp_path: Path, header: object) -> None:
    refusal(write_safetensors(tmp_path / "x.safetensors", header, bytes(12)))


def test_a_header_over_16_mb_is_refused_without_reading_it(tmp_path: Path) -> None:
    path = write_safetensors(tmp_path / "x.safetensors", b"{", length=MAX_HEADER_BYTES + 1)
    assert "16 MB" in refusal(path)


def test_more_tensors_than_the_limit_are_refused(tmp_path: Path) -> None:
    header = {f"t{i}": entry([0], 0, 0) for i in range(MAX_TENSORS + 1)}
    assert str(MAX_TENSORS) in refusal(write_safetensors(tmp_path / "x.safetensors", header))


@settings(max_examples=300, deadline=None)
@given(position=st.integers(0, 300), value=st.integers(0, 255))
def test_a_flipped_byte_never_does_worse_than_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, position: int, value: int
) -> None:
    path = write_safetensors(tmp_path_factory.getbasetemp() / "flip.safetensors", GOOD, bytes(26))
    content = bytearray(path.read_bytes())
    content[position % len(content)] = value
    path.write_bytes(content)
    try:
        read_header(path)
    except BadWeights as error:
        assert str(error)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_100_000_mutants_never_do_worse_than_a_refusal(tmp_path: Path) -> None:
    good = write_safetensors(tmp_path / "good", GOOD, bytes(26)).read_bytes()
    noise = random.Random(0)
    path = tmp_path / "mutant.safetensors"
    for _ in range(100_000):
        content = bytearray(good)
        for _ in range(noise.randint(1, 4)):
            content[noise.randrange(len(content))] = noise.randrange(256)
        if noise.random() < 0.2:
            content = content[: noise.randrange(len(content))]
        path.write_bytes(content)
        with contextlib.suppress(BadWeights):
            read_header(path)


def test_reading_headers_never_imports_torch() -> None:
    imports = "import sys, svi_studio.weights.catalogue, svi_studio.weights.content_hash"
    code = f"{imports}, svi_studio.weights.safetensors_header; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("names", ["a a", "__metadata__ __metadata__"])
def test_a_name_twice_is_refused(tmp_path: Path, names: str) -> None:
    value = {"a": entry([1], 0, 4), "__metadata__": {"k": "v"}}
    header = "{" + ",".join(f'"{name}":{json.dumps(value[name])}' for name in names.split()) + "}"
    data = bytes(4) if names.startswith("a") else b""
    path = write_safetensors(tmp_path / "x.safetensors", header.encode(), data)
    with pytest.raises(BadWeights, match="header is not valid"):
        read_header(path)
