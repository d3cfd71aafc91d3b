"""What the networks' numbers mean: anchors, boxes, regions, refinement; and a drawn person found by the real ones."""

import math
from typing import cast

import numpy as np
import pytest
from numpy.typing import NDArray

from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.networks.body import Body, BodyFinder, refine
from svi_studio.media.poses.networks.detector import SIDE, STRIDES, PoseDetector, anchors, suppressed
from svi_studio.media.poses.networks.hands import HandFinder
from svi_studio.media.poses.networks.network_files import networks_missing
from svi_studio.media.poses.networks.regions import (
    UP,
    Region,
    agree,
    followed_hand,
    round_two_points,
    turn_of,
    whole_picture,
    wrapped,
)
from svi_studio.media.poses.networks.runtime import Numbers
from svi_studio.media.poses.tracking.blaze_people import BlazePeople, squares
from svi_studio.media.poses.tracking.found import Found
from tests.builders.mannequin import ground, mannequin
from tests.builders.skeletons import standing


def test_there_are_as_many_anchors_as_the_network_has_rows() -> None:
    found = anchors(SIDE, STRIDES)
    assert found.shape == (2254, 2)
    assert found[0].tolist() == pytest.approx([0.5 / 28, 0.5 / 28])
    assert found[1].tolist() == found[0].tolist()
    assert found[2].tolist() == pytest.approx([1.5 / 28, 0.5 / 28])
    assert found[28 * 28 * 2].tolist() == pytest.approx([0.5 / 14, 0.5 / 14])
    assert np.allclose(found[-6:], 6.5 / 7)
    assert anchors(192, (8, 16, 16, 16)).shape == (2016, 2)


class _OneBody:
    """A detector's network that sees one body in the cell of anchor 0 of the coarse grid."""

    def __call__(self, picture: Numbers) -> list[Numbers]:
        assert picture.shape == (SIDE, SIDE, 3)
        assert picture.min() >= -1
        assert picture.max() <= 1
        rows, logits = np.zeros((1, 2254, 12), np.float32), np.full((1, 2254, 1), -200, np.float32)
        number = 28 * 28 * 2 + 14 * 14 * 2 + 6 * 24  # the middle cell of 7 x 7
        rows[0, number] = (0, 0, 112, 112, 0, 10, 0, -46, 0, 0, 0, 0)
        logits[0, number : number + 2] = 3
        rows[0, number + 1] = rows[0, number]
        return [rows, logits]


def test_a_detection_is_put_back_into_the_picture() -> None:
    picture = np.full((200, 400, 3), 255, np.uint8)
    (found,) = PoseDetector(_OneBody()).find(picture, whole_picture(400, 200))
    assert found.points[0].tolist() == pytest.approx([200, 100 + 10 / 224 * 400])
    assert found.points[1].tolist() == pytest.approx([200, 100 - 46 / 224 * 400])
    assert found.score == pytest.approx(1 / (1 + math.exp(-3)))


def test_overlapping_boxes_are_averaged_by_their_scores_and_others_stay() -> None:
    boxes = np.array([(0.5, 0.5, 0.2, 0.2, 1, 1), (0.52, 0.5, 0.2, 0.2, 2, 2), (0.9, 0.9, 0.1, 0.1, 3, 3)], np.float32)
    found = suppressed(boxes, np.array((0.6, 0.9, 0.7), np.float32))
    assert [round(score, 2) for _, score in found] == [0.9, 0.7]
    assert found[0][0][4] == pytest.approx((0.6 * 1 + 0.9 * 2) / 1.5)


def test_a_region_goes_into_the_picture_and_a_crop_shows_it() -> None:
    region = Region(50, 40, 20, math.pi / 2)
    assert region.to_picture(np.array((0.5, 0.5))).tolist() == pytest.approx([50, 40])
    assert region.to_picture(np.array((1.0, 0.5))).tolist() == pytest.approx([50, 50])
    picture = np.zeros((80, 100, 3), np.uint8)
    picture[46:54, 46:54] = 255  # lies to the right in the turned region
    crop = region.cropped(picture, 40, repeat_edges=False)
    assert crop[20, 36, 0] == 255
    assert crop[20, 4, 0] == 0


def test_beyond_the_picture_it_is_black_or_its_edge() -> None:
    white = np.full((10, 10, 3), 255, np.uint8)
    assert Region(0, 5, 10).cropped(white, 20, repeat_edges=False)[10, 2, 0] == 0
    assert Region(0, 5, 10).cropped(white, 20, repeat_edges=True)[10, 2, 0] == 255


