"""What the header of a weights file says, gathered in one pass: the same whatever the file is called."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO, Literal, NamedTuple

from pydantic import Field

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.domain.value import Value
from svi_studio.weights.gguf_header import read_gguf_header
from svi_studio.weights.name_marks import NOTES
from svi_studio.weights.outer_names import (
    PICTURE_PREFIXES,
    TRANSFORMER_PREFIXES,
    VAE_PREFIXES,
    outer_prefix,
    pattern_of,
    with_prefixes,
)
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, SafetensorsHeader, read_raw_header
from svi_studio.weights.scaled_fp8 import WEIGHT_TYPES, has_odd_scales

Form = Literal["safetensors", "gguf", "pickle", "damaged"]

_INNER = pattern_of(TRANSFORMER_PREFIXES)
_OF_VAE = pattern_of(VAE_PREFIXES)
_OF_PICTURES = pattern_of(PICTURE_PREFIXES)
_MARKS: Mapping[str, str] = {
    "wan": _INNER + r"blocks\.#\.(?:self_attn\.q|attn#\.to_q)\.(?:weight|_data|qweight)",
    "sees": _INNER
    + r"(?:img_emb\.|condition_embedder\.image_embedder\.|blocks\.#\.(?:cross_attn\.k_img|attn#\.add_k_proj))",
    "vace": _INNER + r"vace_(?:blocks|patch_embedding)\.",
    "s2v": _INNER + r"(?:casual_audio_encoder|trainable_cond_mask)",
    "animate": _INNER + r"(?:face_adapter|pose_patch_embedding|motion_encoder)",
    "flf2v": _INNER + r"(?:img_emb\.emb_pos|condition_embedder\.image_embedder\.pos_embed)",
    "control": _INNER + r"(?:control_adapter|ref_conv|add_conv_in|cam_encoder)",
    "skyreels-df": _INNER + r"fps_embedding",
    "talk": _INNER + r"(?:audio_proj\.|blocks\.#\.audio_cross_attn)",
    "hears": r"(?:wav2vec2\.)?feature_extractor\.conv_layers\.#\.conv\.",
    "dance": r".*dwpose_embedding\.",
    "vae": _OF_VAE + r"(?:decoder\.middle\.#\.residual\.|decoder\.mid_block\.resnets\.)",
    "vae-encoder": _OF_VAE + r"(?:encoder\.middle\.#\.residual\.|encoder\.mid_block\.resnets\.)",
    "umt5": r"(?!textual\.)(?:.*\.)?(?:blocks\.#\.pos_embedding\.embedding|token_embedding)\.weight",
    "t5": r"(?:.*\.)?encoder\.block\.#\.layer\.#\.SelfAttention\.q\.|enc\.blk\.#\.attn_q\.",
    "clip-vision": r"(?:.*\.)?visual\.transformer\.(?:#\.attn\.to_qkv\.|resblocks\.#\.attn\.in_proj_weight)|"
    rf"(?:.*vision_model\.|{_OF_PICTURES})encoder\.layers\.#\.self_attn\.q_proj\.",
    "clip-text": r"(?:.*\.)?text_model\.encoder\.layers\.#\.",
    "llm": r"(?:.*\.)?(?:layers\.#\.self_attn\.q_proj|blk\.#\.attn_q)\.",
    "lora": r".*(?:lora_|lora\.|lokr_|hada_)|.*\.diff(?:_b|_m)?$",
    "stable-diffusion": r".*(?:input_blocks|down_blocks\.#\.(?:attentions|resnets)|down_blocks_#_attentions)",
    "flux": r".*(?:double_blocks|single_transformer_blocks)[._]",
    "hunyuan-video": r".*(?:double_blocks[._]#[._]img_attn_qkv|txt_in\.individual_token_refiner)",
    "another model": r".*(?:joint_blocks|transformer_blocks)[._]#[._]",
    "controlnet": r".*(?:control_model|controlnet_cond_embedding|input_hint_block)\.",
    "embedding": r"(?:emb_params|string_to_param|clip_[lg])(?:\.|$)",
    "tokenizer-inside": r"(?:spiece_model|tekken_model)$",
    "scaled": r"(?:.*\.)?scaled_fp#$",
    "scales": r".*\.(?:scale_weight|weight_scale)$",
    "comfy-quant": r".*\.comfy_quant$",
    "bitsandbytes": r".*\.(?:absmax|quant_map|quant_state\.)",
    "quanto": r".*\._(?:data|scale)$",
    "svdquant": r".*\.(?:qweight|qzeros|smooth_factor|wscales)$",
    "nvfp4": r".*\.weight_scale_#$",
    "fp8-awq": r".*\.pre_quant_scale$",
}  # fmt: skip
_FINDERS = {mark: re.compile(f"^(?:{pattern})", re.MULTILINE) for mark, pattern in _MARKS.items()}
_NUMBERED: tuple[tuple[str, str, int, str], ...] = (
    ("transformer", "patch_embedding.weight", 0, "width"),
    ("transformer", "patch_embedding.weight", 1, "taken"),
    ("transformer", "head.head.weight", 0, "made"),
    ("transformer", "proj_out.weight", 0, "made"),
    ("text_encoder", "token_embedding.weight", 0, "words"),
    ("text_encoder", "shared.weight", 0, "words"),
    ("text_encoder", "token_embd.weight", 0, "words"),
    ("vae", "encoder.conv1.weight", 0, "base"),
    ("vae", "encoder.conv_in.weight", 0, "base"),
    ("vae", "conv2.weight", 0, "latents"),
    ("vae", "post_quant_conv.weight", 0, "latents"),
    ("vae", "decoder.head.2.weight", 0, "colours"),
    ("vae", "decoder.conv_out.weight", 0, "colours"),
    ("image_encoder", "visual.patch_embedding.weight", 0, "sight"),
    ("image_encoder", "visual.conv1.weight", 0, "sight"),
    ("image_encoder", "vision_model.embeddings.patch_embedding.weight", 0, "sight"),
    ("image_encoder", "embeddings.patch_embedding.weight", 0, "sight"),
)
"""A part of a model, one of its tensors, one of that one's sizes, and what that size is."""
_TOLD: Mapping[str, Sequence[tuple[int, str]]] = {
    full: [(place, meaning) for _, own, place, meaning in _NUMBERED if own == name]
    for part, name, _, _ in _NUMBERED
    for full in with_prefixes(part, name)
}
_LORA_INPUT = re.compile(
    r".*blocks[._]#[._](?:self_attn[._]q|attn#[._]to_q)(?:\.default)?\.(?:lora_A|lora_down|lora\.down)(?:\.\w+)?\.weight"
)
_GGUF_KEPT = {"general.name": "name", "general.file_type": "general.file_type"}
_DIMENSIONS_OF_VIDEO = 5
_MOST_NOTES, _MOST_NOTE = 8, 500
_MOST_ASIDE = 4096
_MOST_LAYOUTS = 1000
_MOST_OF_A_NAME = 200
"""Letters of a tensor's name that are looked at: real ones have half as many."""


