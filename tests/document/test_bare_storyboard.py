"""A bare storyboard in the window: the film that was made from it, and never an older one without a word."""

import json
from pathlib import Path

import pytest
from PIL import Image

from svi_studio.document.opening.loaded_film import load_film
from svi_studio.domain.errors import BadInput
from tests.domain import short_edits


@pytest.fixture
def storyboard(tmp_path: Path) -> Path:
    Image.new("RGB", (48, 32)).save(tmp_path / "start.png")
    file = tmp_path / "long.json"
    file.write_text(json.dumps({"title": "One", "reference_image": "start.png", "clips": [{"id": "a", "prompt": "p"}]}))
    return file


def opened(path: Path) -> str:
    loaded = load_film(path)
    assert loaded.lock is not None
    loaded.lock.release()
    return loaded.project.storyboard.title


def test_a_storyboard_opens_again_as_the_film_that_was_made_from_it(storyboard: Path) -> None:
    assert [opened(storyboard) for _ in range(2)] == ["One", "One"]


def test_an_older_film_is_not_opened_in_place_of_a_changed_storyboard(storyboard: Path) -> None:
    opened(storyboard)
    storyboard.write_text(storyboard.read_text().replace("One", "Two"))
    with pytest.raises(BadInput, match=r"long\.svi was made from another version of long\.json: open it .*, or give"):
        opened(storyboard)
    assert opened(storyboard.with_suffix(".svi")) == "One"


def test_a_changed_picture_is_another_version_too(storyboard: Path) -> None:
    opened(storyboard)
    Image.new("RGB", (48, 32), "red").save(storyboard.with_name("start.png"))
    with pytest.raises(BadInput, match="another version"):
        opened(storyboard)


def test_edits_in_the_film_are_not_hidden_by_its_storyboard(storyboard: Path) -> None:
    opened(storyboard)
    loaded = load_film(storyboard.with_suffix(".svi"))
    loaded.project.record(short_edits.append_prompt(loaded.project.storyboard, "more"))
    assert loaded.lock is not None
    loaded.lock.release()
    with pytest.raises(BadInput, match="another version"):
        opened(storyboard)