def test_turns_are_told_from_the_way_between_two_points() -> None:
    assert turn_of(np.array((0, 10)), np.array((0, 0)), UP) == pytest.approx(0)
    assert turn_of(np.array((0, 0)), np.array((10, 0)), UP) == pytest.approx(UP)
    assert abs(turn_of(np.array((0, 0)), np.array((0, 10)), UP)) == pytest.approx(math.pi)
    assert wrapped(3 * math.pi) == pytest.approx(-math.pi)


def test_a_shift_goes_along_the_turned_vertical_by_the_side_before_scaling() -> None:
    region = round_two_points(np.array((100.0, 100.0)), np.array((150.0, 100.0)), UP, 2.7, -0.1)
    assert region.side == pytest.approx(270)
    assert (region.x, region.y) == pytest.approx((110, 100))


def test_a_hand_is_followed_where_its_palm_is() -> None:
    points = np.zeros((21, 2))
    points[:, 0] = 100
    points[0] = (100, 200)
    for number in (1, 2, 3, 5, 6, 9, 10, 13, 14, 17, 18):
        points[number] = (100 + (number - 9) * 2, 140)
    region = followed_hand(points)
    assert region.turn == pytest.approx(0, abs=0.1)
    assert region.side == pytest.approx(120, rel=0.05)
    assert region.y == pytest.approx(170 - 6, abs=2)
    assert agree(region, Region(region.x + 20, region.y, region.side * 1.3, region.turn + 0.5))
    assert not agree(region, Region(region.x + 40, region.y, region.side, region.turn))
    assert not agree(region, Region(region.x, region.y, region.side, region.turn + 1))


def test_a_point_moves_to_the_middle_of_its_heat_and_stays_where_there_is_none() -> None:
    points = np.full((39, 2), 0.5, np.float32)
    points[5] = (-0.2, 0.5)
    heat = np.full((64, 64, 39), -100, np.float32)
    heat[33, 34, 0] = heat[33, 34, 5] = 5
    moved = refine(points, heat)
    assert moved[0].tolist() == pytest.approx([34 / 64, 33 / 64])
    assert moved[1].tolist() == [0.5, 0.5]
    assert moved[5].tolist() == pytest.approx([-0.2, 0.5])


def test_squares_cover_the_picture_and_overlap() -> None:
    found = squares(1920, 1080)
    assert len(found) < 60
    for side in {each.side for each in found}:
        alike = [each for each in found if each.side == side]
        assert min(each.x for each in alike) <= side / 2 + 1
        assert max(each.x for each in alike) >= 1920 - side / 2 - 1
        columns = sorted({each.x for each in alike})
        assert max(np.diff(columns)) <= side / 2 + 1


class _Wandering:
    """Sees joints that stand still in the picture; so much of every look's region, 0 to 1, moves them."""

    def __init__(self, wander: float) -> None:
        self._wander = wander

    def look(self, picture: NDArray[np.uint8], region: Region) -> Body:
        still = Region(400, 400, 300).to_picture(np.random.default_rng(1).uniform(0.1, 0.9, (39, 2)))
        still[33:35] = (400, 400), (400, 280)
        moving = region.to_picture((still - 250) / 300)
        return Body(still + self._wander * (moving - still), np.ones(39), 1.0, region)


@pytest.mark.parametrize(("wander", "is_steady"), [(0.0, True), (0.8, False)])
def test_joints_that_go_where_one_looks_are_nobodys(wander: float, is_steady: bool) -> None:
    body = _Wandering(wander)
    finder = BlazePeople(cast(PoseDetector, None), cast(BodyFinder, body), cast(HandFinder, None))
    picture = np.zeros((800, 800, 3), np.uint8)
    found = Found(standing(), Region(400, 400, 300), 1.0, body.look(picture, Region(400, 400, 300)))
    assert finder.is_steady(picture, found) == is_steady


needs_networks = pytest.mark.skipif(bool(networks_missing()), reason=networks_missing() or "they are here")


@pytest.fixture(scope="module")
def finder() -> BlazePeople:
    return BlazePeople.load()


@needs_networks
@pytest.mark.parametrize("angle", [20, 110])
def test_a_drawn_persons_joints_are_found(finder: BlazePeople, angle: float) -> None:
    picture, places = mannequin(angle)
    (found,) = finder.people(picture)
    for joint, place in places.items():
        assert found.body[joint, 2] >= 0.5, joint
        assert np.hypot(*(found.body[joint, :2] - place)) < 30, joint
    assert found.body[Joint.NECK, 2] > 0
    assert finder.is_steady(picture, found)
    again = finder.follow(picture, found)
    assert again is not None
    assert np.abs(again.body[:, :2] - found.body[:, :2]).max() < 12


@needs_networks
def test_a_room_is_empty(finder: BlazePeople) -> None:
    assert finder.people(ground()) == []
