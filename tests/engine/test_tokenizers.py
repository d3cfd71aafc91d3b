"""The tokenizer of a model comes from wherever it is, with the words that sentencepiece itself finds."""

import json
from pathlib import Path
from typing import Any

import gguf
import pytest
import torch
from safetensors.torch import save_file

from svi_studio.domain.errors import BadWeights
from svi_studio.engine.loading.sentence_pieces import import_protobuf, sentence_pieces_in
from svi_studio.engine.loading.tokenizer import load_model_tokenizer, load_tokenizer
from svi_studio.weights.gguf_header import read_gguf_header

HERE = Path(__file__).parent / "sentence_pieces"
"""A small model with some replacements of characters, and what sentencepiece 0.2.3 made of texts with it."""

SMALL = HERE / "small.model"
EXPECTED: dict[str, list[int]] = json.loads((HERE / "ids.json").read_text(encoding="ascii"))


def write_gguf_vocabulary(path: Path, **changes: Any) -> Path:
    """As llama.cpp's converter writes a T5's, from the small model."""
    model = import_protobuf().ModelProto()
    model.ParseFromString(SMALL.read_bytes())
    writer = gguf.GGUFWriter(path, "t5encoder")
    writer.add_tokenizer_model(changes.get("model", "t5"))
    writer.add_token_list([piece.piece.encode() for piece in model.pieces])
    writer.add_token_scores([piece.score for piece in model.pieces][: changes.get("scores")])
    writer.add_token_types([piece.type for piece in model.pieces])
    writer.add_precompiled_charsmap(model.normalizer_spec.precompiled_charsmap)
    writer.add_tensor("enc.output_norm.weight", torch.ones(4).numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def write_inside(path: Path, content: bytes) -> Path:
    save_file({"spiece_model": torch.tensor(list(content), dtype=torch.uint8), "shared.weight": torch.ones(2, 2)}, path)
    return path


def linked(folder: Path, words: int = 800, **files: Path) -> Path:
    """A model folder of nothing but what says where its tokenizer and text encoder lie."""
    (folder / "text_encoder").mkdir(parents=True)
    (folder / "text_encoder" / "config.json").write_text(json.dumps({"vocab_size": words}))
    parts = {part: {"files": [str(file)]} for part, file in files.items()}
    (folder / "svi_parts.json").write_text(json.dumps({"architecture": "wan2.1-i2v-14b", "parts": parts}))
    return folder


def words_of(model: Path) -> dict[str, list[int]]:
    tokenizer = load_model_tokenizer(model)
    return {text: tokenizer(text).input_ids for text in EXPECTED}


def test_a_sentencepiece_model(tmp_path: Path) -> None:
    assert words_of(linked(tmp_path / "model", tokenizer=SMALL)) == EXPECTED


def test_the_bytes_inside_a_text_encoder(tmp_path: Path) -> None:
    file = write_inside(tmp_path / "umt5.safetensors", SMALL.read_bytes())
    assert words_of(linked(tmp_path / "linked", tokenizer=file)) == EXPECTED
    assert words_of(linked(tmp_path / "found", text_encoder=file)) == EXPECTED


def test_the_vocabulary_of_a_gguf(tmp_path: Path) -> None:
    file = write_gguf_vocabulary(tmp_path / "umt5.gguf")
    assert words_of(linked(tmp_path / "linked", tokenizer=file)) == EXPECTED
    assert words_of(linked(tmp_path / "found", text_encoder=file)) == EXPECTED


def test_the_rules_as_json(tmp_path: Path) -> None:
    rules = sentence_pieces_in(SMALL)
    assert rules is not None
    rules.save(str(tmp_path / "tokenizer.json"))
    assert words_of(linked(tmp_path / "model", tokenizer=tmp_path / "tokenizer.json")) == EXPECTED


@pytest.mark.parametrize("name", ["tokenizer.json", "spiece.model"])
def test_what_lies_beside_a_linked_tokenizer_changes_no_word(tmp_path: Path, name: str) -> None:
    """It is no part of the model, nor of its hash; beside a model's own tokenizer, it is."""
    rules = sentence_pieces_in(SMALL)
    assert rules is not None
    rules.save(str(tmp_path / "tokenizer.json"))
    (tmp_path / "spiece.model").write_bytes(SMALL.read_bytes())
    (tmp_path / "tokenizer_config.json").write_text(json.dumps({"eos_token": "<pad>", "pad_token": "</s>"}))
    assert words_of(linked(tmp_path / "model", tokenizer=tmp_path / name)) == EXPECTED
    assert load_tokenizer(tmp_path).eos_token == "<pad>"


def test_a_folder_that_has_only_a_sentencepiece_model(tmp_path: Path) -> None:
    (tmp_path / "spiece.model").write_bytes(SMALL.read_bytes())
    tokenizer = load_tokenizer(tmp_path)
    assert {text: tokenizer(text).input_ids for text in EXPECTED} == EXPECTED


def test_long_lists_of_a_gguf_are_read_only_where_they_are_wanted(tmp_path: Path) -> None:
    file = write_gguf_vocabulary(tmp_path / "umt5.gguf")
    assert "tokenizer.ggml.tokens" not in read_gguf_header(file).metadata
    told = read_gguf_header(file, ["tokenizer.ggml.tokens", "tokenizer.ggml.scores"]).metadata
    words, scores = told["tokenizer.ggml.tokens"], told["tokenizer.ggml.scores"]
    assert isinstance(words, tuple) and isinstance(scores, tuple)
    assert words[:3] == ("<pad>", "</s>", "<unk>")
    assert len(words) == len(scores) == 800


@pytest.mark.parametrize("content", [b"", b"\x00" * 40, b"words", SMALL.read_bytes()[:5000], b"\x80\x04."])
def test_what_is_no_sentencepiece_model_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "spiece.model").write_bytes(content)
    with pytest.raises(BadWeights, match=r"spiece\.model"):
        load_model_tokenizer(linked(tmp_path / "model", tokenizer=tmp_path / "spiece.model"))
    with pytest.raises(BadWeights, match=r"spiece\.model"):
        load_model_tokenizer(
            linked(tmp_path / "inside", text_encoder=write_inside(tmp_path / "a.safetensors", content or b"\x00"))
        )


