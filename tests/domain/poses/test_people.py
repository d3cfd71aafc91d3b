"""One person out of several: the one that was meant, by the nearest neck, never the other one."""

import numpy as np

from svi_studio.domain.poses.joints import Joint
from svi_studio.domain.poses.people import Person, everybody, one_person
from tests.builders.skeletons import hand, standing


def person(x: float, scale: float = 1.0) -> Person:
    body = standing().copy()
    body[:, :2] *= scale
    body[:, 0] += x
    return {"body": body, "left_hand": hand(x, 100)}


def test_the_larger_one_is_followed_whatever_the_order_in_the_file() -> None:
    frames = [[person(0, 0.4), person(400)], [person(410), person(5, 0.4)], [person(10, 0.4), person(420)]]
    assert one_person(frames)["body"][:, Joint.NECK, 0].tolist() == [700, 710, 720]


def test_who_was_pointed_at_is_followed() -> None:
    frames = [[person(0), person(400)], [person(400), person(10)]]
    assert one_person(frames, at=(310, 230))["body"][:, Joint.NECK, 0].tolist() == [300, 310]


def test_while_they_are_away_nobody_else_takes_their_place() -> None:
    frames = [[person(0), person(900)], [person(900)], [], [person(10), person(900)]]
    found = one_person(frames, at=(300, 220))
    assert found["body"][:, Joint.NECK, 0].tolist() == [300, 0, 0, 310]
    assert found["left_hand"][1].any() == np.False_


def test_a_neck_that_is_not_seen_is_no_trouble() -> None:
    headless = person(4)
    headless["body"][Joint.NECK] = 0
    assert one_person([[person(0)], [headless], [person(8)]])["body"][:, Joint.NOSE, 0].tolist() == [300, 304, 308]


def test_nobody_at_all_is_an_empty_track() -> None:
    assert not one_person([[], []])["body"].any()


def test_who_was_pointed_at_later_is_followed_back_to_the_beginning() -> None:
    frames = [[person(0), person(900)], [person(910), person(5)], [person(10)], [person(15), person(930)]]
    found = one_person(frames, at=(1230, 230), begin=3)
    assert found["body"][:, Joint.NECK, 0].tolist() == [1200, 1210, 0, 1230]


def test_a_moment_behind_the_last_person_means_the_last_one() -> None:
    assert one_person([[person(0)], []], begin=7)["body"][:, Joint.NECK, 0].tolist() == [300, 0]


def test_everybody_is_counted_where_most_are_in_sight_from_the_left() -> None:
    assert everybody([[person(0)], [person(400), person(0)], [person(0)]]) == (1, ((300, 220), (700, 220)))
    assert everybody([]) == (0, ())
