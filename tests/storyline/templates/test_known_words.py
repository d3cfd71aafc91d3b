"""The words of models with few words."""

import json
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, BadWeights
from svi_studio.storyline.known_words import MAX_BYTES, KnownWords, known_words, known_words_of
from tests.storyline.templates.stories import bundled_words, proposal


def write(path: Path, **content: object) -> Path:
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def test_the_bundled_model_knows_its_61_words() -> None:
    assert len(bundled_words().words) == 61


def test_it_reads_as_the_model_does_whatever_the_capitals() -> None:
    assert bundled_words().knows("The RED boat moves left.")


def test_words_that_it_does_not_know_are_named_once() -> None:
    assert bundled_words().unknown("A dog! The dog jumps.") == ("dog", "!")


def test_special_marks_of_the_tokenizer_are_no_words() -> None:
    assert not bundled_words().knows("<pad>")


def test_the_share_counts_prompts() -> None:
    assert KnownWords(frozenset({"a"})).share(["a", "b", "a a", "A"]) == 0.75


def test_a_tokenizer_of_word_parts_knows_any_word(tmp_path: Path) -> None:
    assert known_words(write(tmp_path / "tokenizer.json", model={"type": "Unigram", "vocab": [["a", 0.0]]})) is None


def test_a_model_without_a_tokenizer_file_counts_as_knowing_any_word(tmp_path: Path) -> None:
    assert known_words_of(tmp_path) is None


def test_a_large_vocabulary_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_bytes(b"{" + b" " * MAX_BYTES)
    assert known_words(tmp_path / "tokenizer.json") is None


@pytest.mark.parametrize("content", ["", "{", '{"model": ', "[" * 100_000])
def test_a_damaged_file_is_told_in_one_sentence(tmp_path: Path, content: str) -> None:
    (tmp_path / "tokenizer.json").write_text(content, encoding="utf-8")
    with pytest.raises(BadWeights, match="not valid JSON"):
        known_words(tmp_path / "tokenizer.json")


@pytest.mark.parametrize("content", [[], {}, {"model": []}, {"model": {"type": "WordLevel", "vocab": 3}}])
def test_json_of_another_kind_knows_any_word(tmp_path: Path, content: object) -> None:
    (tmp_path / "tokenizer.json").write_text(json.dumps(content), encoding="utf-8")
    assert known_words(tmp_path / "tokenizer.json") is None


def test_a_file_that_was_replaced_is_read_again(tmp_path: Path) -> None:
    path = write(tmp_path / "tokenizer.json", model={"type": "WordLevel", "vocab": {"one": 0}})
    first = known_words(path)
    write(path, model={"type": "WordLevel", "vocab": {"one": 0, "two": 1, "three": 2}})
    assert first != known_words(path)


def test_a_model_that_lacks_words_is_told_only_the_rest() -> None:
    known = KnownWords(bundled_words().tokens - {"boat", "beach", "hops"})
    prompts = [card.prompt for card in proposal("a red ball", known, clips=60, scene_changes=True).cards]
    assert known.share(prompts) == 1.0


def test_a_model_of_another_world_is_refused_with_its_words() -> None:
    with pytest.raises(BadInput, match="apple, pear"):
        proposal("a pear", KnownWords(frozenset({"apple", "pear"})))
