"""A skeleton is checked once, when it is made, and says in one sentence what is wrong with it."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import FACE_MIRRORED, MIRRORED, Joint
from svi_studio.domain.poses.skeleton import Skeleton, no_points, same_skeleton
from tests.builders.skeletons import dance, standing


def test_a_missing_joint_is_zero_whatever_it_was() -> None:
    body = np.repeat(standing()[None], 2, axis=0)
    body[1, Joint.NOSE] = (17, 18, 0)
    body[1, Joint.NECK] = (17, 18, -1)
    made = Skeleton.of_body(Fraction(24), 600, 800, body)
    assert not made.body[1, [Joint.NOSE, Joint.NECK]].any()
    assert made.body[0, Joint.NOSE].tolist() == pytest.approx([300, 150, 0.9])


def test_confidence_ends_at_one_and_the_arrays_are_fixed() -> None:
    body = standing()[None].copy()
    body[..., 2] = 7
    made = Skeleton.of_body(Fraction(24), 600, 800, body)
    assert made.body[..., 2].max() == 1
    with pytest.raises(ValueError, match="read-only"):
        made.body[0, 0, 0] = 1
    body[0, 0, 0] = -5
    assert made.body[0, 0, 0] == 300


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"body": np.full((2, 20, 3), np.nan)}, "frame 1 (nose)"),
        ({"left_hand": np.full((2, 21, 3), np.inf)}, "frame 1 (point 1 of the left hand)"),
        ({"body": np.full((2, 20, 3), 1e9)}, "far outside"),
        ({"body": np.ones((2, 18, 3))}, "2 x 18 x 3"),
        ({"body": np.ones((0, 20, 3))}, "1 to 200,000 frames"),
        ({"left_hand": np.ones((3, 21, 3))}, "left hand is 3 x 21 x 3"),
        ({"face": np.ones((2, 69, 3))}, "face is 2 x 69 x 3"),
        ({"width": 0}, "0 x 800"),
        ({"height": 10**6}, "600 x 1,000,000"),
        ({"fps": Fraction(0)}, "0 frames a second"),
        ({"fps": float("nan")}, "not a number"),
        ({"fps": Fraction(5000)}, "5000 frames a second"),
    ],
)
def test_what_cannot_be_is_one_sentence(change: dict[str, Any], words: str) -> None:
    body = np.repeat(standing()[None], 2, axis=0)
    hands = {"left_hand": no_points(2), "right_hand": no_points(2)}
    with pytest.raises(BadInput) as caught:
        Skeleton(**{"fps": Fraction(24), "width": 600, "height": 800, "body": body, **hands, **change})
    assert words in str(caught.value)
    assert str(caught.value).count("\n") == 0


def test_two_claims_of_size_do_not_take_the_memory_first() -> None:
    huge = np.broadcast_to(np.float32(1), (10**7, 20, 3))
    with pytest.raises(BadInput, match="10,000,000"):
        Skeleton.of_body(Fraction(24), 600, 800, huge)


def test_mirrors_are_their_own_mirrors() -> None:
    for order in (MIRRORED, FACE_MIRRORED):
        assert sorted(order) == list(range(len(order)))
        assert all(order[order[number]] == number for number in order)
    assert all(("RIGHT" in Joint(one).name) == ("LEFT" in Joint(other).name) for one, other in enumerate(MIRRORED))


def test_a_step_is_remembered_in_the_origin() -> None:
    made = dance(2).done("mirrored").done("aligned to me.png")
    assert made.origin.steps == ("mirrored", "aligned to me.png")
    assert not same_skeleton(made, dance(2))
    assert same_skeleton(dance(2), dance(2))
