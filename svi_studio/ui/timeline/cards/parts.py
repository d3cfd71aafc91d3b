"""Where the parts of one card stand: its pictures and its words, for every size."""

from typing import NamedTuple

from PySide6.QtCore import QRectF

RADIUS = 7
BAR = 3
PICTURE_SHARE = 0.56
PICTURE_STEP = 32
SHOWS_PICTURE = 22
SHOWS_PROMPT = 64
START_SHARE = 0.58
"""The part of a card that stands for the clip's start; the rest is its end."""
END_GAP = 2
BETWEEN_PICTURES = 110
"""Words between two pictures have so many pixels, or stand below them."""


class CardParts(NamedTuple):
    """Rectangles of one card, in logical pixels from its corner; ``words`` and ``end`` may be empty.

    ``end`` is where the picture shows that the clip ends on: the right side of ``picture``, or in a wide card the
    card's own right side.
    """

    picture: QRectF
    words: QRectF
    end: QRectF = QRectF()

    @property
    def start(self) -> QRectF:
        """What the picture of the start, or of the take, has of ``picture``."""
        if not self.end.intersects(self.picture):
            return self.picture
        return self.picture.adjusted(0, 0, self.end.left() - END_GAP - self.picture.right(), 0)


def card_parts(width: int, height: int, *, has_end: bool = False) -> CardParts:
    """Where pictures and words stand: below each other as in a storyboard, side by side in a wide card."""
    body = height - BAR
    if width < SHOWS_PROMPT:
        return _with_end(CardParts(QRectF(0, 0, width, body), QRectF()), has_end=has_end)
    across = picture_height(height) * 16 / 9
    beside = min(body * 16 / 9, 0.5 * width)
    last = min(body * 16 / 9, 0.25 * width) if has_end else 0
    has_room = not has_end or width - beside - last >= BETWEEN_PICTURES
    if width > 2.1 * across and height >= 56 and has_room:
        words = QRectF(beside, 0, width - beside - last, body)
        return CardParts(QRectF(0, 0, beside, body), words, QRectF(width - last, 0, last, body))
    picture = picture_height(height)
    below = QRectF(0, picture, width, body - picture)
    return _with_end(CardParts(QRectF(0, 0, width, picture), below), has_end=has_end)


def _with_end(parts: CardParts, *, has_end: bool) -> CardParts:
    if not has_end:
        return parts
    return parts._replace(end=parts.picture.adjusted(round(START_SHARE * parts.picture.width()), 0, 0, 0))


def picture_height(height: int) -> int:
    """How high the picture of a card ``height`` pixels high is when words stand below it."""
    return max(round(height * PICTURE_SHARE), height - 76) if height >= 90 else round(height * 0.5)


def picture_size(height: int) -> int:
    """The height that pictures of cards ``height`` pixels high are asked for: in steps, so that resizing reads few."""
    return -(-height // PICTURE_STEP) * PICTURE_STEP
