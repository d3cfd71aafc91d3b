"""Films: frames that come in are the frames that come out, nothing appears under a final name before it is whole."""

import json
import tempfile
import wave
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from svi_studio.domain.errors import BadInput, BadProject, DiskFull, Stopped, StudioError
from svi_studio.media import video_writer
from svi_studio.media.assemble import FilmPart, assemble_film
from svi_studio.media.ffmpeg import write_failure
from svi_studio.media.formats import FFV1, FORMATS, H264, PNG, PRORES, FilmFormat, choose_format, quality_to_crf
from svi_studio.media.frames import Frames
from svi_studio.media.sound import check_sound, fitted_sound, sound_seconds
from svi_studio.media.video_reader import count_frames, probe_video, stream_frames
from svi_studio.media.video_writer import open_writer
from tests.builders.tags import read_tags


def noise(count: int, width: int = 48, height: int = 32, seed: int = 0) -> Frames:
    return np.random.default_rng(seed).integers(0, 256, (count, height, width, 3), np.uint8)


def save(path: Path, frames: Frames, film_format: FilmFormat = FFV1, **more: object) -> Path:
    height, width = frames.shape[1:3]
    with open_writer(path, width=width, height=height, fps=12, film_format=film_format, **more) as film:  # type: ignore[arg-type]
        film.write(frames)
    return path


def load(path: Path) -> Frames:
    return np.concatenate(list(stream_frames(path, batch=4)))


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_ffv1_gives_back_every_pixel(tmp_path: Path) -> None:
    frames = noise(11)
    assert np.array_equal(load(save(tmp_path / "film.mkv", frames)), frames)


def test_ffv1_keeps_odd_sizes(tmp_path: Path) -> None:
    frames = noise(3, width=33, height=17)
    assert np.array_equal(load(save(tmp_path / "film.mkv", frames)), frames)


def test_png_folder_gives_back_every_pixel_and_the_facts(tmp_path: Path) -> None:
    frames = noise(3)
    folder = save(tmp_path / "film", frames, PNG, metadata={"title": "Öl"})
    assert np.array_equal(np.asarray(Image.open(folder / "000002.png")), frames[1])
    facts = json.loads((folder / "film.json").read_text(encoding="utf-8"))
    assert (facts["title"], facts["frames"], facts["fps"]) == ("Öl", 3, 12)


def test_mp4_plays_anywhere(tmp_path: Path) -> None:
    path = save(tmp_path / "film.mp4", noise(5), H264)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat"), "faststart: the index comes first"
    assert b"avc1" in content
    facts = probe_video(path)
    assert (facts.codec, facts.width, facts.height, facts.fps) == ("h264", 48, 32, 12)
    assert count_frames(path) == 5


def test_mp4_is_enlarged_without_blur(tmp_path: Path) -> None:
    small = np.zeros((2, 16, 16, 3), np.uint8)
    small[:, :, 8:] = 255
    large = load(save(tmp_path / "film.mp4", small, H264, enlarge=8, quality=10))
    assert large.shape == (2, 128, 128, 3)
    row = large[0, 60, :, 1].astype(int)
    assert row[:63].max() < 12
    assert row[65:].min() > 243


def test_mp4_keeps_colours(tmp_path: Path) -> None:
    colours = np.zeros((2, 32, 48, 3), np.uint8)
    colours[:, :, :16], colours[:, :, 16:32], colours[:, :, 32:] = (200, 40, 30), (30, 160, 60), (240, 200, 80)
    back = load(save(tmp_path / "film.mp4", colours, H264)).astype(int)
    assert np.abs(back[0, 8:24, ::16][:, :3] - colours[0, 8:24, ::16]).max() <= 6


def test_mp4_of_an_odd_size_is_filled_to_even(tmp_path: Path) -> None:
    facts = probe_video(save(tmp_path / "film.mp4", noise(2, width=33, height=17), H264))
    assert (facts.width, facts.height) == (34, 18)


def test_what_fills_an_odd_size_looks_like_the_edge(tmp_path: Path) -> None:
    white = np.full((2, 17, 33, 3), 255, np.uint8)
    assert load(save(tmp_path / "film.mp4", white, H264)).min() > 240  # no black border


def test_prores_is_prores(tmp_path: Path) -> None:
    assert probe_video(save(tmp_path / "film.mov", noise(3), PRORES)).codec == "prores"


