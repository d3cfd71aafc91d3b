"""The small buttons of the render bar: pause or go on, skip, stop, and draft against final."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QToolButton, QWidget

from svi_studio.document.render.bar_status import BarStatus
from svi_studio.document.render.commands import RenderCommands
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.field import small_button
from svi_studio.ui.theme.icons import keep_icon

if TYPE_CHECKING:
    from svi_studio.document.render.queue import RenderQueue


class RenderControls(QWidget):
    """Pause, skip and stop what is under way; hidden while nothing is. The same actions stand in the menu."""

    def __init__(self, queue: "RenderQueue", actions: Actions, parent: QWidget) -> None:
        super().__init__(parent)
        self._queue = queue
        self._actions = actions
        self.pause = _button(self, "pause", self.tr("Pause"), queue.pause_or_go_on)
        self.skip = _button(self, "skip-end", self.tr("Skip this clip"), queue.skip_clip)
        self.stop = _button(self, "stop", self.tr("Stop; finished clips are kept"), queue.stop)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for button in (self.pause, self.skip, self.stop):
            row.addWidget(button)
        actions.connect_action("render.pause", lambda checked: queue.pause_or_go_on())
        actions.connect_action("render.skip_clip", queue.skip_clip)
        actions.connect_action("render.stop", queue.stop)
        self.show_status(None)

    def show_status(self, status: BarStatus | None) -> None:
        """Offers what is possible now."""
        self.setVisible(status is not None)
        paused = status is not None and status.is_paused
        under_way = self._queue.current is not None
        self.pause.setEnabled(status is not None and (paused or status.can_pause))
        self.skip.setEnabled(status is not None and status.can_skip)
        self.stop.setEnabled(under_way)
        self._show_skip(status.falls if status is not None else 0)
        keep_icon(self.pause, "play" if paused else "pause")
        words = self.tr("Go on") if paused else self.tr("Pause at the next step")
        self.pause.setToolTip(words)
        self.pause.setAccessibleName(words)
        self._actions.set_enabled("render.pause", self.pause.isEnabled())
        self._actions.set_text("render.pause", words if paused else None)
        self._actions.set_checked("render.pause", paused)
        self._actions.set_enabled("render.skip_clip", self.skip.isEnabled())
        self._actions.set_enabled("render.stop", under_way)

    def _show_skip(self, falls: int) -> None:
        """Says how many clips more fall with the one under way: those that go on from it."""
        words = self.tr("Skip this clip")
        if falls == 1:
            words = self.tr("Skip this clip, and the 1 clip that goes on from it")
        elif falls:
            words = self.tr("Skip this clip, and the {count} clips that go on from it").format(count=falls)
        self.skip.setToolTip(words)
        self.skip.setAccessibleName(words)
        self._actions.set_text("render.skip_clip", words if falls else None)


class QualitySwitch(QFrame):
    """Draft or final, side by side."""

    def __init__(self, commands: RenderCommands, parent: QWidget) -> None:
        super().__init__(parent)
        self._commands = commands
        self.setAccessibleName(self.tr("Quality"))
        self.setProperty("role", "card")
        quickly = self.tr("A smaller picture, and fewer steps where there are many: see quickly how it moves")
        self.draft = self._choice(self.tr("Draft"), quickly)
        self.final = self._choice(self.tr("Final"), self.tr("With the film's own settings"))
        self.draft.clicked.connect(lambda: commands.set_quality("draft"))
        self.final.clicked.connect(lambda: commands.set_quality("final"))
        group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for button in (self.draft, self.final):
            group.addButton(button)
            row.addWidget(button)
        self.refresh()

    def refresh(self) -> None:
        """Shows the quality that is chosen."""
        (self.draft if self._commands.quality == "draft" else self.final).setChecked(True)

    def _choice(self, text: str, tip: str) -> QToolButton:
        button = QToolButton(self)
        button.setText(text)
        button.setCheckable(True)
        button.setToolTip(tip)
        button.setAccessibleName(text)
        button.setAccessibleDescription(tip)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


def _button(parent: QWidget, icon: str, words: str, pressed: Callable[[], object]) -> QToolButton:
    button = small_button(icon, words, parent)
    button.setIconSize(QSize(20, 20))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.clicked.connect(lambda _checked=False: pressed())
    return button
