"""The folders that other programs leave behind become models: Hugging Face's cache, Wan2GP's and the makers' own."""

import json
import os
from collections.abc import Mapping
from pathlib import Path

import pytest

from svi_studio.weights.catalogue import look_at_model
from svi_studio.weights.linking.choose import chosen_part
from svi_studio.weights.linking.filmable import what_can_be_filmed
from svi_studio.weights.linking.link import link_model
from svi_studio.weights.linking.part_configs import VAE_16, VAE_48, part_config
from svi_studio.weights.model_folder import linked_files, read_json, weights_files
from tests.builders.linkable_files import SIGHT, TEXT, Shapes, by_kind, rows, text_encoder, transformer, vae
from tests.builders.weights_trees import safetensors

A14B, TI2V, I2V = "wan2.2-i2v-a14b", "wan2.2-ti2v-5b", "wan2.1-i2v"

DIFFUSERS = {
    "head.head": "proj_out",
    "text_embedding.0": "condition_embedder.text_embedder.linear_1",
    "time_embedding.0": "condition_embedder.time_embedder.linear_1",
    "self_attn.q": "attn1.to_q",
    "cross_attn.q": "attn2.to_q",
    "norm3": "norm2",
    "ffn.0": "ffn.net.0.proj",
}


def renamed(shapes: Shapes, names: Mapping[str, str]) -> Shapes:
    def new(name: str) -> str:
        return next((name.replace(old, own) for old, own in names.items() if old in name), name)

    return {new(name): shape for name, shape in shapes.items()}


def shards(folder: Path, blobs: Path, stem: str, shapes: Shapes, mark: bytes) -> None:
    """Two shards as links to blobs, as Hugging Face's tools keep them."""
    names = [*shapes]
    folder.mkdir(parents=True)
    for number, own in enumerate((names[:3], names[3:]), start=1):
        blob = safetensors(blobs / f"{folder.name}{stem}{number}", {name: shapes[name] for name in own}, asides=mark)
        (folder / f"{stem}-0000{number}-of-00002.safetensors").symlink_to(os.path.relpath(blob, folder))


def diffusers_download(cache: Path) -> Path:
    """Wan2.2-I2V-A14B-Diffusers in the cache; how many heads it has, its configuration alone tells."""
    repo = cache / "models--Wan-AI--Wan2.2-I2V-A14B-Diffusers"
    state = repo / "snapshots" / ("a" * 40)
    (repo / "refs").mkdir(parents=True)
    (repo / "refs" / "main").write_text("a" * 40)
    for number, part in enumerate(("transformer", "transformer_2")):
        own = renamed(transformer(), DIFFUSERS)
        shards(state / part, repo / "blobs", "diffusion_pytorch_model", own, bytes([number + 1]))
        config = {"_class_name": "WanTransformer3DModel", "num_attention_heads": 4, "attention_head_dim": 64}
        (state / part / "config.json").write_text(json.dumps(config))
    shards(state / "text_encoder", repo / "blobs", "model", text_encoder(), b"t")
    safetensors(state / "vae" / "diffusion_pytorch_model.safetensors", vae())
    (state / "tokenizer").mkdir()
    (state / "tokenizer" / "tokenizer.json").write_text("{}")
    (state / "model_index.json").write_text('{"_class_name": "WanImageToVideoPipeline"}')
    return state


def test_a_download_of_hugging_face_is_linked_shard_by_shard(place: Path, tmp_path: Path) -> None:
    state = diffusers_download(tmp_path / "hub")
    (filmable,) = what_can_be_filmed(rows(tmp_path / "hub"))
    assert filmable.ready and filmable.name == "wan2.2-i2v-a14b-bf16"
    folder = link_model(filmable)
    assert look_at_model(folder).problem is None
    assert [file.parent for file in weights_files(folder, "transformer_2")] == 2 * [state / "transformer_2"]
    assert len(weights_files(folder, "text_encoder")) == 2
    assert linked_files(folder, "tokenizer") == (state / "tokenizer" / "tokenizer.json",)
    config = read_json(folder / "transformer" / "config.json")
    assert (config["num_attention_heads"], config["attention_head_dim"], config["in_channels"]) == (4, 64, 36)
    assert (config["text_dim"], config["num_layers"], config["image_dim"]) == (TEXT, 2, None)


ORIGINAL_TEXT = {
    "shared": "token_embedding",
    "encoder.block.0.layer.0.SelfAttention.q": "blocks.0.attn.q",
    "encoder.block.1.layer.0.SelfAttention.q": "blocks.1.attn.q",
    "encoder.block.0.layer.0.SelfAttention.relative_attention_bias": "blocks.0.pos_embedding.embedding",
    "encoder.block.1.layer.0.SelfAttention.relative_attention_bias": "blocks.1.pos_embedding.embedding",
    "encoder.block.0.layer.1.DenseReluDense.wi_1": "blocks.0.ffn.fc1",
    "encoder.block.1.layer.1.DenseReluDense.wi_1": "blocks.1.ffn.fc1",
}
OPEN_CLIP: Shapes = {
    "visual.patch_embedding.weight": ("BF16", (SIGHT, 3, 14, 14)),
    "visual.pos_embedding": ("BF16", (1, 257, SIGHT)),
    "visual.transformer.0.attn.to_qkv.weight": ("BF16", (24, SIGHT)),
    "visual.transformer.0.mlp.0.weight": ("BF16", (32, SIGHT)),
}


