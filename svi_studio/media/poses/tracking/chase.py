"""One person through all scenes of a video: chosen in one of them, followed both ways from there, never exchanged."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.click import Click
from svi_studio.domain.poses.joints import BODY_JOINTS, HAND_JOINTS
from svi_studio.domain.poses.skeleton import no_points
from svi_studio.media.poses.tracking.found import Found, Joints, PeopleFinder, Picture
from svi_studio.media.poses.tracking.looks import OTHER, Look, colours_of
from svi_studio.media.poses.tracking.timeline import SteadyFrames, Timeline
from svi_studio.media.poses.tracking.tracker import Tracker

_LOOKS: Final = 5
"""Frames of a scene in which people are looked for before one of them is chosen."""

_ALIKE: Final = 0.5  # of the size, and of what speaks for who is seen best

_CLICK_REACH: Final = 0.5  # of a person's region: how far beside them a click may lie


@dataclass(frozen=True, slots=True)
class Step:
    """How far it is: ``done`` of ``total`` frames; ``body`` ``[20, 3]`` is what the last one shows, or None."""

    done: int
    total: int
    body: Joints | None = None


@dataclass(frozen=True, slots=True)
class _Seen:
    """A person in a frame."""

    number: int
    picture: Picture
    person: Found


class Chase:
    """What is found of one person: ``body`` and ``hands`` of every frame.

    ``people``: how many there were at most who can be meant.
    """

    def __init__(
        self, frames: SteadyFrames, finder: PeopleFinder, timeline: Timeline, tell: Callable[[Step], None]
    ) -> None:
        """``tell`` hears of every frame, and may raise."""
        self._frames, self._finder, self._timeline, self._tell = frames, finder, timeline, tell
        total = timeline.num_frames
        self.body = no_points(total, BODY_JOINTS)
        self.hands = {name: no_points(total, HAND_JOINTS) for name in ("left_hand", "right_hand")}
        self.people = 0
        self._done = 0
        self._wears: Look | None = None
        self._is_chosen = False
        self._edges: dict[int, Found] = {}

    def run(self, clicks: Sequence[Click]) -> None:
        """Goes through all scenes: first one where somebody clicked, then on to the end, then back to the start.

        Raises BadInput when nobody stands where somebody clicked.
        """
        scenes = self._timeline.scenes
        inside = [self._inside(clicks, *scene) for scene in scenes]
        self._is_chosen = any(inside)
        anchor = next((index for index, each in enumerate(inside) if each), 0)
        for index in range(anchor, len(scenes)):
            self._scene(*scenes[index], inside[index], beside=scenes[index][0] - 1)
        for index in reversed(range(anchor)):
            self._scene(*scenes[index], inside[index], beside=scenes[index][1])

    def drop(self, frames: NDArray[np.bool_]) -> None:
        """Forgets what was found in these frames ``[N]``."""
        for points in (self.body, *self.hands.values()):
            points[frames] = 0

    def _inside(self, clicks: Sequence[Click], first: int, stop: int) -> list[Click]:
        return [each for each in clicks if first <= self._timeline.frame_at(each.seconds) < stop]

    def _scene(self, first: int, stop: int, clicks: Sequence[Click], beside: int) -> None:
        """Follows from every start in one scene: on to the next start, and back from the first one."""
        self._finder.forget()
        starts = self._clicked_starts(clicks) or self._going_on(first, stop, beside) or self._best_start(first, stop)
        if not starts:
            self._count(None, stop - first)
            return
        for start, end in zip(starts, [*(each.number for each in starts[1:]), stop], strict=True):
            tracker = self._begin(start)
            self._keep(start)
            self._follow(tracker, self._frames.forward(start.number + 1, end))
        self._follow(self._begin(starts[0]), self._frames.backward(first, starts[0].number))

    def _begin(self, start: _Seen) -> Tracker:
        tracker = Tracker(self._finder, float(self._timeline.fps))
        tracker.start(start.picture, start.person)
        if self._wears is None:
            self._wears = tracker.look
        return tracker

    def _follow(self, tracker: Tracker, coming: Iterator[tuple[int, Picture]]) -> None:
        doubted: list[int] = []
        for number, picture in coming:
            person = tracker.step(picture)
            if person is None:
                self._forget(doubted)
                self._count(None)
            else:
                self._keep(_Seen(number, picture, person))
            doubted = [*doubted, number] if tracker.doubted else []
        self._forget(doubted)

    def _forget(self, numbers: Sequence[int]) -> None:
        """Takes back what was found in these frames."""
        self.drop(np.isin(np.arange(self._timeline.num_frames), numbers))
        for number in numbers:
            self._edges.pop(number, None)

    def _keep(self, seen: _Seen) -> None:
        self.body[seen.number] = seen.person.body
        for name, points in self._finder.hands(seen.picture, seen.person).items():
            self.hands[name][seen.number] = points
        if any(seen.number in (first, stop - 1) for first, stop in self._timeline.scenes):
            self._edges[seen.number] = seen.person
        self._count(seen.person.body)

    def _count(self, body: Joints | None, frames: int = 1) -> None:
        self._done += frames
        self._tell(Step(self._done, self._timeline.num_frames, body))

    def _going_on(self, first: int, stop: int, beside: int) -> list[_Seen]:
        """Who goes on from the frame ``beside`` the scene without a jump, as where no real cut was.

        After a real one somebody else may stand there, or nothing at all.
        """
        person = self._edges.get(beside)
        if person is None:
            return []
        number = first if beside < first else stop - 1
        picture = self._frames.at(number)
        tracker = Tracker(self._finder, float(self._timeline.fps))
        tracker.start(self._frames.at(beside), person)
        found = tracker.step(picture)
        if found is None or not self._likeness(picture, found) or not self._finder.is_steady(picture, found):
            return []
        return [_Seen(number, picture, found)]

    def _best_start(self, first: int, stop: int) -> list[_Seen]:
        """Who is seen best in a few frames of the scene; once somebody is known, somebody dressed alike before others.

        Where the user has chosen somebody, nobody else will do. What other looks see elsewhere is nobody.
        """
        numbers = _spread(first, stop)
        middle = len(numbers) // 2
        others = [*numbers[:middle], *numbers[middle + 1 :]]
        best = _best([*self._seen([numbers[middle]], everybody=True), *self._seen(others, everybody=False)])
        if best is None and self._is_chosen:  # they may be small, beside somebody large
            best = _best([*self._seen(others, everybody=True)])
        return [best] if best is not None else []

    def _seen(self, numbers: Sequence[int], *, everybody: bool) -> Iterator[tuple[float, _Seen]]:
        """Who is steady in these frames, better than those before them, with their rank."""
        best = 0.0
        for number in numbers:
            picture = self._frames.at(number)
            people = self._finder.people(picture) if everybody else self._finder.at_a_glance(picture)
            self.people = max(self.people, _dancers(people))
            for person in people:
                rank = person.rank * self._likeness(picture, person)
                if rank > best and self._finder.is_steady(picture, person):
                    best = rank
                    yield rank, _Seen(number, picture, person)
            self._tell(Step(self._done, self._timeline.num_frames))

    def _likeness(self, picture: Picture, person: Found) -> float:
        """1 for somebody who wears the same, else little, and nothing where the user has chosen somebody."""
        if self._wears is None:
            return 1.0
        colours = colours_of(picture, person)
        if self._is_chosen:
            return 1.0 if self._wears.is_known(colours) else 0.0
        return 1.0 if self._wears.distance(colours) <= OTHER else 0.1

    def _clicked_starts(self, clicks: Sequence[Click]) -> list[_Seen]:
        """Who stands where somebody clicked, in order. Raises BadInput."""
        return sorted((self._clicked(click) for click in clicks), key=lambda start: start.number)

    def _clicked(self, click: Click) -> _Seen:
        number = self._timeline.frame_at(click.seconds)
        picture = self._frames.at(number)
        return _Seen(number, picture, at_click(picture, self._finder, click))


def at_click(picture: Picture, finder: PeopleFinder, click: Click) -> Found:
    """Who stands where somebody clicked. Raises BadInput."""
    around = [*finder.at(picture, click.x, click.y), *finder.people(picture)]
    near = [each for each in around if _reach(each, click) <= 1]
    if not near:
        where = f"{click.x:g}, {click.y:g} at {click.seconds:g} seconds"
        raise BadInput(f"Nobody was found at {where}: click on the dancer where they are seen from head to foot.")
    return min(near, key=lambda each: _reach(each, click))


def _best(seen: Sequence[tuple[float, _Seen]]) -> _Seen | None:
    return max(seen, key=lambda each: each[0], default=(0.0, None))[1]


def _dancers(people: Sequence[Found]) -> int:
    """How many can be meant: small shapes far behind, which a finder takes for people now and then, confuse nobody."""
    best = max(people, key=lambda each: each.rank, default=None)
    if best is None:
        return 0
    alike = [each for each in people if each.region.side >= _ALIKE * best.region.side]
    return sum(each.rank >= _ALIKE * best.rank for each in alike)


def _spread(first: int, stop: int) -> list[int]:
    """A few frames, evenly over a scene."""
    count = min(_LOOKS, stop - first)
    return sorted({first + int((stop - first) * (place + 0.5) / count) for place in range(count)})


def _reach(found: Found, click: Click) -> float:
    """How far a click is from a person, 0 to 1 for one that can be meant: the nearest joint, and the middle counts."""
    seen = found.body[found.body[:, 2] > 0, :2]
    reach = _CLICK_REACH * found.region.side
    if not len(seen) or reach < 1:
        return np.inf
    at = np.array((click.x, click.y))
    nearest = float(np.linalg.norm(seen - at, axis=1).min())
    middle = float(np.linalg.norm(seen.mean(axis=0) - at))
    return nearest / reach + 0.2 * middle / reach