@pytest.mark.parametrize("film_format", [H264, PRORES, FFV1], ids=lambda each: each.name)
def test_title_and_comment_are_in_the_film_whatever_they_hold(tmp_path: Path, film_format: FilmFormat) -> None:
    tags = {"title": "Zürich; a=b #1 \\ 夜\nline two", "comment": json.dumps({"seeds": [0, 42], "takes": ["ab" * 32]})}
    path = save(tmp_path / f"film{film_format.suffix}", noise(2), film_format, metadata=tags)
    said = read_tags(path)
    assert (said["title"], said["comment"]) == (tags["title"], tags["comment"])


def test_the_lines_of_the_metadata_end_as_ffmpeg_wants_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make = tempfile.NamedTemporaryFile
    as_windows = lambda *how, newline="\r\n", **more: make(*how, newline=newline, **more)  # noqa: E731
    monkeypatch.setattr(tempfile, "NamedTemporaryFile", as_windows)
    said = read_tags(save(tmp_path / "film.mp4", noise(2), H264, metadata={"title": "one\ntwo", "comment": "{}"}))
    assert (said["title"], said["comment"]) == ("one\ntwo", "{}")


def test_metadata_of_thousands_of_takes_fits(tmp_path: Path) -> None:
    comment = ",".join(["ab" * 32] * 3000)
    path = save(tmp_path / "film.mp4", noise(2), H264, metadata={"comment": comment})
    assert read_tags(path)["comment"] == comment


def test_the_same_frames_make_the_same_file(tmp_path: Path) -> None:
    first, second = (save(tmp_path / name, noise(6), H264).read_bytes() for name in ("a.mp4", "b.mp4"))
    assert first == second


@pytest.mark.parametrize("film_format", FORMATS.values(), ids=lambda each: each.name)
def test_an_error_while_writing_leaves_nothing(tmp_path: Path, film_format: FilmFormat) -> None:
    def fail() -> None:
        with open_writer(
            tmp_path / f"film{film_format.suffix}", width=48, height=32, fps=12, film_format=film_format
        ) as film:
            film.write(noise(3))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert names(tmp_path) == []


def test_an_older_film_stays_until_the_new_one_is_whole(tmp_path: Path) -> None:
    path = save(tmp_path / "film.mkv", noise(2))
    before = path.read_bytes()
    with pytest.raises(KeyboardInterrupt), open_writer(path, width=48, height=32, fps=12, film_format=FFV1) as film:
        film.write(noise(1))
        raise KeyboardInterrupt
    assert (path.read_bytes(), names(tmp_path)) == (before, ["film.mkv"])


def test_what_a_killed_run_left_is_swept_by_the_next(tmp_path: Path) -> None:
    (tmp_path / ".film.0123abcd.part.mkv").write_bytes(b"half")
    save(tmp_path / "film.mkv", noise(2))
    assert names(tmp_path) == ["film.mkv"]


def test_a_picture_folder_is_replaced_but_a_strangers_folder_never(tmp_path: Path) -> None:
    save(tmp_path / "film", noise(3), PNG)
    save(tmp_path / "film", noise(2), PNG)
    assert names(tmp_path / "film") == ["000001.png", "000002.png", "film.json"]
    (tmp_path / "holiday").mkdir()
    (tmp_path / "holiday" / "photo.jpg").write_bytes(b"x")
    with pytest.raises(BadInput, match="choose another name"):
        save(tmp_path / "holiday", noise(2), PNG)
    assert names(tmp_path / "holiday") == ["photo.jpg"]


def test_a_film_without_frames_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no frames"):
        save(tmp_path / "film.mp4", noise(0), H264)
    assert names(tmp_path) == []


@pytest.mark.parametrize(
    "frames", [noise(1, width=32), noise(1).astype(np.float32), noise(1)[0]], ids=["size", "type", "axes"]
)
def test_frames_of_another_shape_are_refused(tmp_path: Path, frames: Frames) -> None:
    with (
        pytest.raises(BadInput, match="came in"),
        open_writer(tmp_path / "film.mp4", width=48, height=32, fps=12) as film,
    ):
        film.write(frames)
    assert names(tmp_path) == []


def test_pictures_of_another_shape_are_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(BadInput, match="came in"),
        open_writer(tmp_path / "film", width=48, height=32, fps=12, film_format=PNG) as film,
    ):
        film.write(noise(1, width=32))
    assert names(tmp_path) == []


