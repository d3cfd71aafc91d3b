"""Thumbnails are read in their own thread, upright, bounded, and what cannot be read is nothing."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from svi_studio.document.pictures.small_picture import read_small
from svi_studio.document.pictures.thumbnails import MAX_WAITING, Thumbnails


@pytest.fixture
def thumbnails(qapp: object) -> Iterator[Thumbnails]:
    made = Thumbnails()
    yield made
    assert made.close()


def picture(path: Path, size: tuple[int, int] = (80, 40), colour: str = "red", **options: object) -> Path:
    Image.new("RGB", size, colour).save(path, **options)
    return path


def test_a_picture_comes_later_and_is_there_when_ready_says_so(
    thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot
) -> None:
    path = picture(tmp_path / "a.png")
    with qtbot.waitSignal(thumbnails.ready) as ready:
        assert thumbnails.pixmap(path, 20) is None
    assert ready.args == [str(path)]
    found = thumbnails.pixmap(path, 20)
    assert found is not None
    assert (found.width(), found.height()) == (40, 20)


def test_a_picture_is_upright_as_its_camera_says(tmp_path: Path, qapp: object) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    path = picture(tmp_path / "turned.jpg", exif=exif)
    image = read_small(str(path), 20)
    assert (image.width(), image.height()) == (10, 20)


@pytest.mark.parametrize("content", [b"", b"not a picture", b"\x89PNG\r\n\x1a\n broken"])
def test_what_is_no_picture_is_missing_and_not_read_again_at_once(
    thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot, content: bytes
) -> None:
    path = tmp_path / "odd.png"
    path.write_bytes(content)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(path, 20)
    assert thumbnails.is_missing(path)
    assert thumbnails.pixmap(path, 20) is None


def test_a_picture_that_came_back_is_shown_after_forget(thumbnails: Thumbnails, tmp_path: Path, qtbot: QtBot) -> None:
    path = tmp_path / "later.png"
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(path, 20)
    picture(path)
    thumbnails.forget(path)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.pixmap(path, 20)
    assert thumbnails.pixmap(path, 20) is not None


def test_vector_pictures_are_not_opened(tmp_path: Path, qapp: object) -> None:
    path = tmp_path / "drawing.png"
    path.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>')
    assert read_small(str(path), 20).isNull()


def test_memory_stays_within_its_bound(tmp_path: Path, qtbot: QtBot) -> None:
    thumbnails = Thumbnails(max_bytes=3 * 40 * 20 * 4)
    paths = [picture(tmp_path / f"{number}.png") for number in range(6)]
    for path in paths:
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.pixmap(path, 20)
    kept = [path for path in paths if thumbnails.pixmap(path, 20) is not None]
    assert kept == paths[-3:]
    thumbnails.close()


def test_what_was_scrolled_past_long_ago_is_not_waited_for(tmp_path: Path, qtbot: QtBot) -> None:
    thumbnails = Thumbnails()
    path = picture(tmp_path / "first.png")
    with qtbot.waitSignal(thumbnails.ready, timeout=10_000, check_params_cb=lambda done: done.endswith("x0.png")):
        thumbnails.pixmap(path, 20)
        for number in range(2 * MAX_WAITING, -1, -1):
            thumbnails.pixmap(tmp_path / f"x{number}.png", 20)
    assert thumbnails.close()


def test_what_was_dropped_can_be_asked_for_again(tmp_path: Path, qtbot: QtBot) -> None:
    thumbnails = Thumbnails()
    path = picture(tmp_path / "first.png")
    for number in range(2 * MAX_WAITING):
        thumbnails.pixmap(tmp_path / f"x{number}.png", 20)
        if number == 0:
            thumbnails.pixmap(path, 20)
    qtbot.waitUntil(lambda: thumbnails.pixmap(path, 20) is not None, timeout=10_000)
    assert thumbnails.close()


def test_a_live_picture_is_told_and_taken_away(thumbnails: Thumbnails, qtbot: QtBot) -> None:
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    with qtbot.waitSignal(thumbnails.live_changed):
        thumbnails.set_live("c1", image)
    assert thumbnails.live("c1") is not None
    with qtbot.waitSignal(thumbnails.live_changed):
        thumbnails.set_live("c1", None)
    assert thumbnails.live("c1") is None
