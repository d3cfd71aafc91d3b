"""What the hands do to the timeline in its benchmark: one small action a frame."""

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from svi_studio.document.timeline.scale import LEAD_IN
from svi_studio.domain.render.clip_state import ClipState
from svi_studio.ui.timeline.panel import TimelinePanel
from tests.domain.short_edits import set_prompt

_NONE = Qt.KeyboardModifier.NoModifier
_LEFT = Qt.MouseButton.LeftButton


class TimelineActions:
    """Real events where there are any; ``frame`` counts from 0 in each phase."""

    def __init__(self, panel: TimelinePanel) -> None:
        self._panel, self._view, self._film = panel, panel.view, panel.film

    def scroll(self, frame: int) -> None:
        if frame == 0:
            self._home(2.2 * 3.2)
        self._view.scroll_by(53 if frame < 100 else -71)

    def leap(self, frame: int) -> None:
        self._view.scroll_by(2311 if frame % 3 else -1007)

    def scroll_far(self, frame: int) -> None:
        if frame == 0:
            self._view.fit()
            self._view.zoom(6)
        self._view.scroll_by(31)

    def zoom(self, frame: int) -> None:
        if frame == 0:
            self._home(8.0)
        self._wheel(120 if frame // 25 % 2 else -120, Qt.KeyboardModifier.ControlModifier)

    def scrub(self, frame: int) -> None:
        if frame == 0:
            self._home(2.0)
            self._mouse(QEvent.Type.MouseButtonPress, 100, 10)
        self._mouse(QEvent.Type.MouseMove, 100 + 11 * frame, 10)
        if frame == 149:
            self._mouse(QEvent.Type.MouseButtonRelease, 1700, 10)

    def play(self, frame: int) -> None:
        self._film.playhead.set_frame(100 + frame)

    def select(self, frame: int) -> None:
        clips = self._film.document.storyboard.clips
        if frame % 30 == 0:
            self._film.selection.select([clip.id for clip in clips])
        elif frame % 30 == 15:
            self._film.selection.select([clips[5].id])
        else:
            self._film.selection.toggle(clips[frame % 40].id)

    def band(self, frame: int) -> None:
        lanes = self._view.scene.lanes
        if frame == 0:
            self._home(1.0)
            self._mouse(QEvent.Type.MouseButtonPress, 30, lanes["anchors"].bottom + 8)
        self._mouse(QEvent.Type.MouseMove, 30 + 12 * frame, lanes["clips"].top + 30)
        if frame == 149:
            self._mouse(QEvent.Type.MouseButtonRelease, 1700, lanes["clips"].top + 30)

    def drag(self, frame: int) -> None:
        y = self._view.scene.lanes["clips"].top + 60
        if frame == 0:
            self._home(6.0)
            self._mouse(QEvent.Type.MouseButtonPress, 100, y)
        self._mouse(QEvent.Type.MouseMove, 100 + 12 * frame, y + frame % 7)
        if frame == 149:
            self._mouse(QEvent.Type.MouseButtonRelease, 1800, y)

    def type(self, frame: int) -> None:
        if frame % 6 == 0:
            text = "The red puppet dances and dances" + " on" * (frame // 6)
            self._film.document.edit("Typing", lambda board: set_prompt(board, board.clips[9].id, text), merge="c10")

    def edit(self, frame: int) -> None:
        if frame == 0:
            self._home(8.0)
        commands = self._film.commands
        deeds = {
            0: lambda: commands.clips.insert_prompts(["New"], 2),
            10: commands.clips.delete,
            20: commands.clips.toggle_cut,
        }
        if frame % 50 in deeds:
            deeds[frame % 50]()
        elif frame % 50 == 40:
            self._film.document.undo_stack.undo()

    def render(self, frame: int) -> None:
        image = QImage(160, 96, QImage.Format.Format_RGB32)
        image.fill(frame * 1000)
        self._film.states.set_activity("c4", ClipState.RENDERING, frame / 150, "Step 3 of 20")
        self._panel.source.thumbnails.set_live("c4", image)

    def _home(self, pixels_per_frame: float) -> None:
        self._view.zoom_to(pixels_per_frame)
        self._view.scroll_by(-LEAD_IN - self._view.scale.offset)

    def _mouse(self, kind: QEvent.Type, x: float, y: float) -> None:
        at = QPointF(x, y)
        button = Qt.MouseButton.NoButton if kind == QEvent.Type.MouseMove else _LEFT
        QApplication.sendEvent(self._view, QMouseEvent(kind, at, self._view.mapToGlobal(at), button, _LEFT, _NONE))

    def _wheel(self, angle: int, keys: Qt.KeyboardModifier) -> None:
        at = QPointF(700, 150)
        event = QWheelEvent(
            at,
            self._view.mapToGlobal(at),
            QPoint(),
            QPoint(0, angle),
            Qt.MouseButton.NoButton,
            keys,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(self._view, event)
