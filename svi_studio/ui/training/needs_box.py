"""What the training would need, before there is a model or footage: for this computer, or for another card."""

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from svi_studio.document.training.check_words import Remark
from svi_studio.document.training.estimate_words import estimate_lines, machines
from svi_studio.document.training.training_check import Checked
from svi_studio.domain.training.wanted_machine import THIS_COMPUTER, WantedMachine
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import empty_layout
from svi_studio.ui.theme import theme
from svi_studio.ui.training.remark_row import remark_row

_WAIT_MS = 250  # a knob that is turned asks once, when it rests


class NeedsBox(QWidget):
    """``look_wanted`` brings the computer that an estimate is wanted for; ``models_wanted`` asks for the models."""

    look_wanted = Signal(object)
    models_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._checked: Checked | None = None
        self._said: tuple[Remark, ...] = ()
        self.card = ChoiceBox(self)
        self.card.show_choices([Choice(machine, words) for machine, words in machines()])
        self.card.show_value(THIS_COMPUTER)
        self.get = QPushButton(self.tr("Get the model…"), self)
        self.get.hide()
        self._lines = QVBoxLayout()
        self._lines.setSpacing(6)
        self._soon = QTimer(self, interval=_WAIT_MS, singleShot=True)
        field = Field(self.tr("For which card?"), self.card, parent=self)
        field.setMaximumWidth(300)
        column_of(
            row_of((field, 1), (self.get, 0, Qt.AlignmentFlag.AlignBottom), 1, spacing=12),
            self._lines,
            within=self,
            spacing=8,
        )
        self.card.chosen.connect(self.ask)
        self.get.clicked.connect(self.models_wanted)
        self._soon.timeout.connect(lambda: self.look_wanted.emit(self.wanted))
        theme().changed.connect(self._draw)

    @property
    def wanted(self) -> WantedMachine:
        """The computer that is chosen."""
        shown = self.card.shown()
        return shown if isinstance(shown, WantedMachine) else THIS_COMPUTER

    @property
    def sentences(self) -> tuple[str, ...]:
        """What it says."""
        return tuple(remark.sentence for remark in self._said)

    @Slot()
    def ask(self) -> None:
        """Has the estimate made again, soon."""
        self._soon.start()

    def show_checked(self, checked: Checked) -> None:
        """Shows what was found."""
        self._checked = checked
        self._draw()

    @Slot()
    def _draw(self) -> None:
        empty_layout(self._lines)
        self._said = () if self._checked is None else estimate_lines(self._checked)
        for remark in self._said:
            self._lines.addWidget(remark_row(remark, self))
        self.get.setVisible(self._checked is not None and self._checked.missing is not None)
