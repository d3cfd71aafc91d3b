"""How loud films are heard here: a button that mutes, with a slider that comes beside it."""

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Slot
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QSlider, QToolButton, QWidget

from svi_studio.document.sound.playback import Playback
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.theme.icons import keep_icon

_STEP = 5


class VolumeButton(QWidget):
    """Shown while the film has a sound. Where nothing can be heard the button says why, and a press looks again."""

    def __init__(self, playback: Playback, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._playback = playback
        self.button = QToolButton(self)
        self.button.setIconSize(QSize(20, 20))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider = QSlider(Qt.Orientation.Horizontal, self)
        self.slider.setRange(0, 100)
        self.slider.setPageStep(_STEP)
        self.slider.setFixedWidth(72)
        self.slider.setAccessibleName(self.tr("Volume"))
        self.slider.setToolTip(self.tr("Volume here. The film itself does not change."))
        row_of(self.button, self.slider, within=self, spacing=2)
        self.button.clicked.connect(self._press)
        self.slider.valueChanged.connect(lambda value: playback.set_volume(value / 100))
        playback.changed.connect(self.show_state)
        self.show_state()

    def set_wide(self, wide: bool) -> None:
        """Shows the slider beside the button, where there is room."""
        self.slider.setVisible(wide)

    @Slot()
    def show_state(self) -> None:
        """Shows how loud it is, and whether anything is heard at all."""
        playback = self._playback
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(100 * playback.volume))
        silent = playback.is_muted or playback.volume == 0 or bool(playback.problem)
        keep_icon(self.button, "sound-off" if silent else "sound", "warn" if playback.problem else "text")
        words = self.tr("Hear films again") if playback.is_muted else self.tr("Mute films here")
        if playback.problem:
            words = self.tr("{problem} Press to try again.").format(problem=playback.problem)
        self.button.setToolTip(words)
        self.button.setAccessibleName(words)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Louder and softer."""
        steps = event.angleDelta().y() / 120
        self._playback.set_volume(min(max(self._playback.volume + steps * _STEP / 100, 0.0), 1.0))
        event.accept()

    @Slot()
    def _press(self) -> None:
        if self._playback.problem:
            self._playback.try_again()
        else:
            self._playback.set_muted(not self._playback.is_muted)
