"""Opens the tokenizer of a model wherever it is: plain data, read by the tokenizers library, never code."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

from svi_studio.disk.plain_file import read_plain
from svi_studio.domain.errors import BadWeights, Refused
from svi_studio.engine.loading.sentence_pieces import sentence_pieces_in
from svi_studio.engine.loading.tokenizer_faults import are_words, told_faults
from svi_studio.weights.model_folder import TOKENIZER, linked_files, read_json

_DEFAULTS = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
_RULES, _PIECES, _CONFIG = "tokenizer.json", "spiece.model", "tokenizer_config.json"
_MOST_BYTES = 64 << 20


def load_model_tokenizer(model: Path) -> PreTrainedTokenizerFast:
    """The tokenizer of the model in the folder `model`: linked, in its folder, or inside its text encoder's file.

    It ends every text with `</s>`. Raises BadWeights when there is none, or it is damaged or another text encoder's.
    """
    tokenizer = _found(model)
    words = read_json(model / "text_encoder" / "config.json").get("vocab_size")
    if isinstance(words, int) and not words / 2 < len(tokenizer) <= words:
        raise BadWeights(
            f"The tokenizer of {model.name} has {len(tokenizer)} words and its text encoder {words}, so they do not "
            "belong together: use the tokenizer of google/umt5-xxl."
        )
    return tokenizer


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer in `folder`: `tokenizer.json`, perhaps `tokenizer_config.json`, or `spiece.model`.

    It ends every text with `</s>`. Raises BadWeights when a file is missing or damaged, or the tokenizer has no padding
    or end token.
    """
    path = folder / _RULES
    if not path.is_file() and (folder / _PIECES).is_file():
        path = folder / _PIECES
    if not path.is_file():
        raise BadWeights(f"The model has no tokenizer: {path} is missing; download or copy the model again.")
    return _finished(path, _opened(path), _special_tokens(folder / _CONFIG))


def _found(model: Path) -> PreTrainedTokenizerFast:
    if linked := linked_files(model, TOKENIZER):
        return _finished(linked[0], _opened(linked[0]), _DEFAULTS)  # what lies beside it is no part of the model
    encoder = linked_files(model, "text_encoder")
    if not encoder or (model / TOKENIZER).is_dir():
        return load_tokenizer(model / TOKENIZER)
    for path in encoder:
        if (rules := sentence_pieces_in(path)) is not None:
            return _finished(path, rules, _DEFAULTS)
    raise BadWeights(
        f"{model.name} has no tokenizer, and its text encoder {encoder[0].name} brings none along: get {_RULES} or "
        f"{_PIECES} of google/umt5-xxl, and link the model again with it."
    )


def _opened(path: Path) -> Tokenizer:
    rules = _rules(path) if path.suffix == ".json" else sentence_pieces_in(path)
    if rules is None:
        raise BadWeights(f"{path} brings no tokenizer along: use google/umt5-xxl's {_RULES} or {_PIECES}.")
    return rules


def _rules(path: Path) -> Tokenizer:
    try:
        content = read_plain(path, _MOST_BYTES)
    except Refused as error:
        raise BadWeights(str(error)) from error
    except FileNotFoundError as error:
        raise BadWeights(f"The tokenizer {path} is missing; download or copy it again.") from error
    except OSError as error:
        raise BadWeights(f"The tokenizer {path} could not be read ({error.strerror}); check the disk.") from error
    with told_faults(_damaged(path)):
        vocabulary = json.loads(content)["model"].get("vocab")
        if isinstance(vocabulary, list) and not are_words(word for word, _ in vocabulary):
            raise BadWeights(_damaged(path))
        return Tokenizer.from_buffer(content)


def _damaged(path: Path) -> str:
    return f"The tokenizer {path} is damaged; download or copy the model again."


def _finished(path: Path, rules: Tokenizer, special: Mapping[str, str]) -> PreTrainedTokenizerFast:
    for name in ("pad_token", "eos_token"):
        if rules.token_to_id(special[name]) is None:
            raise BadWeights(f"The tokenizer {path} has no {special[name]}; download or copy the model again.")
    with told_faults(_damaged(path)):
        _end_every_text(rules, special["eos_token"])
        return PreTrainedTokenizerFast(tokenizer_object=rules, **special)


def _special_tokens(path: Path) -> dict[str, str]:
    config = read_json(path) if path.is_file() else {}
    return {name: _text(config.get(name)) or default for name, default in _DEFAULTS.items()}


def _text(token: Any) -> str | None:
    content = token.get("content") if isinstance(token, dict) else token
    return content if isinstance(content, str) else None


def _end_every_text(rules: Tokenizer, end: str) -> None:
    number = rules.token_to_id(end)
    if rules.encode("a").ids[-1:] != [number]:
        rules.post_processor = TemplateProcessing(single=f"$A {end}", special_tokens=[(end, number)])
