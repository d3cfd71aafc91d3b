"""A folder of all kinds of videos becomes a list of clips, with a reason for each that is left out."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput
from svi_studio.domain.footage import Crop, Footage, FootageClip, Reason, with_caption, with_choice, with_crop
from svi_studio.domain.training_events import FootageReady, Preparing, TrainingEvent
from svi_studio.media.footage_file import read_footage, write_footage
from tests.trainer.footage.videos import grey, scene, write_video
from trainer.footage.lane import Lane
from trainer.footage.scan import scan
from trainer.footage.shape import PlainShape

SHAPE = PlainShape(num_frames=17, fps=16.0, width=48, height=32)


def ignore(_: TrainingEvent) -> None:
    pass


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One video of every kind."""
    folder = tmp_path_factory.mktemp("videos")
    (folder / "sub").mkdir()
    write_video(folder / "a two scenes.mp4", scene(1, 40) + scene(2, 24))
    write_video(folder / "b copy of a part.mkv", scene(1, 40))
    write_video(folder / "c still.mp4", [scene(3, 1)[0]] * 20)
    write_video(folder / "d black.mov", [grey(0, 96, 64)] * 20)
    write_video(folder / "e short.webm", scene(4, 8), codec="libvpx-vp9")
    write_video(folder / "sub/f turned.MP4", scene(5, 24), turned=90)
    write_video(
        folder / "g rate.mkv",
        scene(6, 30),
        times=[n / 30 + 0.004 * (n % 3) for n in range(20)] + [0.7 + n / 15 for n in range(10)],
    )
    (folder / "h list.mp4").write_text("#EXTM3U\nfile:///etc/passwd\n")
    (folder / "i cut off.mp4").write_bytes((folder / "a two scenes.mp4").read_bytes()[:500])
    (folder / "a two scenes.txt").write_text("a disc flies", encoding="utf-8")
    (folder / "captions.csv").write_text("file,caption\nsub/f turned.MP4,a disc on its side\n", encoding="utf-8")
    (folder / ".hidden.mp4").write_text("no video")
    return folder


@pytest.fixture(scope="module")
def scanned(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Footage, list[TrainingEvent]]:
    run, events = tmp_path_factory.mktemp("run"), list[TrainingEvent]()
    return run, scan(folder, SHAPE, run, events.append), events


def of(footage: Footage, letter: str) -> list[FootageClip]:
    return [clip for clip in footage.clips if Path(clip.source).name.startswith(letter)]


@pytest.mark.parametrize(
    ("letter", "reasons"),
    [
        ("a", [None, None, None]),
        ("b", [Reason.DUPLICATE, Reason.DUPLICATE]),
        ("c", [Reason.STILL]),
        ("d", [Reason.BLACK]),
        ("e", [Reason.TOO_SHORT]),
        ("f", [None]),
        ("g", [None]),
        ("h", [Reason.UNREADABLE]),
        ("i", [Reason.UNREADABLE]),
    ],
)
def test_every_kind_is_judged(scanned: tuple[Path, Footage, object], letter: str, reasons: list[Reason | None]) -> None:
    assert [clip.left_out for clip in of(scanned[1], letter)] == reasons


def test_what_is_left_out_says_why(scanned: tuple[Path, Footage, object]) -> None:
    assert all(clip.detail for clip in scanned[1].clips if clip.left_out)


def test_captions_are_found(scanned: tuple[Path, Footage, object]) -> None:
    said = {letter: (of(scanned[1], letter)[0].caption, of(scanned[1], letter)[0].caption_from) for letter in "afg"}

    assert said == {"a": ("a disc flies", "sidecar"), "f": ("a disc on its side", "table"), "g": ("", "")}


def test_every_video_that_can_be_seen_has_its_pictures(scanned: tuple[Path, Footage, object]) -> None:
    run, footage, _ = scanned
    for clip in footage.clips:
        if clip.left_out is not Reason.UNREADABLE:
            assert Image.open(run / clip.poster).size == (270, 180)
            assert Image.open(run / clip.strip).height == 90


def test_the_list_is_on_the_disk(scanned: tuple[Path, Footage, object]) -> None:
    assert read_footage(scanned[0]) == scanned[1]


def test_the_way_is_told(scanned: tuple[Path, Footage, list[TrainingEvent]], folder: Path) -> None:
    run, footage, events = scanned
    names = [event.name for event in events if isinstance(event, Preparing)]

    assert names == sorted({clip.source for clip in footage.clips})
    assert events[-1] == FootageReady(run / "footage.json", len(footage.clips), 7)


def no_decoding(*_: object) -> None:
    raise AssertionError("a video was decoded again")


@pytest.fixture
def again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Footage], Footage]], Footage]:
    """Scan one video, let somebody change the footage, scan once more without decoding."""
    (tmp_path / "videos").mkdir()
    write_video(tmp_path / "videos/film.mp4", scene(1, 40))

    def scan_again(change: Callable[[Footage], Footage]) -> Footage:
        write_footage(tmp_path / "run", change(scan(tmp_path / "videos", SHAPE, tmp_path / "run", ignore)))
        (tmp_path / "videos/film.mp4").rename(tmp_path / "videos/renamed.mp4")
        monkeypatch.setattr(Lane, "analyse", no_decoding)
        return scan(tmp_path / "videos", SHAPE, tmp_path / "run", ignore)

    return scan_again


def test_what_people_said_survives_another_scan(again: Callable[[Callable[[Footage], Footage]], Footage]) -> None:
    crop = Crop(left=3, top=2, width=48, height=32)

    def said(footage: Footage) -> Footage:
        first, second = (clip.id for clip in footage.clips)
        return with_choice(with_crop(with_caption(footage, [first], "a fox"), first, crop), [second], False)

    first, second = again(said).clips
    assert (first.caption, first.caption_from, first.crop, first.source) == ("a fox", "typed", crop, "renamed.mp4")
    assert not second.is_used


def test_pictures_of_a_moved_crop_are_made_anew(
    again: Callable[[Callable[[Footage], Footage]], Footage], tmp_path: Path
) -> None:
    posters: list[np.ndarray] = []

    def moved(footage: Footage) -> Footage:
        posters.append(np.asarray(Image.open(tmp_path / "run" / footage.clips[0].poster)).astype(int))
        return with_crop(footage, footage.clips[0].id, Crop(left=0, top=0, width=24, height=16))

    clip = again(moved).clips[0]
    assert np.abs(np.asarray(Image.open(tmp_path / "run" / clip.poster)) - posters[0]).mean() > 5


def test_a_folder_without_videos_says_what_to_choose(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no video in"):
        scan(tmp_path, SHAPE, tmp_path / "run", ignore)


def test_one_file_twice_has_two_ids(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    first = write_video(tmp_path / "videos/a.mp4", scene(1, 20))
    (tmp_path / "videos/b.mp4").write_bytes(first.read_bytes())

    clips = scan(tmp_path / "videos", SHAPE, tmp_path / "run", ignore).clips

    assert len({clip.id for clip in clips}) == 2
    assert [clip.left_out for clip in clips] == [None, Reason.DUPLICATE]


def test_one_clip_only_is_told(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    write_video(tmp_path / "videos/a.mp4", scene(1, 20))

    assert any("only one clip" in each for each in scan(tmp_path / "videos", SHAPE, tmp_path / "run", ignore).problems)
