"""Drawn cards, kept while they are the same; what cannot be drawn in time for this frame comes with the next."""

from collections import OrderedDict
from time import perf_counter
from typing import NamedTuple

from PySide6.QtGui import QPixmap

from svi_studio.ui.timeline.card_art import draw_card
from svi_studio.ui.timeline.card_look import CardLook
from svi_studio.ui.timeline.paints import Paints

MAX_BYTES = 64_000_000
SECONDS_PER_FRAME = 0.005
"""Time for new drawings in one frame; the rest of its 16 ms is for everything else."""


class _Entry(NamedTuple):
    look: CardLook
    size: tuple[int, int, float]
    pixmap: QPixmap


class Drawn(NamedTuple):
    """A card to show: ``fresh`` is False when it is an older drawing that has to do for this frame."""

    pixmap: QPixmap | None
    fresh: bool


class CardCache:
    """Card drawings by clip id, within a bound of memory; the ones not seen for longest go first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._until = 0.0

    def begin_frame(self) -> None:
        """Give the next drawings their time."""
        self._until = perf_counter() + SECONDS_PER_FRAME

    def clear(self) -> None:
        """Forget all drawings: the theme or the font is another one."""
        self._entries.clear()
        self._bytes = 0

    def card(self, key: str, look: CardLook, size: tuple[int, int, float], paints: Paints) -> Drawn:
        """The card of clip ``key`` at ``size`` (logical width and height, device pixel ratio)."""
        entry = self._entries.get(key)
        if entry is not None and entry.size == size and entry.look == look:
            self._entries.move_to_end(key)
            return Drawn(entry.pixmap, True)
        if perf_counter() > self._until:
            return Drawn(entry.pixmap if entry else None, False)
        pixmap = draw_card(look, size[0], size[1], paints, size[2])
        self._keep(key, _Entry(look, size, pixmap))
        return Drawn(pixmap, True)

    def _keep(self, key: str, entry: _Entry) -> None:
        old = self._entries.pop(key, None)
        self._bytes += _bytes(entry.pixmap) - (_bytes(old.pixmap) if old else 0)
        self._entries[key] = entry
        while self._bytes > self._max_bytes and len(self._entries) > 1:
            self._bytes -= _bytes(self._entries.popitem(last=False)[1].pixmap)


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
