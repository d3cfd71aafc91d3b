"""What a LoRA file was made for, by the names in it alone: one for another model is refused when it is chosen."""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.adapter_config import config_beside, read_adapter_config
from svi_studio.weights.model_folder import read_json
from svi_studio.weights.picture_layers import looks_at_pictures
from svi_studio.weights.safetensors_header import SafetensorsHeader, read_header

_MARKS = ("lora_", "lora.", "lokr_", "hada_")  # one is in some tensor's name of every LoRA, whoever trained it
_ENDINGS = (".diff", ".diff_b", ".diff_m")
_FOREIGN = (
    (r"(?:emb_params|string_to_param|clip_[lg])(?:\..*)?", "is an embedding, not a LoRA"),
    (r"(?:control_model|controlnet|input_hint_block|controlnet_cond_embedding)[._].*", "is a ControlNet, not a LoRA"),
    (r"lora_te\d?_.*|text_encoder(?:_\d)?\..*|lora_prior_te_.*", "is a LoRA for a text encoder, not for Wan"),
    (r"(?:lora_unet_|unet\.|.*\.)?(?:down_blocks|up_blocks|mid_block|input_blocks|output_blocks|middle_block)[._].*",
     "is a LoRA for Stable Diffusion, not for Wan"),
    (r".*double_blocks[._]\d+[._](?:img|txt)_attn_(?:qkv|proj).*", "is a LoRA for HunyuanVideo, not for Wan"),
    (r".*(?:double_blocks|single_blocks|single_transformer_blocks)[._].*", "is a LoRA for Flux, not for Wan"),
    (r".*transformer_blocks[._]\d+[._]attn[12][._].*", "is a LoRA for LTX, not for Wan"),
    (r".*(?:transformer_blocks|joint_blocks)[._]\d+[._].*", "is a LoRA for another picture model, not for Wan"),
)  # fmt: skip
_LAYER = (
    r"(?P<module>.*blocks[._]\d+[._](?:self_attn[._][qkv]|attn1[._]to_[qkv]|cross_attn[._]q|attn2[._]to_q|ffn[._]0))"
)
_INPUT = re.compile(
    _LAYER + r"\.(?:(?:lora_A|lora_down|lora\.down)(?:\.\w+)?\.weight|hada_w1_b|lokr_w1(?:_b)?)(?:\.default)?"
)
_DIGITS, _MOST_NAME = re.compile(r"\d+"), 300
_TUCKER = re.compile(r".*\.(?P<kind>hada_t[12]|lokr_t2)(?:\.default)?")
_SIZES = {1536: "Wan 1.3B", 3072: "Wan 5B", 5120: "Wan 14B", 160: "svi-mini", 320: "svi-theatre"}


def check_lora_kind(path: Path) -> SafetensorsHeader:
    """The header of the LoRA file ``path``; raises BadWeights for what is none, is for another model or is damaged."""
    header = read_header(path)
    kinds = _kinds(header)
    for pattern, what in _FOREIGN:
        names = (name for name in kinds if "a LoRA for" not in what or _is_of_lora(name))  # or a whole model
        if name := next((name for name in names if re.fullmatch(pattern, name[:300])), None):
            raise BadWeights(f"{path.name} {what} (it has {name[:80]}): choose a LoRA made for Wan.")
    if match := next(filter(None, map(_TUCKER.fullmatch, kinds)), None):
        form = "LoKr" if match["kind"].startswith("lokr") else "LoHa"
        raise BadWeights(
            f"{path.name} is a {form} in Tucker form (it has {match['kind']}), which cannot be merged here: "
            "choose one that was trained without it."
        )
    if not any(map(_is_of_lora, kinds)):
        raise BadWeights(f"{path} holds no LoRA but other weights, maybe a whole model: choose a LoRA file.")
    read_adapter_config(path, header)
    return header


def _kinds(header: SafetensorsHeader) -> tuple[str, ...]:
    """One name of each kind of tensor: blocks have the same ones by other numbers."""
    return tuple({_DIGITS.sub("0", name[:_MOST_NAME]): name for name in header.tensors}.values())


def _is_of_lora(name: str) -> bool:
    return name.endswith(_ENDINGS) or any(mark in name for mark in _MARKS)


def check_lora_size(path: Path, header: SafetensorsHeader, model: Path, *, who: str = "film") -> None:
    """Raises BadWeights when the LoRA was made for a Wan of another size or kind than the one in the folder ``model``.

    ``who`` uses that model: a film or a training, for the sentence.

    One for text-to-video fits an image-to-video Wan, except for what it changes where the video comes in. One for
    Wan 2.1 fits a Wan without picture tokens as far as it does more than to look at them; both are told elsewhere.
    """
    config = read_json(model / "transformer" / "config.json")
    width, wanted = _width(header), _model_width(config)
    if width is not None and wanted is not None and width != wanted:
        made_for, here = (_SIZES.get(size, f"a model of width {size}") for size in (width, wanted))
        raise BadWeights(
            f"{path.name} is a LoRA for {made_for}, and this {who} uses {here}: choose one made for {here}."
        )
    if config.get("image_dim") is None and all(map(looks_at_pictures, header.tensors)):
        raise BadWeights(
            f"{path.name} changes nothing but what a Wan with an image encoder sees, and the model of this {who} has "
            "none: choose another."
        )


def self_contained(source: Path) -> Iterable[bytes] | None:
    """The file ``source`` with its strength inside, in pieces, where peft keeps that in a file beside it; else None."""
    config = config_beside(source)
    return None if config is None else _pieces(source, config)


def name_of(source: Path) -> str:
    """What people call the LoRA: peft names all of its files alike, and tells them apart by their folder."""
    return source.stem if config_beside(source) is None else source.parent.name or source.stem


def _pieces(source: Path, config: Path) -> Iterable[bytes]:
    content = {f"transformer.{key}": value for key, value in json.loads(config.read_bytes()).items()}
    with source.open("rb") as file:
        header = json.loads(file.read(int.from_bytes(file.read(8), "little")))
        header["__metadata__"] = header.get("__metadata__", {}) | {"lora_adapter_metadata": json.dumps(content)}
        text = json.dumps(header, ensure_ascii=True).encode()
        text += b" " * (-len(text) % 8)
        yield len(text).to_bytes(8, "little") + text
        while piece := file.read(1 << 20):
            yield piece


def _width(header: SafetensorsHeader) -> int | None:
    """How many values the blocks take, by the first layer that says so."""
    for name, entry in header.tensors.items():
        if len(entry.shape) == 2 and (match := _INPUT.fullmatch(name)):
            if "lokr_" not in name:
                return entry.shape[1]
            other = (header.tensors.get(f"{match['module']}.lokr_w2{ending}") for ending in ("", "_b"))
            return next((entry.shape[1] * each.shape[1] for each in other if each and len(each.shape) == 2), None)
    return None


def _model_width(config: Mapping[str, Any]) -> int | None:
    heads, each = config.get("num_attention_heads"), config.get("attention_head_dim")
    return heads * each if isinstance(heads, int) and isinstance(each, int) else None
