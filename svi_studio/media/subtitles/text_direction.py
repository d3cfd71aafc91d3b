"""Text that runs from right to left, for a Pillow that was built without the library that orders it."""

import unicodedata

_RIGHT_TO_LEFT = {"R", "AL", "RLE", "RLO", "RLI"}
_LEFT_TO_RIGHT = {"L", "EN", "AN"}
_NUMBERS = {"EN", "AN"}
_MIRRORED = str.maketrans("()[]{}<>«»", ")(][}{><»«")


def has_right_to_left(text: str) -> bool:
    """Whether any letter of it is of a script such as Hebrew or Arabic."""
    return any(unicodedata.bidirectional(letter) in _RIGHT_TO_LEFT for letter in text)


def runs_right_to_left(line: str) -> bool:
    """Whether the line as a whole runs from right to left: its first letter with a direction tells."""
    kinds = (unicodedata.bidirectional(letter) for letter in line)
    return next((kind in _RIGHT_TO_LEFT for kind in kinds if kind in _RIGHT_TO_LEFT or kind == "L"), False)


def needs_joining(text: str) -> bool:
    """Whether its letters change their shape by their neighbours, as those of Arabic do."""
    return any(unicodedata.bidirectional(letter) == "AL" for letter in text)


def left_to_right(line: str) -> str:
    """The letters of a line as they stand on paper from left to right.

    Two levels of the Unicode bidirectional algorithm: words of the other direction, and numbers, inside a line. That is
    enough for a line of a title.
    """
    base = runs_right_to_left(line)
    runs: list[tuple[bool, str]] = []
    for letter, backwards in zip(line, _directions(line, base), strict=True):
        if runs and runs[-1][0] == backwards:
            runs[-1] = (backwards, runs[-1][1] + letter)
        else:
            runs.append((backwards, letter))
    shown = [_reversed(text) if backwards else text for backwards, text in runs]
    return "".join(reversed(shown) if base else shown)


def _reversed(text: str) -> str:
    """Back to front, marks still behind their letters, brackets the other way round."""
    clusters: list[str] = []
    for letter in text:
        if clusters and unicodedata.combining(letter):
            clusters[-1] += letter
        else:
            clusters.append(letter.translate(_MIRRORED))
    return "".join(reversed(clusters))


def _directions(line: str, base: bool) -> list[bool]:
    """Whether each letter runs backwards; what has no direction of its own goes with like neighbours, else the line.

    A number runs forwards, but for its neighbours it counts as what stands before it.
    """
    kinds = [unicodedata.bidirectional(letter) for letter in line]
    own = [True if kind in _RIGHT_TO_LEFT else False if kind in _LEFT_TO_RIGHT else None for kind in kinds]
    sides: list[bool | None] = []
    strong = base
    for kind, backwards in zip(kinds, own, strict=True):
        strong = backwards if backwards is not None and kind not in _NUMBERS else strong
        sides.append(strong if kind in _NUMBERS else backwards)
    found = zip(own, _carried(sides, base), _carried(sides[::-1], base)[::-1], strict=True)
    return [each if each is not None else before if before == after else base for each, before, after in found]


def _carried(sides: list[bool | None], start: bool) -> list[bool]:
    """Each direction, or the last one before it."""
    carried, last = [], start
    for side in sides:
        last = last if side is None else side
        carried.append(last)
    return carried
