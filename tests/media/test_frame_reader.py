"""Frames by number: every one exact, in any order; damage and strangers' files are one plain sentence."""

import random
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.errors import BadInput
from svi_studio.media.ffv1_check import is_sound_ffv1
from svi_studio.media.formats import FFV1, H264, FilmFormat
from svi_studio.media.frame_reader import FrameReader
from svi_studio.media.frames import Frames
from svi_studio.media.video_writer import open_writer

COUNT = 30


def take(path: Path, *, width: int = 80, height: int = 48, fps: float = 12, film_format: FilmFormat = FFV1) -> Frames:
    frames = np.random.default_rng(7).integers(0, 256, (COUNT, height, width, 3), np.uint8)
    with open_writer(path, width=width, height=height, fps=fps, film_format=film_format) as film:
        film.write(frames)
    return frames


@pytest.mark.parametrize("fps", [12, 24, 25, 30000 / 1001, 240])
def test_every_frame_in_order_is_exact(tmp_path: Path, fps: float) -> None:
    frames = take(tmp_path / "frames.mkv", fps=fps)
    with FrameReader(tmp_path / "frames.mkv") as reader:
        assert all(np.array_equal(reader.read(number), frames[number]) for number in range(COUNT))


def test_every_frame_backwards_is_exact(tmp_path: Path) -> None:
    frames = take(tmp_path / "frames.mkv")
    with FrameReader(tmp_path / "frames.mkv") as reader:
        assert all(np.array_equal(reader.read(number), frames[number]) for number in reversed(range(COUNT)))


def test_any_order_is_exact(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("take") / "frames.mkv"
    frames = take(path)

    @given(st.lists(st.integers(0, COUNT - 1), min_size=1, max_size=20))
    def check(order: list[int]) -> None:
        with FrameReader(path) as reader:
            assert all(np.array_equal(reader.read(number), frames[number]) for number in order)

    check()


def test_odd_sizes_are_exact(tmp_path: Path) -> None:
    frames = take(tmp_path / "frames.mkv", width=33, height=17)
    with FrameReader(tmp_path / "frames.mkv") as reader:
        assert (reader.width, reader.height) == (33, 17)
        assert np.array_equal(reader.read(11), frames[11])


def test_pixels_for_the_screen_are_the_same_and_stay_after_closing(tmp_path: Path) -> None:
    frames = take(tmp_path / "frames.mkv")
    with FrameReader(tmp_path / "frames.mkv") as reader:
        fifth, sixth = reader.read_for_screen(5), reader.read_for_screen(6)
    assert np.array_equal(fifth.rgb, frames[5])
    assert np.array_equal(sixth.rgb, frames[6])
    assert (fifth.rows[:, 3 : 80 * 4 : 4] == 255).all()


@pytest.mark.parametrize("number", [-1, COUNT, COUNT + 1, 10**9, 10**30])
def test_a_frame_that_is_not_there_is_refused(tmp_path: Path, number: int) -> None:
    take(tmp_path / "frames.mkv")
    with FrameReader(tmp_path / "frames.mkv") as reader:
        with pytest.raises(BadInput):
            reader.read(number)
        reader.read(COUNT - 1)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="not there"):
        FrameReader(tmp_path / "frames.mkv")


@pytest.mark.parametrize(
    "content", [b"", b"#EXTM3U\nhttp://127.0.0.1:9/x.mkv\n", b"ffconcat version 1.0\n", b"\x00" * 5000]
)
def test_what_is_no_film_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "frames.mkv").write_bytes(content)
    with pytest.raises(BadInput):
        FrameReader(tmp_path / "frames.mkv")


def test_another_container_is_refused(tmp_path: Path) -> None:
    take(tmp_path / "film.mp4", film_format=H264)
    (tmp_path / "film.mp4").rename(tmp_path / "frames.mkv")
    with pytest.raises(BadInput):
        FrameReader(tmp_path / "frames.mkv")


def test_a_name_that_looks_like_an_address_is_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadInput, match="not there"):
        FrameReader(Path("http://127.0.0.1:9/frames.mkv"))


def test_a_cut_off_file_gives_the_frames_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "frames.mkv"
    frames = take(path)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with FrameReader(path) as reader:
        assert np.array_equal(reader.read(3), frames[3])
        with pytest.raises(BadInput):
            reader.read(COUNT - 1)


def test_damage_is_never_shown_as_a_picture(tmp_path: Path) -> None:
    path = tmp_path / "frames.mkv"
    frames = take(path)
    sound = path.read_bytes()
    chance = random.Random(3)
    for _ in range(60):
        damaged = bytearray(sound)
        damaged[chance.randrange(len(sound))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        assert _all_exact_or_refused(path, frames)


def _all_exact_or_refused(path: Path, frames: Frames) -> bool:
    try:
        with FrameReader(path) as reader:
            return all(_exact_or_refused(reader, number, frames) for number in range(COUNT))
    except BadInput:
        return True


def _exact_or_refused(reader: FrameReader, number: int, frames: Frames) -> bool:
    try:
        return np.array_equal(reader.read(number), frames[number])
    except BadInput:
        return True


def test_any_folder_name_will_do(tmp_path: Path) -> None:
    folder = tmp_path / "Öl, 夜 %03d 'a' & #1.svi"
    folder.mkdir()
    frames = take(folder / "frames.mkv")
    with FrameReader(folder / "frames.mkv") as reader:
        assert np.array_equal(reader.read(3), frames[3])


def test_a_film_file_that_claims_giant_frames_is_refused_before_one_is_decoded(tmp_path: Path) -> None:
    take(tmp_path / "frames.mkv", width=300, height=260)
    content = (tmp_path / "frames.mkv").read_bytes()
    width, height = b"\xb0\x82" + (300).to_bytes(2), b"\xba\x82" + (260).to_bytes(2)  # of the track, in Matroska
    assert content.count(width) == content.count(height) == 1
    giant = content.replace(width, b"\xb0\x82\x30\x00").replace(height, b"\xba\x82\x10\x00")  # 12288 x 4096
    (tmp_path / "frames.mkv").write_bytes(giant)
    with pytest.raises(BadInput, match="not a film file that this program wrote"):
        FrameReader(tmp_path / "frames.mkv")


def test_a_film_file_of_other_pixels_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "frames.mkv"), "w") as made:
        stream = made.add_stream("ffv1", rate=12, options={"level": "3", "slicecrc": "1", "g": "1"})
        stream.width, stream.height, stream.pix_fmt = 80, 48, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.zeros((48, 80, 3), np.uint8), format="rgb24").reformat(format="yuv420p")
        made.mux(stream.encode(frame))
        made.mux(stream.encode(None))
    with FrameReader(tmp_path / "frames.mkv") as reader, pytest.raises(BadInput, match="is damaged"):
        reader.read(0)


@pytest.mark.parametrize("packet", [b"", b"1234567"])
def test_what_is_shorter_than_a_checksum_is_no_sound_frame(packet: bytes) -> None:
    assert not is_sound_ffv1(packet)
