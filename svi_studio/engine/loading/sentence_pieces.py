"""Makes a tokenizer of a sentencepiece model, as it lies in a file of its own, in a weights file or in a GGUF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tokenizers import Tokenizer
from transformers.convert_slow_tokenizer import SpmConverter, import_protobuf

from svi_studio.disk.plain_file import open_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.engine.loading.tokenizer_faults import are_words, told_faults
from svi_studio.weights.gguf_header import is_gguf, read_gguf_header
from svi_studio.weights.safetensors_header import MAX_FILE_BYTES, SafetensorsHeader, read_header

INSIDE = "spiece_model"
"""The tensor of bytes in which ComfyUI's text encoders bring their sentencepiece model."""

_MOST_BYTES = 64 << 20
_UNIGRAM = 1
_VOCABULARY, _SCORES, _TYPES, _CHARACTERS = (
    f"tokenizer.ggml.{name}" for name in ("tokens", "scores", "token_type", "precompiled_charsmap")
)
_UNKNOWN_TYPE = 2


def sentence_pieces_in(path: Path) -> Tokenizer | None:
    """The tokenizer that the file `path` is or brings along; None for a weights file without one.

    A sentencepiece model, a safetensors file with one in it, or a GGUF with a T5's vocabulary. Raises BadWeights when
    it is damaged, or of another kind than a T5's.
    """
    if is_gguf(path):
        return _of_gguf(path)
    begin = _bytes(path, 0, 9)
    if begin[8:9] == b"{":
        return _of_safetensors(read_header(path))
    return _tokenizer(path, _parsed(path, _bytes(path, 0, _MOST_BYTES + 1)))


def _of_safetensors(header: SafetensorsHeader) -> Tokenizer | None:
    entry = next((entry for name, entry in header.tensors.items() if name.rpartition(".")[2] == INSIDE), None)
    if entry is None:
        return None
    start = header.data_start + entry.start
    return _tokenizer(header.path, _parsed(header.path, _bytes(header.path, start, entry.end - entry.start)))


def _of_gguf(path: Path) -> Tokenizer | None:
    told = read_gguf_header(path, (_VOCABULARY, _SCORES, _TYPES, _CHARACTERS)).metadata
    if _VOCABULARY not in told:
        return None
    words, scores, types = (_listed(told, key) for key in (_VOCABULARY, _SCORES, _TYPES))
    if told.get("tokenizer.ggml.model") != "t5" or not len(words) == len(scores) == len(types):
        raise _unusable(path)
    model = import_protobuf().ModelProto()
    try:
        for word, score, kind in zip(words, scores, types, strict=True):
            model.pieces.add(piece=word, score=score, type=kind)
        model.normalizer_spec.precompiled_charsmap = bytes(value & 255 for value in _listed(told, _CHARACTERS))
    except (TypeError, ValueError) as error:
        raise _unusable(path) from error
    model.trainer_spec.unk_id = next((i for i, kind in enumerate(types) if kind == _UNKNOWN_TYPE), 0)
    model.trainer_spec.byte_fallback = any(kind == model.SentencePiece.BYTE for kind in types)
    return _tokenizer(path, model)


def _listed(told: Mapping[str, Any], key: str) -> Sequence[Any]:
    found = told.get(key, ())
    return found if isinstance(found, tuple) else ()


def _parsed(path: Path, content: bytes) -> Any:
    if len(content) > _MOST_BYTES:
        raise _unusable(path)
    model = import_protobuf().ModelProto()
    try:
        model.ParseFromString(content)
    except Exception as error:  # the library's own, which has no types
        raise _unusable(path) from error
    return model


class _Converter(SpmConverter):
    """The library's own, given a model that was read already."""

    def __init__(self, model: Any) -> None:
        self.original_tokenizer = SimpleNamespace()
        self.handle_byte_fallback = model.trainer_spec.byte_fallback
        self.proto = model


def _tokenizer(path: Path, model: Any) -> Tokenizer:
    is_unigram = model.pieces and model.trainer_spec.model_type == _UNIGRAM
    if not is_unigram or not are_words(each.piece for each in model.pieces):
        raise _unusable(path)
    with told_faults(str(_unusable(path))):
        found: Tokenizer = _Converter(model).converted()
    return found


def _bytes(path: Path, start: int, length: int) -> bytes:
    try:
        with open_plain(path, MAX_FILE_BYTES) as file:
            file.seek(start)
            return file.read(min(length, _MOST_BYTES + 1))
    except Refused as error:
        raise BadWeights(str(error)) from error
    except OSError as error:
        raise BadWeights(f"The tokenizer {path} could not be read ({error.strerror}); check the disk.") from error


def _unusable(path: Path) -> BadWeights:
    return BadWeights(f"{path} holds no tokenizer of umT5 that can be read; use google/umt5-xxl's spiece.model.")
