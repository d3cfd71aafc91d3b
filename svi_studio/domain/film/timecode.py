"""Film time as editors write it: hours, minutes, seconds and frames, and back."""

import re

_WHOLE = re.compile(r"(?:(\d{1,3})[:.;])?(?:(\d{1,3})[:.;])?(?:(\d{1,3})[:.;])?(\d{1,9})")
_STEP = re.compile(r"([+-])\s*(\d{1,9})")


def frames_a_second(fps: float) -> int:
    """The whole number of frames that a second of time code counts; at least 1."""
    return max(1, round(fps))


def timecode(frame: int, fps: float) -> str:
    """``HH:MM:SS:FF`` of a film frame counted from 0."""
    seconds, rest = divmod(max(0, frame), frames_a_second(fps))
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}:{rest:02}"


def parse_timecode(text: str, fps: float, now: int) -> int | None:
    """The film frame that ``text`` means; None when it means none.

    ``12`` is a number of frames, ``3:12`` are 3 seconds and 12 frames, ``1:03:12`` has minutes too, and hours come in
    front of them; ``+12`` and ``-12`` count frames from the frame ``now``.
    """
    step = _STEP.fullmatch(text.strip())
    if step is not None:
        return max(0, now + int(step[1] + step[2]))
    match = _WHOLE.fullmatch(text.strip())
    if match is None:
        return None
    *larger, frames = (int(part) for part in match.groups() if part is not None)
    seconds = 0
    for part in larger:
        seconds = seconds * 60 + part
    return seconds * frames_a_second(fps) + frames
