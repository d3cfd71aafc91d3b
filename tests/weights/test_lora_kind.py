"""What a LoRA was made for is told by its names, when it is chosen; its strength goes with it."""

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.project.media.lora_import import bring_lora, film_file
from svi_studio.weights.content_hash import file_hash, lora_hash
from svi_studio.weights.lora_kind import check_lora_kind, check_lora_size, name_of, self_contained
from svi_studio.weights.lora_strength import strength_note
from svi_studio.weights.safetensors_header import read_header


def lora(path: Path, *names: str, width: int = 8) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: np.ones((2, width), np.float32) for name in names}, path)
    return path


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("lora_unet_down_blocks_0_attentions_0_transformer_blocks_0_attn1_to_q.lora_down.weight", "Stable Diffusion"),
        ("unet.mid_block.attentions.0.transformer_blocks.0.attn1.to_q.lora_A.weight", "Stable Diffusion"),
        ("lora_unet_double_blocks_0_img_attn_qkv.lora_down.weight", "HunyuanVideo|Flux"),
        ("transformer.single_transformer_blocks.0.attn.to_q.lora_A.weight", "Flux"),
        ("diffusion_model.double_blocks.0.img_attn_qkv.lora_A.weight", "HunyuanVideo"),
        ("diffusion_model.transformer_blocks.0.attn1.to_q.lora_A.weight", "LTX"),
        ("transformer.transformer_blocks.0.attn.to_q.lora_A.weight", "another picture model"),
        ("lora_te1_text_model_encoder_layers_0_mlp_fc1.lora_down.weight", "text encoder"),
        ("text_encoder.text_model.encoder.layers.0.self_attn.q_proj.lora_A.weight", "text encoder"),
        ("emb_params", "embedding"),
        ("clip_l", "embedding"),
        ("control_model.input_blocks.0.0.weight", "ControlNet"),
        ("model.diffusion_model.blocks.0.self_attn.q.weight", "no LoRA but other weights"),
    ],
)
def test_a_lora_for_something_else_is_named(tmp_path: Path, name: str, what: str) -> None:
    with pytest.raises(BadWeights, match=what) as caught:
        check_lora_kind(lora(tmp_path / "x.safetensors", name))
    assert "x.safetensors" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "pipe.dit.blocks.0.self_attn.q.lora_A.default.weight",
        "diffusion_model.blocks.0.self_attn.q.lora_down.weight",
        "lora_unet_blocks_0_self_attn_q.lora_down.weight",
        "transformer.blocks.0.attn1.to_q.lora_A.weight",
        "lycoris_blocks_0_self_attn_q.lokr_w1",
        "diffusion_model.blocks.0.self_attn.q.hada_w1_a",
    ],
)
def test_a_lora_for_wan_is_let_in(tmp_path: Path, name: str) -> None:
    check_lora_kind(lora(tmp_path / "x.safetensors", name))


def test_a_lora_for_another_size_of_wan_is_named(tmp_path: Path) -> None:
    (tmp_path / "transformer").mkdir()
    (tmp_path / "transformer" / "config.json").write_text('{"num_attention_heads": 12, "attention_head_dim": 128}')
    name = "diffusion_model.blocks.0.self_attn.q.lora_A.weight"
    big, fitting = (
        lora(tmp_path / "big.safetensors", name, width=5120),
        lora(tmp_path / "x.safetensors", name, width=1536),
    )
    with pytest.raises(BadWeights, match=r"^big.safetensors is a LoRA for Wan 14B, and this film uses Wan 1.3B"):
        check_lora_size(big, read_header(big), tmp_path)
    check_lora_size(fitting, read_header(fitting), tmp_path)


def peft_folder(tmp_path: Path, alpha: int) -> Path:
    file = lora(
        tmp_path / "my look" / "adapter_model.safetensors", "base_model.model.blocks.0.self_attn.q.lora_A.weight"
    )
    file.with_name("adapter_config.json").write_text(json.dumps({"r": 2, "lora_alpha": alpha}))
    return file


def hash_with(tmp_path: Path, **config: object) -> str:
    file = peft_folder(tmp_path, 2)
    file.with_name("adapter_config.json").write_text(json.dumps(config))
    return lora_hash(file, tmp_path / "cache.json")


@pytest.mark.parametrize(
    "config",
    [
        {"r": 2, "lora_alpha": 4},
        {"r": 2, "lora_alpha": 8},
        {"r": 2, "lora_alpha": 2, "use_rslora": True},
        {"r": 2, "lora_alpha": 2, "alpha_pattern": {"self_attn.q": 1}},
        {"r": 2, "lora_alpha": 2, "alpha_pattern": {"attn1.to_q": 1}},  # the network's own name for it
    ],
)
def test_a_strength_of_its_own_is_in_the_hash(tmp_path: Path, config: dict[str, object]) -> None:
    changed = hash_with(tmp_path, **config)
    assert changed != hash_with(tmp_path)
    assert changed == hash_with(tmp_path, **config, task_type=None, base_model_name_or_path="renamed")


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"r": 2, "lora_alpha": 2},
        {"r": 2, "lora_alpha": 4, "alpha_pattern": {"self_attn.q": 2}},
        {"r": 4, "lora_alpha": 2, "rank_pattern": {"q": 2}},
    ],
)
def test_a_description_that_changes_nothing_leaves_the_hash_of_the_content(
    tmp_path: Path, config: dict[str, object]
) -> None:
    file = peft_folder(tmp_path, 2)
    assert hash_with(tmp_path, **config) == file_hash(file, tmp_path / "cache.json")


