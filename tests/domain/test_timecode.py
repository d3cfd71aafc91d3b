"""Time code: every frame has one, and every one leads back to its frame."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from svi_studio.domain.film.timecode import parse_timecode, timecode


@pytest.mark.parametrize(
    ("frame", "fps", "text"),
    [
        (0, 24, "00:00:00:00"),
        (23, 24, "00:00:00:23"),
        (24, 24, "00:00:01:00"),
        (12 * 61 + 5, 12, "00:01:01:05"),
        (24 * 3600, 24, "01:00:00:00"),
        (24 * 3600 * 100, 24, "100:00:00:00"),
        (30, 30000 / 1001, "00:00:01:00"),
        (-3, 24, "00:00:00:00"),
    ],
)
def test_frames_are_written_as_hours_minutes_seconds_frames(frame: int, fps: float, text: str) -> None:
    assert timecode(frame, fps) == text


@given(st.integers(0, 10**7), st.sampled_from([12, 16, 24, 25, 30000 / 1001, 60]))
def test_what_is_written_is_read_back(frame: int, fps: float) -> None:
    assert parse_timecode(timecode(frame, fps), fps, 0) == frame


@pytest.mark.parametrize(
    ("text", "frame"),
    [("7", 7), ("3:12", 84), (" 1:00:00 ", 1440), ("+10", 110), ("-10", 90), ("-1000", 0), ("2.3", 51), ("- 1", 99)],
)
def test_short_forms(text: str, frame: int) -> None:
    assert parse_timecode(text, 24, 100) == frame


@pytest.mark.parametrize("text", ["", "abc", "1:2:3:4:5", ":", "1:", "12 34", "9" * 30, "٣x"])
def test_what_means_nothing_is_none(text: str) -> None:
    assert parse_timecode(text, 24, 0) is None
