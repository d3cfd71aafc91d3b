"""A person is known by what they wear, and by where their skin shows."""

import numpy as np

from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.networks.regions import Region
from svi_studio.media.poses.tracking.found import Found, Picture
from svi_studio.media.poses.tracking.looks import ALIKE, Look, colours_of
from tests.builders.skeletons import standing

BLACK, SKIN, RED = (25, 25, 25), (200, 150, 120), (200, 30, 30)
FOREARMS = ((Joint.RIGHT_ELBOW, Joint.RIGHT_WRIST), (Joint.LEFT_ELBOW, Joint.LEFT_WRIST))


def someone(*hidden: Joint) -> Found:
    body = standing().copy()
    body[list(hidden)] = 0
    return Found(body, Region(300, 420, 700), 0.9)


def in_clothes(clothes: tuple[int, int, int], forearms: tuple[int, int, int]) -> Picture:
    canvas = np.full((800, 600, 3), clothes, np.uint8)
    body = standing()
    for joints in FOREARMS:
        low, high = body[list(joints), :2].min(0).astype(int) - 8, body[list(joints), :2].max(0).astype(int) + 8
        canvas[low[1] : high[1], low[0] : high[0]] = forearms
    return canvas


def known(picture: Picture) -> Look:
    look = Look()
    look.learn(colours_of(picture, someone()))
    return look


def test_of_two_people_in_black_one_is_known_by_bare_arms() -> None:
    look = known(in_clothes(BLACK, SKIN))
    half = someone(Joint.RIGHT_KNEE, Joint.LEFT_KNEE)
    sleeves, bare = (colours_of(in_clothes(BLACK, forearms), half) for forearms in (BLACK, SKIN))
    assert look.distance(sleeves) <= ALIKE
    assert not look.is_known(sleeves)
    assert look.is_known(bare)


def test_one_part_alone_and_nothing_at_all_are_too_little_to_know_somebody_by() -> None:
    picture = in_clothes(BLACK, SKIN)
    look = known(picture)
    trunk = (Joint.RIGHT_ELBOW, Joint.LEFT_ELBOW, Joint.RIGHT_KNEE, Joint.LEFT_KNEE)
    for hidden in (trunk, (*trunk, Joint.RIGHT_HIP, Joint.LEFT_HIP)):
        colours = colours_of(picture, someone(*hidden))
        assert look.distance(colours) <= ALIKE
        assert not look.is_known(colours)


def test_arms_before_something_else_do_not_make_somebody_else_of_who_is_followed() -> None:
    look = known(in_clothes(BLACK, SKIN))
    assert look.distance(colours_of(in_clothes(BLACK, RED), someone())) == 0
