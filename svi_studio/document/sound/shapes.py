"""What the film's sounds look like: columns for any zoom, at once from their peaks, the finest ones a moment later."""

import logging
from collections import OrderedDict
from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QObject, Signal

from svi_studio.document.sound.sounds import Sounds
from svi_studio.domain.errors import as_studio_error
from svi_studio.jobs.threads.background import Background

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PEAK = 256
"""Samples that the finest peaks stand for; what is finer is read from the sound itself, in a thread."""
_KEPT = 128  # fine stretches whose columns wait to be drawn


class Shape(NamedTuple):
    """Least, greatest and mean level of each column, float32 [2 channels, columns]; not ``final`` = a coarser one."""

    low: "NDArray[np.float32]"
    high: "NDArray[np.float32]"
    mean: "NDArray[np.float32]"
    final: bool = True


class Part(NamedTuple):
    """``columns`` columns of ``per_column`` samples each of a file of the film, from its sample ``first`` on."""

    file: str
    first: float
    per_column: float
    columns: int


class Shapes(QObject):
    """``came`` carries the file of which finer columns are there now."""

    came = Signal(str)

    def __init__(self, sounds: Sounds, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._sounds = sounds
        self._work = Background("sound shapes", self)
        self._fine: OrderedDict[Part, Shape] = OrderedDict()
        self._waiting: set[Part] = set()

    def columns(self, part: Part, *, fine: bool = True) -> Shape | None:
        """What a part of a file looks like; None while it is not ready. Takes about a millisecond.

        Without ``fine`` nothing is read for it but the peaks.
        """
        sound = self._sounds.ready(part.file)
        if sound is None:
            return None
        if part.per_column >= PEAK:
            return Shape(*sound.columns(part.first, part.per_column, part.columns))
        if not fine:
            return self._coarse(part, final=True)
        found = self._fine.get(part)
        if found is None:
            self._ask(part)
            return self._coarse(part, final=False)
        return found

    def close(self) -> bool:
        """Ends the thread; returns whether it has ended."""
        return self._work.close()

    def _coarse(self, asked: Part, *, final: bool) -> Shape | None:
        import numpy as np  # noqa: PLC0415 - it comes with the first sound

        sound = self._sounds.ready(asked.file)
        if sound is None:
            return None
        begin = int(asked.first // PEAK)
        blocks = int((asked.first + asked.per_column * asked.columns) // PEAK) - begin + 1
        found = sound.columns(begin * PEAK, PEAK, blocks)
        edges = (asked.first + asked.per_column * np.arange(asked.columns)) // PEAK - begin
        places = edges.astype(np.int64)
        low, high, mean = (rows[:, places] for rows in found)
        return Shape(low, high, mean, final=final)

    def _ask(self, asked: Part) -> None:
        sound = self._sounds.ready(asked.file)
        if sound is None or asked in self._waiting:
            return
        self._waiting.add(asked)
        self._work.submit(
            lambda: Shape(*sound.columns(asked.first, asked.per_column, asked.columns)),
            lambda shape: self._done(asked, shape),
            lambda error: self._failed(asked, error),
        )

    def _done(self, asked: Part, shape: Shape) -> None:
        self._waiting.discard(asked)
        self._fine[asked] = shape
        while len(self._fine) > _KEPT:
            self._fine.popitem(last=False)
        self.came.emit(asked.file)

    def _failed(self, asked: Part, error: Exception) -> None:
        """The coarse columns stay: the sound went away meanwhile, which playing it says."""
        self._waiting.discard(asked)
        if as_studio_error(error) is None:
            logging.getLogger(__name__).error("drawing a sound failed", exc_info=error)
