"""From which LoRA a new training goes on: one file, or one for each of two experts; empty for a new LoRA."""

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFileDialog, QPushButton, QWidget

from svi_studio.document.training.training_draft import TrainingDraft
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.training.family_footage import needed_inputs
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.line_box import LineBox

_ONE, _HIGH, _LOW = "lora.start_from", "experts.high_start_from", "experts.low_start_from"


class StartFields(QWidget):
    """Fills ``draft``; ``files`` by the path of their field in the recipe."""

    def __init__(self, draft: TrainingDraft, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._draft = draft
        names = {
            _ONE: self.tr("Go on from a LoRA"),
            _HIGH: self.tr("High noise: go on from"),
            _LOW: self.tr("Low noise: go on from"),
        }
        self.files = {path: _FileRow(name, self) for path, name in names.items()}
        self._fields = {path: Field(names[path], row, parent=self) for path, row in self.files.items()}
        row_of(*((field, 1) for field in self._fields.values()), within=self, spacing=16)
        for path, row in self.files.items():
            row.chosen.connect(lambda file, path=path: self._draft.edit(path, file or None))

    @Slot()
    def refresh(self) -> None:
        """Shows the draft: one file, or two."""
        recipe = self._draft.recipe
        if recipe is None:
            return
        for path, field in self._fields.items():
            field.setVisible((path == _ONE) == (recipe.experts is None))
        follows_skeleton = InputKind.SKELETON in needed_inputs(recipe.family)
        self.files[_ONE].file.setPlaceholderText(
            self.tr("A new one; the authors start Dance from UniAnimate's LoRA")
            if follows_skeleton
            else self.tr("A new LoRA")
        )
        for path, row in self.files.items():
            row.show_file(self._draft.value(path) or "")


class _FileRow(QWidget):
    """A path, and a way to look for it."""

    chosen = Signal(str)

    def __init__(self, name: str, parent: QWidget) -> None:
        super().__init__(parent)
        self.file = LineBox(4096, self)
        self.file.setPlaceholderText(self.tr("A new LoRA"))
        self.file.setAccessibleName(name)
        self.choose = QPushButton(self.tr("Choose…"), self)
        column_of(row_of((self.file, 1), self.choose, spacing=8), within=self)
        self.file.edited.connect(lambda text: self.chosen.emit(text.strip()))
        self.choose.clicked.connect(self._choose)

    def show_file(self, file: str) -> None:
        """Shows ``file``, unless another one is being typed."""
        if not self.file.hasFocus():
            self.file.show_text(file)

    @Slot()
    def _choose(self) -> None:
        kinds = self.tr("LoRAs (*.safetensors)")
        path, _ = QFileDialog.getOpenFileName(self, self.tr("Go on from a LoRA"), self.file.text(), kinds)
        if path:
            self.file.show_text(path)
            self.chosen.emit(path)
