"""The buttons under the picture: play, steps, range, what can be done with this frame, zoom, full screen."""

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QToolButton, QWidget

from svi_studio.document.film.playhead import Playhead
from svi_studio.document.sound.playback import Playback
from svi_studio.ui.actions.window_actions import Actions
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.preview.time_fields import TimeFields
from svi_studio.ui.preview.volume_button import VolumeButton
from svi_studio.ui.preview.zoom_button import ZoomButton
from svi_studio.ui.theme.icons import keep_icon

FRAME_ACTIONS = ("take.continue_from_frame", "take.use_as_anchor", "take.end_on_frame", "take.save_frame")
_STEPS = ("play.previous_frame", "play.toggle", "play.next_frame")
_WIDEST, _WIDE, _MIDDLE = 900, 760, 560  # pixels under which the less needed buttons go; their keys and menus stay


class Transport(QWidget):
    """The row of buttons that play the film. It gets narrower by hiding buttons whose actions have keys."""

    def __init__(
        self,
        playhead: Playhead,
        playback: Playback,
        actions: Actions,
        onion: QToolButton | None = None,
        parent: QWidget | None = None,
    ) -> None:
        """``onion`` lays the skeleton over the picture."""
        super().__init__(parent)
        self._onion = onion
        self._playhead = playhead
        self._actions = actions
        self.times = TimeFields(playhead)
        self.zoom = ZoomButton()
        self.volume = VolumeButton(playback)
        self.volume.hide()
        self.rate = QLabel()
        self.follow = self._button("view.follow_render")
        self._edges = [self._button(each) for each in ("play.start", "play.end")]
        self._range = [self._button(each) for each in ("play.set_in", "play.set_out")]
        self._steps = [self._button(each) for each in _STEPS]
        self._loop = self._button("play.loop")
        self.frame_button = self._frame_button()
        self._full = self._button("view.preview_full_screen")
        self._lay_out()
        playhead.rate_changed.connect(self._show_rate)
        for action in self.frame_actions():
            action.changed.connect(self._show_frame_possible)
        self._show_frame_possible()
        self._show_rate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Leaves out what does not fit."""
        super().resizeEvent(event)
        width = event.size().width()
        self.times.set_length_visible(width >= _WIDE)
        for button in self._range:
            button.setVisible(width >= _WIDE)
        for button in self._edges:
            button.setVisible(width >= _MIDDLE)
        self.volume.set_wide(width >= _WIDEST)
        style = Qt.ToolButtonStyle
        self.frame_button.setToolButtonStyle(
            style.ToolButtonTextBesideIcon if width >= _WIDEST else style.ToolButtonIconOnly
        )

    def show_volume(self, *, shown: bool) -> None:
        """The volume is there for a film with a sound."""
        self.volume.setVisible(shown)

    def minimumSizeHint(self) -> QSize:
        """A narrow size: buttons are hidden before it is reached."""
        return QSize(420, super().minimumSizeHint().height())

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 5)
        row.setSpacing(2)
        middle = [self._edges[0], *self._steps, self._edges[1], self._loop, *self._range]
        row.addWidget(_group([self.times], Qt.AlignmentFlag.AlignLeft), 1)
        row.addWidget(_group(middle, Qt.AlignmentFlag.AlignHCenter))
        onion = [] if self._onion is None else [self._onion]
        right = [self.rate, self.volume, self.follow, *onion, self.frame_button, self.zoom, self._full]
        row.addWidget(_group(right, Qt.AlignmentFlag.AlignRight), 1)

    def _button(self, action_id: str) -> QToolButton:
        button = QToolButton()
        button.setDefaultAction(self._actions.action(action_id))
        button.setAccessibleName(self._actions.text(action_id).rstrip("…"))
        button.setIconSize(QSize(26, 26) if action_id == "play.toggle" else QSize(20, 20))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button

    def _frame_button(self) -> QToolButton:
        button = QToolButton()
        button.setText(self.tr("This frame"))
        button.setAccessibleName(self.tr("What to do with this frame"))
        button.setToolTip(self.tr("Continue from this frame, use it as anchor, end on it, or save it"))
        button.setIconSize(QSize(20, 20))
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        keep_icon(button, "camera")
        menu = KeyMenu(button)
        menu.addActions(self.frame_actions())
        button.setMenu(menu)
        return button

    def frame_actions(self) -> list[QAction]:
        """What can be done with the frame in the picture."""
        return [self._actions.action(action_id) for action_id in FRAME_ACTIONS]

    @Slot()
    def _show_frame_possible(self) -> None:
        self.frame_button.setEnabled(any(action.isEnabled() for action in self.frame_actions()))

    @Slot()
    def _show_rate(self) -> None:
        rate = self._playhead.rate
        keep_icon(self._actions.action("play.toggle"), "pause" if rate else "play")
        self.rate.setText(f"{rate:+.0f}×".replace("+", "") if rate not in {0.0, 1.0} else "")
        self.rate.setVisible(bool(self.rate.text()))


def _group(parts: Iterable[QWidget], side: Qt.AlignmentFlag) -> QWidget:
    """Puts some widgets close together, at one side of the room that they have."""
    group = QWidget()
    group.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    row = QHBoxLayout(group)
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(2)
    if side != Qt.AlignmentFlag.AlignLeft:
        row.addStretch(1)
    for part in parts:
        row.addWidget(part)
    if side != Qt.AlignmentFlag.AlignRight:
        row.addStretch(1)
    return group