class Evidence(Value):
    """What speaks for the nature of a file, or of several that hold parts of one network.

    ``marks``: kinds of tensors that it has; ``numbers``: sizes by their meaning; ``types``: bytes of each type of
    tensor, of a transformer's own where other networks are in its file; ``odd``: what of its weights no network can be
    filled from; ``notes``: what it says of itself in words; ``quantised``: formats that its own notes name; ``flaw``:
    why it cannot be read.
    """

    form: Form
    marks: tuple[str, ...] = ()
    numbers: dict[str, int] = Field(default_factory=dict)
    types: dict[str, int] = Field(default_factory=dict)
    odd: tuple[str, ...] = ()
    notes: dict[str, str] = Field(default_factory=dict)
    quantised: tuple[str, ...] = ()
    flaw: str = ""


_LAYOUTS: dict[tuple[bytes, int], Evidence] = {}
"""What headers say that differ in words alone, by what is left of them and the bytes that follow."""


class _Tensor(NamedTuple):
    type: str
    shape: tuple[int, ...]
    bytes: int


def read_evidence(path: Path) -> Evidence:
    """The evidence in the header of the file ``path``, whatever it is called; raises OSError when it cannot be read.

    Of a pickle and of what is no weights file, 32 bytes are read and nothing else.
    """
    head = _begin(path)
    if is_pickle(head):
        return Evidence(form="pickle")
    try:
        return _of_gguf(path) if head.startswith(b"GGUF") else _of_safetensors(path)
    except BadWeights as error:
        if isinstance(error.__cause__, OSError) and not isinstance(error.__cause__, Refused | FileNotFoundError):
            raise error.__cause__ from error  # the disk's fault, not the file's
        return Evidence(form="damaged", flaw=str(error))


