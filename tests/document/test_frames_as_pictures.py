from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.media.formats import FFV1
from svi_studio.media.frames import Frames
from svi_studio.media.video_writer import open_writer
from tests.builders.film_parts import Parts, facts_of

FRAMES: Frames = np.random.default_rng(3).integers(0, 256, (21, 48, 80, 3), np.uint8)


@pytest.fixture
def take(film: Parts) -> Take:
    """The take of the first clip, with its real video."""
    film.know(facts_of())
    (take,) = film.render(0)
    video = film.takes.file(take.take_hash, LOSSLESS_VIDEO)
    video.parent.mkdir(parents=True)
    with open_writer(video, width=80, height=48, fps=8, film_format=FFV1) as writer:
        writer.write(FRAMES)
    return take


def picture_of(film: Parts, clip: str) -> Frames:
    image = film.document.clip(clip).image
    return np.asarray(Image.open(film.document.folder / image))


def test_a_new_clip_starts_from_exactly_that_frame(qtbot: QtBot, film: Parts, take: Take) -> None:
    with qtbot.waitSignal(film.document.changed):
        film.commands.takes.continue_from_frame(take.take_hash, 7)
    clip = film.document.storyboard.clips[1]
    assert clip.cut
    assert film.selection.ids == (clip.id,)
    assert (picture_of(film, clip.id) == FRAMES[7]).all()


def test_the_film_goes_on_from_that_frame_in_one_step_of_undo(qtbot: QtBot, film: Parts, take: Take) -> None:
    lengths = [clip.frames for clip in film.playhead.time.clips]
    with qtbot.waitSignal(film.document.changed):
        film.commands.takes.continue_from_frame(take.take_hash, 7)
    assert [clip.frames for clip in film.playhead.time.clips][:2] == [7, lengths[0]]
    assert film.playhead.time.clips[1].start == 7
    assert film.states.plan_hash("c1") == take.take_hash
    film.document.undo_stack.undo()
    assert [clip.frames for clip in film.playhead.time.clips] == lengths


def test_a_trimmed_clip_can_be_shown_whole_again(qtbot: QtBot, film: Parts, take: Take) -> None:
    with qtbot.waitSignal(film.document.changed):
        film.commands.takes.continue_from_frame(take.take_hash, 7)
    film.selection.select(["c1"])
    film.commands.clips.untrim()
    assert film.playhead.time.clips[0].frames == 21


def test_the_clip_has_the_take_from_then_on_that_the_frame_is_of(qtbot: QtBot, film: Parts, take: Take) -> None:
    film.selection.select(["c1"])
    film.commands.clips.change("Other words", prompt="a cube falls")
    film.render(0, created_at="2026-02-01T00:00:00Z")
    assert film.states.state("c1").take_hash != take.take_hash
    with qtbot.waitSignal(film.document.changed):
        film.commands.takes.continue_from_frame(take.take_hash, 7, "c1")
    film.states.settle()
    assert film.states.state("c1").take_hash == take.take_hash
    assert film.document.clip("c1").end == 7


def test_a_locked_clip_does_not_end_earlier(qtbot: QtBot, film: Parts, take: Take) -> None:
    film.selection.select(["c1"])
    film.commands.clips.toggle_lock()
    with qtbot.waitSignal(film.document.refused) as refused:
        film.commands.takes.continue_from_frame(take.take_hash, 7, "c1")
    assert "locked" in refused.args[0]


def test_a_frame_becomes_the_anchor_of_the_current_clip(qtbot: QtBot, film: Parts, take: Take) -> None:
    film.selection.select(["c3"])
    with qtbot.waitSignal(film.document.changed):
        film.commands.pictures.use_frame_as_anchor(take.take_hash, 20)
    assert (picture_of(film, "c3") == FRAMES[20]).all()


def test_a_frame_that_is_not_there_is_refused_calmly(qtbot: QtBot, film: Parts, take: Take) -> None:
    film.selection.select(["c3"])
    with qtbot.waitSignal(film.document.refused):
        film.commands.pictures.use_frame_as_anchor(take.take_hash, 99)
    assert film.document.clip("c3").image is None


def test_a_take_without_its_video_is_refused_calmly(qtbot: QtBot, film: Parts, take: Take) -> None:
    film.takes.file(take.take_hash, LOSSLESS_VIDEO).unlink()
    with qtbot.waitSignal(film.document.refused):
        film.commands.takes.continue_from_frame(take.take_hash, 7)
    assert len(film.document.storyboard.clips) == 5


def test_the_window_says_that_it_works_on_a_picture(qtbot: QtBot, film: Parts, take: Take, tmp_path: Path) -> None:
    said: list[str] = []
    film.pictures.busy.connect(said.append)
    with qtbot.waitSignal(film.document.changed):
        film.commands.takes.continue_from_frame(take.take_hash, 7)
    assert said == ["Importing a picture", ""]
