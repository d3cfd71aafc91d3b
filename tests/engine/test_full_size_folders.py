"""Folders of Wan 2.2 at full size: real names and shapes in files that are all holes, told and checked by headers."""

import json
import math
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.model_part import find_part, kept_dtype
from svi_studio.engine.loading.networks import build_network
from svi_studio.engine.loading.streamed_weights import Shape, saved_shapes
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.model_folder import PARTS, read_card
from svi_studio.weights.model_size import read_model_size
from svi_studio.weights.whole_model import model_problem
from tests.engine.test_full_size_names import EXPERT, TEXT, TI2V_5B, VAE_48

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="needs files with holes")

BYTES = 2
CONFIGS: Mapping[str, Mapping[str, Any]] = {
    "A14B": {
        "transformer": EXPERT,
        "transformer_2": EXPERT,
        "vae": {"base_dim": 96, "z_dim": 16},
        "text_encoder": TEXT,
    },
    "5B": {"transformer": TI2V_5B, "vae": VAE_48, "text_encoder": TEXT},
}
INDEX: Mapping[str, Mapping[str, Any]] = {
    "A14B": {"boundary_ratio": 0.9, "transformer_2": ["diffusers", "WanTransformer3DModel"]},
    "5B": {"boundary_ratio": None, "expand_timesteps": True, "transformer_2": [None, None]},
}


def write_holes(path: Path, shapes: Mapping[str, Shape], last: bytes) -> None:
    """A safetensors file of bfloat16 zeros that take no room on the disk, but for the `last` bytes."""
    header, place = {}, 0
    for name, shape in shapes.items():
        size = BYTES * math.prod(shape)
        header[name] = {"dtype": "BF16", "shape": list(shape), "data_offsets": [place, place + size]}
        place += size
    raw = json.dumps(header).encode()
    with path.open("wb") as file:
        file.write(len(raw).to_bytes(8, "little") + raw)
        file.truncate(8 + len(raw) + place)
        file.seek(-len(last), 2)
        file.write(last)


def write_folder(folder: Path, kind: str) -> Path:
    """A model folder as it is published; each part ends in a byte of its own."""
    for number, (part, config) in enumerate(CONFIGS[kind].items()):
        (folder / part).mkdir(parents=True)
        (folder / part / "config.json").write_text(json.dumps(config))
        shapes = saved_shapes(build_network(part, config))
        write_holes(folder / part / f"{PARTS[part]}.safetensors", shapes, bytes([number, number]))
    (folder / "model_index.json").write_text(json.dumps({"_class_name": "WanImageToVideoPipeline", **INDEX[kind]}))
    (folder / "tokenizer").mkdir()
    (folder / "tokenizer" / "tokenizer.json").write_text("{}")
    return folder


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    place = tmp_path_factory.mktemp("full-size")
    for kind in CONFIGS:
        write_folder(place / kind, kind)
    yield place
    for file in place.rglob("*.safetensors"):
        file.unlink()


@pytest.mark.parametrize(("kind", "name"), [("A14B", "wan2.2-i2v-a14b"), ("5B", "wan2.2-ti2v-5b")])
def test_a_published_folder_is_recognised_and_whole(folders: Path, kind: str, name: str) -> None:
    folder = folders / kind
    architecture = read_architecture(folder, read_card(folder))
    assert (architecture.name, architecture.boundary) == (name, 0.9 if kind == "A14B" else None)
    assert model_problem(folder) is None


@pytest.mark.parametrize("kind", CONFIGS)
def test_every_name_and_shape_is_what_the_classes_expect(folders: Path, kind: str) -> None:
    for part in CONFIGS[kind]:
        network = find_part(folders / kind, part).outline
        if part.startswith("transformer"):
            kept = {kept_dtype(network, name, torch.bfloat16) for name, _ in network.named_parameters()}
            assert kept == {torch.bfloat16, torch.float32}


def test_the_memory_of_a14b_is_counted_for_one_expert_and_for_both(folders: Path) -> None:
    """An expert of 28.6 GB, 11.4 GB of text encoder and half a gigabyte of VAE."""
    size = read_model_size(folders / "A14B")
    assert size.transformer * BYTES == pytest.approx(28.6e9, rel=0.005)
    assert size.bytes_in_memory(BYTES) == pytest.approx(40.5e9, rel=0.01)
    assert size.bytes_in_memory(BYTES, experts=2) == pytest.approx(69.1e9, rel=0.01)


def test_one_file_for_both_experts_is_told_at_full_size(folders: Path, tmp_path: Path) -> None:
    for part in CONFIGS["A14B"]:
        (tmp_path / part).mkdir()
        for file in (folders / "A14B" / part).iterdir():
            (tmp_path / part / file.name).symlink_to(file)
    weights = tmp_path / "transformer_2" / "diffusion_pytorch_model.safetensors"
    weights.unlink()
    weights.symlink_to(folders / "A14B" / "transformer" / weights.name)
    with pytest.raises(BadWeights, match="are the same weights"):
        read_architecture(tmp_path, read_card(tmp_path))