def test_wan2gps_files_are_linked_by_the_makers_own_names(place: Path, tmp_path: Path) -> None:
    ckpts = tmp_path / "Wan2GP" / "ckpts"
    safetensors(ckpts / "wan2.1_image2video_480p_14B_mbf16.safetensors", transformer(sees=True))
    safetensors(ckpts / "Wan2.1_VAE.safetensors", vae())
    encoder = renamed(text_encoder(kind="BF16"), ORIGINAL_TEXT)
    safetensors(ckpts / "umt5-xxl" / "models_t5_umt5-xxl-enc-bf16.safetensors", encoder)
    (ckpts / "umt5-xxl" / "spiece.model").write_bytes(b"\x0a\x0e")
    clip = "models_clip_open-clip-xlm-roberta-large-vit-huge-14-bf16.safetensors"
    for_texts: Shapes = {"textual.token_embedding.weight": ("BF16", (250_002, 4)), "log_scale": ("BF16", ())}
    safetensors(ckpts / "xlm-roberta-large" / clip, {**OPEN_CLIP, **for_texts})
    (filmable,) = what_can_be_filmed(rows(tmp_path / "Wan2GP"))
    folder = link_model(filmable)
    assert look_at_model(folder).problem is None
    assert linked_files(folder, "tokenizer") == (ckpts / "umt5-xxl" / "spiece.model",)
    text, pictures = (read_json(folder / part / "config.json") for part in ("text_encoder", "image_encoder"))
    assert (text["num_heads"], text["d_kv"], text["num_layers"], text["d_model"]) == (2, 8, 2, TEXT)
    assert (pictures["image_size"], pictures["patch_size"], pictures["num_attention_heads"]) == (224, 14, 16)


def test_the_makers_own_download_is_told_what_it_lacks(place: Path, tmp_path: Path) -> None:
    """The VAE and the text encoder there are pickles, which nothing opens."""
    model = tmp_path / "Wan2.2-I2V-A14B"
    for number, noise in enumerate(("high", "low")):
        file = model / f"{noise}_noise_model" / "diffusion_pytorch_model-00001-of-00001.safetensors"
        safetensors(file, transformer(), asides=bytes([number]))
    (model / "Wan2.1_VAE.pth").write_bytes(b"PK\x03\x04")
    (model / "models_t5_umt5-xxl-enc-bf16.pth").write_bytes(b"PK\x03\x04")
    (model / "google" / "umt5-xxl").mkdir(parents=True)
    (model / "google" / "umt5-xxl" / "tokenizer.json").write_text("{}")
    (filmable,) = what_can_be_filmed(rows(model))
    assert [missing.part for missing in filmable.missing] == ["vae", "text_encoder"]
    assert filmable.parts["transformer_2"].files[0].endswith("00001.safetensors")


@pytest.mark.parametrize(("latents", "kind", "known"), [(16, A14B, VAE_16), (48, TI2V, VAE_48)])
def test_a_vae_with_diffusers_names_has_its_published_configuration(
    place: Path, owned: Path, latents: int, kind: str, known: Mapping[str, object]
) -> None:
    width = 96 if latents == 16 else 160
    shapes: Shapes = {
        "encoder.conv_in.weight": ("BF16", (width, 3 if latents == 16 else 12, 3, 3, 3)),
        "encoder.mid_block.resnets.0.conv1.weight": ("BF16", (8, 8, 3, 3, 3)),
        "decoder.mid_block.resnets.0.conv1.weight": ("BF16", (8, 8, 3, 3, 3)),
        "decoder.conv_out.weight": ("BF16", (3 if latents == 16 else 12, 8, 3, 3, 3)),
        "post_quant_conv.weight": ("BF16", (latents, latents, 1, 1, 1)),
    }
    for old in (owned / "vae").iterdir():
        old.unlink()
    safetensors(owned / "vae" / "diffusers.safetensors", shapes)
    folder = link_model(by_kind(what_can_be_filmed(rows(owned)))[kind])
    assert read_json(folder / "vae" / "config.json") == known


def test_lightx2vs_small_vae_takes_no_place_unasked(place: Path, owned: Path) -> None:
    """It has the names of Wan's own with a quarter of the channels, and blurs."""
    light: Shapes = {**vae(), "encoder.conv1.weight": ("F32", (24, 3, 3, 3, 3))}
    file = safetensors(owned / "vae" / "lightvaew2_1.safetensors", light)
    (row,) = [row for row in rows(owned) if row.path == str(file)]
    assert (row.kind, row.architecture, row.usable) == ("vae", "wan2.1-lightvae", True)
    found = by_kind(what_can_be_filmed(rows(owned)))
    assert [each.parts["vae"].files[0].endswith("wan_2.1_vae.safetensors") for each in found.values()].count(True) == 2
    (owned / "vae" / "wan_2.1_vae.safetensors").unlink()
    (missing,) = by_kind(what_can_be_filmed(rows(owned)))[A14B].missing
    assert missing.part == "vae"
    named = what_can_be_filmed(rows(owned), chosen={"vae": chosen_part("vae", file)})
    assert by_kind(named)[A14B].parts["vae"].files == (str(file),)


def test_open_clips_own_names_are_recognised(tmp_path: Path) -> None:
    shapes: Shapes = {
        "visual.conv1.weight": ("F16", (SIGHT, 3, 14, 14)),
        "visual.positional_embedding": ("F16", (257, SIGHT)),
        "visual.transformer.resblocks.0.attn.in_proj_weight": ("F16", (24, SIGHT)),
        "visual.transformer.resblocks.0.mlp.c_fc.weight": ("F16", (32, SIGHT)),
    }
    file = safetensors(tmp_path / "open-clip-xlm-roberta-large-vit-huge-14_visual_fp16.safetensors", shapes)
    (row,) = rows(tmp_path)
    assert (row.kind, row.architecture, row.usable) == ("picture_encoder", "clip-vit-h", True)
    assert part_config("image_encoder", [file])["num_hidden_layers"] == 1
