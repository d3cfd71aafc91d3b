"""Windows cover all cards once, in order, and none crosses a change of pictures."""

from hypothesis import given
from hypothesis import strategies as st

from svi_studio.storyline.writers.window_plan import MAX_WINDOW, Window, plan_windows


@given(st.integers(1, 500), st.integers(0, 30))
def test_every_card_stands_in_one_window(clips: int, pictures: int) -> None:
    windows = plan_windows(clips, pictures)
    assert [number for window in windows for number in range(window.first, window.last + 1)] == list(range(clips))
    assert all(1 <= window.count <= MAX_WINDOW for window in windows)


@given(st.integers(1, 500), st.integers(1, 30))
def test_each_picture_begins_one_window_in_order(clips: int, pictures: int) -> None:
    begun = [window.picture for window in plan_windows(clips, pictures) if window.picture is not None]
    assert begun == list(range(min(clips, pictures)))


def test_windows_are_about_alike() -> None:
    assert [window.count for window in plan_windows(50, 0)] == [13, 13, 12, 12]


def test_ten_clips_are_one_window() -> None:
    assert plan_windows(10, 1) == (Window(0, 10, 0),)
