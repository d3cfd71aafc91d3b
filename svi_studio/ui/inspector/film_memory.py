"""How the film's model fits into this computer's memory, and the way to change it; hidden for a small model."""

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.domain.render.plan_wishes import NO_WISHES
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.dialogs.plain_dialog import plain_label
from svi_studio.ui.inspector.measure_dialog import MeasureDialog
from svi_studio.ui.inspector.memory_dialog import MemoryDialog


class FilmMemory(QWidget):
    """One sentence and a button."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film, self._memory = film, film.memory
        self.sentence = plain_label("", self, "dim")
        self.change = QPushButton(self.tr("Memory…"), self)
        self.change.setToolTip(self.tr("How the parts of the model share the graphics card and the computer's memory"))
        self.change.clicked.connect(self.open_dialog)
        both = QWidget(self)
        row = row_of((self.sentence, 1), spacing=8, within=both)
        row.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        self.field = Field(self.tr("Memory"), both)
        column_of(self.field, within=self)
        self._memory.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self) -> None:
        """Shows how it fits."""
        fitting = self._memory.worth_telling
        self.setVisible(fitting is not None)
        if fitting is None:
            return
        self.sentence.setText(fitting.sentence)
        self.sentence.setProperty("tone", "warn" if fitting.plan is None else "dim")
        self.sentence.style().polish(self.sentence)
        self.field.set_help("" if self._memory.wishes == NO_WISHES else self.tr("As you chose it, not automatic."))

    @Slot()
    def open_dialog(self) -> MemoryDialog:
        """Opens the choices."""
        dialog = MemoryDialog(self._memory, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.measure_asked.connect(lambda: self.measure(dialog))
        dialog.open()
        return dialog

    def measure(self, parent: QWidget | None = None) -> MeasureDialog:
        """Opens the measurement, and begins it."""
        dialog = MeasureDialog(self._film.measuring, parent or self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()
        dialog.start()
        return dialog
