"""Weights files as people keep them, small, with all names and sizes that tell what they are."""

from collections.abc import Iterable, Mapping
from functools import reduce
from pathlib import Path

from svi_studio.domain.film.filmable import Filmable
from svi_studio.domain.film.model_file import ModelFile
from svi_studio.weights.scan.scan import scan_folder
from tests.builders.weights_trees import gguf, safetensors

Shape = tuple[int, ...]
Shapes = dict[str, tuple[str, Shape]]

WIDTH, TEXT, FFN, SIGHT, WORDS = 256, 16, 1024, 1280, 256_384


def transformer(
    taken: int = 36, kind: str = "BF16", *, sees: bool = False, text: int = TEXT, blocks: int = 2
) -> Shapes:
    """A transformer of Wan by its authors' names."""
    made = 48 if taken == 48 else 16
    shapes: Shapes = {
        "patch_embedding.weight": ("F32", (WIDTH, taken, 1, 2, 2)),
        "text_embedding.0.weight": ("F32", (WIDTH, text)),
        "time_embedding.0.weight": ("F32", (WIDTH, 256)),
        "head.head.weight": ("F32", (made * 4, WIDTH)),
    }
    for block in range(blocks):
        shapes[f"blocks.{block}.norm3.weight"] = ("F32", (WIDTH,))
        for name in ("self_attn.q", "cross_attn.q", *(["cross_attn.k_img"] if sees else [])):
            shapes[f"blocks.{block}.{name}.weight"] = (kind, (WIDTH, WIDTH))
        shapes[f"blocks.{block}.ffn.0.weight"] = (kind, (FFN, WIDTH))
    if sees:
        shapes["img_emb.proj.1.weight"] = ("F32", (SIGHT, SIGHT))
    return shapes


def vae(latents: int = 16) -> Shapes:
    """Wan's VAE by its authors' names, of 2.1 or of 48 latents."""
    return _residual_vae() if latents == 48 else _flat_vae()


def _flat_vae() -> Shapes:
    shapes: Shapes = {
        "encoder.conv1.weight": ("BF16", (4, 3, 3, 3, 3)),
        "conv2.weight": ("BF16", (16, 16, 1, 1, 1)),
        "encoder.middle.0.residual.2.weight": ("BF16", (16, 16, 3, 3, 3)),
        "decoder.middle.0.residual.2.weight": ("BF16", (16, 16, 3, 3, 3)),
        "decoder.head.2.weight": ("BF16", (3, 4, 3, 3, 3)),
    }
    for index, width in {0: 4, 1: 4, 3: 8, 4: 8, 6: 16, 7: 16, 9: 16, 10: 16}.items():
        shapes[f"encoder.downsamples.{index}.residual.2.weight"] = ("BF16", (width, width, 3, 3, 3))
    for index in (5, 8):
        shapes[f"encoder.downsamples.{index}.time_conv.weight"] = ("BF16", (8, 8, 3, 1, 1))
    return shapes


def _residual_vae() -> Shapes:
    shapes: Shapes = {
        "encoder.conv1.weight": ("BF16", (4, 12, 3, 3, 3)),
        "decoder.conv1.weight": ("BF16", (16, 48, 3, 3, 3)),
        "conv2.weight": ("BF16", (48, 48, 1, 1, 1)),
        "encoder.middle.0.residual.2.weight": ("BF16", (16, 16, 3, 3, 3)),
        "decoder.middle.0.residual.2.weight": ("BF16", (16, 16, 3, 3, 3)),
        "decoder.head.2.weight": ("BF16", (12, 4, 3, 3, 3)),
    }
    for stage, width in enumerate((4, 8, 16, 16)):
        for block in range(2):
            name = f"encoder.downsamples.{stage}.downsamples.{block}.residual.2.weight"
            shapes[name] = ("BF16", (width, width, 3, 3, 3))
    for stage in (1, 2):
        shapes[f"encoder.downsamples.{stage}.downsamples.2.time_conv.weight"] = ("BF16", (4, 4, 3, 1, 1))
    return shapes


def text_encoder(words: int = WORDS, width: int = TEXT, kind: str = "F16") -> Shapes:
    """umT5 by the names of transformers; T5 with fewer words."""
    shapes: Shapes = {"shared.weight": (kind, (words, width))}
    for block in range(2):
        layer = f"encoder.block.{block}.layer"
        shapes[f"{layer}.0.SelfAttention.q.weight"] = (kind, (width, width))
        shapes[f"{layer}.0.SelfAttention.relative_attention_bias.weight"] = (kind, (32, 2))
        shapes[f"{layer}.1.DenseReluDense.wi_1.weight"] = (kind, (32, width))
    return shapes


