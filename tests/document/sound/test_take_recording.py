"""A recording becomes a piece where it was spoken; the microphone is one that a test speaks into."""

from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import pytest
from PySide6.QtCore import QObject, Signal
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.sound.take_recording import TakeRecording
from svi_studio.domain.film.track import InputKind, Piece
from svi_studio.jobs.sound.recorder import Recording
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.sounds import tone


class FakeRecorder(QObject):
    """Says what a test tells it to."""

    opened = Signal()
    finished = Signal(object)
    failed = Signal(str)
    level = Signal(float)
    hinted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.file: Path | None = None
        self.started_at = 0.0
        self.device = ""

    @property
    def is_recording(self) -> bool:
        return self.file is not None

    @property
    def is_open(self) -> bool:
        return self.is_recording

    @property
    def seconds(self) -> float:
        return 1.5

    def start(self, file: Path, device: str = "") -> bool:
        self.file, self.started_at, self.device = file, perf_counter(), device
        return True

    def speak(self, seconds: float, later: float = 0.0, remark: str = "") -> None:
        """What came out of it; its first sample was captured ``later`` than the start."""
        assert self.file is not None
        file, self.file = tone(self.file, seconds), None
        self.finished.emit(Recording(file, round(seconds * 48_000), self.started_at + later, remark))

    def stop(self) -> None: ...

    def close(self) -> bool:
        self.file = None
        return True


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    opened = open_new_film(tmp_path, storyboard(6))
    qtbot.waitUntil(lambda: opened.states.facts is not None)
    yield opened
    opened.close()


@pytest.fixture
def microphone() -> FakeRecorder:
    return FakeRecorder()


@pytest.fixture
def recording(film: OpenFilm, microphone: FakeRecorder) -> Iterator[TakeRecording]:
    made = TakeRecording(film.playhead, film.sound_import, film, microphone)  # type: ignore[arg-type]
    yield made
    made.close()


def pieces(film: OpenFilm) -> tuple[Piece, ...]:
    return film.pieces.pieces(InputKind.SOUND)


def test_it_lies_where_the_playhead_stood(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    film.playhead.set_frame(20)
    assert recording.start()
    file = microphone.file
    assert file is not None and file.name.startswith("Recording ")
    microphone.speak(1.0)
    qtbot.waitUntil(lambda: len(pieces(film)) == 1)
    assert pieces(film)[0].start == pytest.approx(20, abs=1)
    assert pieces(film)[0].name.startswith("Recording ")
    assert not file.exists()


def test_a_microphone_that_opens_slowly_moves_nothing_while_the_film_is_at_rest(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    film.playhead.set_frame(20)
    recording.start()
    microphone.speak(1.0, later=2.0)
    qtbot.waitUntil(lambda: len(pieces(film)) == 1)
    assert pieces(film)[0].start == 20


def test_one_that_found_no_room_is_told_where_it_lies(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    told: list[str] = []
    film.sound_import.noted.connect(told.append)
    for count in (1, 2):
        recording.start()
        microphone.speak(1.0)
        qtbot.waitUntil(lambda count=count: len(pieces(film)) == count)
    assert pieces(film)[1].start == pieces(film)[0].stop
    (words,) = told
    assert words.startswith("There was no room for “Recording ")
    assert "at 00:00:00:00, so it begins at 00:00:01:00" in words


def test_it_is_recorded_from_the_microphone_that_was_chosen(film: OpenFilm, microphone: FakeRecorder) -> None:
    made = TakeRecording(film.playhead, film.sound_import, film, microphone, lambda: "Headset")  # type: ignore[arg-type]
    made.start()
    assert microphone.device == "Headset"
    made.close()


def test_spoken_to_a_film_that_plays_it_lies_by_what_was_seen(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    recording.start()
    film.playhead.set_rate(1.0)
    film.playhead.set_frame(30)
    fps = film.playhead.fps
    microphone.speak(3.0, later=1.0)
    qtbot.waitUntil(lambda: len(pieces(film)) == 1)
    assert pieces(film)[0].start == pytest.approx(30 + fps, abs=1)


def test_what_was_spoken_before_the_film_began_is_kept_in_the_file(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    recording.start()
    film.playhead.set_rate(1.0)
    film.playhead.set_frame(1)
    microphone.speak(3.0, later=-1.0)
    qtbot.waitUntil(lambda: len(pieces(film)) == 1)
    fps = film.playhead.fps
    assert (pieces(film)[0].start, pieces(film)[0].offset) == (0, pytest.approx(fps - 1, abs=1))


def test_level_and_remarks_are_told(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    told: list[str] = []
    recording.refused.connect(told.append)
    recording.start()
    microphone.level.emit(0.7)
    assert (recording.level, recording.is_recording, recording.seconds) == (0.7, True, 1.5)
    microphone.speak(0.5, remark="The microphone is gone: what was recorded until then is kept.")
    qtbot.waitUntil(lambda: len(pieces(film)) == 1)
    assert told == ["The microphone is gone: what was recorded until then is kept."]
    microphone.failed.emit("No microphone can be used.")
    assert told[-1] == "No microphone can be used."
    assert recording.level == 0


def test_another_recording_takes_nothing_from_the_one_that_is_still_on_its_way(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    recording.start()
    microphone.speak(1.0)
    assert recording.is_under_way and not recording.is_recording
    recording.start()
    qtbot.waitUntil(lambda: len(pieces(film)) == 1)
    microphone.speak(0.5)
    qtbot.waitUntil(lambda: len(pieces(film)) == 2)
    assert not recording.is_under_way


def test_what_was_spoken_is_kept_when_it_cannot_come_into_the_film(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder, qtbot: QtBot
) -> None:
    told: list[str] = []
    recording.hinted.connect(told.append)
    recording.start()
    file = microphone.file
    assert file is not None
    microphone.speak(1.0)
    film.sound_import.cancel()
    with qtbot.waitSignal(recording.over):
        pass
    assert not pieces(film) and file.is_file() and str(file) in told[0]


def test_a_film_that_closes_leaves_what_was_spoken_on_the_disk(
    film: OpenFilm, recording: TakeRecording, microphone: FakeRecorder
) -> None:
    recording.start()
    file = microphone.file
    assert file is not None
    tone(file, 0.2)
    recording.close()
    assert file.is_file()
    recording.start()
    assert microphone.file is not None
    empty = microphone.file.parent
    recording.close()
    assert not empty.exists()
