"""Builds a tiny random model folder of the real classes, for tests that need a whole model in a second."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import AutoencoderKLWan, WanTransformer3DModel
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import (
    CLIPVisionConfig,
    CLIPVisionModel,
    PreTrainedTokenizerFast,
    UMT5Config,
    UMT5EncoderModel,
    Wav2Vec2Config,
    Wav2Vec2Model,
)

from svi_studio.engine.conditions.files import save_network
from svi_studio.engine.conditions.skeleton_network import SkeletonNetwork
from svi_studio.engine.conditions.sound_network import SoundNetwork, SoundSizes
from svi_studio.weights.model_folder import SKELETON_FILE, SOUND_ENCODER, SOUND_FILE

PAD, END, UNKNOWN = "<pad>", "</s>", "<unk>"

TRANSFORMER = {
    "patch_size": (1, 2, 2),
    "num_attention_heads": 2,
    "attention_head_dim": 24,
    "in_channels": 36,
    "out_channels": 16,
    "text_dim": 32,
    "freq_dim": 256,
    "ffn_dim": 96,
    "num_layers": 2,
    "image_dim": 32,
    "added_kv_proj_dim": 48,
}
VAE = {"base_dim": 4, "z_dim": 16, "num_res_blocks": 1}
TEXT_ENCODER = {"d_model": 32, "d_kv": 8, "d_ff": 48, "num_heads": 4, "num_layers": 2}
EXPERT = {"image_dim": None, "added_kv_proj_dim": None}
"""What is different in one of two experts: no tokens of the picture."""

HELD_TRANSFORMER = EXPERT | {"in_channels": 48, "out_channels": 48}
HELD_VAE = {
    "base_dim": 4,
    "decoder_base_dim": 4,
    "z_dim": 48,
    "dim_mult": [1, 1, 1, 1],
    "num_res_blocks": 1,
    "is_residual": True,
    "in_channels": 12,
    "out_channels": 12,
    "patch_size": 2,
    "scale_factor_spatial": 16,
    "latents_mean": [0.1 * (channel % 7 - 3) for channel in range(48)],
    "latents_std": [1 + 0.05 * (channel % 5) for channel in range(48)],
}
"""The architecture of Wan 2.2's TI2V 5B and of its autoencoder: 48 channels, 16 x 16 pixels a latent."""

IMAGE_ENCODER = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_attention_heads": 2,
    "num_hidden_layers": 3,
    "image_size": 224,
    "patch_size": 56,
    "hidden_act": "gelu",
}
SOUND_NETWORK = {
    "hidden_size": 24,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 32,
    "conv_dim": [8] * 7,
    "num_conv_pos_embeddings": 16,
    "num_conv_pos_embedding_groups": 4,
}
CARD = {
    "name": "tiny-random",
    "title": "Tiny random model",
    "num_frames": 9,
    "width": 48,
    "height": 32,
    "fps": 8.0,
    "enlarge": 2,
    "num_inference_steps": 2,
    "guidance_scale": 2.0,
    "dtype": "float32",
}


def byte_tokenizer() -> PreTrainedTokenizerFast:
    """A tokenizer with one token a byte and `</s>` at the end: every prompt gets its own ids, nothing to train."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocab = {token: i for i, token in enumerate([PAD, END, UNKNOWN, *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocab, merges=[], unk_token=UNKNOWN))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.post_processor = processors.TemplateProcessing(single=f"$A {END}", special_tokens=[(END, vocab[END])])
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token=PAD, eos_token=END, unk_token=UNKNOWN, model_max_length=512
    )


def build_tiny_model(folder: Path, *, seed: int = 0, card: dict[str, Any] | None = None, **transformer: Any) -> Path:
    """Write a complete diffusers-style model folder with random weights of `seed`; returns `folder`.

    `card` overrides entries of svi_model.json, other keywords override the transformer's configuration.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        WanTransformer3DModel(**(TRANSFORMER | transformer)).save_pretrained(folder / "transformer")
        AutoencoderKLWan(**VAE).save_pretrained(folder / "vae")
        _write_text_encoder(folder)
        CLIPVisionModel(CLIPVisionConfig(**IMAGE_ENCODER)).save_pretrained(folder / "image_encoder")
    _write_card(folder, CARD | (card or {}))
    return folder


