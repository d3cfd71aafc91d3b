"""Edits in the picture: what is left becomes right, feet stay on the ground, missing stays missing."""

from fractions import Fraction

import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.shape_edits import ground, mirrored, on_canvas, scaled, shifted
from svi_studio.domain.poses.skeleton import Skeleton, no_points
from tests.builders.skeletons import WIDTH, dance, hand, standing


def test_a_mirror_exchanges_the_sides() -> None:
    whole = dance(2)
    turned = mirrored(whole)
    assert turned.body[0, Joint.LEFT_WRIST, 0] == WIDTH - whole.body[0, Joint.RIGHT_WRIST, 0]
    assert turned.left_hand[1, 8, 0] == WIDTH - whole.right_hand[1, 8, 0]
    back = mirrored(turned)
    assert all(np.allclose(back.parts[name], whole.parts[name], atol=1e-3) for name in whole.parts)


def test_a_mirrored_face_keeps_its_order() -> None:
    face = np.zeros((1, 68, 3), np.float32)
    face[0, 0], face[0, 48] = (100, 50, 1), (140, 90, 1)  # the jaw's end and the mouth's corner, to the viewer's left
    made = dance(1).with_parts({"face": face})
    turned = mirrored(made).face
    assert turned is not None
    assert turned[0, 16].tolist() == [WIDTH - 100, 50, 1]
    assert turned[0, 54].tolist() == [WIDTH - 140, 90, 1]


def test_who_is_made_smaller_still_stands_on_the_ground() -> None:
    whole = dance(1)
    small = scaled(whole, 0.5)
    assert ground(small)[1] == pytest.approx(ground(whole)[1])
    lengths = [np.linalg.norm(s.body[0, Joint.NECK, :2] - s.body[0, Joint.LEFT_HIP, :2]) for s in (whole, small)]
    assert lengths[1] == pytest.approx(lengths[0] / 2, rel=1e-4)


def test_what_is_missing_stays_missing() -> None:
    body = np.repeat(standing()[None], 2, axis=0)
    body[1] = 0
    made = Skeleton(Fraction(24), 600, 800, body, np.repeat(hand(1, 1)[None], 2, axis=0), no_points(2))
    for edited in (mirrored(made), shifted(made, 5, 7), scaled(made, 2), on_canvas(made, 300, 300)):
        assert not edited.body[1].any()
    assert not shifted(made, 5, 7).right_hand.any()


def test_another_canvas_holds_it_whole_and_in_the_middle() -> None:
    wide = on_canvas(dance(1), 1200, 400)
    assert (wide.width, wide.height) == (1200, 400)
    assert wide.body[0, Joint.NECK].tolist() == pytest.approx([600, 110, 0.9])


def test_an_impossible_scale_is_refused() -> None:
    with pytest.raises(BadInput, match="100 times"):
        scaled(dance(1), 100)
