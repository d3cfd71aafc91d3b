"""What is kept of a video's scenes, by a finder that says what a test wants."""

from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from svi_studio.domain.poses.click import Click
from svi_studio.media.poses.networks.regions import Region
from svi_studio.media.poses.tracking.chase import Chase
from svi_studio.media.poses.tracking.found import Found, Joints, Picture
from svi_studio.media.poses.tracking.looks import Colours
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

    def at_a_glance(self, picture: Picture) -> list[Found]:
        return self.people(picture)

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


class InFront(Scripted):
    """In some frames the dancer stands elsewhere, and somebody large before them, who is all that a glance sees."""

    def __init__(self, frames: range, empty: range = range(0)) -> None:
        super().__init__(empty=empty)
        self._frames = frames

    def at_a_glance(self, picture: Picture) -> list[Found]:
        return self.people(picture)[:1]

    def people(self, picture: Picture) -> list[Found]:
        dancer = super().people(picture)
        if picture[0, 0, 0] not in self._frames:
            return dancer
        aside = [Found(each.body + np.float32((600, 0, 0)), Region(900, 420, 700), 0.9) for each in dancer]
        return [Found(standing() * np.float32((1.4, 1.4, 1)), Region(420, 590, 980), 0.9), *aside]

    def follow(self, picture: Picture, last: Found) -> Found | None:
        return next((each for each in self.people(picture) if each.region == last.region), None)


def test_a_dancer_who_was_chosen_is_found_after_a_cut_behind_somebody_large(monkeypatch: pytest.MonkeyPatch) -> None:
    def wears(_picture: Picture, found: Found) -> Colours:
        return np.full((4, 3), 0.0 if found.region.side == 700 else 60.0)

    for module in ("chase", "tracker"):
        monkeypatch.setattr(f"svi_studio.media.poses.tracking.{module}.colours_of", wears)
    assert found_by(InFront(range(5, 15)), 5, 15) == list(range(15))
    missing_in_the_middle = InFront(range(5, 15), empty=range(10, 11))
    assert found_by(missing_in_the_middle, 5, 15) == [*range(10), *range(11, 15)]


@pytest.mark.parametrize(("stops", "people"), [(range(5), 2), (range(3), 2), (range(2), 1)])
def test_people_who_could_be_meant_are_counted_where_everybody_is_looked_for(stops: range, people: int) -> None:
    chase = Chase(Stills(5), InFront(stops), Timeline(FPS, 5, ((0, 5),)), lambda step: None)
    chase.run(())
    assert chase.people == people


def test_who_is_half_hidden_at_a_click_is_found_all_the_same() -> None:
    assert found_by(Scripted(range(5)), 5) == list(range(5))


def test_what_was_in_doubt_is_forgotten_where_it_stays_so_and_kept_where_it_was_them() -> None:
    assert found_by(Scripted(range(20), range(3, 12)), 14) == [0, 1, 2]
    assert found_by(Scripted(range(14), range(3, 12)), 20) == [0, 1, 2, *range(12, 20)]
