import random
from io import BytesIO

import numpy as np
import pytest
from PIL import Image, ImageFilter

from svi_studio.media.own_world import likeness
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import read_card
from tests.photographs import photograph
from trainer.mini.clips import training_script
from trainer.paper_theatre.looks import sepia
from trainer.paper_theatre.render import render_frame, render_still
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.world_picture import world_picture

SIZE = (80, 48)
MODEL = resource_path("models", "svi-mini")
WORLD = read_card(MODEL).world
PLACES = world_picture()


def alike(picture: Image.Image) -> bool:
    assert WORLD is not None
    return likeness(picture, PLACES, SIZE, WORLD.tolerance) >= WORLD.least


def frames(count: int, seed: int) -> list[Image.Image]:
    rng = random.Random(seed)
    return [Image.fromarray(render_frame(training_script(rng), rng.randrange(21))) for _ in range(count)]


def test_the_model_ships_with_the_places_that_its_theatre_has_today() -> None:
    assert WORLD is not None
    with Image.open(MODEL / WORLD.places) as shipped:
        assert np.array_equal(np.asarray(shipped.convert("RGB")), np.asarray(PLACES))


@pytest.mark.parametrize("scene", SCENES)
def test_every_scene_is_of_the_world_wherever_its_hero_stands(scene: str) -> None:
    stages = [Still(scene, "puppet", "red", x=24), Still(scene, "car", "blue", x=0, size=32, offset=16)]
    for stage in stages:
        assert alike(Image.fromarray(render_still(stage)))


def test_what_the_model_has_filmed_is_of_its_world_also_in_the_middle_of_an_action() -> None:
    assert all(map(alike, frames(12, seed=3)))


def test_a_film_that_has_lost_detail_and_colour_on_its_way_is_still_of_the_world() -> None:
    for number, frame in enumerate(frames(6, seed=4)):
        soft = np.asarray(frame.filter(ImageFilter.GaussianBlur(0.8)), dtype=float)
        noise = np.random.default_rng(number).normal(0, 5, soft.shape)
        drifted = (soft - 128) * 0.9 + 128 + noise + np.array([6, -4, 5])
        assert alike(Image.fromarray(drifted.clip(0, 255).astype(np.uint8)))


def test_a_frame_that_was_exported_large_and_as_jpeg_is_of_the_world() -> None:
    for frame in frames(3, seed=5):
        file = BytesIO()
        frame.resize((960, 576), Image.Resampling.NEAREST).save(file, "JPEG", quality=70)
        with Image.open(file) as large:
            assert alike(large)


@pytest.mark.parametrize("seed", range(12))
def test_a_photograph_is_not_of_the_world_whatever_its_shape(seed: int) -> None:
    size = ((320, 192), (192, 320), (400, 300))[seed % 3]
    assert not alike(photograph(seed, size))


def test_the_theatre_in_the_colours_of_an_old_photograph_is_not_of_the_world() -> None:
    assert not any(alike(Image.fromarray(sepia(np.asarray(frame)))) for frame in frames(6, seed=6))


@pytest.mark.parametrize("colour", ["white", "black", "#9ed6f0", "#1c2248", "#808080"])
def test_a_plain_colour_is_no_place_even_if_a_sky_has_it(colour: str) -> None:
    assert not alike(Image.new("RGB", (640, 480), colour))
