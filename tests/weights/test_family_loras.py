"""The LoRAs that a model brings for its families are found inside its folder, and what is wrong with them is told."""

from pathlib import Path

import pytest

from svi_studio.domain.errors import BadWeights
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.weights.family_loras import find_family_loras
from svi_studio.weights.model_folder import read_card
from tests.builders.header_files import write_safetensors

CARD = ModelCard(name="mini", family_loras={"film": "loras/film.safetensors"})


def test_a_whole_file_is_found(tmp_path: Path) -> None:
    file = write_safetensors(tmp_path / "loras" / "film.safetensors", {})
    found = find_family_loras(tmp_path, CARD)
    assert (found.files, found.problems) == ({"film": file}, {})


def test_a_lost_file_is_told_with_a_way_out(tmp_path: Path) -> None:
    found = find_family_loras(tmp_path, CARD)
    assert (found.files, found.problems) == (
        {},
        {
            "film": 'The model mini lacks its LoRA "loras/film.safetensors" for the family film; get the model again, '
            "or set the film's stability to 0."
        },
    )


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04" + bytes(64), b"\xff" * 64])
def test_a_file_of_another_kind_is_told(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "loras").mkdir()
    (tmp_path / "loras" / "film.safetensors").write_bytes(content)
    found = find_family_loras(tmp_path, CARD)
    assert (list(found.files), list(found.problems)) == ([], ["film"])


def test_a_name_that_no_disk_can_have_is_told(tmp_path: Path) -> None:
    card = ModelCard(name="mini", family_loras={"film": "x" * 1000})
    assert "lacks its LoRA" in find_family_loras(tmp_path, card).problems["film"]


def test_a_card_that_names_a_file_outside_is_not_valid(tmp_path: Path) -> None:
    (tmp_path / "svi_model.json").write_text('{"name": "mini", "family_loras": {"film": "../film.safetensors"}}')
    with pytest.raises(BadWeights, match="not valid"):
        read_card(tmp_path)


def test_a_card_names_them_by_family(tmp_path: Path) -> None:
    (tmp_path / "svi_model.json").write_text('{"name": "mini", "family_loras": {"film": "loras/film.safetensors"}}')
    assert read_card(tmp_path) == CARD
