"""What lies beside the pictures of a clip is found, and said of each clip that is left out for want of it."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from svi_studio.domain.errors import BadInput
from svi_studio.domain.poses.skeleton import Skeleton, no_points
from svi_studio.domain.training.footage import Footage, FootageClip, Reason
from svi_studio.media.poses.networks.regions import Region
from svi_studio.media.poses.skeleton_file import read_skeleton, write_skeleton
from svi_studio.media.poses.tracking.found import Found, Joints, Picture
from tests.builders.tiny_inputs import dancer, write_tone
from tests.builders.videos import scene, write_video
from trainer.footage.inputs.finding import FoundInClip, find_in_clip
from trainer.footage.inputs.skeletons import SkeletonFinder
from trainer.footage.scan import scan
from trainer.footage.videos.shape import Shape

TALK = Shape(num_frames=17, fps=16.0, width=48, height=32, family="talk")
DANCE = Shape(num_frames=17, fps=16.0, width=32, height=48, family="dance")


def with_sound(path: Path, seed: int, sound: np.ndarray | None = None) -> Path:
    """A video of two seconds with the ``sound`` (16 kHz) in it, or none."""
    with av.open(str(path), "w") as container:
        pictures = container.add_stream("libx264", rate=16)
        pictures.width, pictures.height, pictures.pix_fmt = 96, 64, "yuv420p"
        heard = container.add_stream("aac", rate=16_000, layout="mono") if sound is not None else None
        for picture in scene(seed, 32):
            container.mux(pictures.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(pictures.encode())
        if heard is not None and sound is not None:
            frame = av.AudioFrame.from_ndarray(sound[None].astype(np.float32), format="fltp", layout="mono")
            frame.sample_rate = 16_000
            container.mux(heard.encode(frame))
            container.mux(heard.encode())
    return path


def tone(seconds: float, level: float = 0.3) -> np.ndarray:
    return level * np.sin(2 * np.pi * 220 * np.arange(round(seconds * 16_000)) / 16_000)


@pytest.fixture(scope="module")
def talks(tmp_path_factory: pytest.TempPathFactory) -> Footage:
    folder = tmp_path_factory.mktemp("talks")
    with_sound(folder / "a speaks.mp4", 1, tone(2.0))
    with_sound(folder / "b mute.mp4", 2)
    with_sound(folder / "c silent.mp4", 3, 0 * tone(2.0))
    with_sound(folder / "d breaks off.mp4", 4, tone(1.2))
    with_sound(folder / "e beside.mp4", 5)
    write_tone(folder / "e beside.wav", 2.0)
    with_sound(folder / "f bad beside.mp4", 6, tone(2.0))
    (folder / "f bad beside.mp3").write_text("no sound")
    write_tone(folder / "nobody's.wav", 1.0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SVI_SOUNDS", str(tmp_path_factory.mktemp("sounds")))
        return scan(folder, TALK, tmp_path_factory.mktemp("run"), lambda _event: None)


def of(footage: Footage, letter: str) -> FootageClip:
    return next(clip for clip in footage.clips if clip.source.startswith(letter))


@pytest.mark.parametrize(
    ("letter", "reason", "words"),
    [
        ("a", None, ""),
        ("b", Reason.NO_SOUND, "no sound file of its name"),
        ("c", Reason.SILENT, "Nothing is heard"),
        ("d", Reason.SILENT, "seconds before the clip"),
        ("e", None, ""),
        ("f", Reason.NO_SOUND, "f bad beside.mp3"),
    ],
)
def test_every_kind_of_sound_is_judged(talks: Footage, letter: str, reason: Reason | None, words: str) -> None:
    clip = of(talks, letter)
    assert clip.left_out is reason
    assert words in clip.detail


def test_a_sound_file_beside_a_video_is_its_sound(talks: Footage) -> None:
    assert [getattr(of(talks, letter).sound, "source", None) for letter in "ae"] == ["a speaks.mp4", "e beside.wav"]


def test_a_clip_says_how_loud_it_is(talks: Footage) -> None:
    sound, silent = of(talks, "a").sound, of(talks, "c").sound
    assert sound is not None and -20 < sound.level < 0
    assert silent is not None and silent.level < -60


def test_only_sounds_of_no_video_are_passed_over(talks: Footage) -> None:
    said = " ".join(talks.problems)
    assert "nobody's.wav" in said and "e beside.wav" not in said


def test_clips_begin_with_a_whole_frame_of_sound(talks: Footage) -> None:
    begins = [clip.start * TALK.fps for clip in talks.clips]
    assert begins == pytest.approx([round(begin) for begin in begins], abs=1e-6)


def test_captions_are_not_missed_where_the_authors_have_one_for_all(talks: Footage) -> None:
    assert not any("caption" in problem for problem in talks.problems)


class Scripted:
    """Finds people where a test says; a frame's upper left pixel is its number."""

    def __init__(self, *people: tuple[float, float, float]) -> None:
        self._people = people  # x, y and size
        self.asked = 0

    def people(self, picture: Picture) -> list[Found]:
        return [self._found(*each) for each in self._people]

    def at_a_glance(self, picture: Picture) -> list[Found]:
        return self.people(picture)

    def _found(self, x: float, y: float, size: float) -> Found:
        body = np.ones((20, 3), np.float32)
        body[:, 0] = x + np.linspace(-0.2, 0.2, 20) * size
        body[:, 1] = y + np.linspace(-0.4, 0.4, 20) * size
        return Found(body, Region(x, y, size), 0.9)

    def at(self, picture: Picture, x: float, y: float) -> list[Found]:
        return self.people(picture)

    def follow(self, picture: Picture, last: Found) -> Found | None:
        self.asked += 1
        return last

    def near(self, picture: Picture, last: Found) -> list[Found]:
        return []

    def is_steady(self, picture: Picture, found: Found) -> bool:
        return True

    def hands(self, picture: Picture, found: Found) -> dict[str, Joints]:
        return {}

    def forget(self) -> None:
        pass