@pytest.mark.parametrize("film_format", [H264, PNG])
@pytest.mark.parametrize(("width", "height", "fps"), [(0, 32, 12), (48, -1, 12), (48, 32, 0), (16_386, 32, 12)])
def test_an_impossible_size_is_refused_before_anything_is_made(
    tmp_path: Path, film_format: FilmFormat, width: int, height: int, fps: float
) -> None:
    with pytest.raises(BadInput, match="cannot be written: choose another"):
        open_writer(tmp_path / "film.mp4", width=width, height=height, fps=fps, film_format=film_format)
    assert names(tmp_path) == []


def test_a_missing_folder_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(StudioError) as caught:
        save(tmp_path / "nowhere" / "film.mp4", noise(2), H264)
    assert "nowhere" in str(caught.value)


def test_a_film_that_lost_frames_is_not_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video_writer, "count_frames", lambda _path: 1)
    with pytest.raises(StudioError, match="could not be written"):
        save(tmp_path / "film.mkv", noise(2))
    assert names(tmp_path) == []


@pytest.mark.parametrize("words", ["No space left on device", "Disk quota exceeded"])
def test_a_full_disk_is_told_as_such(tmp_path: Path, words: str) -> None:
    assert isinstance(write_failure(tmp_path / "film.mp4", f"av_interleaved_write_frame(): {words}"), DiskFull)


def test_a_playlist_in_disguise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_text("#EXTM3U\nfile:///etc/passwd\n")
    with pytest.raises(BadInput, match="is a playlist, which names"):
        probe_video(path)


@pytest.mark.parametrize("head", ["#EXTM3U\n", "ffconcat version 1.0\nfile ", "\n <?xml ?><MPD >", "<MPD>"])
def test_a_playlist_is_no_sound_and_no_film_and_has_no_notes(tmp_path: Path, head: str) -> None:
    path = tmp_path / "sound.wav"
    path.write_text(f"{head}file:///etc/passwd\n")
    with pytest.raises(BadInput, match="is a playlist"), fitted_sound(path, 1.0):
        pass
    for read in (probe_video, read_tags, sound_seconds):
        with pytest.raises(BadInput, match="is a playlist"):
            read(path)


@pytest.mark.parametrize("content", [b"", b"no video", bytes(5000)])
def test_a_broken_video_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "film.mkv").write_bytes(content)
    with pytest.raises(BadInput, match=r"film\.mkv"):
        load(tmp_path / "film.mkv")


def parts_of(tmp_path: Path, *spans: tuple[int, int]) -> tuple[list[FilmPart], Frames]:
    takes = [noise(9, seed=index) for index in range(len(spans))]
    paths = [save(tmp_path / f"take{index}.mkv", frames) for index, frames in enumerate(takes)]
    parts = [FilmPart(path, 9, *span) for path, span in zip(paths, spans, strict=True)]
    shown = np.concatenate([frames[first:stop] for frames, (first, stop) in zip(takes, spans, strict=True)])
    return parts, shown


def test_a_film_is_the_shown_frames_of_its_takes_in_order(tmp_path: Path) -> None:
    parts, shown = parts_of(tmp_path, (0, 4), (4, 9), (0, 9))
    assert assemble_film(parts, tmp_path / "film.mkv", fps=12, film_format=FFV1) == 18
    assert np.array_equal(load(tmp_path / "film.mkv"), shown)


def test_a_take_that_lost_frames_stops_the_film(tmp_path: Path) -> None:
    parts, _ = parts_of(tmp_path, (0, 9))
    damaged = FilmPart(parts[0].video, 12, 0, 12)
    with pytest.raises(BadProject, match="9 of its 12 frames"):
        assemble_film([damaged], tmp_path / "film.mkv", fps=12, film_format=FFV1)
    assert names(tmp_path) == ["take0.mkv"]


def test_a_film_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="no clip"):
        assemble_film([], tmp_path / "film.mp4", fps=12)


def test_only_a_few_frames_are_in_memory_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parts, _ = parts_of(tmp_path, *[(0, 8)] * 3)
    batches: list[int] = []

    def watched(path: Path, *, batch: int = 4) -> Iterator[Frames]:
        for frames in stream_frames(path, batch=batch):
            batches.append(len(frames))
            yield frames

    monkeypatch.setattr("svi_studio.media.assemble.stream_frames", watched)
    assemble_film(parts, tmp_path / "film.mkv", fps=12, film_format=FFV1)
    assert max(batches) <= 4


