"""What the test films of a new training are: the user's own prompts and pictures, or clips of the footage."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QFileDialog, QLabel, QPlainTextEdit, QPushButton, QWidget

from svi_studio.domain.training.held_out import ENOUGH_CLIPS
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.verdict import FEWEST_STARTS
from svi_studio.ui.controls.elided_label import ElidedLabel
from svi_studio.ui.controls.field import Field, note_label, small_button
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.theme.icons import keep_icon

_ROWS_HEIGHT = 74  # pixels, three lines of prompts


class TestFilmsBox(QWidget):
    """``edited`` brings the path of a field of the recipe and its new value."""

    __test__ = False  # not a test case for pytest

    edited = Signal(str, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pictures: tuple[str, ...] = ()
        self._showing = False
        self.note = note_label(parent=self)
        self.prompts = QPlainTextEdit(self)
        self.prompts.setFixedHeight(_ROWS_HEIGHT)
        self.prompts.setTabChangesFocus(True)
        self.prompts.setPlaceholderText(self.tr("The captions of the footage, unless you write something here"))
        self.pictures = ElidedLabel(mode=Qt.TextElideMode.ElideMiddle, parent=self)
        self.add = QPushButton(self.tr("Add pictures…"), self)
        self.control = QCheckBox(
            self.tr("Also train a LoRA without errors first, to compare with: twice the time"), self
        )
        self.clear = small_button("close", self.tr("Take the pictures away"), self)
        self._lay_out()
        self.prompts.textChanged.connect(self._typed)
        self.add.clicked.connect(self._ask)
        self.control.clicked.connect(lambda on: self.edited.emit("evaluation.control", on))
        self.clear.clicked.connect(lambda: self.edited.emit("evaluation.pictures", ()))

    def show_recipe(self, recipe: TrainingRecipe, clips: int, held_out: int = 0) -> None:
        """Shows what its test films are; ``clips`` are learned from and ``held_out`` others not, 0 = not known yet."""
        evaluation = recipe.evaluation
        if not self.prompts.hasFocus() and self._lines() != evaluation.prompts:
            self._showing = True
            self.prompts.setPlainText("\n".join(evaluation.prompts))
            self._showing = False
        self._pictures = evaluation.pictures
        names = ", ".join(Path(picture).name for picture in evaluation.pictures)
        self.pictures.setText(names or self._usual_start(recipe, clips, held_out))
        self.pictures.setToolTip("\n".join(evaluation.pictures))
        self.clear.setVisible(bool(evaluation.pictures))
        self.note.setText(self._summary(recipe, clips, held_out))
        self.note.setVisible(True)
        self.control.setChecked(evaluation.control)
        self.control.setVisible(bool(evaluation.every) and recipe.errors.enabled and recipe.experts is None)
        for widget in (self._prompts_field, self.pictures, self.add, self._head):
            widget.setEnabled(bool(evaluation.every))

    @Slot()
    def _typed(self) -> None:
        if not self._showing:
            self.edited.emit("evaluation.prompts", self._lines())

    def _lines(self) -> tuple[str, ...]:
        lines = (line.strip() for line in self.prompts.toPlainText().splitlines())
        return tuple(line for line in lines if line)

    def take_pictures(self, files: list[str]) -> None:
        """Adds pictures to those that are there; each counts once."""
        self.edited.emit("evaluation.pictures", tuple(dict.fromkeys((*self._pictures, *files))))

    @Slot()
    def _ask(self) -> None:
        dialog = QFileDialog(self, self.tr("Choose pictures that test films start from"))
        dialog.setObjectName("choose test pictures")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(self.tr("Pictures (*.png *.jpg *.jpeg *.webp *.bmp *.tif *.tiff)"))
        dialog.filesSelected.connect(self.take_pictures)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _usual_start(self, recipe: TrainingRecipe, clips: int, held_out: int) -> str:
        if held_out or (recipe.data.held_out and not clips):
            return self.tr("Clips that are held out")
        return self.tr("Clips that are trained on")

    def _summary(self, recipe: TrainingRecipe, clips: int, held_out: int) -> str:
        evaluation = recipe.evaluation
        if not evaluation.every:
            return self.tr("This recipe makes no test films, so nothing will show whether the LoRA helped.")
        count, different = evaluation.planned(held_out or clips)
        said = self.tr("Every {steps} steps the model alone and your LoRA make the same {films} of {clips} clips.")
        films = self.tr("film") if count == 1 else self.tr("{count} films").format(count=count)
        said = said.format(steps=f"{evaluation.every:,}", films=films, clips=evaluation.clips)
        if different < FEWEST_STARTS:
            said += " " + self.tr(
                "They start from {there}, and at least {wanted} are needed to tell whether it helped: add pictures."
            ).format(there=self._start_count(different), wanted=FEWEST_STARTS)
        if evaluation.from_footage and recipe.data.held_out and clips and not held_out:
            said += " " + self.tr(
                "With fewer than {enough} clips none is held out: they start from clips that are trained on."
            ).format(enough=ENOUGH_CLIPS)
        return said

    def _start_count(self, count: int) -> str:
        return self.tr("one picture") if count == 1 else self.tr("{count} pictures").format(count=count)

    def _lay_out(self) -> None:
        self._head = QLabel(self.tr("Test films"), self)
        self._head.setProperty("role", "heading")
        self._prompts_field = Field(self.tr("Prompts, one in a line"), self.prompts, parent=self)
        self.pictures.setProperty("tone", "dim")
        keep_icon(self.add, "plus")
        start = QLabel(self.tr("They start from"), self)
        start.setProperty("role", "section")
        column_of(
            self._head,
            self.note,
            self._prompts_field,
            start,
            row_of((self.pictures, 1), self.clear, self.add, spacing=8),
            self.control,
            within=self,
            spacing=8,
        )