def nothing() -> None:
    pass


def a_clip(**fields: object) -> FootageClip:
    base = {"id": "x", "source": "x.mp4", "fingerprint": "0" * 64, "start": 0.25, "seconds": 17 / 16, "fps": 16.0}
    return FootageClip.model_validate(base | {"width": 96, "height": 64} | fields)


def test_a_person_is_found_in_the_frames_of_the_clip_and_lies_in_its_whole_picture(tmp_path: Path) -> None:
    video = write_video(tmp_path / "x.mp4", scene(1, 24))
    found = find_in_clip(a_clip(), DANCE, video, Scripted((32, 30, 40)), (nothing, nothing))
    assert found.people == 1 and found.skeleton.num_frames == 17 and found.skeleton.fps == 16
    assert (found.skeleton.width, found.skeleton.height) == (96, 64)
    assert found.skeleton.body[:, :, 0].mean() == pytest.approx(32 + 16, abs=0.5)  # the middle square begins at 16


def test_only_people_of_about_one_size_are_several(tmp_path: Path) -> None:
    video = write_video(tmp_path / "x.mp4", scene(1, 24))
    for others, count in ((((50, 30, 36),), 2), (((50, 30, 8),), 1)):
        found = find_in_clip(a_clip(), DANCE, video, Scripted((20, 30, 40), *others), (nothing, nothing))
        assert found.people == count


def finder(folder: Path, found: FoundInClip | None) -> SkeletonFinder:
    def find(_clip: FootageClip) -> FoundInClip:
        if found is None:
            raise AssertionError("looked for again")
        return found

    return SkeletonFinder(folder, folder / "run", DANCE, find)


def lost(skeleton: Skeleton, frames: int) -> Skeleton:
    """Somebody who is not seen in the last frames."""
    body = skeleton.body.copy()
    body[len(body) - frames :] = 0
    return skeleton.with_parts({"body": body})


WHOLE = dancer(17, fps=16)


