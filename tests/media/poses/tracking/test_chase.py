"""What is kept of a video's scenes, by a finder that says what a test wants."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from svi_studio.domain.poses.click import Click
from svi_studio.media.poses.networks.regions import Region
from svi_studio.media.poses.tracking.chase import Chase
from svi_studio.media.poses.tracking.found import Found, Joints, Picture
from svi_studio.media.poses.tracking.timeline import SteadyFrames, Timeline
from tests.builders.skeletons import standing

FPS = Fraction(25)
THE_DANCER = Click(300, 420, 0)


class Stills(SteadyFrames):
    """So many frames; each says its number in its upper left corner."""

    def __init__(self, count: int) -> None:
        self._pictures = [np.full((800, 600, 3), 90, np.uint8) for _ in range(count)]
        for number, picture in enumerate(self._pictures):
            picture[0, 0] = number

    def forward(self, first: int, stop: int) -> Iterator[tuple[int, Picture]]:
        return ((number, self._pictures[number]) for number in range(first, stop))

    def backward(self, first: int, stop: int) -> Iterator[tuple[int, Picture]]:
        return ((number, self._pictures[number]) for number in reversed(range(first, stop)))

    def at(self, number: int) -> Picture:
        return self._pictures[number]


class Scripted:
    """Somebody stands in every frame but the empty ones; in some they are unsteady, in some half of them is hidden."""

    def __init__(self, unsteady: range = range(0), empty: range = range(0), upper: range = range(0)) -> None:
        self._unsteady, self._empty, self._upper = unsteady, empty, upper

    def people(self, picture: Picture) -> list[Found]:
        number, body = picture[0, 0, 0], standing().copy()
        if number in self._upper:
            body[body[:, 1] > 300] = 0
        return [] if number in self._empty else [Found(body, Region(300, 420, 700), 0.9)]

    def at(self, picture: Picture, x: float, y: float) -> list[Found]:
        return self.people(picture)

    def follow(self, picture: Picture, last: Found) -> Found | None:
        return next(iter(self.people(picture)), None)

    def near(self, picture: Picture, last: Found) -> list[Found]:
        return self.people(picture)

    def is_steady(self, picture: Picture, found: Found) -> bool:
        return picture[0, 0, 0] not in self._unsteady

    def hands(self, picture: Picture, found: Found) -> dict[str, Joints]:
        return {}

    def forget(self) -> None:
        pass


def found_by(finder: Scripted, *edges: int, clicks: tuple[Click, ...] = (THE_DANCER,)) -> list[int]:
    """The frames with a body."""
    scenes = tuple(zip((0, *edges[:-1]), edges, strict=True))
    chase = Chase(Stills(edges[-1]), finder, Timeline(FPS, edges[-1], scenes), lambda step: None)
    chase.run(clicks)
    return np.flatnonzero(chase.body.any((1, 2))).tolist()


def test_a_scene_in_which_only_something_unsteady_is_seen_shows_nobody() -> None:
    for clicks in ((THE_DANCER,), ()):
        assert found_by(Scripted(range(5, 15)), 5, 15, 20, clicks=clicks) == [*range(5), *range(15, 20)]


def test_after_a_cut_who_shows_too_little_to_be_known_is_not_taken_for_the_one_who_was_chosen() -> None:
    finder = Scripted(upper=range(5, 15))
    assert found_by(finder, 5, 15, 20) == [*range(5), *range(15, 20)]
    assert found_by(finder, 5, 15, 20, clicks=()) == list(range(20))


def test_who_is_half_hidden_at_a_click_is_found_all_the_same() -> None:
    assert found_by(Scripted(range(5)), 5) == list(range(5))


def test_what_was_in_doubt_is_forgotten_where_it_stays_so_and_kept_where_it_was_them() -> None:
    assert found_by(Scripted(range(20), range(3, 12)), 14) == [0, 1, 2]
    assert found_by(Scripted(range(14), range(3, 12)), 20) == [0, 1, 2, *range(12, 20)]
