"""Whatever a scan calls usable can be linked and loaded: one answer of all three for every way that files are made."""

from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.model_parts import PartName
from svi_studio.engine.loading.model_part import load_part
from svi_studio.weights.linking.part_configs import part_config
from svi_studio.weights.memory_needs import ClipSize, read_memory_needs
from svi_studio.weights.model_folder import read_json, weights_files
from svi_studio.weights.outer_names import with_prefixes
from svi_studio.weights.scan.evidence import read_evidence
from svi_studio.weights.scan.judge import judged
from tests.builders.linked_models import Tensors, diffusers_names, link, link_to_comfy, own_names, round_weights
from tests.builders.tiny_models import build_tiny_model

SMALL = ClipSize(64, 64, 9)
CPU = torch.device("cpu")
SIGNS: Mapping[PartName, tuple[set[str], set[str]]] = {
    "transformer": ({"wan"}, {"width", "taken", "made"}),
    "vae": ({"vae", "vae-encoder"}, {"latents", "colours", "video"}),
    "text_encoder": ({"umt5"}, {"words"}),
    "image_encoder": ({"clip-vision"}, {"sight"}),
}
"""By part: the marks and the numbers by which a scan knows it; of a toy, some numbers are other than a full one's."""

PREFIXED = [(part, prefix) for part in SIGNS for prefix in with_prefixes(part, "")]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Wide enough that its matrices fill GGUF's blocks."""
    wide = {"attention_head_dim": 128, "ffn_dim": 256, "added_kv_proj_dim": 256}
    return round_weights(build_tiny_model(tmp_path_factory.mktemp("models") / "one", **wide))


def written(path: Path, tensors: Tensors, prefix: str = "") -> Path:
    save_file({prefix + name: tensor.contiguous().clone() for name, tensor in tensors.items()}, path)
    return path


@pytest.mark.parametrize(("part", "prefix"), PREFIXED)
@pytest.mark.parametrize("names", [own_names, diffusers_names])
def test_every_prefix_is_recognised_linked_and_loaded(
    tmp_path: Path, model: Path, part: PartName, prefix: str, names: object
) -> None:
    tensors = own_names(model, part) if names is own_names else diffusers_names(model, part)
    bare = written(tmp_path / "bare.safetensors", tensors)
    file = written(tmp_path / "file.safetensors", tensors, prefix)
    told, plain = read_evidence(file), read_evidence(bare)
    assert (told.marks, told.numbers) == (plain.marks, plain.numbers)
    if names is own_names:
        marks, numbers = SIGNS[part]
        assert marks <= {*told.marks}
        assert numbers <= {*told.numbers}
        assert part_config(part, [file]) == part_config(part, [bare])
    folder = link(link_to_comfy(model, tmp_path), part, file)
    ours, theirs = (load_part(each, part, CPU, torch.float32).state_dict() for each in (folder, model))
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())
    assert read_memory_needs(folder, SMALL) == read_memory_needs(link(folder, part, bare), SMALL)


@pytest.mark.parametrize("dtype", [torch.int32, torch.int16, torch.bool, torch.float8_e8m0fnu])
def test_what_can_be_no_weight_is_refused_by_the_scan_and_in_loading(
    tmp_path: Path, model: Path, dtype: torch.dtype
) -> None:
    tensors = own_names(model, "transformer")
    name = "blocks.0.ffn.0.weight"
    kept = tensors[name].float().abs().ceil()
    file = written(tmp_path / "file.safetensors", tensors | {name: kept.to(dtype)})
    row = judged(file, file.stat().st_size, read_evidence(file))
    assert not row.usable
    assert "which cannot be read here" in row.why
    folder = link(link_to_comfy(model, tmp_path), "transformer", file)
    with pytest.raises(BadWeights, match=rf"holds {name} as \w+, which are no weights"):
        load_part(folder, "transformer", CPU, torch.float32)


@pytest.mark.parametrize("dtype", [torch.float64, torch.float16, torch.float8_e4m3fn, torch.float8_e5m2])
def test_every_type_of_a_weight_is_read(tmp_path: Path, model: Path, dtype: torch.dtype) -> None:
    tensors = {name: tensor.to(dtype) for name, tensor in own_names(model, "transformer").items()}
    file = written(tmp_path / "file.safetensors", tensors)
    assert judged(file, file.stat().st_size, read_evidence(file)).usable
    folder = link(link_to_comfy(model, tmp_path), "transformer", file)
    loaded = load_part(folder, "transformer", CPU, torch.float32).state_dict()
    name = "blocks.0.ffn.net.0.proj.weight"
    assert torch.equal(loaded[name], tensors["blocks.0.ffn.0.weight"].float())


ODD: Mapping[str, torch.Tensor] = {
    "weight_scale": torch.ones(2, 2),
    "scale_weight": torch.ones(3),
    "weight_scale_2": torch.ones(()),
    "pre_quant_scale": torch.ones(4),
    "qzeros": torch.ones(4, dtype=torch.int32),
    "absmax": torch.ones(4),
}


@pytest.mark.parametrize("name", ODD)
def test_scales_that_are_not_read_are_refused_by_the_scan_and_in_loading(
    tmp_path: Path, model: Path, name: str
) -> None:
    more = {f"blocks.0.ffn.0.{name}": ODD[name]}
    file = written(tmp_path / "file.safetensors", own_names(model, "transformer") | more)
    row = judged(file, file.stat().st_size, read_evidence(file))
    assert not row.usable
    assert "which cannot be read here" in row.why
    with pytest.raises(BadWeights, match="cannot be read here"):
        load_part(link(link_to_comfy(model, tmp_path), "transformer", file), "transformer", CPU, torch.float32)


@pytest.mark.parametrize("form", ["bf16", "fp8", "fp8-1", "fp8-2", "fp8-3", "Q8_0", "Q4_K"])
def test_every_form_is_recognised_linked_and_loaded(tmp_path: Path, model: Path, form: str) -> None:
    folder = link_to_comfy(model, tmp_path, {"transformer": form}, prefix="model.diffusion_model.")
    (file,) = weights_files(folder, "transformer")
    row = judged(file, file.stat().st_size, read_evidence(file))
    assert (row.kind, row.architecture, row.usable) == ("transformer", "wan2.1-i2v", True)
    told, published = part_config("transformer", [file]), read_json(model / "transformer" / "config.json")
    assert all(told[name] == published[name] for name in ("in_channels", "num_layers", "ffn_dim", "text_dim"))
    assert load_part(folder, "transformer", CPU, torch.float32).config.num_layers == told["num_layers"]