def is_pickle(head: bytes) -> bool:
    """Whether a file that begins so is a pickle, or an archive as torch writes with one inside."""
    if head[8:9] == b"{":  # a safetensors header, whatever its length looks like
        return False
    return head.startswith((b"PK\x03\x04", b"\x80\x02", b"\x80\x03", b"\x80\x04", b"\x80\x05", b"\x1f\x8b", b"7z\xbc"))


def together(parts: Iterable[Evidence]) -> Evidence:
    """The evidence of a network that lies in several files."""
    found = list(parts)
    types: dict[str, int] = {}
    for each in found:
        for name, count in each.types.items():
            types[name] = types.get(name, 0) + count
    return Evidence(
        form=found[0].form,
        marks=tuple(sorted({mark for each in found for mark in each.marks})),
        numbers={name: number for each in found for name, number in each.numbers.items()},
        types=types,
        odd=tuple(sorted({kind for each in found for kind in each.odd})),
        notes={name: note for each in reversed(found) for name, note in each.notes.items()},
        quantised=tuple(sorted({form for each in found for form in each.quantised})),
    )


def _begin(path: Path) -> bytes:
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            return file.read(32) or b""
    except Refused:
        return b""


def _of_safetensors(path: Path) -> Evidence:
    """The LoRAs of one trainer have the same tensors in the same places: what those say is found out once."""
    raw = read_raw_header(path)
    apart = raw.apart()
    words, rest = apart or ({}, raw.content)
    layout = hashlib.blake2b(rest).digest(), raw.data_size
    known = _LAYOUTS.get(layout)
    if known is None:
        header = raw.checked()
        known = _of_tensors(path, header)
        if apart is not None or not header.metadata:
            _remember(layout, known)
        words = dict(header.metadata)
    notes = [(key, _whole(words[key][:_MOST_NOTE])) for key in NOTES if words.get(key, "").strip()]
    quantised = tuple(sorted({*known.quantised, *_told_formats(words)}))
    return known.model_copy(update={"notes": dict(notes[:_MOST_NOTES]), "quantised": quantised})


def _of_tensors(path: Path, header: SafetensorsHeader) -> Evidence:
    """The evidence of its tensors, whatever it says of itself in words."""
    tensors = {name: _Tensor(each.dtype, each.shape, each.end - each.start) for name, each in header.tensors.items()}
    found = _gathered("safetensors", tensors, {}, _formats_beside(path, header))
    return found.model_copy(update={"odd": (*found.odd, "fp8-blocks")}) if has_odd_scales(header) else found


def _remember(layout: tuple[bytes, int], known: Evidence) -> None:
    """Not where bytes beside the weights were read as well: those may differ in a header that does not."""
    if "comfy-quant" in known.marks:
        return
    if len(_LAYOUTS) >= _MOST_LAYOUTS:
        _LAYOUTS.clear()
    _LAYOUTS[layout] = known


def _of_gguf(path: Path) -> Evidence:
    header = read_gguf_header(path)
    tensors = {name: _Tensor(each.kind, each.shape, each.end - each.start) for name, each in header.tensors.items()}
    kept = {own: key for key, own in _GGUF_KEPT.items() if key in header.metadata}
    notes = {own: str(header.metadata[key])[:_MOST_NOTE] for own, key in kept.items()}
    return _gathered("gguf", tensors, notes, set())


