"""A LoRA's training card is read from its header; a LoRA without one is as good."""

from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.training.card import CARD_METADATA
from svi_studio.weights.lora_card import read_training_card
from tests.builders.header_files import write_safetensors
from tests.domain.test_training_card import CARD


def lora(folder: Path, **metadata: str) -> Path:
    return write_safetensors(folder / "x.safetensors", {"__metadata__": metadata})


def test_the_card_comes_back(tmp_path: Path) -> None:
    assert read_training_card(lora(tmp_path, **{CARD_METADATA: CARD.model_dump_json()})) == CARD


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"schema_version": 99, "a new field": 1}', "[" * 5000])
def test_a_card_of_another_kind_is_no_fault_of_the_lora(tmp_path: Path, text: str) -> None:
    assert read_training_card(lora(tmp_path, **{CARD_METADATA: text})) is None


def test_a_lora_without_a_card_has_none(tmp_path: Path) -> None:
    assert read_training_card(lora(tmp_path)) is None


def test_a_file_that_is_no_lora_at_all_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.safetensors").write_bytes(b"PK\x03\x04" + bytes(60))
    with pytest.raises(BadWeights, match="zip archive"):
        read_training_card(tmp_path / "x.safetensors")
