"""Times of film as people write them for subtitles: ``1:02.5``, and back."""

import re

_CLOCK = re.compile(r"\s*(?:(\d{1,3})\s*:\s*)?(?:(\d{1,4})\s*:\s*)?(\d{1,6})(?:[.,](\d{1,6}))?\s*s?\s*")


def clock_words(milliseconds: int) -> str:
    """``0:07.500`` or ``1:02:03.000``."""
    seconds, rest = divmod(max(0, milliseconds), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    start = f"{hours}:{minutes:02}" if hours else f"{minutes}"
    return f"{start}:{seconds:02}.{rest:03}"


def parse_clock(text: str) -> int | None:
    """Milliseconds of ``7``, ``7.5``, ``1:02.5`` or ``1:02:03``; a comma counts as a dot. None when it is no time."""
    match = _CLOCK.fullmatch(text)
    if match is None:
        return None
    first, second, seconds, part = match.groups()
    larger = [int(each) for each in (first, second) if each is not None]
    total = 0
    for each in larger:
        total = total * 60 + each
    return (total * 60 + int(seconds)) * 1000 + int(((part or "") + "000")[:3])
