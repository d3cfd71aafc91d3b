"""The theatre at twice its detail and twice its clock: the same plays, and everything moves between ticks too."""

import random
from collections.abc import Iterator

import numpy as np
import pytest

from trainer.mini.clips import held_out_script
from trainer.mini.evaluate import Scores, judge
from trainer.paper_theatre.dances import random_dance
from trainer.paper_theatre.performance import STILL, Moment, draw_moment, moment_and_mask
from trainer.paper_theatre.puppet import Pose
from trainer.paper_theatre.read_puppet import Seen, mouth_seen, pose_seen
from trainer.paper_theatre.render import loudness, placed_sprite, render, render_still, skeletons, subject_mask
from trainer.paper_theatre.scenes import SCENES, backdrop
from trainer.paper_theatre.script import ACTIONS, ENTRANCES, Script, Still, pose_at, random_script, still_at
from trainer.paper_theatre.skeleton_truth import skeleton_of
from trainer.paper_theatre.stage import CELL, FINE, PLAIN, WIDTH, Staging, staging_of
from trainer.paper_theatre.world_picture import world_picture

LATENT = 4  # frames
REST_BEFORE, REST_AFTER = 9, 9  # frames: whole latents, 1 + 4 + 4 and the last two with one more
PUPPET = Still(scene="night", subject="puppet", colour="blue", x=24)


def scripts(count: int) -> Iterator[Script]:
    rng = random.Random(5)
    for number in range(count):
        yield random_script(rng, ACTIONS[number % len(ACTIONS)])


@pytest.mark.parametrize("script", scripts(len(ACTIONS)), ids=lambda s: s.action)
def test_every_clip_rests_while_it_is_handed_on(script: Script) -> None:
    frames = render(script, FINE)
    assert frames.shape == (41, 96, 160, 3)
    assert all(np.array_equal(frames[f], frames[0]) for f in range(REST_BEFORE))
    assert all(np.array_equal(frames[-f], frames[-1]) for f in range(1, REST_AFTER + 1))
    assert np.array_equal(frames[-1], render_still(script.end_of(FINE), FINE))


def test_an_action_begins_and_ends_with_a_latent() -> None:
    assert (FINE.num_frames - 1) % LATENT == 0
    assert FINE.rest * FINE.frames % LATENT == FINE.action * FINE.frames % LATENT == 0


@pytest.mark.parametrize("script", scripts(len(ACTIONS)), ids=lambda s: s.action)
def test_everything_starts_and_ends_on_the_marks_of_the_stage(script: Script) -> None:
    end = script.end_of(FINE)
    assert end.empty or end.x % CELL == 0
    assert end.offset % CELL == 0


@pytest.mark.parametrize("scene", SCENES)
def test_a_fine_backdrop_is_the_plain_one_with_more_detail(scene: str) -> None:
    fine = backdrop(scene, FINE).reshape(48, 2, 80, 2, 3).mean((1, 3))
    assert np.abs(fine - backdrop(scene)).mean() < 1.5  # levels


@pytest.mark.parametrize("script", scripts(len(ACTIONS)), ids=lambda s: s.action)
def test_a_fine_still_is_the_plain_one_with_more_detail(script: Script) -> None:
    fine = render_still(script.start, FINE).reshape(48, 2, 80, 2, 3).mean((1, 3))
    assert np.abs(fine - render_still(script.start)).mean() < 2.5


@pytest.mark.parametrize("action", ["move left", "move right", "jump", "leave left", "enter left", "enter right"])
def test_what_moves_moves_a_little_in_every_frame(action: str) -> None:
    start = Still("meadow", "cat", "red", 32, empty=action in ENTRANCES)
    shown = [f for f in range(41) if not still_at(Script(start, action), f, FINE).empty]
    places = [placed_sprite(Script(start, action), f, FINE)[1:] for f in shown]
    steps = np.abs(np.diff(np.array(places), axis=0))
    assert 0 < steps.max() <= FINE.stride * FINE.pixels / FINE.frames
    moving = np.flatnonzero(steps.any(1))
    assert len(moving) >= 7  # frames


def test_nobody_comes_in_by_the_wrong_door() -> None:
    middle = Still("meadow", "cat", "red", 32, empty=True)
    for side, sign in (("left", -1), ("right", 1)):
        entrance = still_at(Script(middle, f"enter {side}"), 10, FINE)
        assert (entrance.x - 32) * sign > 0
        assert entrance.facing == -sign


