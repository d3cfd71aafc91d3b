import shutil
from pathlib import Path

import pytest
from pydantic import ValidationError

from svi_studio.domain.film.model_card import ModelCard, OwnWorld
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.own_world import picture_warning
from tests.photographs import photograph_file

MODEL = resource_path("models", "svi-mini")
READY_MADE = sorted(resource_path("storyline", "pictures").glob("*.png"))
WARNING = "The bundled model draws only its paper theatre; your picture would fall apart."


def test_a_photograph_is_warned_of_in_the_models_own_words(tmp_path: Path) -> None:
    assert picture_warning(photograph_file(tmp_path / "me.png"), MODEL, read_card(MODEL)) == WARNING


@pytest.mark.parametrize("picture", READY_MADE[::9], ids=lambda path: path.stem)
def test_ready_made_pictures_are_never_warned_of(picture: Path) -> None:
    assert picture_warning(picture, MODEL, read_card(MODEL)) == ""


def test_what_a_model_can_draw_is_data_of_its_card(tmp_path: Path) -> None:
    photo, card = photograph_file(tmp_path / "me.png"), ModelCard(name="wan-14b")
    assert picture_warning(photo, MODEL, card) == "", "a model without a world of its own draws anything"
    shutil.copy(photo, tmp_path / "places.png")
    own = card.model_copy(
        update={"width": 320, "height": 192, "world": OwnWorld(warning="Only this.", places="places.png")}
    )
    assert picture_warning(photo, tmp_path, own) == ""
    assert picture_warning(photograph_file(tmp_path / "other.png", seed=2), tmp_path, own) == "Only this."


def test_a_picture_or_a_place_that_cannot_be_read_is_no_reason_to_warn(tmp_path: Path) -> None:
    (tmp_path / "broken.png").write_bytes(b"no picture")
    for picture in (tmp_path / "broken.png", tmp_path / "nothing.png"):
        assert picture_warning(picture, MODEL, read_card(MODEL)) == ""
    assert picture_warning(photograph_file(tmp_path / "me.png"), tmp_path, read_card(MODEL)) == ""


def test_a_picture_that_was_replaced_is_looked_at_again(tmp_path: Path) -> None:
    file = photograph_file(tmp_path / "me.png")
    assert picture_warning(file, MODEL, read_card(MODEL))
    shutil.copy(READY_MADE[0], file)
    assert picture_warning(file, MODEL, read_card(MODEL)) == ""


def test_a_world_needs_a_size() -> None:
    with pytest.raises(ValidationError):
        ModelCard(name="x", world=OwnWorld(warning="Only this.", places="places.png"))
