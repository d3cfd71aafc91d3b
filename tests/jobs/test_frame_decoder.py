"""The decoding thread: exact frames, the newest request wins, a bounded cache, and no thread or file left."""

import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from svi_studio.jobs.frames.frame_cache import FrameCache, FrameKey
from svi_studio.jobs.frames.frame_decoder import DecodedFrames, FrameDecoder
from svi_studio.media.formats import FFV1
from svi_studio.media.frame_reader import FrameReader, ScreenFrame
from svi_studio.media.frames import Frames
from svi_studio.media.video_writer import open_writer
from tests.patience import SECONDS

COUNT = 30
FRAME_BYTES = 80 * 48 * 4


@pytest.fixture
def decoder() -> Iterator[FrameDecoder]:
    decoder = FrameDecoder()
    yield decoder
    assert decoder.close()


def write_take(folder: Path, seed: int = 7) -> tuple[Path, Frames]:
    folder.mkdir()
    frames = np.random.default_rng(seed).integers(0, 256, (COUNT, 48, 80, 3), np.uint8)
    with open_writer(folder / "frames.mkv", width=80, height=48, fps=12, film_format=FFV1) as film:
        film.write(frames)
    return folder / "frames.mkv", frames


def pixels(image: QImage | None) -> Frames:
    assert image is not None
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(plain.height(), plain.bytesPerLine())
    return rows[:, : plain.width() * 3].reshape(plain.height(), plain.width(), 3).copy()  # the picture goes away


def decode(qtbot: QtBot, decoder: FrameDecoder, *keys: FrameKey, ahead: tuple[FrameKey, ...] = ()) -> DecodedFrames:
    with qtbot.waitSignal(decoder.decoded) as answer:
        number = decoder.want(keys, ahead)
    frames: DecodedFrames = answer.args[0]
    assert frames.number == number
    return frames


