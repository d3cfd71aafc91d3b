"""Folders as Qwen publishes its models, with random weights of a few hundred kilobytes and a tokenizer made here."""

import json
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    Qwen2_5_VLConfig,
    Qwen2_5_VLForConditionalGeneration,
    Qwen2VLConfig,
    Qwen2VLForConditionalGeneration,
    Qwen3VLConfig,
    Qwen3VLForConditionalGeneration,
)

MARKS = (
    "<|endoftext|>",
    "<|im_start|>",
    "<|im_end|>",
    "<|vision_start|>",
    "<|vision_end|>",
    "<|image_pad|>",
    "<|video_pad|>",
)
_WORDS = ["a red boat sails past a lighthouse", "system user assistant", "the camera follows it slowly to the left"]
_TEMPLATE = (
    "{% for turn in messages %}<|im_start|>{{ turn['role'] }}\n"
    "{% for part in turn['content'] %}{% if part['type'] == 'image' %}<|vision_start|><|image_pad|><|vision_end|>"
    "{% else %}{{ part['text'] }}{% endif %}{% endfor %}<|im_end|>\n"
    "{% endfor %}{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
_TEXT = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "max_position_embeddings": 2048,
    "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2], "rope_theta": 10_000.0},
    "bos_token_id": None,
}
_EYES: dict[str, dict[str, Any]] = {
    "qwen2_vl": {"depth": 2, "embed_dim": 32, "hidden_size": 32, "num_heads": 4, "mlp_ratio": 2},
    "qwen2_5_vl": {
        "depth": 2,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_heads": 4,
        "out_hidden_size": 32,
        "fullatt_block_indexes": [1],
    },
    "qwen3_vl": {
        "depth": 2,
        "hidden_size": 32,
        "intermediate_size": 64,
        "num_heads": 4,
        "out_hidden_size": 32,
        "num_position_embeddings": 64,
        "deepstack_visual_indexes": [0],
    },
}
_KINDS: dict[str, tuple[Any, Any, str]] = {
    "qwen2_vl": (Qwen2VLConfig, Qwen2VLForConditionalGeneration, "Qwen2VLProcessor"),
    "qwen2_5_vl": (Qwen2_5_VLConfig, Qwen2_5_VLForConditionalGeneration, "Qwen2_5_VLProcessor"),
    "qwen3_vl": (Qwen3VLConfig, Qwen3VLForConditionalGeneration, "Qwen3VLProcessor"),
}


def build_tiny_qwen(folder: Path, kind: str = "qwen2_5_vl") -> Path:
    """Write a model of ``kind`` (its ``model_type``) into the new ``folder``, random but always the same."""
    folder.mkdir(parents=True)
    tokenizer = _write_tokenizer(folder)
    patch = 16 if kind == "qwen3_vl" else 14
    _write_json(
        folder / "preprocessor_config.json",
        {
            "min_pixels": (2 * patch) ** 2,
            "max_pixels": 64 * (2 * patch) ** 2,
            "patch_size": patch,
            "temporal_patch_size": 2,
            "merge_size": 2,
            "image_mean": [0.5, 0.5, 0.5],
            "image_std": [0.5, 0.5, 0.5],
            "image_processor_type": "Qwen2VLImageProcessor",
            "processor_class": _KINDS[kind][2],
        },
    )
    _write_json(folder / "chat_template.json", {"chat_template": _TEMPLATE})
    configuration, network, _ = _KINDS[kind]
    ids = {mark: tokenizer.token_to_id(mark) for mark in MARKS}
    text = _TEXT | {"vocab_size": tokenizer.get_vocab_size(), "eos_token_id": ids["<|im_end|>"], "pad_token_id": 0}
    if kind == "qwen3_vl":
        text |= {"head_dim": 8}
    torch.manual_seed(0)
    made = network(
        configuration(
            text_config=text,
            vision_config=_EYES[kind] | {"patch_size": patch},
            image_token_id=ids["<|image_pad|>"],
            video_token_id=ids["<|video_pad|>"],
            vision_start_token_id=ids["<|vision_start|>"],
            vision_end_token_id=ids["<|vision_end|>"],
        )
    )
    made.save_pretrained(folder)
    return folder


def _write_tokenizer(folder: Path) -> Tokenizer:
    """A byte-level tokenizer as Qwen's, of 300 tokens."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=300, special_tokens=list(MARKS), initial_alphabet=alphabet)
    tokenizer.train_from_iterator(_WORDS, trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "Qwen2Tokenizer",
            "eos_token": "<|im_end|>",
            "pad_token": "<|endoftext|>",
            "unk_token": None,
            "bos_token": None,
            "additional_special_tokens": list(MARKS[1:]),
        },
    )
    return tokenizer


def _write_json(path: Path, content: dict[str, Any]) -> None:
    path.write_text(json.dumps(content), encoding="utf-8")
