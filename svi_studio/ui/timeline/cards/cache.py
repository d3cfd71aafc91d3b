"""Drawn cards, kept while they are the same, within a bound of memory."""

from collections import OrderedDict
from typing import NamedTuple

from PySide6.QtGui import QPixmap

from svi_studio.ui.timeline.cards.art import draw_card, draw_choice
from svi_studio.ui.timeline.cards.look import CardLook
from svi_studio.ui.timeline.paints import Paints

MAX_BYTES = 64_000_000
MAX_FRAMES = 24


class _Entry(NamedTuple):
    look: CardLook
    size: tuple[int, int, float]
    pixmap: QPixmap


class CardCache:
    """Card drawings by clip id, within a bound of memory; the ones not seen for longest go first."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._max_bytes = max_bytes
        self._bytes = 0
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._frames: dict[tuple[int, int, float, bool], QPixmap] = {}

    def clear(self) -> None:
        """Forgets all drawings: the theme or the font is another one."""
        self._entries.clear()
        self._frames.clear()
        self._bytes = 0

    def card(self, key: str, look: CardLook, size: tuple[int, int, float], paints: Paints) -> QPixmap:
        """The card of clip ``key`` at ``size`` (logical width and height, device pixel ratio)."""
        if not self.has(key, look, size):
            self._keep(key, _Entry(look, size, draw_card(look, size[0], size[1], paints, size[2])))
        self._entries.move_to_end(key)
        return self._entries[key].pixmap

    def has(self, key: str, look: CardLook, size: tuple[int, int, float]) -> bool:
        """Whether that card is drawn already."""
        entry = self._entries.get(key)
        return entry is not None and entry.size == size and entry.look == look

    def frame(self, width: int, height: int, ratio: float, current: bool, paints: Paints) -> QPixmap:
        """What lies over a selected card of that size; cards of one zoom come in two or three sizes."""
        key = (width, height, ratio, current)
        if key not in self._frames:
            if len(self._frames) >= MAX_FRAMES:
                self._frames.clear()
            self._frames[key] = draw_choice(width, height, ratio, current, paints)
        return self._frames[key]

    def _keep(self, key: str, entry: _Entry) -> None:
        old = self._entries.pop(key, None)
        self._bytes += _bytes(entry.pixmap) - (_bytes(old.pixmap) if old else 0)
        self._entries[key] = entry
        while self._bytes > self._max_bytes and len(self._entries) > 1:
            self._bytes -= _bytes(self._entries.popitem(last=False)[1].pixmap)


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