def _gathered(form: Form, tensors: Mapping[str, _Tensor], notes: dict[str, str], quantised: set[str]) -> Evidence:
    names = "\n".join(name[:_MOST_OF_A_NAME] for name in tensors)
    kinds = "\n".join(dict.fromkeys(re.sub(r"\d+", "#", names).split("\n")))
    marks = [mark for mark, finder in _FINDERS.items() if finder.search(kinds)]
    types: dict[str, int] = {}
    for tensor in _that_count(tensors, is_wan="wan" in marks and "lora" not in marks):
        types[tensor.type] = types.get(tensor.type, 0) + tensor.bytes
    numbers = dict(_numbers(tensors))
    if "lora" in marks:
        numbers |= _lora_width(tensors)
    return Evidence(
        form=form,
        marks=tuple(marks),
        numbers=numbers,
        types=types,
        odd=tuple(sorted({each.type for name, each in tensors.items() if _is_odd(form, name, each)})),
        notes=dict(list(notes.items())[:_MOST_NOTES]),
        quantised=tuple(sorted(quantised)),
    )


def _that_count(tensors: Mapping[str, _Tensor], *, is_wan: bool) -> Iterator[_Tensor]:
    """Those that say how the file is stored: of a transformer with other networks in its file, its own."""
    outer = outer_prefix("transformer", tensors) if is_wan else ""
    return (tensor for name, tensor in tensors.items() if name.startswith(outer))


def _is_odd(form: Form, name: str, tensor: _Tensor) -> bool:
    """Whether it is a weight or a bias of a safetensors file in a type that is none of a weight's."""
    return form == "safetensors" and name.endswith((".weight", ".bias")) and tensor.type not in WEIGHT_TYPES


def _numbers(tensors: Mapping[str, _Tensor]) -> Iterable[tuple[str, int]]:
    for name in [name for name in tensors if name in _TOLD]:
        shape = tensors[name].shape
        for place, meaning in _TOLD[name]:
            if len(shape) > place:
                yield meaning, min(shape[place], 2**53)
                if meaning == "latents":
                    yield "video", int(len(shape) == _DIMENSIONS_OF_VIDEO)


def _lora_width(tensors: Mapping[str, _Tensor]) -> dict[str, int]:
    for name, tensor in tensors.items():
        if len(tensor.shape) == 2 and _LORA_INPUT.fullmatch(re.sub(r"\d+", "#", name)):
            return {"lora-width": min(tensor.shape[1], 2**53)}
    return {}


def _told_formats(words: Mapping[str, str]) -> set[str]:
    """The formats that ComfyUI's note of the whole file names."""
    try:
        layers = json.loads(words["_quantization_metadata"])["layers"].values()
        return {_whole(str(layer["format"])[:40]) for layer in layers}
    except KeyError:
        return set()
    except (ValueError, TypeError, AttributeError, RecursionError):
        return {"unknown"}


def _formats_beside(path: Path, header: SafetensorsHeader) -> set[str]:
    """The formats that tensors of bytes beside the weights name: one is read for each type of weight."""
    asked: dict[str, tuple[int, int]] = {}
    for name, entry in header.tensors.items():
        if name.endswith(".comfy_quant"):
            weight = header.tensors.get(name.removesuffix("comfy_quant") + "weight")
            asked.setdefault(weight.dtype if weight else "", (entry.start, min(entry.end - entry.start, _MOST_ASIDE)))
    if not asked:
        return set()
    with open_plain(path, MAX_FILE_BYTES) as file:
        return {_format_in(_bytes_at(file, header.data_start + start, length)) for start, length in asked.values()}


def _bytes_at(file: BinaryIO, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)


def _format_in(content: bytes) -> str:
    try:
        return _whole(str(json.loads(content)["format"])[:40])
    except (ValueError, TypeError, KeyError, RecursionError):
        return "unknown"


def _whole(text: str) -> str:
    """JSON can spell half a character, which no text can be written with."""
    return text.encode("utf-8", "replace").decode("utf-8")
