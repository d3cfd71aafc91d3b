import random
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest

from trainer.paper_theatre import puppet
from trainer.paper_theatre.looks import sepia
from trainer.paper_theatre.prompts import prompt_for
from trainer.paper_theatre.puppet import JOINTS
from trainer.paper_theatre.render import loudness, render, render_still, skeletons, subject_mask
from trainer.paper_theatre.script import ACTIONS, Script, Still, random_script
from trainer.paper_theatre.stage import ACTION_END, ACTION_START, CELL, HEIGHT, NUM_FRAMES, WIDTH


def scripts(count: int) -> Iterator[Script]:
    rng = random.Random(5)
    for number in range(count):
        yield random_script(rng, ACTIONS[number % len(ACTIONS)])


@pytest.mark.parametrize("script", scripts(3), ids=lambda s: s.action)
def test_an_old_photograph_has_shades_of_one_brown(script: Script) -> None:
    red, green, blue = sepia(render(script)).astype(int).reshape(-1, 3).T
    assert np.all(red >= green) and np.all(green >= blue)
    assert np.all(np.diff(red[np.argsort(green)]) >= -2)  # one follows from the other, but for rounding


BALL = Still(scene="meadow", subject="ball", colour="red", x=32)


def test_a_clip_is_drawn_the_same_every_time() -> None:
    script = next(scripts(1))
    assert np.array_equal(render(script), render(script))


@pytest.mark.parametrize("script", scripts(len(ACTIONS)), ids=lambda s: s.action)
def test_every_clip_rests_before_and_after_its_action(script: Script) -> None:
    frames = render(script)
    assert frames.shape == (NUM_FRAMES, HEIGHT, WIDTH, 3)
    assert all(np.array_equal(frames[f], frames[0]) for f in range(ACTION_START))
    assert all(np.array_equal(frames[f], frames[-1]) for f in range(ACTION_END - 1, NUM_FRAMES))


@pytest.mark.parametrize("script", scripts(2 * len(ACTIONS)), ids=lambda s: s.action)
def test_a_clip_ends_on_the_picture_from_which_the_next_one_starts(script: Script) -> None:
    assert np.array_equal(render(script)[-1], render_still(script.end))


@pytest.mark.parametrize("script", scripts(2 * len(ACTIONS)), ids=lambda s: s.action)
def test_everything_starts_and_ends_on_the_marks_of_the_stage(script: Script) -> None:
    for stage in (script.start, script.end):
        assert stage.empty or stage.x % CELL == 0
        assert stage.offset % CELL == 0


def test_a_move_to_the_right_goes_right() -> None:
    masks = subject_mask(Script(BALL, "move right"))
    columns = [np.flatnonzero(mask.any(axis=0)).mean() for mask in masks]
    assert columns[-1] - columns[0] == 16


def test_a_jump_comes_back_to_the_floor() -> None:
    frames = render(Script(BALL, "jump"))
    assert not np.array_equal(frames[10], frames[0])
    assert np.array_equal(frames[-1], frames[0])


def test_the_mouth_follows_the_loudness() -> None:
    script = Script(Still(scene="night", subject="puppet", colour="blue", x=24), "talk")
    frames, loud = render(script), loudness(script)
    shut = [f for f in range(NUM_FRAMES) if loud[f] == 0]
    wide = [f for f in range(NUM_FRAMES) if loud[f] == 1]
    assert wide
    assert all(np.array_equal(frames[f], frames[0]) for f in shut)
    assert all(not np.array_equal(frames[f], frames[0]) for f in wide)


def test_the_skeleton_moves_while_the_puppet_dances_and_rests_at_both_ends() -> None:
    track = skeletons(Script(Still(scene="room", subject="puppet", colour="green", x=24), "dance"))
    hand = JOINTS.index("right_hand")
    assert np.array_equal(track[0], track[-1])
    assert np.abs(track[8, hand] - track[0, hand]).max() > 3


@pytest.mark.parametrize("facing", [-1, 1])
@pytest.mark.parametrize("action", ["wave", "dance"])
def test_the_joints_of_raised_hands_lie_on_the_hands(action: str, facing: int) -> None:
    script = Script(Still(scene="night", subject="puppet", colour="blue", x=24, facing=facing), action)
    frames, track = render(script).astype(int), skeletons(script)
    raised = 0
    for frame, joints in zip(frames, track, strict=True):
        for name in ("left_hand", "right_hand"):
            x, y = joints[JOINTS.index(name)]
            if y < joints[JOINTS.index("neck"), 1]:
                raised += 1
                assert np.abs(frame[int(y), int(x)] - puppet.SKIN).max() < 60
    assert raised >= 3


@pytest.mark.parametrize("action", ["wave", "dance", "jump", "turn"])
def test_the_joints_of_a_mirrored_puppet_are_mirrored(action: str) -> None:
    still = Still(scene="night", subject="puppet", colour="blue", x=24)
    one, other = (skeletons(Script(replace(still, facing=facing), action)) for facing in (1, -1))
    middle = 2 * still.x + puppet.WIDTH
    assert np.allclose(one[..., 0] + other[..., 0], middle, atol=1e-4)
    assert np.array_equal(one[..., 1], other[..., 1])


def test_every_action_has_its_own_sentence() -> None:
    sentences = {prompt_for(Script(BALL, action, "snow" if action == "change scene" else None)) for action in ACTIONS}
    assert len(sentences) == len(ACTIONS)