def test_a_model_of_merges_is_refused(tmp_path: Path) -> None:
    model = import_protobuf().ModelProto()
    model.ParseFromString(SMALL.read_bytes())
    model.trainer_spec.model_type = 2
    (tmp_path / "spiece.model").write_bytes(model.SerializeToString())
    with pytest.raises(BadWeights, match="no tokenizer of umT5"):
        load_model_tokenizer(linked(tmp_path / "model", tokenizer=tmp_path / "spiece.model"))


@pytest.mark.parametrize("changes", [{"model": "llama"}, {"scores": 100}])
def test_a_gguf_with_another_vocabulary_is_refused(tmp_path: Path, changes: dict[str, Any]) -> None:
    file = write_gguf_vocabulary(tmp_path / "umt5.gguf", **changes)
    with pytest.raises(BadWeights, match="no tokenizer of umT5"):
        load_model_tokenizer(linked(tmp_path / "model", tokenizer=file))


@pytest.mark.parametrize("words", [700, 32_128])
def test_the_tokenizer_of_another_text_encoder_is_refused(tmp_path: Path, words: int) -> None:
    with pytest.raises(BadWeights, match="do not belong together"):
        load_model_tokenizer(linked(tmp_path / "model", words, tokenizer=SMALL))


def test_without_any_one_sentence_says_how_to_get_it(tmp_path: Path) -> None:
    save_file({"shared.weight": torch.ones(2, 2)}, tmp_path / "umt5.safetensors")
    model = linked(tmp_path / "model", text_encoder=tmp_path / "umt5.safetensors")
    with pytest.raises(BadWeights, match=r"has no tokenizer.*link the model again") as caught:
        load_model_tokenizer(model)
    assert "\n" not in str(caught.value)


def test_a_tokenizer_that_vanished_is_named(tmp_path: Path) -> None:
    for name in ("tokenizer.json", "spiece.model"):
        with pytest.raises(BadWeights, match=name):
            load_model_tokenizer(linked(tmp_path / name, tokenizer=tmp_path / "gone" / name))