@pytest.mark.parametrize(
    ("found", "reason", "words"),
    [
        (FoundInClip(WHOLE, 1), None, ""),
        (FoundInClip(lost(WHOLE, 1), 1), None, ""),
        (FoundInClip(lost(WHOLE, 5), 1), Reason.GAPS, "lost in 29%"),
        (FoundInClip(lost(WHOLE, 15), 1), Reason.NOBODY, "seen in 12%"),
        (FoundInClip(WHOLE, 3), Reason.SEVERAL_PEOPLE, "3 people"),
    ],
)
def test_what_was_found_is_judged(tmp_path: Path, found: FoundInClip, reason: Reason | None, words: str) -> None:
    (clip,), problem = finder(tmp_path, found).complete([a_clip()], "x.mp4")
    assert (clip.left_out, problem) == (reason, "")
    assert words in clip.detail
    assert clip.can_be_used == (clip.skeleton is not None)


def test_what_was_found_is_kept_and_not_looked_for_again(tmp_path: Path) -> None:
    (clip,), _ = finder(tmp_path, FoundInClip(WHOLE, 2)).complete([a_clip()], "x.mp4")
    (again,), _ = finder(tmp_path, None).complete([a_clip()], "x.mp4")
    assert again == clip and again.left_out is Reason.SEVERAL_PEOPLE
    with pytest.raises(AssertionError, match="looked for again"):
        finder(tmp_path, None).complete([a_clip(id="other")], "x.mp4")


def test_a_pose_file_beside_the_video_takes_the_place_of_a_search(tmp_path: Path) -> None:
    long = dancer(48, fps=24, width=48, height=32)
    write_skeleton(tmp_path / "x.json", long)
    (clip,), problem = finder(tmp_path, None).complete([a_clip()], "x.mp4")
    assert problem == "" and clip.left_out is None
    assert clip.skeleton is not None and clip.skeleton.source == "x.json"
    kept = read_skeleton(tmp_path / "run" / clip.skeleton.file)
    assert (kept.num_frames, kept.fps, kept.width) == (17, Fraction(16), 96)
    assert kept.body[0, 0, :2] == pytest.approx(2 * long.body[6, 0, :2], abs=0.1)  # from 0.25 seconds on


def test_a_pose_file_that_ends_too_early_leaves_gaps(tmp_path: Path) -> None:
    write_skeleton(tmp_path / "x.npz", dancer(16, fps=16))
    (clip,), _ = finder(tmp_path, None).complete([a_clip()], "x.mp4")
    assert clip.left_out is Reason.GAPS


def test_a_pose_file_that_is_none_is_told_and_the_video_is_looked_at(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"camera": 1}')
    (clip,), problem = finder(tmp_path, FoundInClip(WHOLE, 1)).complete([a_clip()], "x.mp4")
    assert clip.left_out is None and "x.json" in problem and "instead" in problem


def test_nobody_at_all_is_a_reason_and_no_error(tmp_path: Path) -> None:
    empty = replace(WHOLE, body=no_points(17, 20))
    (clip,), _ = finder(tmp_path, FoundInClip(empty, 0)).complete([a_clip()], "x.mp4")
    assert clip.left_out is Reason.NOBODY and not clip.can_be_used


def test_without_the_networks_a_scan_says_so_before_it_begins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("trainer.footage.scan.finding_missing", lambda: "The networks are not here yet.")
    write_video(tmp_path / "x.mp4", scene(1, 24))
    with pytest.raises(BadInput, match=r"networks are not here yet.*x\.mp4"):
        scan(tmp_path, DANCE, tmp_path / "run", lambda _event: None)
    write_skeleton(tmp_path / "x.npz", dancer(24, fps=16))
    footage = scan(tmp_path, DANCE, tmp_path / "run", lambda _event: None)
    assert [clip.left_out for clip in footage.clips] == [None]
    assert footage.clips[0].crop is not None and footage.clips[0].crop.box == (16, 0, 80, 64)
