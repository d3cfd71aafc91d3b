"""A dance is brought to the person of a picture: place, size, and the length of every bone."""

from itertools import pairwise

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.alignment import aligned, can_align
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.proportions import difference_of
from svi_studio.domain.poses.shape_edits import on_canvas, scaled, shifted
from svi_studio.domain.poses.skeleton import Skeleton
from tests.builders.skeletons import dance

CHAINS = (
    (Joint.NECK, Joint.NOSE),
    (Joint.NECK, Joint.RIGHT_SHOULDER, Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST),
    (Joint.NECK, Joint.LEFT_SHOULDER, Joint.LEFT_ELBOW, Joint.LEFT_WRIST),
    (Joint.NECK, Joint.RIGHT_HIP, Joint.RIGHT_KNEE, Joint.RIGHT_ANKLE),
    (Joint.NECK, Joint.LEFT_HIP, Joint.LEFT_KNEE, Joint.LEFT_ANKLE),
)

LEGS = ("thighs", "lower legs")


def long_legs(skeleton: Skeleton) -> Skeleton:
    """The same person with legs one and a half times as long."""
    body = skeleton.body.copy()
    for chain in CHAINS[3:]:
        joints = [*chain[2:], Joint.RIGHT_TOES if chain[1] is Joint.RIGHT_HIP else Joint.LEFT_TOES]
        hip = body[:, chain[1], None, :2]
        body[:, joints, :2] = hip + (body[:, joints, :2] - hip) * 1.5
    return skeleton.with_parts({"body": body})


def test_the_first_frame_becomes_the_picture_where_the_pose_is_the_same() -> None:
    picture = shifted(scaled(long_legs(dance(1)), 0.5, (0, 0)), 120, 70).with_parts({}, width=832, height=480)
    found = aligned(dance(10), picture)
    assert (found.width, found.height) == (832, 480)
    joints = [joint for chain in CHAINS for joint in chain]
    assert np.allclose(found.body[0, joints, :2], picture.body[0, joints, :2], atol=0.5)
    assert found.num_frames == 10


def test_bones_have_the_pictures_lengths_against_the_first_frame_and_hands_move_along() -> None:
    whole = dance(6)
    picture = long_legs(dance(1))
    found = aligned(whole, picture)
    for chain in CHAINS:
        for start, end in pairwise(chain):
            wanted = np.linalg.norm(picture.body[0, end, :2] - picture.body[0, start, :2])
            assert np.linalg.norm(found.body[5, end, :2] - found.body[5, start, :2]) == pytest.approx(wanted, rel=1e-3)
    before = whole.left_hand[:, 0] - whole.body[:, Joint.LEFT_WRIST]
    after = found.left_hand[:, 0] - found.body[:, Joint.LEFT_WRIST]
    assert np.allclose(before[:, :2], after[:, :2], atol=1e-2)


def test_the_movement_stays() -> None:
    found = aligned(dance(6), shifted(dance(1), 50, 0))
    assert np.allclose(np.diff(found.body[:, Joint.NECK, 0]), 2, atol=1e-3)
    assert found.body[0, Joint.NECK, 0] == pytest.approx(350)


def test_a_bone_that_one_of_them_does_not_show_keeps_its_length() -> None:
    picture = long_legs(dance(1))
    body = picture.body.copy()
    body[0, Joint.LEFT_ANKLE] = 0
    found = aligned(dance(2), picture.with_parts({"body": body}))
    length = np.linalg.norm(found.body[0, Joint.LEFT_ANKLE, :2] - found.body[0, Joint.LEFT_KNEE, :2])
    assert length == pytest.approx(np.linalg.norm(np.array((342, 660)) - np.array((338, 540))), rel=1e-3)


def test_who_stands_sideways_first_is_not_made_wide() -> None:
    side = dance(2)
    body = side.body.copy()
    body[..., 0] = 300 + (body[..., 0] - 300) * 0.02
    found = aligned(side.with_parts({"body": body}), dance(1))
    assert np.ptp(found.body[1, :14, 0]) < 150


@pytest.mark.parametrize("missing", [Joint.LEFT_SHOULDER, Joint.RIGHT_HIP])
def test_shoulders_and_hips_must_be_seen_in_both(missing: Joint) -> None:
    whole = dance(3)
    body = whole.body.copy()
    body[:, missing] = 0
    half = whole.with_parts({"body": body})
    assert not can_align(half, whole)
    with pytest.raises(BadInput, match="skeleton never shows"):
        aligned(half, whole)
    with pytest.raises(BadInput, match="person in the picture"):
        aligned(whole, half)


def test_a_later_frame_counts_where_the_first_shows_too_little() -> None:
    whole = dance(5)
    body = whole.body.copy()
    body[0] = 0
    found = aligned(whole.with_parts({"body": body}), dance(1))
    assert not found.body[0].any()
    assert found.body[1, Joint.NECK, 0] == pytest.approx(300)


def test_other_proportions_are_told_and_size_alone_is_none() -> None:
    assert difference_of(dance(5), on_canvas(dance(1), 100, 100)) == ""
    said, turned = difference_of(dance(5), long_legs(dance(1))), difference_of(long_legs(dance(5)), dance(1))
    assert said in {f"The person in the picture has much longer {legs} than the dancer" for legs in LEGS}
    assert turned in {f"The person in the picture has much shorter {legs} than the dancer" for legs in LEGS}


def test_what_is_no_bone_to_people_is_called_as_they_call_it() -> None:
    body = dance(1).body.copy()
    head = [Joint.NOSE, Joint.LEFT_EYE, Joint.RIGHT_EYE, Joint.LEFT_EAR, Joint.RIGHT_EAR]
    body[:, head, :2] += 1.2 * (body[:, head, :2] - body[:, [Joint.NECK], :2])
    said = difference_of(dance(5), dance(1).with_parts({"body": body}))
    assert said == "The person in the picture has a much larger head than the dancer"


def test_nothing_is_said_of_people_who_show_too_little() -> None:
    body = np.zeros((1, 20, 3), np.float32)
    body[0, Joint.NOSE] = (5, 5, 1)
    assert difference_of(dance(2), dance(1).with_parts({"body": body})) == ""