@pytest.fixture
def tone(tmp_path: Path) -> Path:
    path = tmp_path / "tone.wav"
    samples = (np.sin(np.arange(48_000 * 3) * 0.05) * 9000).astype("<i2")
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 48_000, len(samples), "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


@pytest.mark.parametrize("film_format", [H264, PRORES, FFV1], ids=lambda each: each.name)
def test_sound_is_laid_under_the_film_and_cut_at_its_end(tmp_path: Path, tone: Path, film_format: FilmFormat) -> None:
    parts, _ = parts_of(tmp_path, (0, 9), (0, 9))
    target = tmp_path / f"film{film_format.suffix}"
    assemble_film(parts, target, fps=12, film_format=film_format, sound=tone)
    assert sound_seconds(target) == pytest.approx(1.5, abs=0.08)
    assert count_frames(target) == 18


def test_sound_shorter_than_the_film_does_not_shorten_it(tmp_path: Path, tone: Path) -> None:
    parts, _ = parts_of(tmp_path, *[(0, 9)] * 5)
    assert assemble_film(parts, tmp_path / "film.mp4", fps=10, sound=tone) == 45
    assert count_frames(tmp_path / "film.mp4") == 45


@pytest.fixture
def ramp(tmp_path: Path) -> Path:
    """Three seconds of sound that tells its time: every sample is larger than the one before."""
    path = tmp_path / "ramp.wav"
    samples = np.linspace(0, 30_000, 48_000 * 3).astype("<i2").repeat(2)
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 48_000, len(samples) // 2, "NONE", ""))
        file.writeframes(samples.tobytes())
    return path


def test_a_part_of_a_film_has_its_part_of_the_sound(ramp: Path) -> None:
    with fitted_sound(ramp, 0.5, 1.25) as track:
        assert track is not None
        samples = np.fromfile(track, "<f4")[::2] * 32_768
    assert len(samples) == 24_000
    assert samples[0] == pytest.approx(12_500, abs=2)
    assert samples[-1] == pytest.approx(17_500, abs=2)


def test_a_part_after_the_end_of_the_sound_is_silent(tmp_path: Path, ramp: Path) -> None:
    parts, _ = parts_of(tmp_path, (0, 9))
    target = tmp_path / "film.mp4"
    assert assemble_film(parts, target, fps=12, sound=ramp, sound_from=3.5) == 9
    with pytest.raises(BadInput, match="no sound in it"):
        check_sound(target)


def test_an_export_can_be_given_up_between_two_frames(tmp_path: Path) -> None:
    parts, _ = parts_of(tmp_path, (0, 9), (0, 9))
    before = names(tmp_path)
    asked: list[None] = []

    def give_up() -> None:
        asked.append(None)
        if len(asked) == 2:
            raise Stopped("Stopped.")

    with pytest.raises(Stopped):
        assemble_film(parts, tmp_path / "film.mp4", fps=12, go_on=give_up)
    assert names(tmp_path) == before


@pytest.mark.parametrize("content", [None, b"", b"no sound at all"])
def test_unusable_sound_is_one_sentence_and_leaves_nothing(tmp_path: Path, content: bytes | None) -> None:
    parts, _ = parts_of(tmp_path, (0, 9))
    if content is not None:
        (tmp_path / "sound.mp3").write_bytes(content)
    with pytest.raises(BadInput, match=r"sound\.mp3"):
        assemble_film(parts, tmp_path / "film.mp4", fps=12, sound=tmp_path / "sound.mp3")
    assert not (tmp_path / "film.mp4").exists()


@pytest.mark.parametrize(
    ("name", "wanted", "chosen"),
    [("a.mp4", None, H264), ("a.MOV", None, PRORES), ("a.mkv", "ffv1", FFV1), ("frames", None, PNG)],
)
def test_the_format_follows_the_ending(name: str, wanted: str | None, chosen: FilmFormat) -> None:
    assert choose_format(Path(name), wanted) is chosen


@pytest.mark.parametrize(("name", "wanted"), [("a.avi", None), ("a.mp4", "prores"), ("a.mp4", "gif"), ("a.mp4", "png")])
def test_an_ending_that_does_not_fit_is_one_sentence(name: str, wanted: str | None) -> None:
    with pytest.raises(BadInput):
        choose_format(Path(name), wanted)


def test_quality_follows_imageios_scale() -> None:
    assert [quality_to_crf(quality) for quality in (10, 8, 5, 0)] == [0, 10, 25, 51]
    with pytest.raises(BadInput):
        quality_to_crf(11)