_MARKED = 1 << 20
LLAMA = {
    "shared": "token_embd",
    "encoder.block.": "enc.blk.",
    "layer.0.SelfAttention.q": "attn_q",
    "layer.0.SelfAttention.relative_attention_bias": "attn_rel_b",
    "layer.1.DenseReluDense.wi_1": "ffn_up",
}
"""The names of transformers, and those of llama.cpp."""


def text_encoder_of_llama() -> Shapes:
    """umT5 by the names of llama.cpp, in 8 bits."""
    shapes: Shapes = {}
    for name, (_, shape) in text_encoder(width=32).items():
        own = reduce(lambda told, pair: told.replace(*pair), LLAMA.items(), name)
        shapes[own] = ("F32" if "rel_b" in own else "Q8_0", shape)
    return shapes


def picture_encoder() -> Shapes:
    """CLIP's picture encoder as ComfyUI has it."""
    return {
        "vision_model.embeddings.patch_embedding.weight": ("F16", (SIGHT, 3, 14, 14)),
        "vision_model.embeddings.position_embedding.weight": ("F16", (257, SIGHT)),
        "vision_model.encoder.layers.0.self_attn.q_proj.weight": ("F16", (SIGHT, 8)),
        "vision_model.encoder.layers.0.mlp.fc1.weight": ("F16", (32, SIGHT)),
    }


def talk(folder: Path, blocks: int = 2) -> Path:
    """What Talk needs beside Wan 2.1: the authors' sound network, and a wav2vec2 in a folder; returns ``folder``."""
    shapes: Shapes = {"audio_proj.proj1.weight": ("BF16", (8, 8))}
    for block in range(blocks):
        shapes[f"blocks.{block}.norm_x.weight"] = ("BF16", (WIDTH,))
        shapes[f"blocks.{block}.audio_cross_attn.q_linear.weight"] = ("BF16", (WIDTH, WIDTH))
    safetensors(folder / "multitalk.safetensors", shapes)
    hears = folder / "chinese-wav2vec2-base"
    safetensors(hears / "model.safetensors", {"feature_extractor.conv_layers.0.conv.weight": ("F32", (8, 1, 10))})
    (hears / "config.json").write_text('{"model_type": "wav2vec2", "hidden_size": 8, "num_hidden_layers": 2}')
    return folder


def comfy(models: Path, *, tokenizer: bool = True) -> Path:
    """ComfyUI's models folder with all that Wan 2.1, both experts of 2.2, and TI2V 5B are made of; returns it."""
    unet = models / "diffusion_models"
    for number, noise in enumerate(("high", "low")):
        safetensors(unet / f"wan2.2_i2v_{noise}_noise_14B_fp16.safetensors", transformer(), asides=bytes([number]))
    safetensors(unet / "wan2.1_i2v_480p_14B_bf16.safetensors", transformer(sees=True))
    safetensors(unet / "wan2.2_ti2v_5B_fp16.safetensors", transformer(48))
    safetensors(models / "vae" / "wan_2.1_vae.safetensors", vae())
    safetensors(models / "vae" / "wan2.2_vae.safetensors", vae(48))
    inside: Mapping[str, tuple[str, Shape]] = {"spiece_model": ("U8", (64,))} if tokenizer else {}
    safetensors(models / "text_encoders" / "umt5_xxl_fp16.safetensors", {**inside, **text_encoder()})
    safetensors(models / "clip_vision" / "clip_vision_h.safetensors", picture_encoder())
    return models


def quantised_experts(folder: Path, kind: str = "Q8_0", label: str = "Q8_0") -> Path:
    """Two experts as GGUF files, as QuantStack lays them out; returns ``folder``."""
    flat = {name: (each if len(shape) != 5 else "F32", shape) for name, (each, shape) in transformer().items()}
    shapes = {name: (kind if each == "BF16" else each, shape) for name, (each, shape) in flat.items()}
    shapes["patch_embedding.weight"] = ("F32", (WIDTH * 36, 1, 2, 2))
    for number, noise in enumerate(("HighNoise", "LowNoise")):
        fields: dict[str, str | int | tuple[int, ...]] = {
            "general.architecture": "wan",
            "comfy.gguf.orig_shape.patch_embedding.weight": (WIDTH, 36, 1, 2, 2),
        }
        file = gguf(folder / noise / f"Wan2.2-I2V-A14B-{noise}-{label}.gguf", shapes, fields)
        with file.open("r+b") as stream:
            stream.seek(-_MARKED, 2)
            stream.write(bytes([number + 1] * _MARKED))
    return folder


def rows(folder: Path) -> tuple[ModelFile, ...]:
    """What lies in ``folder``, looked at without the user's own cache."""
    return scan_folder(folder, folder.parent / "cache.json").files


def by_kind(found: Iterable[Filmable]) -> dict[str, Filmable]:
    """The models that can be filmed, the last one of each architecture."""
    return {each.architecture: each for each in found}
