"""What is coming, at the foot of the Models window: a line for each fetch, with a bar and what can be done about it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QProgressBar, QScrollArea, QToolButton, QWidget

from svi_studio.document.models.fetch_desk import FetchDesk
from svi_studio.document.models.fetch_state import FetchState
from svi_studio.document.models.fetch_words import state_words
from svi_studio.domain.text.visible_text import visible
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.look import set_look
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.theme.icons import keep_icon

_MOST_HIGH = 190


class FetchRow(QWidget):
    """One fetch."""

    def __init__(self, fetches: FetchDesk, state: FetchState, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fetches, self._name = fetches, state.name
        self.title = ElidedLabel(visible(state.title), parent=self)
        self.title.setProperty("role", "strong")
        self.words = plain_label("", self)
        self.bar = QProgressBar(self)
        self.bar.setRange(0, 1000)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(state.title)
        self.pause: QToolButton = small_button("pause", self.tr("Pause"), self)
        self.stop: QToolButton = small_button("close", self.tr("Stop; what came is kept"), self)
        words = column_of(row_of((self.title, 1)), self.bar, self.words, spacing=4)
        row_of((words, 1), self.pause, self.stop, within=self, spacing=6)
        self.pause.clicked.connect(self._pause)
        self.stop.clicked.connect(self._stop)
        self._state = state
        self.show_state(state)

    def show_state(self, state: FetchState) -> None:
        """Shows how far it is."""
        self._state = state
        self.bar.setValue(round(state.part * 1000))
        self.bar.setVisible(state.stage != "failed")
        self.words.setText(visible(state_words(state)))
        set_look(self.words, "tone", "danger" if state.stage == "failed" else "dim")
        runs = state.stage in ("coming", "checking", "asking")
        icon, text = ("pause", self.tr("Pause")) if runs else ("play", self.tr("Go on"))
        self.pause.setEnabled(state.stage != "waiting")
        keep_icon(self.pause, icon)
        self.pause.setToolTip(text)
        self.pause.setAccessibleName(f"{text}: {state.title}")
        over = self.tr("Take it off this list") if state.is_over else self.tr("Stop; what came is kept")
        self.stop.setToolTip(over)
        self.stop.setAccessibleName(f"{over}: {state.title}")

    def _pause(self) -> None:
        if self._state.stage in ("coming", "checking", "asking"):
            self._fetches.pause(self._name)
        else:
            self._fetches.go_on(self._name)

    def _stop(self) -> None:
        if self._state.is_over:
            self._fetches.forget(self._name)
        else:
            self._fetches.stop(self._name)


class FetchStrip(QFrame):
    """Hidden while nothing is coming."""

    def __init__(self, fetches: FetchDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._fetches = fetches
        self.rows: dict[str, FetchRow] = {}
        inner = QWidget(self)
        inner.setProperty("transparent", True)
        self._column = column_of(within=inner, spacing=12, margins=(32, 12, 20, 12))
        scroll = QScrollArea(self)
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        line = QFrame(self)
        line.setProperty("role", "line")
        column_of(line, (scroll, 1), within=self, spacing=0)
        self._inner = inner
        fetches.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Shows every fetch, each in its line."""
        states = self._fetches.states
        for name in [name for name in self.rows if name not in states]:
            row = self.rows.pop(name)
            self._column.removeWidget(row)
            row.hide()
            row.deleteLater()
        for name, state in states.items():
            if name in self.rows:
                self.rows[name].show_state(state)
            else:
                self.rows[name] = FetchRow(self._fetches, state, self)
                self._column.addWidget(self.rows[name])
        self.setVisible(bool(states))
        self.setFixedHeight(min(_MOST_HIGH, self._inner.sizeHint().height() + 2))
