"""A search for a dancer: who is chosen, how far it is, what comes of it, and how it ends without anything."""

from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from svi_studio.document.skeleton.dance_search import DanceSearch, SearchState
from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.search_events import Clicks, PersonBox, SearchProgress
from svi_studio.domain.poses.skeleton import Skeleton
from svi_studio.jobs.skeleton.pose_search import Followed
from svi_studio.media.formats import FFV1
from svi_studio.media.video_writer import open_writer
from tests.builders.dances import dance

BOXES: tuple[PersonBox, ...] = ((10, 5, 20, 40, 0.9), (40, 5, 15, 40, 0.7))


class ScriptedFinder:
    """Finds who a test says, and remembers what it was asked."""

    def __init__(self, boxes: tuple[PersonBox, ...] = BOXES, error: Exception | None = None) -> None:
        self.boxes, self.error = boxes, error
        self.clicks: list[Clicks] = []
        self.is_closed = False
        self.holds = False
        self.note = ""

    def people(self, video: Path, seconds: float, check: Callable[[], None]) -> tuple[PersonBox, ...]:
        return self.boxes

    def follow(
        self, video: Path, clicks: Clicks, tell: Callable[[SearchProgress], None], check: Callable[[], None]
    ) -> Followed:
        self.clicks.append(clicks)
        tell(SearchProgress(1, 2, (1.0,) * 60))
        while self.holds:
            check()
        if self.error is not None:
            raise self.error
        return Followed(dance(12), self.note)

    def close(self) -> None:
        self.is_closed = True


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Half a second of noise."""
    path = tmp_path_factory.mktemp("video") / "somebody.mkv"
    with open_writer(path, width=64, height=48, fps=12, film_format=FFV1) as written:
        written.write(np.random.default_rng(1).integers(0, 256, (6, 48, 64, 3), np.uint8))
    return path


@pytest.fixture
def finder() -> ScriptedFinder:
    return ScriptedFinder()


@pytest.fixture
def search(qtbot: QtBot, video: Path, finder: ScriptedFinder) -> Iterator[DanceSearch]:
    """Opened, with its first picture and the people in it."""
    search = DanceSearch(video, 4, finder=finder)
    search.begin()
    qtbot.waitUntil(lambda: search.people is not None)
    yield search
    search.close()


def test_the_first_picture_comes_with_everybody_in_it(search: DanceSearch) -> None:
    assert search.state is SearchState.CHOOSING and search.people == BOXES
    assert search.image is not None and search.image.width() == 64
    assert search.facts is not None and (search.facts.width, search.facts.fps) == (64, 12.0)
    assert search.person is None  # two are there: the user says who


def test_the_one_who_is_there_is_the_dancer(qtbot: QtBot, video: Path) -> None:
    search = DanceSearch(video, finder=ScriptedFinder(BOXES[:1]))
    search.begin()
    qtbot.waitUntil(lambda: search.people is not None)
    assert search.person == (20.0, 25.0, 0.0)
    search.close()


def test_the_clicked_person_is_followed_and_the_skeleton_comes(
    qtbot: QtBot, search: DanceSearch, finder: ScriptedFinder
) -> None:
    search.choose(47.0, 20.0)
    with qtbot.waitSignal(search.found) as found:
        search.search()
    assert isinstance(found.args[0], Skeleton) and found.args[0].num_frames == 12
    assert finder.clicks == [((47.0, 20.0, 0.0),)] and search.state is SearchState.FOUND and search.share == 0.5


def test_a_search_that_is_stopped_ends_at_once_and_brings_nothing(
    qtbot: QtBot, search: DanceSearch, finder: ScriptedFinder
) -> None:
    finder.holds = True
    told: list[object] = []
    search.found.connect(told.append)
    search.search()
    qtbot.waitUntil(lambda: search.progress.done == 1)
    search.cancel()
    assert search.state is SearchState.CANCELLED and finder.is_closed and not told


def test_what_is_wrong_is_said_and_somebody_else_can_be_tried(
    qtbot: QtBot, search: DanceSearch, finder: ScriptedFinder
) -> None:
    finder.error = BadInput("Nobody is there: click somebody.")
    search.search()
    qtbot.waitUntil(lambda: search.state is SearchState.FAILED)
    assert search.problem == "Nobody is there: click somebody."
    finder.error = None
    with qtbot.waitSignal(search.found):
        search.search()


def test_a_file_that_is_no_video_is_one_sentence(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "no.mp4").write_bytes(b"nothing at all")
    search = DanceSearch(tmp_path / "no.mp4", finder=ScriptedFinder())
    search.begin()
    qtbot.waitUntil(lambda: search.state is SearchState.FAILED)
    assert "no.mp4" in search.problem and search.problem.endswith(".")
    search.close()


def test_clicks_at_other_moments_stay_and_one_in_the_same_picture_replaces_the_first(
    qtbot: QtBot, search: DanceSearch, finder: ScriptedFinder
) -> None:
    search.choose(47.0, 20.0)
    search.look(0.25)
    qtbot.waitUntil(lambda: search.people is not None)
    assert search.person is None
    search.choose(12.0, 20.0)
    search.choose(15.0, 22.0)
    with qtbot.waitSignal(search.found):
        search.search()
    assert finder.clicks == [((47.0, 20.0, 0.0), (15.0, 22.0, 0.25))]


def test_what_there_is_to_know_of_the_video_comes_with_the_skeleton(
    qtbot: QtBot, search: DanceSearch, finder: ScriptedFinder
) -> None:
    finder.note = "The video breaks off after 2 seconds."
    search.choose(47.0, 20.0)
    with qtbot.waitSignal(search.found):
        search.search()
    assert search.note == finder.note
