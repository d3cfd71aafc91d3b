"""How many frames a clip has, where the model's card does not say."""

import json
from pathlib import Path
from typing import Any

import pytest

from svi_studio.weights.model_folder import read_card


def folder(place: Path, card: dict[str, Any] | None, config: Any) -> Path:
    (place / "vae").mkdir()
    if config is not None:
        (place / "vae" / "config.json").write_text(json.dumps(config))
    if card is not None:
        (place / "svi_model.json").write_text(json.dumps(card))
    return place


@pytest.mark.parametrize("card", [None, {"name": "small"}])
@pytest.mark.parametrize(
    ("config", "frames"), [({"z_dim": 16}, 81), ({"z_dim": 48}, 121), ({"z_dim": [48]}, 81), ({}, 81), (None, 81)]
)
def test_a_clip_is_as_long_as_its_architecture_was_trained(
    tmp_path: Path, card: dict[str, Any] | None, config: Any, frames: int
) -> None:
    assert read_card(folder(tmp_path, card, config)).num_frames == frames


def test_the_card_says_otherwise(tmp_path: Path) -> None:
    assert read_card(folder(tmp_path, {"name": "small", "num_frames": 49}, {"z_dim": 48})).num_frames == 49


def test_a_broken_configuration_is_told_elsewhere(tmp_path: Path) -> None:
    place = folder(tmp_path, {"name": "small"}, None)
    (place / "vae" / "config.json").write_text("{")
    assert read_card(place).num_frames == 81
