"""A folder of all kinds of videos becomes a list of clips, with a reason for each that is left out."""

from pathlib import Path

import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, DiskFull
from svi_studio.domain.training.events import FootageReady, Preparing, TrainingEvent
from svi_studio.domain.training.footage import Crop, Footage, FootageClip, Reason, with_caption, with_choice
from svi_studio.domain.value import with_fields
from svi_studio.media.footage_file import read_footage, write_footage
from tests.builders.videos import grey, scene, write_video
from trainer.footage.processes.video_decoder import VideoDecoder
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape

SHAPE = Shape(num_frames=17, fps=16.0, width=48, height=32)


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


MOVED = Crop(left=0, top=0, width=24, height=16)


@pytest.fixture(scope="module")
def again(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Footage, Footage]:
    """Two clips before and after: somebody said things, the file was renamed, and another scan decoded nothing."""
    folder, run = tmp_path_factory.mktemp("videos"), tmp_path_factory.mktemp("run")
    write_video(folder / "film.mp4", scene(1, 40))
    before = scan(folder, SHAPE, run, ignore)
    first, second = (clip.id for clip in before.clips)
    said = with_choice(with_caption(before, [first], "a fox"), [second], False)
    moved = with_fields(said.clips[0], {"crop": MOVED, "poster": "", "strip": ""})
    said = with_fields(said, {"clips": (moved, *said.clips[1:])})
    write_footage(run, said)
    (folder / "film.mp4").rename(folder / "renamed.mp4")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(VideoDecoder, "analyse", no_decoding)
        return run, before, scan(folder, SHAPE, run, ignore)


def test_what_people_said_survives_another_scan(again: tuple[Path, Footage, Footage]) -> None:
    first, second = again[2].clips

    assert (first.caption, first.caption_from, first.crop, first.source) == ("a fox", "typed", MOVED, "renamed.mp4")
    assert not second.is_used


def test_pictures_of_a_moved_crop_are_made_anew(again: tuple[Path, Footage, Footage]) -> None:
    _, before, after = again

    assert after.clips[0].poster != before.clips[0].poster
    assert after.clips[1].poster == before.clips[1].poster


def test_pictures_that_nothing_names_any_more_are_removed(again: tuple[Path, Footage, Footage]) -> None:
    run, before, after = again

    assert (run / after.clips[0].poster).is_file()
    assert not (run / before.clips[0].poster).exists()


def test_a_folder_without_videos_says_what_to_choose(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no video in"):
        scan(tmp_path, SHAPE, tmp_path / "run", ignore)


@pytest.fixture(scope="module")
def twins(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    """One file that lies there twice."""
    folder = tmp_path_factory.mktemp("videos")
    first = write_video(folder / "a.mp4", scene(1, 20))
    (folder / "b.mp4").write_bytes(first.read_bytes())
    return scan(folder, SHAPE, tmp_path_factory.mktemp("run"), ignore)


def test_one_file_twice_has_two_ids(twins: Footage) -> None:
    assert len({clip.id for clip in twins.clips}) == 2


def test_one_file_twice_is_fed_once(twins: Footage) -> None:
    assert [clip.left_out for clip in twins.clips] == [None, Reason.DUPLICATE]


def test_one_clip_only_is_told(twins: Footage) -> None:
    assert any("only one clip" in problem for problem in twins.problems)


def test_what_a_scan_that_was_ended_left_half_written_goes(tmp_path: Path) -> None:
    (tmp_path / "videos").mkdir()
    write_video(tmp_path / "videos" / "a.mp4", scene(1, 8))
    run = tmp_path / "run"
    left = [run / name / ".svi-0123456789abcdef.tmp" for name in ("", "footage", "footage/analyses")]
    left[-1].parent.mkdir(parents=True)
    for file in left:
        file.write_bytes(b"half")
    scan(tmp_path / "videos", SHAPE, run, ignore)
    assert not any(file.exists() for file in left)


def test_a_full_disk_leaves_the_earlier_list_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    earlier = Footage(folder="/videos", num_frames=17, fps=16.0, width=48, height=32)
    write_footage(tmp_path / "run", earlier)
    write_video(tmp_path / "film.mp4", scene(1, 20))

    def full(*_: object) -> None:
        raise DiskFull("The disk is full.")

    monkeypatch.setattr(VideoDecoder, "analyse", full)
    with pytest.raises(DiskFull):
        scan(tmp_path, SHAPE, tmp_path / "run", ignore)
    assert read_footage(tmp_path / "run") == earlier
