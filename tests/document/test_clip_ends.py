"""Commands for how clips begin and end, on a film with real takes and real files."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from pytestqt.qtbot import QtBot

from svi_studio.document.takes.join_words import join_sentences
from svi_studio.document.takes.joins import ClipJoins, measured_jump, same_moment
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.storyboard import LoraUse
from svi_studio.domain.takes.take import Take
from svi_studio.domain.takes.take_files import LOSSLESS_VIDEO
from svi_studio.media.formats import FFV1
from svi_studio.media.frames import Frames
from svi_studio.media.video_writer import open_writer
from tests.builders.film_parts import Parts, facts_of, make_project, numbered, open_parts
from tests.builders.videos import counted, write_video

FRAMES: Frames = np.random.default_rng(5).integers(0, 256, (21, 48, 80, 3), np.uint8)


def with_video(film: Parts, take: Take, frames: Frames) -> None:
    video = film.takes.file(take.take_hash, LOSSLESS_VIDEO)
    video.parent.mkdir(parents=True, exist_ok=True)
    with open_writer(video, width=80, height=48, fps=8, film_format=FFV1) as writer:
        writer.write(frames)


@pytest.fixture
def takes(film: Parts) -> list[Take]:
    """All five clips are rendered; the fourth has a real video."""
    film.know(facts_of())
    found = film.render(0, 1, 2, 3, 4)
    with_video(film, found[3], FRAMES)
    return found


def pixels(film: Parts, name: str | None) -> Frames:
    assert name is not None
    return np.asarray(Image.open(film.document.folder / name))


def test_a_clip_is_made_again_between_its_neighbours(qtbot: QtBot, film: Parts, takes: list[Take]) -> None:
    film.selection.select(["c3"])
    with qtbot.waitSignal(film.commands.ends.between_neighbours) as told:
        film.commands.ends.render_between()
    film.states.settle()
    assert told.args == ["c3"]
    clip, behind = film.document.clip("c3"), film.document.clip("c4")
    assert clip is not None and behind is not None
    assert (pixels(film, clip.end_image) == FRAMES[4]).all()  # of its five known frames the last shows the same moment
    assert clip.seed is not None and behind.take == takes[3].take_hash
    stands = [film.states.state(each).current_take for each in ("c1", "c2", "c4", "c5")]
    assert stands == [takes[place].take_hash for place in (0, 1, 3, 4)]
    assert not film.states.has_take("c3")
    assert [(shown.first, shown.stop) for shown in film.playhead.time.clips[2:4]] == [(0, 21), (5, 16)]


def test_one_step_back_brings_all_back(qtbot: QtBot, film: Parts, takes: list[Take]) -> None:
    before = film.document.storyboard
    film.selection.select(["c3"])
    with qtbot.waitSignal(film.commands.ends.between_neighbours):
        film.commands.ends.render_between()
    film.document.undo_stack.undo()
    film.states.settle()
    assert film.document.storyboard == before
    assert film.states.state("c3").current_take == takes[2].take_hash


@pytest.mark.parametrize(("clip", "said"), [("c5", "No clip follows clip 5"), (None, "Select a clip first")])
def test_what_has_no_neighbour_is_refused(film: Parts, takes: list[Take], clip: str | None, said: str) -> None:
    film.selection.select([clip] if clip else [])
    assert film.commands.ends.neighbours_problem().startswith(said)


def test_a_clip_without_takes_around_is_refused(film: Parts) -> None:
    film.know(facts_of())
    film.render(0, 1)
    film.selection.select(["c2"])
    assert film.commands.ends.neighbours_problem() == "Clip 3 has no finished take yet: render it first."


def test_a_clip_ends_on_a_frame_of_a_take(qtbot: QtBot, film: Parts, takes: list[Take]) -> None:
    with qtbot.waitSignal(film.document.changed):
        film.commands.ends.end_on_frame(takes[3].take_hash, 7, "c2")
    clip = film.document.clip("c2")
    assert clip is not None and (pixels(film, clip.end_image) == FRAMES[7]).all()
    assert film.document.undo_stack.undoText() == "End on this frame"


def test_a_picture_becomes_the_end_of_several_clips_and_goes_again(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    Image.new("RGB", (80, 48), "red").save(tmp_path / "red.png")
    with qtbot.waitSignal(film.document.changed):
        film.commands.ends.set_end(["c1", "c2"], tmp_path / "red.png")
    ends = [clip.end_image for clip in film.document.storyboard.clips]
    assert ends[0] is not None and ends == [ends[0], ends[0], None, None, None]
    film.commands.ends.clear_end(["c1", "c2"])
    assert all(clip.end_image is None for clip in film.document.storyboard.clips)


def test_a_family_that_knows_no_end_refuses_with_a_sentence(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    film.commands.film.change("Family", family="dance")
    with qtbot.waitSignal(film.document.refused) as refused:
        film.commands.ends.set_end(["c1"], tmp_path / "red.png")
    assert refused.args == ["The family Dance cannot be told how a clip ends: choose another family for that."]


def test_a_clip_goes_on_from_a_video(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    video = write_video(tmp_path / "walk.mp4", counted(20))
    with qtbot.waitSignal(film.document.changed):
        film.commands.ends.go_on_from_video(video, "c3")
    clip = film.document.clip("c3")
    assert clip is not None and clip.cut and clip.start_video is not None
    assert pixels(film, clip.image).shape == (48, 64, 3)
    assert (film.document.folder / clip.start_video).read_bytes() == video.read_bytes()


def test_a_video_that_is_too_short_is_refused_and_leaves_nothing(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    video = write_video(tmp_path / "blink.mp4", counted(4))
    with qtbot.waitSignal(film.document.refused) as refused:
        film.commands.ends.insert_after_video(video, 0)
    assert "has 4 frames" in refused.args[0]
    assert not film.document.undo_stack.count()
    assert not list((film.document.folder / "media").glob("*.mp4"))


def test_all_files_of_a_clip_come_along_from_another_film(qtbot: QtBot, film: Parts, tmp_path: Path) -> None:
    other = make_project(tmp_path / "other", numbered(1))
    (other / "look.safetensors").write_bytes(b"weights")
    write_video(other / "walk.mp4", counted(20))
    source = open_parts(numbered(1), other)
    loras = (LoraUse(file="look.safetensors", weight=0.5),)
    source.commands.clips.change("Ends", ["c1"], end_image="first.png", start_video="walk.mp4", loras=loras)
    source.selection.select(["c1"])
    source.commands.clipboard.copy()
    source.close()
    with qtbot.waitSignal(film.document.changed):
        film.commands.clipboard.paste()
    clip = film.document.storyboard.clips[-1]
    files = {clip.end_image: "first.png", clip.start_video: "walk.mp4", clip.loras[0].file: "look.safetensors"}
    for ours, theirs in files.items():
        assert ours is not None
        assert (film.document.folder / ours).read_bytes() == (other / theirs).read_bytes()
    assert clip.loras[0].weight == 0.5


def test_the_jump_between_two_takes_is_the_mean_change_of_a_level(film: Parts, takes: list[Take]) -> None:
    with_video(film, takes[0], np.full((3, 48, 80, 3), 10, np.uint8))
    with_video(film, takes[1], np.full((3, 48, 80, 3), 14, np.uint8))
    one, other = (film.takes.file(take.take_hash, LOSSLESS_VIDEO) for take in takes[:2])
    assert measured_jump((one, 2), (other, 0)) == 4.0


@pytest.mark.parametrize(
    ("family", "is_met", "frames"),
    [
        ("film", False, (76, 0)),
        ("film", True, (80, 4)),
        ("shot", False, (80, 0)),
        ("shot", True, (80, 0)),
        ("pro", False, (80, 4)),
        ("pro", True, (80, 4)),
    ],
)
def test_a_join_is_measured_where_the_film_is_cut(family: str, is_met: bool, frames: tuple[int, int]) -> None:
    assert same_moment(FAMILIES[family], 81, is_met=is_met) == frames


def test_joins_are_told_with_their_figure() -> None:
    assert join_sentences(ClipJoins(2.04, 6.3)) == (
        "Joins the clip before smoothly (2.0 of 255).",
        "A slight jump to the next clip (6.3 of 255).",
    )
    assert join_sentences(ClipJoins(None, 30.0)) == ("A clear jump to the next clip (30.0 of 255).",)
