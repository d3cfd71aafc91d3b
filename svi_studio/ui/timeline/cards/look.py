"""All that decides how one card is drawn; equal looks share one drawing."""

from dataclasses import dataclass, field

from PySide6.QtGui import QPixmap

from svi_studio.domain.render.clip_state import ClipState

MAX_WORDS = 300
"""Characters of a prompt that a card looks at; the rest never fits."""


@dataclass(frozen=True, slots=True)
class CardLook:
    """One card. ``percent`` 0..100 while rendering; ``opens``/``closes``: whether a chain begins or ends here.

    ``hint`` stands where a prompt is missing. ``draft`` is the word for it, empty for a final take. ``ghost`` = the
    picture is the one the clip will start from, not a frame of a take. ``picture`` is told apart by ``picture_key``,
    because pixmaps do not compare, and so is ``end_picture``, which shows on the right where ``has_end``.
    ``from_video``: the clip goes on from a video, which the longest of ``video_words`` says that there is room for.
    ``own_loras``: how many LoRAs of its own it has.
    """

    number: int
    prompt: str
    seed: str
    length: str
    hint: str = ""
    state: ClipState = ClipState.EMPTY
    percent: int = 0
    message: str = ""
    locked: bool = False
    kept: bool = False
    draft: str = ""
    own_seed: bool = False
    opens: bool = True
    closes: bool = True
    ghost: bool = False
    picture_key: int = 0
    picture: QPixmap | None = field(default=None, compare=False)
    has_end: bool = False
    end_key: int = 0
    end_picture: QPixmap | None = field(default=None, compare=False)
    from_video: bool = False
    video_words: tuple[str, ...] = ()
    own_loras: int = 0


def words(prompt: str) -> str:
    """The beginning of ``prompt`` on one line."""
    return " ".join(prompt[: 2 * MAX_WORDS].split())[:MAX_WORDS]
