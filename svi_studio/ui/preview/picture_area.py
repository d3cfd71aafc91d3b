"""The picture with everything around it that also goes with it to the whole screen."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from svi_studio.document.film.playhead import Playhead
from svi_studio.document.preview.live_clip import LiveClip
from svi_studio.document.sound.playback import Playback
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.preview.canvas import Canvas
from svi_studio.ui.preview.live_inset import LiveInset
from svi_studio.ui.preview.next_step import NextStepCard
from svi_studio.ui.preview.scrub_bar import ScrubBar
from svi_studio.ui.preview.transport import Transport
from svi_studio.ui.preview.view_bar import ViewBar

CORNER = 18


class PictureArea(QWidget):
    """``view_bar``, ``canvas`` with ``inset`` and ``next_step`` over it, ``scrub_bar``, ``transport``."""

    def __init__(
        self, playhead: Playhead, live: LiveClip, playback: Playback, actions: Actions, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.view_bar = ViewBar()
        self.canvas = Canvas()
        self.inset = LiveInset(live, self.canvas)
        self.next_step = NextStepCard(actions, self.canvas)
        self.scrub_bar = ScrubBar(playhead)
        self.transport = Transport(playhead, playback, actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part, stretch in ((self.view_bar, 0), (self.canvas, 1), (self.scrub_bar, 0), (self.transport, 0)):
            column.addWidget(part, stretch)
        self.setFocusProxy(self.canvas)
        self.canvas.installEventFilter(self)
        self.transport.times.left.connect(self.canvas.setFocus)

    def show_controls(self, shown: bool) -> None:
        """Shows or hides what lies under the picture, and the pointer with it."""
        self.scrub_bar.setVisible(shown)
        self.transport.setVisible(shown)
        if shown:
            self.unsetCursor()
        else:
            self.canvas.unsetCursor()
            self.setCursor(Qt.CursorShape.BlankCursor)

    def has_controls_in_use(self) -> bool:
        """Whether the pointer, a menu or the keyboard is at one of them."""
        focus = QApplication.focusWidget()
        held = self.scrub_bar.isSliderDown() or QApplication.activePopupWidget() is not None
        return held or self.transport.underMouse() or (focus is not None and self.transport.isAncestorOf(focus))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What lies over the picture keeps its place in it."""
        if watched is self.canvas and event.type() in {QEvent.Type.Resize, QEvent.Type.Show}:
            room, inset = self.canvas.rect(), self.inset
            inset.move(room.right() - inset.width() - CORNER, room.bottom() - inset.height() - CORNER)
            self.next_step.place()
        return False
