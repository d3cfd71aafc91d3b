"""The puppet is read back from its films: its stage from a picture, its mouth and its limbs from frames."""

import random
from pathlib import Path

import numpy as np
import pytest

from svi_studio.domain.film.track import InputKind
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.takes.job import ClipInput
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.media.frames import Frames
from svi_studio.media.poses.skeleton_file import write_skeleton
from svi_studio.resource_files import resource_path
from svi_studio.weights.model_folder import read_card
from tests.builders.tiny_inputs import write_babble
from trainer.evaluation.boards import TestClip
from trainer.evaluation.known_measures import measures_of
from trainer.evaluation.measures import loudness
from trainer.evaluation.puppet_measures import puppet_joints, puppet_sync, read_body
from trainer.paper_theatre.find_puppet import find_puppet
from trainer.paper_theatre.performance import Moment, draw_moments
from trainer.paper_theatre.puppet import DANCE, REST
from trainer.paper_theatre.scenes import SCENES
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import FINE, FPS, HEIGHT, NUM_FRAMES, PLAIN, WIDTH, Staging
from trainer.paper_theatre.subjects import COLOURS

STAGE = Still("beach", "puppet", "blue", 24)


def asked(kind: InputKind, name: str) -> TestClip:
    followed = ClipInput(kind=kind, file=name, sha256="0" * 64, first_frame=0, num_frames=NUM_FRAMES, at=0, fps=FPS)
    return TestClip(
        prompt="", negative_prompt="", seed=0, num_inference_steps=1, guidance_scale=1.0, inputs=(followed,)
    )


def filmed(moments: tuple[Moment, ...], stage: Still = STAGE, staging: Staging = PLAIN) -> Frames:
    """As a decoder gives it: not quite clean."""
    frames = draw_moments(stage, moments, staging)
    noise = np.random.default_rng(0).normal(0, 5, frames.shape)
    return np.asarray((frames + noise).round().clip(0, 255), np.uint8)


@pytest.mark.parametrize("seed", range(6))
def test_a_picture_tells_its_stage(seed: int) -> None:
    rng = random.Random(seed)
    stage = Still(rng.choice(list(SCENES)), "puppet", rng.choice(list(COLOURS)), 8 * rng.randrange(1, 6))
    found = find_puppet(filmed((Moment(pose=rng.choice((REST, *DANCE))),), stage)[0])
    assert found is not None
    assert (found.scene, found.colour, found.x) == (stage.scene, stage.colour, stage.x)


def test_another_picture_has_no_stage() -> None:
    noise = np.random.default_rng(0).integers(0, 255, (HEIGHT, WIDTH, 3)).astype(np.uint8)
    assert find_puppet(noise) is None
    assert find_puppet(np.zeros((96, 160, 3), np.uint8)) is None
    assert find_puppet(np.zeros((97, 160, 3), np.uint8)) is None


def test_a_fine_film_is_read_in_units_of_its_stage() -> None:
    moment = Moment(pose=DANCE[0], right=2.5)
    found = find_puppet(filmed((Moment(),), staging=FINE)[0])
    assert found == STAGE
    hand = read_body(filmed((moment,), staging=FINE), found)[0, Joint.RIGHT_WRIST]
    truth = skeleton_of(STAGE, (moment,), FINE).body[0, Joint.RIGHT_WRIST]
    assert np.abs(hand[:2] - truth[:2]).max() < 0.6


@pytest.mark.parametrize("late", [0, 2])
def test_a_talking_puppet_is_in_sync_or_late(tmp_path: Path, late: int) -> None:
    write_babble(tmp_path / "a.wav", 4.0)
    clip = asked(InputKind.SOUND, "a.wav")
    loud = loudness(clip.inputs, tmp_path, NUM_FRAMES)
    wide = 3 * np.roll(loud, late) / loud.max()
    frames = filmed(tuple(Moment(mouth=float(each)) for each in wide))
    figures = puppet_sync(tmp_path)(clip, frames, frames[:1])
    assert figures["sync"] > 0.9
    assert figures["lag"] == late


def test_a_dancing_puppet_is_where_its_skeleton_is(tmp_path: Path) -> None:
    moments = tuple(Moment(pose=DANCE[frame // 5 % len(DANCE)]) for frame in range(NUM_FRAMES))
    write_skeleton(tmp_path / "s.npz", skeleton_of(STAGE, moments))
    frames, anchor = filmed(moments), filmed((Moment(),))
    clip = asked(InputKind.SKELETON, "s.npz")
    right = puppet_joints(tmp_path)(clip, frames, anchor)
    wrong = puppet_joints(tmp_path)(clip, filmed((Moment(),) * NUM_FRAMES), anchor)
    assert right["joints"] < 2 < 5 < wrong["joints"]


def test_the_bundled_models_films_are_measured_and_others_are_not(tmp_path: Path) -> None:
    card = read_card(resource_path("models", "svi-mini"))
    for family in ("talk", "dance"):
        recipe = TrainingRecipe(
            name="x", family=family, num_frames=NUM_FRAMES, width=WIDTH, height=HEIGHT, fps=FPS, steps=1
        )
        measures, notes = measures_of(recipe, card, tmp_path)
        assert len(measures) == 1 and not notes
