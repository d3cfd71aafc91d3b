"""A tokenizer that was made to break the library that runs it is refused, and never ends the process."""

import json
import math
import struct
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from transformers.convert_slow_tokenizer import import_protobuf

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.denoising.prompt import encode_tokens, tokenize
from svi_studio.engine.loading.sentence_pieces import sentence_pieces_in
from svi_studio.engine.loading.tokenizer import load_tokenizer
from tests.engine.test_tokenizers import SMALL


def damaged(folder: Path, change: Callable[[Any], None]) -> Path:
    """The small sentencepiece model with a change to it, in a folder of its own."""
    model = import_protobuf().ModelProto()
    model.ParseFromString(SMALL.read_bytes())
    change(model)
    (folder / "spiece.model").write_bytes(model.SerializeToString())
    return folder


def as_rules(folder: Path, change: Callable[[Any], None]) -> Path:
    """The same model as JSON, changed."""
    rules = sentence_pieces_in(SMALL)
    assert rules is not None
    content = json.loads(rules.to_str())
    change(content)
    (folder / "tokenizer.json").write_text(json.dumps(content))
    return folder


def with_replacements(content: bytes) -> Callable[[Any], None]:
    return lambda model: setattr(model.normalizer_spec, "precompiled_charsmap", content)


def with_scores(score: float) -> Callable[[Any], None]:
    def change(model: Any) -> None:
        for piece in model.pieces:
            piece.score = score

    return change


@pytest.mark.parametrize(
    "change",
    [
        with_replacements(struct.pack("<I", 0) + b"x" * 20),
        with_replacements(struct.pack("<I", 8) + bytes(8)),
        with_scores(math.nan),
        with_scores(-math.inf),
        lambda model: model.pieces.add(piece="x" * 300_000, score=-1.0, type=1),
    ],
)
def test_a_damaged_sentencepiece_model_is_refused(change: Callable[[Any], None], tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match=r"damaged|no tokenizer of umT5"):
        load_tokenizer(damaged(tmp_path, change))


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["model"]["vocab"].append(["x" * 300_000, -1.0]),
        lambda content: (content["model"].pop("type"), content["model"]["vocab"].append(["x" * 300_000, -1.0])),
        lambda content: content["model"]["vocab"].append([7]),
        lambda content: content.update(model=[]),
        lambda content: content.update(
            normalizer={"type": "Precompiled", "precompiled_charsmap": "CAAAAAAAAAAAAAAA"}  # eight bytes of nothing
        ),
    ],
)
def test_damaged_rules_are_refused(change: Callable[[Any], None], tmp_path: Path) -> None:
    with pytest.raises(BadWeights, match="damaged"):
        load_tokenizer(as_rules(tmp_path, change))


def test_a_tokenizer_that_fails_at_one_text_alone_is_told_then(tmp_path: Path) -> None:
    """The table of replacements is right for plain letters and leads nowhere for others."""
    units = [256 << 10, *[0] * 511]  # all that begins with a letter beyond 7 bits is looked up past the end
    units[256 ^ "é".encode()[0]] = (0x1FFFFF << 10) | "é".encode()[0]
    broken = struct.pack("<513I", 4 * len(units), *units) + b"\0"
    tokenizer = load_tokenizer(damaged(tmp_path, with_replacements(broken)))
    assert tokenize(tokenizer, "a boat")[0].shape == (1, 512)
    with pytest.raises(BadWeights, match="tokenizer is damaged"):
        tokenize(tokenizer, "été")


def test_a_word_that_the_text_encoder_has_not_never_reaches_it() -> None:
    encoder = SimpleNamespace(config=SimpleNamespace(vocab_size=800, d_model=8))
    with pytest.raises(BadWeights, match="another model's"):
        encode_tokens(encoder, torch.tensor([[5, 800, 0]]), torch.tensor([[1, 1, 0]]))
