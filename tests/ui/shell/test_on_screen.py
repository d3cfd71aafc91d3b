"""A window whose screen is gone comes back to one that is there, with its title bar in reach."""

import pytest
from PySide6.QtCore import QRect

from svi_studio.ui.desktop.on_screen import placed

SCREEN = QRect(0, 0, 1920, 1080)
SECOND = QRect(1920, 0, 1280, 720)


@pytest.mark.parametrize(
    "frame", [QRect(100, 100, 800, 600), QRect(-500, 0, 800, 600), QRect(1700, 900, 800, 600), QRect(0, 0, 1920, 1080)]
)
def test_a_window_whose_title_can_be_reached_stays(frame: QRect) -> None:
    assert placed(frame, [SCREEN]) == frame


@pytest.mark.parametrize(
    "frame",
    [
        QRect(100, -40, 800, 600),
        QRect(3000, 200, 800, 600),
        QRect(-790, 100, 800, 600),
        QRect(100, 1070, 800, 600),
        QRect(2500, -900, 4000, 3000),
        QRect(-5000, -5000, 10, 10),
    ],
)
@pytest.mark.parametrize("screens", [[SCREEN], [SCREEN, SECOND]])
def test_a_title_out_of_reach_comes_back(frame: QRect, screens: list[QRect]) -> None:
    found = placed(frame, screens)
    if found != frame:
        assert any(screen.contains(found) for screen in screens)
    title = QRect(found.left(), found.top(), found.width(), 32)
    assert any(screen.top() <= title.top() and screen.intersects(title) for screen in screens)


def test_without_any_screen_nothing_is_moved() -> None:
    assert placed(QRect(5, 5, 10, 10), []) == QRect(5, 5, 10, 10)
