"""Waveforms: what is drawn of columns, tiles that meet, and finer columns that come a moment later."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.sound.shapes import Part, Shape, Shapes
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.timeline.waves.colours import WaveColours
from svi_studio.ui.timeline.waves.draw import draw_wave
from svi_studio.ui.timeline.waves.tiles import OnScreen, Wave, WaveTiles
from tests.builders.open_films import open_new_film, storyboard
from tests.builders.sounds import RATE, write_wav

COLOURS = WaveColours(QColor("#00ff00"), QColor("#0000ff"), QColor("#ff0000"), QColor("#202020"))


def flat(low: float, high: float, mean: float, columns: int = 8) -> Shape:
    return Shape(*(np.full((2, columns), value, np.float32) for value in (low, high, mean)))


def column(image: QImage, x: int = 0) -> list[str]:
    return [image.pixelColor(x, y).name() for y in range(image.height())]


def test_a_column_reaches_from_its_least_to_its_greatest_sample() -> None:
    drawn = column(draw_wave(flat(-0.5, 0.5, 0.25), 40, 1, 1.0, COLOURS))
    assert drawn[:9] == ["#202020"] * 9 and drawn[31:] == ["#202020"] * 9
    assert set(drawn[10:15]) == {"#00ff00"} and set(drawn[16:24]) == {"#0000ff"}
    assert drawn == drawn[::-1]


def test_silence_is_a_line_in_the_middle() -> None:
    drawn = column(draw_wave(flat(0, 0, 0), 41, 1, 1.0, COLOURS))
    assert [y for y, colour in enumerate(drawn) if colour != "#202020"] == [20]


def test_gain_makes_it_higher_and_what_is_cut_off_is_marked() -> None:
    assert "#ff0000" not in column(draw_wave(flat(-0.5, 0.5, 0.2), 40, 1, 1.9, COLOURS))
    assert column(draw_wave(flat(-0.5, 0.5, 0.2), 40, 1, 2.1, COLOURS))[0] == "#ff0000"


def test_two_channels_lie_above_each_other() -> None:
    shape = flat(-0.9, 0.9, 0.1)
    shape.low[1] = shape.high[1] = 0
    drawn = column(draw_wave(shape, 80, 2, 1.0, COLOURS))
    assert drawn[4] == "#00ff00" and set(drawn[42:58]) == {"#202020"}


def test_without_a_ground_what_lies_under_it_shows() -> None:
    drawn = draw_wave(flat(0, 0, 0), 20, 1, 1.0, COLOURS._replace(body=None))
    assert drawn.pixelColor(0, 0).alpha() == 0


@pytest.fixture
def film(qtbot: QtBot, tmp_path: Path) -> Iterator[OpenFilm]:
    """Ten seconds that grow louder and louder."""
    opened = open_new_film(tmp_path, storyboard(3))
    time = np.arange(10 * RATE) / RATE
    opened.sound_import.bring_in([write_wav(tmp_path / "a.wav", 0.9 * time / 10 * np.sin(2 * np.pi * 997 * time))])
    qtbot.waitUntil(lambda: not opened.sound_import.is_busy)
    yield opened
    opened.close()


@pytest.fixture
def shapes(film: OpenFilm) -> Iterator[Shapes]:
    made = Shapes(film.sounds, film)
    yield made
    made.close()


def heights(image: QImage) -> list[int]:
    """How many pixels of each column are not ground."""
    ground = QColor("#202020").name()
    return [sum(colour != ground for colour in column(image, x)) for x in range(image.width())]


@pytest.mark.parametrize("ratio", [1.0, 1.25, 2.0])
def test_tiles_meet_without_a_seam_and_lie_where_the_sound_lies(film: OpenFilm, shapes: Shapes, ratio: float) -> None:
    file = film.pieces.pieces(InputKind.SOUND)[0].file
    image = QImage(round(800 * ratio), round(60 * ratio), QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    image.fill(Qt.GlobalColor.black)
    painter = QPainter(image)
    wave = Wave(file, 10 * RATE / (800 * ratio))
    assert WaveTiles(shapes).paint(painter, wave, QRect(0, 0, 800, 60), COLOURS, OnScreen(0, ratio))
    painter.end()
    found = heights(image)
    wanted = np.arange(len(found)) / len(found) * 0.9 * 60 * ratio
    assert np.abs(np.array(found) - wanted).max() <= 4


def test_what_is_finer_than_the_peaks_is_coarse_at_first_and_sharp_soon(
    film: OpenFilm, shapes: Shapes, qtbot: QtBot
) -> None:
    file = film.pieces.pieces(InputKind.SOUND)[0].file
    part = Part(file, 9 * RATE, 6.0, 64)
    with qtbot.waitSignal(shapes.came):
        first = shapes.columns(part)
    assert first is not None and not first.final
    sharp = shapes.columns(part)
    assert sharp is not None and sharp.final
    sound = film.sounds.ready(file)
    assert sound is not None
    samples = sound.read(9 * RATE, 6 * 64)[:, 0].reshape(64, 6)
    assert np.allclose(sharp.high[0], samples.max(1)) and np.allclose(sharp.low[0], samples.min(1))
    assert (first.high >= sharp.high - 1e-3).all() and (first.low <= sharp.low + 1e-3).all()
    coarse = shapes.columns(Part(file, 2 * RATE, 6.0, 64), fine=False)
    assert coarse is not None and coarse.final


def test_tiles_are_kept_within_a_bound(film: OpenFilm, shapes: Shapes) -> None:
    file = film.pieces.pieces(InputKind.SOUND)[0].file
    tiles = WaveTiles(shapes, most_bytes=300_000)
    image = QImage(2000, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    for zoom in range(1, 20):
        tiles.paint(painter, Wave(file, 256.0 * zoom), QRect(0, 0, 2000, 40), COLOURS, OnScreen(0, 1.0))
    painter.end()
    assert tiles._bytes <= 300_000
    assert tiles._bytes == sum(image.sizeInBytes() for image in tiles._tiles.values())


def test_a_file_that_is_not_ready_is_not_drawn(shapes: Shapes) -> None:
    image = QImage(100, 40, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    assert not WaveTiles(shapes).paint(
        painter, Wave("media/gone.wav", 500.0), QRect(0, 0, 100, 40), COLOURS, OnScreen(0, 1.0)
    )
    painter.end()
