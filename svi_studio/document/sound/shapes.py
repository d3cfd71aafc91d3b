"""What the film's sounds look like: columns for any zoom, at once from their peaks, the finest ones a moment later."""

import logging
from collections import OrderedDict
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from svi_studio.document.sound.sounds import Sounds
from svi_studio.domain.errors import as_studio_error
from svi_studio.jobs.threads.background import Background

PEAK = 256
"""Samples that the finest peaks stand for; what is finer is read from the sound itself, in a thread."""
_KEPT = 128  # fine stretches whose columns wait to be drawn

Rows = NDArray[np.float32]


class Shape(NamedTuple):
    """Least, greatest and mean level of each column, float32 [2 channels, columns]; not ``final`` = a coarser one."""

    low: Rows
    high: Rows
    mean: Rows
    final: bool = True


class _Asked(NamedTuple):
    file: str
    first: float
    per_column: float
    count: int


class Shapes(QObject):
    """``came`` carries the file of which finer columns are there now."""

    came = Signal(str)

    def __init__(self, sounds: Sounds, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sounds = sounds
        self._work = Background("sound shapes", self)
        self._fine: OrderedDict[_Asked, Shape] = OrderedDict()
        self._waiting: set[_Asked] = set()

    def columns(self, file: str, first: float, per_column: float, count: int) -> Shape | None:
        """``count`` columns of ``per_column`` samples from the sample ``first`` of the file on.

        None while it is not ready. Takes about a millisecond.
        """
        sound = self._sounds.ready(file)
        if sound is None:
            return None
        if per_column >= PEAK:
            return Shape(*sound.columns(first, per_column, count))
        asked = _Asked(file, first, per_column, count)
        found = self._fine.get(asked)
        if found is None:
            self._ask(asked)
            return self._coarse(asked)
        return found

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _coarse(self, asked: _Asked) -> Shape | None:
        sound = self._sounds.ready(asked.file)
        if sound is None:
            return None
        begin = int(asked.first // PEAK)
        blocks = int((asked.first + asked.per_column * asked.count) // PEAK) - begin + 1
        found = sound.columns(begin * PEAK, PEAK, blocks)
        edges = (asked.first + asked.per_column * np.arange(asked.count)) // PEAK - begin
        places = edges.astype(np.int64)
        return Shape(*(rows[:, places] for rows in found), final=False)

    def _ask(self, asked: _Asked) -> None:
        sound = self._sounds.ready(asked.file)
        if sound is None or asked in self._waiting:
            return
        self._waiting.add(asked)
        self._work.submit(
            lambda: Shape(*sound.columns(asked.first, asked.per_column, asked.count)),
            lambda shape: self._done(asked, shape),
            lambda error: self._failed(asked, error),
        )

    def _done(self, asked: _Asked, shape: Shape) -> None:
        self._waiting.discard(asked)
        self._fine[asked] = shape
        while len(self._fine) > _KEPT:
            self._fine.popitem(last=False)
        self.came.emit(asked.file)

    def _failed(self, asked: _Asked, error: Exception) -> None:
        """The coarse columns stay: the sound went away meanwhile, which playing it says."""
        self._waiting.discard(asked)
        if as_studio_error(error) is None:
            logging.getLogger(__name__).error("drawing a sound failed", exc_info=error)
