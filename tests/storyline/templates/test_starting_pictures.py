"""The pictures that ship for the bundled model."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.media.images import picture_size
from svi_studio.resource_files import resource_path
from svi_studio.storyline.known_words import KnownWords
from svi_studio.storyline.vocabulary.starting_pictures import shown_in, starting_picture, starting_pictures
from svi_studio.weights.model_folder import read_card
from tests.storyline.templates.stories import MODEL, bundled_words
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.stage import FINE
from trainer.paper_theatre.starting_pictures import picture_name, starting_stills

FOLDER = resource_path("storyline", "pictures")


def test_every_subject_is_there_in_every_colour_and_place() -> None:
    shown = {(picture.lead, picture.colour, picture.place) for picture in starting_pictures(bundled_words())}
    assert shown == {(stage.subject, stage.colour, stage.scene) for stage in starting_stills()}


def test_the_pictures_are_what_the_paper_theatre_draws() -> None:
    wrong = [
        picture_name(stage)
        for stage in starting_stills()
        if not np.array_equal(np.asarray(Image.open(FOLDER / picture_name(stage))), render_still(stage, FINE))
    ]
    assert not wrong


def test_all_of_them_together_are_small() -> None:
    assert sum(file.stat().st_size for file in FOLDER.iterdir()) < 1_500_000


def test_they_have_the_models_own_size() -> None:
    assert {picture_size(picture.path) for picture in starting_pictures(bundled_words())} == {read_card(MODEL).size}


def test_each_is_known_again_by_its_content() -> None:
    pictures = starting_pictures(bundled_words())
    assert [shown_in(picture.path) for picture in pictures] == list(pictures)


def test_so_are_the_smaller_ones_that_films_began_with_before(tmp_path: Path) -> None:
    stage, picture = next(starting_stills()), starting_pictures(bundled_words())[0]
    Image.fromarray(render_still(stage)).save(tmp_path / "smaller.png", optimize=True)
    assert shown_in(tmp_path / "smaller.png") == picture


@pytest.mark.parametrize("name", ["gone.png", "folder", "other.png", "\0"])
def test_any_other_file_shows_nothing_known(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    Image.new("RGB", (80, 48)).save(tmp_path / "other.png")
    assert shown_in(tmp_path / name) is None


def test_the_one_that_fits_the_words_is_found() -> None:
    found = starting_picture("a red boat at night", bundled_words())
    assert found is not None and found.name == "boat-red-night.png"


def test_there_is_none_for_an_unknown_subject_or_a_model_of_any_words() -> None:
    assert starting_picture("a cathedral", bundled_words()) is None
    assert starting_picture("a red boat", None) is None
    assert starting_pictures(None) == ()


def test_only_pictures_in_words_that_a_model_knows_are_offered() -> None:
    known = KnownWords(bundled_words().tokens - {"boat"})
    assert len(starting_pictures(known)) == len(starting_pictures(bundled_words())) * 5 // 6


def test_the_title_says_what_it_shows() -> None:
    assert starting_pictures(bundled_words())[0].title == "red ball, meadow"
