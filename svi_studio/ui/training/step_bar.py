"""The steps of a new training in one row: done, here, still to come."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.controls.look import set_look


class StepBar(QWidget):
    """``wanted`` brings the step (from 0) that the user wants to go to."""

    wanted = Signal(int)

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = row_of(within=self, spacing=4)
        self.buttons: list[QToolButton] = []
        for place, name in enumerate(names):
            if place:
                dash = QLabel("—", self)
                dash.setProperty("tone", "dim")
                row.addWidget(dash)
            button = QToolButton(self)
            button.setText(f"{place + 1}  {name}")
            button.setCheckable(True)
            button.setAccessibleName(self.tr("Step {number}: {name}").format(number=place + 1, name=name))
            set_look(button, "role", "step")
            button.clicked.connect(lambda _checked=False, place=place: self._press(place))
            self.buttons.append(button)
            row.addWidget(button)
        row.addStretch(1)
        self.show_step(0, 0)

    def show_step(self, here: int, reachable: int) -> None:
        """Marks the step ``here``; those after ``reachable`` cannot be pressed."""
        self._here = here
        for place, button in enumerate(self.buttons):
            button.setChecked(place == here)
            button.setEnabled(place <= max(here, reachable))

    def _press(self, place: int) -> None:
        self.buttons[self._here].setChecked(True)
        self.buttons[place].setChecked(place == self._here)
        self.wanted.emit(place)