def test_a_waving_arm_passes_through_poses_between_ticks() -> None:
    poses = [pose_at(Script(PUPPET, "wave"), f, FINE) for f in range(41)]
    turns = np.abs(np.diff([pose.right_arm for pose in poses]))
    assert len(set(poses)) > 10
    assert turns.max() < 35  # degrees a frame
    assert max(pose.right_arm for pose in poses) == 130


def test_the_mouth_opens_and_shuts_without_jumps() -> None:
    script = Script(PUPPET, "talk")
    loud = loudness(script, FINE)
    assert loud.max() == 1
    assert np.abs(np.diff(loud)).max() <= 0.51
    frames = render(script, FINE)
    assert np.corrcoef(mouth_seen(frames, PUPPET, staging=FINE), loud)[0, 1] > 0.99


def test_joints_lie_where_the_puppet_is_drawn() -> None:
    script = Script(PUPPET, "wave")
    tracks, masks = skeletons(script, FINE), subject_mask(script, FINE)
    for frame in (0, 16, 20):
        for x, y in tracks[frame]:
            assert masks[frame][int(y), int(x)]


def test_a_fine_puppet_is_read_back_to_half_a_unit() -> None:
    stage = Still("beach", "puppet", "red", 24, facing=-1)
    moment = Moment(Pose(100, 150, 60, 20, 20, 10), 0.0, 2.5, 1.5)
    frame = draw_moment(stage, moment, FINE)
    seen = pose_seen(frame, stage, (2, 2), FINE).ends(stage)
    truth = Seen(moment.pose, moment.right, moment.up).ends(stage)
    assert np.linalg.norm(seen - truth, axis=1).max() < 0.5


def test_a_moment_of_rest_is_the_still_picture() -> None:
    assert np.array_equal(draw_moment(PUPPET, STILL, FINE), render_still(PUPPET, FINE))


def test_a_fine_dance_is_as_quick_as_a_plain_one_and_smoother() -> None:
    def turns(staging: Staging, count: int) -> float:
        steps = [
            np.abs(np.diff([m.pose.left_arm for m in random_dance(random.Random(n), PUPPET, count, staging=staging)]))
            for n in range(20)
        ]
        return float(np.mean(steps))

    assert turns(FINE, 41) < 0.65 * turns(PLAIN, 21)
    assert turns(FINE, 41) * 2 > 0.7 * turns(PLAIN, 21)


def test_a_dance_that_starts_begins_in_rest_and_lies_on_whole_pixels() -> None:
    dance = random_dance(random.Random(3), PUPPET, 41, starts=True, staging=FINE)
    assert dance[0] == STILL
    assert all((m.right * 2).is_integer() and (m.up * 2).is_integer() for m in dance)


def test_a_skeleton_has_the_clock_of_its_film_and_the_stage_for_a_canvas() -> None:
    skeleton = skeleton_of(PUPPET, (STILL,) * 41, FINE)
    assert (float(skeleton.fps), skeleton.width, skeleton.height) == (24.0, 80, 48)


def test_a_mask_covers_what_the_puppet_changes() -> None:
    frame, mask = moment_and_mask(PUPPET, Moment(right=3.5), FINE)
    bare = backdrop("night", FINE)
    changed = (frame != bare).any(2)
    assert mask.shape == (96, 160)
    assert (changed & ~mask).mean() < 0.01


@pytest.mark.parametrize("action", ["move left", "jump", "enter right", "pan left", "change scene"])
def test_the_judge_accepts_the_truth_and_rejects_a_still_picture(action: str) -> None:
    script = held_out_script(random.Random(9), action)
    truth = render(script, FINE)
    accepted, rejected = Scores(), Scores()
    judge(script, truth, accepted)
    judge(script, np.stack([truth[0]] * len(truth)), rejected)
    assert accepted.right == accepted.tries
    questions = {"asked motion", "camera panned", "scene reached"} & set(rejected.tries)
    assert all(rejected.right[q] == 0 for q in questions)


def test_the_world_of_a_fine_model_is_as_large_as_its_films() -> None:
    assert world_picture(FINE).size == (2 * WIDTH, len(SCENES) * 96)


def test_a_staging_is_known_by_its_width() -> None:
    assert (staging_of(80), staging_of(160)) == (PLAIN, FINE)
    with pytest.raises(ValueError, match="120"):
        staging_of(120)
