"""Opens the tokenizer of a model folder: plain data, read by the tokenizers library, never code."""

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer
from tokenizers.processors import TemplateProcessing
from transformers import PreTrainedTokenizerFast

from svi_studio.domain.errors import BadWeights
from svi_studio.weights.model_folder import read_json

_DEFAULTS = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}


def load_tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """The tokenizer in `folder`: `tokenizer.json`, perhaps `tokenizer_config.json`. It ends every text with `</s>`.

    Raises BadWeights when a file is missing or damaged, or the tokenizer has no padding or end token.
    """
    path = folder / "tokenizer.json"
    if not path.is_file():
        raise BadWeights(f"The model has no tokenizer: {path} is missing; download or copy the model again.")
    try:
        rules = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises plain Exception for a damaged file
        raise BadWeights(f"The tokenizer {path} is damaged; download or copy the model again.") from error
    special = _special_tokens(folder / "tokenizer_config.json")
    for name in ("pad_token", "eos_token"):
        if rules.token_to_id(special[name]) is None:
            raise BadWeights(f"The tokenizer {path} has no {special[name]}; download or copy the model again.")
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