def test_a_layer_with_an_alpha_of_its_own_does_not_listen_to_the_file_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "adapter_model.safetensors"
    save_file(
        {"blocks.0.ffn.0.lora_down.weight": np.ones((2, 8), np.float32), "blocks.0.ffn.0.alpha": np.float32([4])}, file
    )
    (tmp_path / "adapter_config.json").write_text('{"r": 2, "lora_alpha": 8}')
    assert lora_hash(file, tmp_path / "cache.json") == file_hash(file, tmp_path / "cache.json")


def test_a_lora_without_such_a_file_has_the_hash_of_its_content(tmp_path: Path) -> None:
    file = lora(tmp_path / "x.safetensors", "a.lora_A.weight")
    (tmp_path / "adapter_config.json").write_text("{}")  # of something else
    assert lora_hash(file, tmp_path / "cache.json") == file_hash(file, tmp_path / "cache.json")


def test_a_copy_carries_its_strength_inside(tmp_path: Path) -> None:
    source, copy = peft_folder(tmp_path, 4), tmp_path / "copy.safetensors"
    copy.write_bytes(b"".join(self_contained(source) or ()))
    header = read_header(copy)
    assert json.loads(header.metadata["lora_adapter_metadata"]) == {"transformer.r": 2, "transformer.lora_alpha": 4}
    assert header.tensors == read_header(source).tensors
    assert name_of(source) == "my look"


def model_folder(place: Path, **config: object) -> Path:
    (place / "transformer").mkdir(parents=True)
    (place / "transformer" / "config.json").write_text(json.dumps(config))
    return place


@pytest.mark.parametrize(
    ("names", "shapes"),
    [
        (("transformer.blocks.7.attn2.to_q.lora_A.weight",), ((2, 5120),)),
        (("lora_unet_blocks_3_ffn_0.lora_down.weight",), ((2, 5120),)),
        (("lycoris_blocks_0_self_attn_q.hada_w1_b",), ((2, 5120),)),
        (("blocks.0.self_attn.q.lokr_w1", "blocks.0.self_attn.q.lokr_w2_b"), ((4, 8), (2, 640))),
    ],
)
def test_the_size_of_every_form_is_known(
    tmp_path: Path, names: tuple[str, ...], shapes: tuple[tuple[int, int]]
) -> None:
    model = model_folder(tmp_path / "m", num_attention_heads=12, attention_head_dim=128)
    file = tmp_path / "x.safetensors"
    save_file({name: np.ones(shape, np.float32) for name, shape in zip(names, shapes, strict=True)}, file)
    with pytest.raises(BadWeights, match=r"^x.safetensors is a LoRA for Wan 14B, and this film uses Wan 1.3B"):
        check_lora_size(file, read_header(file), model)


@pytest.mark.parametrize(
    ("name", "shape", "sentence"),
    [
        (
            "diffusion_model.blocks.0.cross_attn.k_img.lora_A.weight",
            (2, 8),
            "what a Wan with an image encoder sees",
        ),
        (
            "transformer.blocks.0.attn2.add_k_proj.lora_A.weight",
            (2, 8),
            "what a Wan with an image encoder sees",
        ),
    ],
)
def test_a_lora_for_another_kind_of_wan_is_named(
    tmp_path: Path, name: str, shape: tuple[int, ...], sentence: str
) -> None:
    model = model_folder(tmp_path / "m", in_channels=36)
    save_file({name: np.ones(shape, np.float32)}, tmp_path / "x.safetensors")
    with pytest.raises(BadWeights, match=sentence):
        check_lora_size(tmp_path / "x.safetensors", read_header(tmp_path / "x.safetensors"), model)


def test_a_lora_for_films_from_words_is_let_in_whatever_channels_it_changes(tmp_path: Path) -> None:
    file = tmp_path / "x.safetensors"
    save_file({"diffusion_model.patch_embedding.diff": np.ones((8, 16, 1, 2, 2), np.float32)}, file)
    check_lora_size(file, read_header(file), model_folder(tmp_path / "m", in_channels=36))


@pytest.mark.parametrize(("part", "form"), [("hada_t1", "LoHa"), ("hada_t2", "LoHa"), ("lokr_t2", "LoKr")])
def test_tucker_forms_are_named(tmp_path: Path, part: str, form: str) -> None:
    with pytest.raises(BadWeights, match=f"x.safetensors is a {form} in Tucker form"):
        check_lora_kind(lora(tmp_path / "x.safetensors", f"diffusion_model.blocks.0.self_attn.q.{part}"))


def test_a_lone_file_of_peft_says_what_is_assumed(tmp_path: Path) -> None:
    alone = lora(tmp_path / "x.safetensors", "base_model.model.blocks.0.self_attn.q.lora_A.weight")
    assert "it is used as it is (scale 1)" in strength_note(alone, read_header(alone))
    whole = peft_folder(tmp_path, 2)
    of_the_authors = lora(tmp_path / "y.safetensors", "pipe.dit.blocks.0.self_attn.q.lora_A.default.weight")
    assert not any(strength_note(file, read_header(file)) for file in (whole, of_the_authors))


def test_what_a_film_will_call_a_lora_is_known_before_it_is_there(tmp_path: Path) -> None:
    peft, plain = peft_folder(tmp_path, 4), lora(tmp_path / "x.safetensors", "a.lora_A.weight")
    assert [film_file(each) for each in (peft, plain)] == [
        bring_lora(tmp_path / "film", each).file for each in (peft, plain)
    ]
