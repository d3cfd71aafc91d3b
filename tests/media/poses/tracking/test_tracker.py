"""One person is followed; lost is better than somebody else."""

import numpy as np

from svi_studio.domain.poses.joints import Joint
from svi_studio.media.poses.networks.regions import Region
from svi_studio.media.poses.tracking.found import Found, Joints, Picture
from svi_studio.media.poses.tracking.looks import ALIKE, OTHER, Look, colours_of
from svi_studio.media.poses.tracking.tracker import Tracker
from tests.builders.skeletons import standing

RED, BLUE = (200, 30, 30), (30, 30, 200)
FPS = 25.0


def person(x: float = 0, y: float = 0, side: float = 700, turn: float = 0) -> Found:
    """A standing person, moved."""
    body = standing().copy()
    body[:, :2] += (x, y)
    return Found(body, Region(300 + x, 420 + y, side, turn), 0.9)


def picture(*people: tuple[Found, tuple[int, int, int]]) -> Picture:
    """A grey picture in which everybody has a colour."""
    canvas = np.full((800, 1600, 3), 128, np.uint8)
    for found, colour in people:
        x, y = found.body[Joint.NECK, :2].astype(int)
        canvas[max(y - 10, 0) : y + 400, max(x - 80, 0) : x + 80] = colour
    return canvas


class Scripted:
    """Says what it was told to say."""

    def __init__(self, follow: Found | None = None, near: list[Found] | None = None) -> None:
        self.next, self.around, self.forgotten, self.searches = follow, near or [], 0, 0
        self.steady, self.looked_near = True, [float("nan")]

    def people(self, picture: Picture) -> list[Found]:
        raise AssertionError("the whole picture must not be searched")

    def at_a_glance(self, picture: Picture) -> list[Found]:
        raise AssertionError("the whole picture must not be searched")

    def at(self, picture: Picture, x: float, y: float) -> list[Found]:
        raise AssertionError("nobody clicked")

    def follow(self, picture: Picture, last: Found) -> Found | None:
        return self.next

    def near(self, picture: Picture, last: Found) -> list[Found]:
        self.searches += 1
        self.looked_near.append(last.region.x)
        return self.around

    def is_steady(self, picture: Picture, found: Found) -> bool:
        return self.steady

    def hands(self, picture: Picture, found: Found) -> dict[str, Joints]:
        return {}

    def forget(self) -> None:
        self.forgotten += 1


def started(finder: Scripted) -> Tracker:
    tracker = Tracker(finder, FPS)
    tracker.start(picture((person(), RED)), person())
    return tracker


def test_who_moves_a_little_is_followed_without_a_search() -> None:
    finder = Scripted(person(20))
    tracker = started(finder)
    found = tracker.step(picture((person(20), RED)))
    assert found is finder.next
    assert (finder.searches, finder.forgotten) == (0, 1)


def test_a_jump_to_somebody_else_is_no_following() -> None:
    tracker = started(Scripted(person(500)))
    assert tracker.step(picture((person(), RED), (person(500), RED))) is None
    assert tracker.is_lost


def test_somebody_in_other_clothes_at_the_same_place_is_not_taken() -> None:
    tracker = started(Scripted(person(10), near=[person(10)]))
    assert tracker.step(picture((person(10), BLUE))) is None


def test_a_person_who_suddenly_has_another_size_or_lies_is_not_taken() -> None:
    for other in (person(side=200), person(side=2000), person(turn=2.5)):
        assert started(Scripted(other)).step(picture((person(), RED))) is None


def test_joints_that_leap_while_the_hips_stay_are_no_following() -> None:
    wild = person()
    body = wild.body[::-1].copy()
    body[:, 0] = 1500 - body[:, 0] * 2
    assert started(Scripted(Found(body, wild.region, 0.9))).step(picture((person(), RED))) is None


def test_after_a_loss_only_who_is_near_alike_and_as_large_is_taken_up_again() -> None:
    finder = Scripted(None, near=[])
    tracker = started(finder)
    room = picture((person(200), RED), (person(500), RED), (person(-150), BLUE))
    assert tracker.step(room) is None
    finder.around = [person(500), person(-150), person(side=150)]
    assert tracker.step(room) is None
    finder.around = [person(500), person(200)]
    found = tracker.step(room)
    assert found is not None
    assert found.region.x == 500
    assert not tracker.is_lost
    assert finder.searches == 3


def test_other_light_is_followed_but_nobody_is_taken_up_again_in_it() -> None:
    darker = (170, 40, 28)
    look = Look()
    look.learn(colours_of(picture((person(), RED)), person()))
    assert ALIKE < look.distance(colours_of(picture((person(), darker)), person())) <= OTHER
    assert started(Scripted(person(10))).step(picture((person(10), darker))) is not None
    finder = Scripted(None, near=[person(10)])
    tracker = started(finder)
    assert tracker.step(picture((person(10), darker))) is None
    assert tracker.step(picture((person(10), RED))) is not None


def test_hands_are_forgotten_when_the_person_is_lost() -> None:
    finder = Scripted(None)
    started(finder).step(picture((person(), RED)))
    assert finder.forgotten == 2


ROOM = picture((person(40), RED), (person(200), RED))


def hidden(frames: int) -> tuple[Scripted, Tracker]:
    """Somebody has been hidden for so many frames, and something unsteady is seen beside where they were."""
    finder = Scripted(None)
    tracker = started(finder)
    assert [tracker.step(ROOM) for _ in range(frames)] == [None] * frames
    finder.around, finder.next, finder.steady = [person(200)], person(200), False
    return finder, tracker


def test_who_is_back_after_some_frames_where_they_were_is_in_no_doubt() -> None:
    for frames, place, doubted in ((5, 40, 0), (6, 40, 1), (5, 200, 1)):
        finder, tracker = hidden(frames)
        finder.around = [person(place)]
        assert tracker.step(ROOM) is not None
        assert tracker.doubted == doubted


def test_who_was_hidden_for_long_is_in_doubt_until_they_are_steady() -> None:
    finder, tracker = hidden(6)
    doubted = []
    for finder.steady in (False, False, True, False):
        assert tracker.step(ROOM) is not None
        doubted.append(tracker.doubted)
    assert doubted == [1, 2, 0, 0]


def test_who_stays_in_doubt_is_lost_and_looked_for_where_the_person_surely_was() -> None:
    finder, tracker = hidden(6)
    assert [tracker.step(ROOM) is not None for _ in range(6)] == [True] * 5 + [False]
    assert tracker.is_lost
    finder.around = []
    tracker.step(ROOM)
    assert finder.looked_near[-1] == person().region.x