def build_two_experts(
    folder: Path, *, seed: int = 0, boundary: float | None = 0.9, card: dict[str, Any] | None = None, **transformer: Any
) -> Path:
    """Write a model folder of the architecture of Wan 2.2's I2V A14B: two experts, and no encoder for pictures.

    `boundary` stands in its model_index.json; the other keywords are as for `build_tiny_model`, for both experts.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        for part in ("transformer", "transformer_2"):
            WanTransformer3DModel(**(TRANSFORMER | EXPERT | transformer)).save_pretrained(folder / part)
        AutoencoderKLWan(**VAE).save_pretrained(folder / "vae")
        _write_text_encoder(folder)
    _write_index(folder, transformer_2=["diffusers", "WanTransformer3DModel"], boundary_ratio=boundary)
    _write_card(folder, CARD | {"name": "tiny-two-experts", "title": "Tiny model of two experts"} | (card or {}))
    return folder


def build_held_model(folder: Path, *, seed: int = 0, card: dict[str, Any] | None = None, **transformer: Any) -> Path:
    """Write a model folder of the architecture of Wan 2.2's TI2V 5B: 48 channels, known latents are held clean.

    Sizes are multiples of 32 pixels. The keywords are as for `build_tiny_model`.
    """
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        WanTransformer3DModel(**(TRANSFORMER | HELD_TRANSFORMER | transformer)).save_pretrained(folder / "transformer")
        AutoencoderKLWan(**HELD_VAE).save_pretrained(folder / "vae")
        _write_text_encoder(folder)
    _write_index(folder, expand_timesteps=True)
    _write_card(folder, CARD | {"name": "tiny-held", "title": "Tiny held model", "width": 64} | (card or {}))
    return folder


def _write_text_encoder(folder: Path) -> None:
    tokenizer = byte_tokenizer()
    config = UMT5Config(vocab_size=len(tokenizer), is_encoder_decoder=False, **TEXT_ENCODER)
    UMT5EncoderModel(config).save_pretrained(folder / "text_encoder")
    tokenizer.save_pretrained(folder / "tokenizer")


def _write_index(folder: Path, **entries: Any) -> None:
    index = {"_class_name": "WanImageToVideoPipeline", "transformer": ["diffusers", "WanTransformer3DModel"], **entries}
    (folder / "model_index.json").write_text(json.dumps(index, indent=2), encoding="utf-8")


def _write_card(folder: Path, card: dict[str, Any]) -> None:
    (folder / "svi_model.json").write_text(json.dumps(card, indent=2), encoding="utf-8")


def add_inputs(folder: Path, *, seed: int = 0) -> Path:
    """Give the tiny model in `folder` what it needs to follow sound and skeletons; returns `folder`."""
    config = json.loads((folder / "transformer" / "config.json").read_text(encoding="utf-8"))
    heads, dim = config["num_attention_heads"], config["num_attention_heads"] * config["attention_head_dim"]
    layers, width = SOUND_NETWORK["num_hidden_layers"], SOUND_NETWORK["hidden_size"]
    sizes = SoundSizes(dim, heads, config["num_layers"], features=layers * width, hidden=16, tokens=4, width=24)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        Wav2Vec2Model(Wav2Vec2Config(**SOUND_NETWORK)).save_pretrained(folder / SOUND_ENCODER)
        save_network(SoundNetwork(sizes), folder / SOUND_FILE)
        save_network(SkeletonNetwork(dim, channels=8), folder / SKELETON_FILE)
    card = json.loads((folder / "svi_model.json").read_text(encoding="utf-8"))
    (folder / "svi_model.json").write_text(json.dumps(card | {"inputs": ["sound", "skeleton"]}), encoding="utf-8")
    return folder
