"""The colours of a waveform."""

from typing import NamedTuple

from PySide6.QtGui import QColor


class WaveColours(NamedTuple):
    """``body`` lies under everything, None = nothing does; ``clipped`` marks what is too loud."""

    wave: QColor
    core: QColor
    clipped: QColor
    body: QColor | None = None
