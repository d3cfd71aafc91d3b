import random
from dataclasses import replace

import numpy as np
import pytest

from svi_studio.domain.poses.joints import Joint
from trainer.mini.performances import random_dancing, random_puppet
from trainer.paper_theatre.dances import random_dance
from trainer.paper_theatre.performance import STILL, Moment, draw_moment, draw_moments, moment_and_mask
from trainer.paper_theatre.puppet import SKIN, Pose
from trainer.paper_theatre.puppet import WIDTH as PUPPET_WIDTH
from trainer.paper_theatre.read_puppet import Seen, in_sight, mouth_seen, pose_seen
from trainer.paper_theatre.render import render_still
from trainer.paper_theatre.script import Still
from trainer.paper_theatre.skeleton_truth import as_of_others, skeleton_of
from trainer.paper_theatre.stage import NUM_FRAMES, WIDTH
from trainer.paper_theatre.voice import at_loudness, openings, random_speech

PUPPET = Still(scene="night", subject="puppet", colour="blue", x=24)


@pytest.mark.parametrize("facing", [-1, 1])
def test_a_moment_of_rest_is_the_still_picture(facing: int) -> None:
    still = replace(PUPPET, facing=facing)
    assert np.array_equal(draw_moment(still, STILL), render_still(still))


def test_only_the_puppet_covers_the_backdrop() -> None:
    frame, mask = moment_and_mask(PUPPET, Moment(Pose(90, 90, 90, 90), 2.0, 3, 2))
    change = np.abs(frame.astype(int) - render_still(replace(PUPPET, empty=True))).max(axis=2)
    assert change[~mask].max() < 30 < change[mask].mean()


@pytest.mark.parametrize("seed", range(3))
def test_the_mouth_that_is_read_from_frames_follows_the_mouth_that_was_drawn(seed: int) -> None:
    rng = random.Random(seed)
    stage = random_puppet(rng)
    wide = openings(at_loudness(random_speech(rng, 4.0)), 40)
    frames = draw_moments(stage, tuple(Moment(mouth=float(w)) for w in wide))
    assert np.corrcoef(mouth_seen(frames, stage), wide)[0, 1] > 0.98


@pytest.mark.parametrize("seed", range(2))
def test_the_pose_that_is_read_from_a_frame_has_hands_and_feet_where_they_were_drawn(seed: int) -> None:
    dance = random_dancing(random.Random(seed))
    moment = dance.moments[12]
    seen = pose_seen(draw_moment(dance.stage, moment), dance.stage, (moment.right + 1, moment.up - 1))
    truth = Seen(moment.pose, moment.right, moment.up)
    off = np.linalg.norm(seen.ends(dance.stage) - truth.ends(dance.stage), axis=1)
    assert off[in_sight(moment.pose)].max() < 1.5


@pytest.mark.parametrize("facing", [-1, 1])
def test_the_skeleton_of_a_dance_lies_on_the_hands(facing: int) -> None:
    stage = replace(PUPPET, facing=facing)
    moment = Moment(Pose(120, 150, 60, 100), 0.0, 4, 3)
    frame = draw_moment(stage, moment).astype(int)
    body = skeleton_of(stage, (moment,)).body[0]
    for wrist in (Joint.RIGHT_WRIST, Joint.LEFT_WRIST):
        x, y = body[wrist, :2]
        assert np.abs(frame[int(y), int(x)] - SKIN).max() < 60


@pytest.mark.parametrize("facing", [-1, 1])
def test_what_the_viewer_sees_on_the_left_is_the_right_side_of_a_puppet(facing: int) -> None:
    body = skeleton_of(replace(PUPPET, facing=facing), (STILL,)).body[0]
    for part in ("SHOULDER", "ELBOW", "WRIST", "HIP", "KNEE", "ANKLE", "EYE", "EAR"):
        assert body[Joint[f"RIGHT_{part}"], 0] < body[Joint[f"LEFT_{part}"], 0]


@pytest.mark.parametrize("seed", range(5))
def test_a_dance_moves_stays_on_the_stage_and_begins_in_rest(seed: int) -> None:
    rng = random.Random(seed)
    stage = random_puppet(rng)
    dance = random_dance(rng, stage, NUM_FRAMES, starts=True)
    assert dance[0] == STILL
    assert len(set(dance)) > NUM_FRAMES // 2
    assert all(-3 <= stage.x + moment.right <= WIDTH - PUPPET_WIDTH + 3 for moment in dance)


def test_the_skeleton_of_another_dancer_is_near_the_puppets_own() -> None:
    rng = random.Random(1)
    for _ in range(10):
        dance = random_dancing(rng)
        own = skeleton_of(dance.stage, dance.moments)
        other = as_of_others(rng, own)
        seen = other.body[..., 2] > 0
        seen &= own.body[..., 2] > 0
        assert np.abs(other.body[seen][:, :2] - own.body[seen][:, :2]).max() < 5