def test_a_wanted_frame_comes_exact(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    path, frames = write_take(tmp_path / "take")
    for number in (0, 29, 3, 4, 17):
        answer = decode(qtbot, decoder, FrameKey(path, number))
        assert np.array_equal(pixels(answer.frames[0].image), frames[number])


def test_frames_of_two_takes_come_together(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    (first, one), (second, other) = write_take(tmp_path / "a", 1), write_take(tmp_path / "b", 2)
    answer = decode(qtbot, decoder, FrameKey(first, 5), FrameKey(second, 5))
    assert np.array_equal(pixels(answer.frames[0].image), one[5])
    assert np.array_equal(pixels(answer.frames[1].image), other[5])


def test_a_frame_is_cached_once_it_was_decoded(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    path, frames = write_take(tmp_path / "take")
    assert decoder.cached(FrameKey(path, 5)) is None
    decode(qtbot, decoder, FrameKey(path, 5))
    assert np.array_equal(pixels(decoder.cached(FrameKey(path, 5))), frames[5])


def test_frames_ahead_are_there_when_they_are_asked_for(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    path, frames = write_take(tmp_path / "take")
    ahead = tuple(FrameKey(path, number) for number in range(1, 9))
    decode(qtbot, decoder, FrameKey(path, 0), ahead=ahead)
    qtbot.waitUntil(lambda: decoder.cached(ahead[-1]) is not None)
    assert np.array_equal(pixels(decoder.cached(ahead[3])), frames[4])


@pytest.fixture
def may_read(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """No frame is read before it is set."""
    may, read = threading.Event(), FrameReader.read_for_screen

    def wait_and_read(reader: FrameReader, number: int) -> ScreenFrame:
        assert may.wait(SECONDS)
        return read(reader, number)

    monkeypatch.setattr(FrameReader, "read_for_screen", wait_and_read)
    return may


def test_the_newest_request_overtakes_those_that_wait(
    qtbot: QtBot, decoder: FrameDecoder, may_read: threading.Event, tmp_path: Path
) -> None:
    path, _ = write_take(tmp_path / "take")
    answered: list[int] = []
    decoder.decoded.connect(lambda frames: answered.append(frames.number))
    for number in range(COUNT):
        newest = decoder.want([FrameKey(path, number)])
    may_read.set()
    qtbot.waitUntil(lambda: newest in answered)
    assert len(answered) <= 2, "the one under way and the newest"
    assert answered == sorted(answered)


def test_looking_ahead_gives_way_to_a_new_request(
    qtbot: QtBot, decoder: FrameDecoder, may_read: threading.Event, tmp_path: Path
) -> None:
    path, _ = write_take(tmp_path / "take")
    decoder.want([FrameKey(path, 0)], [FrameKey(path, number) for number in range(1, COUNT)])
    newest = decoder.want([FrameKey(path, COUNT - 1)])
    with qtbot.waitSignal(decoder.decoded, check_params_cb=lambda frames: frames.number == newest):
        may_read.set()
    qtbot.wait(50)
    assert decoder.cached(FrameKey(path, COUNT - 2)) is None


def test_a_missing_file_is_a_sentence(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    frame = decode(qtbot, decoder, FrameKey(tmp_path / "frames.mkv", 0)).frames[0]
    assert frame.image is None
    assert "not there" in frame.problem


def test_a_damaged_file_is_a_sentence_and_the_next_one_works(
    qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path
) -> None:
    path, frames = write_take(tmp_path / "take")
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(path.read_bytes()[:300])
    assert decode(qtbot, decoder, FrameKey(broken, 4)).frames[0].problem
    assert np.array_equal(pixels(decode(qtbot, decoder, FrameKey(path, 4)).frames[0].image), frames[4])


def test_a_file_that_comes_back_is_shown(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    key = FrameKey(tmp_path / "take" / "frames.mkv", 4)
    assert decode(qtbot, decoder, key).frames[0].image is None
    write_take(tmp_path / "take")
    assert decode(qtbot, decoder, key).frames[0].image is not None


def test_pictures_outlive_the_decoder(qtbot: QtBot, tmp_path: Path) -> None:
    path, frames = write_take(tmp_path / "take")
    decoder = FrameDecoder(cache_bytes=1)
    images = [decode(qtbot, decoder, FrameKey(path, number)).frames[0].image for number in range(COUNT)]
    decoder.close()
    assert all(np.array_equal(pixels(image), frames[number]) for number, image in enumerate(images))


def test_the_cache_stays_within_its_bound_and_keeps_what_is_used(tmp_path: Path) -> None:
    cache = FrameCache(10 * FRAME_BYTES)
    keys = [FrameKey(tmp_path / "a" / "frames.mkv", number) for number in range(50)]
    for key in keys:
        cache.put(key, QImage(80, 48, QImage.Format.Format_RGB32))
        cache.get(keys[0])
        assert cache.bytes <= 10 * FRAME_BYTES
    assert [key.number for key in keys if cache.get(key) is not None] == [0, *range(41, 50)]


def test_forgetting_a_take_leaves_the_others(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    (first, _), (second, _) = write_take(tmp_path / "a"), write_take(tmp_path / "b")
    decode(qtbot, decoder, FrameKey(first, 1), FrameKey(second, 1))
    decoder.forget(tmp_path / "a")
    assert decoder.cached(FrameKey(first, 1)) is None
    assert decoder.cached(FrameKey(second, 1)) is not None


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="counts open files as Linux shows them")
def test_files_are_let_go_when_nothing_is_wanted(qtbot: QtBot, decoder: FrameDecoder, tmp_path: Path) -> None:
    path, _ = write_take(tmp_path / "take")
    decode(qtbot, decoder, FrameKey(path, 1))
    assert str(path) in _open_files()
    qtbot.waitUntil(lambda: str(path) not in _open_files(), timeout=3000)


def test_closing_before_anything_was_wanted_works() -> None:
    decoder = FrameDecoder()
    assert decoder.close()
    decoder.want([FrameKey(Path("frames.mkv"), 0)])


def _open_files() -> list[str]:
    links = []
    for entry in Path("/proc/self/fd").iterdir():
        try:
            links.append(str(entry.readlink()))
        except OSError:
            continue
    return links
