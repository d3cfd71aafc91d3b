"""Cuts a long story into windows that a model can write in one answer, none of them across a change of pictures."""

from dataclasses import dataclass

MAX_WINDOW = 15  # cards in one answer: more, and models lose count or repeat themselves


@dataclass(frozen=True)
class Window:
    """Cards to be written in one answer: ``count`` of them, the first being number ``first``, counted from 0.

    ``picture`` is which picture the window starts from, counted from 0; None when it goes on from the window before.
    """

    first: int
    count: int
    picture: int | None = None

    @property
    def last(self) -> int:
        """The number of its last card, counted from 0."""
        return self.first + self.count - 1


def plan_windows(clips: int, pictures: int, most: int = MAX_WINDOW) -> tuple[Window, ...]:
    """The windows of ``clips`` >= 1 cards, in order, each of 1 to ``most`` cards and about as long as the others.

    With several pictures the cards are shared out evenly among them, in their order; pictures beyond the number of
    clips are left out.
    """
    scenes = _shares(clips, max(1, min(pictures, clips)))
    windows: list[Window] = []
    first = 0
    for picture, cards in enumerate(scenes):
        for part, count in enumerate(_shares(cards, -(-cards // most))):
            windows.append(Window(first, count, picture if part == 0 and pictures else None))
            first += count
    return tuple(windows)


def split_window(window: Window, most: int) -> tuple[Window, ...]:
    """``window`` as windows of at most ``most`` cards, about as long as each other; the first has its picture."""
    first, parts = window.first, []
    for count in _shares(window.count, -(-window.count // most)):
        parts.append(Window(first, count, window.picture if first == window.first else None))
        first += count
    return tuple(parts)


def _shares(count: int, parts: int) -> list[int]:
    """``count`` as ``parts`` numbers that differ by at most 1, the larger ones first."""
    return [count // parts + (part < count % parts) for part in range(parts)]
