"""A model folder loads exactly, from plain data only, or says in one sentence why it does not."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from safetensors.torch import load_file, save_file
from transformers import CLIPVisionModel, UMT5EncoderModel

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.model_folder import load_models
from svi_studio.engine.loading.networks import build_network
from tests.builders.tiny_models import build_tiny_model

CLASSES: dict[str, Any] = {
    "transformer": WanTransformer3DModel,
    "vae": AutoencoderKLWan,
    "text_encoder": UMT5EncoderModel,
    "image_encoder": CLIPVisionModel,
}
FILES = {
    "transformer": "diffusion_pytorch_model.safetensors",
    "vae": "diffusion_pytorch_model.safetensors",
    "text_encoder": "model.safetensors",
    "image_encoder": "model.safetensors",
}


@pytest.fixture
def copy(tiny_model: Path, tmp_path: Path) -> Path:
    """A copy of the tiny model that a test may damage."""
    return Path(shutil.copytree(tiny_model, tmp_path / "model"))


def edit_config(folder: Path, part: str, **changes: Any) -> None:
    path = folder / part / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def refusal(folder: Path) -> str:
    with pytest.raises(BadWeights) as caught:
        load_models(folder, device="cpu")
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


@pytest.mark.parametrize("part", CLASSES)
def test_every_weight_and_table_is_as_the_libraries_load_it(tiny_model: Path, part: str) -> None:
    ours = getattr(load_models(tiny_model, device="cpu"), part)
    theirs = CLASSES[part].from_pretrained(tiny_model / part)
    assert all(torch.equal(tensor, theirs.state_dict()[name]) for name, tensor in ours.state_dict().items())
    pairs = zip(ours.named_buffers(), theirs.named_buffers(), strict=True)
    assert all(name == other and torch.equal(buffer, same) for (name, buffer), (other, same) in pairs)


@pytest.mark.parametrize("part", CLASSES)
def test_networks_are_in_evaluation_mode_without_gradients(tiny_model: Path, part: str) -> None:
    network = getattr(load_models(tiny_model, device="cpu"), part)
    assert not network.training
    assert not any(parameter.requires_grad for parameter in network.parameters())


def test_the_card_decides_the_type_unless_the_caller_does(tiny_model: Path) -> None:
    assert load_models(tiny_model, device="cpu").dtype == torch.float32
    assert load_models(tiny_model, device="cpu", dtype=torch.bfloat16).dtype == torch.bfloat16


def test_in_bfloat16_the_sensitive_parts_stay_exact(tiny_model: Path) -> None:
    half = load_models(tiny_model, device="cpu", dtype=torch.bfloat16).transformer
    full = WanTransformer3DModel.from_pretrained(tiny_model / "transformer", torch_dtype=torch.bfloat16)
    types = {name: tensor.dtype for name, tensor in full.state_dict().items()}
    assert {name: tensor.dtype for name, tensor in half.state_dict().items()} == types
    assert half.scale_shift_table.dtype == torch.float32


def test_in_bfloat16_the_vae_is_rounded_and_computes_in_float32(tiny_model: Path) -> None:
    vae = load_models(tiny_model, device="cpu", dtype=torch.bfloat16).vae
    weight = vae.decoder.conv_in.weight
    assert weight.dtype == torch.float32
    assert torch.equal(weight, weight.to(torch.bfloat16).float())


def test_a_sharded_transformer_loads_the_same(copy: Path, tiny_model: Path) -> None:
    shutil.rmtree(copy / "transformer")
    WanTransformer3DModel.from_pretrained(tiny_model / "transformer").save_pretrained(
        copy / "transformer", max_shard_size="100KB"
    )
    assert len(list((copy / "transformer").glob("*.safetensors"))) > 1
    ours = load_models(copy, device="cpu").transformer.state_dict()
    theirs = load_models(tiny_model, device="cpu").transformer.state_dict()
    assert all(torch.equal(tensor, theirs[name]) for name, tensor in ours.items())


def test_a_transformer_without_picture_tokens_needs_no_image_encoder(tmp_path: Path) -> None:
    card = {"architecture": "wan2.1-i2v"}
    folder = build_tiny_model(tmp_path / "m", card=card, image_dim=None, added_kv_proj_dim=None)
    shutil.rmtree(folder / "image_encoder")
    assert load_models(folder, device="cpu").image_encoder is None


def test_older_names_of_the_image_encoder_are_understood(copy: Path, tiny_model: Path) -> None:
    path = copy / "image_encoder" / "model.safetensors"
    save_file({f"vision_model.{name}": tensor for name, tensor in load_file(path).items()}, path)
    ours, theirs = (load_models(folder, device="cpu").image_encoder for folder in (copy, tiny_model))
    assert ours is not None and theirs is not None
    weights = theirs.state_dict()
    assert all(torch.equal(tensor, weights[name]) for name, tensor in ours.state_dict().items())


def test_changing_a_loaded_model_never_changes_its_files(copy: Path) -> None:
    path = copy / "transformer" / FILES["transformer"]
    before = path.read_bytes()
    with torch.no_grad():
        load_models(copy, device="cpu").transformer.proj_out.weight.zero_()
    assert path.read_bytes() == before


def test_every_text_ends_with_the_end_token(copy: Path) -> None:
    path = copy / "tokenizer" / "tokenizer.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | {"post_processor": None}))
    tokenizer = load_models(copy, device="cpu").tokenizer
    assert tokenizer("a cat").input_ids[-1] == tokenizer.eos_token_id


@pytest.mark.parametrize("part", FILES)
def test_a_truncated_weights_file_is_refused(copy: Path, part: str) -> None:
    path = copy / part / FILES[part]
    path.write_bytes(path.read_bytes()[:-1])
    assert "cut short" in refusal(copy)


@pytest.mark.parametrize("part", FILES)
def test_a_missing_weights_file_is_named(copy: Path, part: str) -> None:
    (copy / part / FILES[part]).unlink()
    assert f"{part}/{FILES[part]}" in refusal(copy)


@pytest.mark.parametrize("part", FILES)
def test_a_pickle_in_disguise_is_refused(copy: Path, part: str) -> None:
    torch.save({"a": torch.zeros(1)}, copy / part / FILES[part])
    assert "zip archive" in refusal(copy)


@pytest.mark.parametrize("part", FILES)
def test_a_missing_tensor_is_named(copy: Path, part: str) -> None:
    path = copy / part / FILES[part]
    tensors = load_file(path)
    name = sorted(tensors)[0]
    save_file({key: tensor for key, tensor in tensors.items() if key != name}, path)
    assert name in refusal(copy)


@pytest.mark.parametrize("part", FILES)
def test_a_tensor_too_many_is_named(copy: Path, part: str) -> None:
    path = copy / part / FILES[part]
    save_file(load_file(path) | {"foreign.weight": torch.zeros(1)}, path)
    assert "foreign.weight" in refusal(copy)


def test_weights_of_another_size_are_refused(copy: Path) -> None:
    edit_config(copy, "transformer", ffn_dim=128)
    assert "mixes two models" in refusal(copy)


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00"])
def test_a_damaged_configuration_is_refused(copy: Path, content: str) -> None:
    (copy / "vae" / "config.json").write_text(content)
    assert "vae" in refusal(copy)


@pytest.mark.parametrize(
    "changes",
    [
        {"_class_name": "WanVACETransformer3DModel"},
        {"num_layers": 10**9},
        {"ffn_dim": 2**40},
        {"num_attention_heads": 0},
        {"num_attention_heads": "two"},
        {"patch_size": None},
        {"quantization_config": {"quant_method": "bitsandbytes"}},
    ],
)
def test_an_impossible_configuration_is_refused(copy: Path, changes: dict[str, Any]) -> None:
    edit_config(copy, "transformer", **changes)
    assert "transformer" in refusal(copy)


@pytest.mark.parametrize(
    ("part", "changes"),
    [
        ("vae", {"num_res_blocks": 2**20}),
        ("vae", {"dim_mult": [1] * 200_000}),
        ("vae", {"dim_mult": [2**60, 4, 4, 4]}),
        ("image_encoder", {"image_size": 2**16, "patch_size": 1}),
        ("image_encoder", {"hidden_act": {"a": "b"}}),
        ("text_encoder", {"feed_forward_proj": ["gated-gelu"]}),
        ("transformer", {"rope_max_seq_len": 2**20}),
        ("transformer", {"attention_head_dim": 2**14}),
    ],
)
def test_a_configuration_that_asks_for_all_memory_or_time_is_refused(
    tiny_model: Path, part: str, changes: dict[str, Any]
) -> None:
    config = json.loads((tiny_model / part / "config.json").read_text()) | changes
    with pytest.raises(BadWeights, match=rf"configuration of the {part} (gives|describes no network)"):
        build_network(part, config)


def test_an_architecture_that_is_no_list_says_nothing(tiny_model: Path) -> None:
    config = json.loads((tiny_model / "text_encoder" / "config.json").read_text()) | {"architectures": 5}
    assert type(build_network("text_encoder", config)) is UMT5EncoderModel


@pytest.mark.parametrize(
    "changes",
    [{"auto_map": {"AutoModel": "evil.Model"}}, {"_attn_implementation": "evil/kernel"}, {"trust_remote_code": True}],
)
def test_a_configuration_cannot_ask_for_other_code(copy: Path, changes: dict[str, Any]) -> None:
    for part in ("text_encoder", "image_encoder"):
        edit_config(copy, part, **changes)
    models = load_models(copy, device="cpu")
    assert type(models.text_encoder) is UMT5EncoderModel
    assert "evil" not in str(models.text_encoder.config.to_dict())


@pytest.mark.parametrize("content", [None, "", "{}", "not json"])
def test_a_missing_or_damaged_tokenizer_is_refused(copy: Path, content: str | None) -> None:
    path = copy / "tokenizer" / "tokenizer.json"
    if content is None:
        path.unlink()
    else:
        path.write_text(content)
    assert "tokenizer" in refusal(copy)
