"""The window's part in changing a training, saving one of its checkpoints as a LoRA, and its log as a table."""

from collections.abc import Callable
from pathlib import Path
from typing import cast

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from svi_studio.document.training.training_desk import TrainingDesk
from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.domain.text.plain_name import plain_name
from svi_studio.domain.training.change import RunChange
from svi_studio.ui.training.change_dialog import ChangeDialog
from svi_studio.ui.training.run_menu import RunMenu
from svi_studio.ui.training.save_lora_dialog import SaveLoraDialog


class RunTools(QObject):
    """Does what ``menu`` asks for, with the training that ``shown`` names.

    ``told`` brings a sentence about what was done, ``refused`` one about what was not, ``use_wanted`` the folder of a
    training and the step of the checkpoint that a film is to use, ``begun``: a new training is put together.
    """

    told = Signal(str)
    refused = Signal(str)
    use_wanted = Signal(object, int)
    begun = Signal()

    def __init__(self, desk: TrainingDesk, menu: RunMenu, shown: Callable[[], Path | None], parent: QWidget) -> None:
        super().__init__(parent)
        self._desk, self._menu, self._shown, self._window = desk, menu, shown, parent
        self.use_refusal = ""
        menu.menu().aboutToShow.connect(self.refresh)
        menu.change_wanted.connect(self.ask_to_change)
        menu.begin_wanted.connect(self.begin_new)
        menu.save_lora_wanted.connect(self.ask_to_save)
        menu.csv_wanted.connect(self.save_log)

    @Slot()
    def refresh(self) -> None:
        """Enables what can be done with the training that is shown."""
        folder = self._shown()
        run = self._desk.run(folder) if folder is not None else None
        history = self._desk.history_of(folder) if folder is not None else None
        self._menu.show_possible(
            change=folder is not None and self._desk.changes.can_change(folder),
            begin=run is not None and bool(run.loras),
            save_lora=run is not None and bool(run.checkpoints),
            csv=history is not None and bool(history.loss.steps),
        )

    @Slot()
    def ask_to_change(self) -> None:
        """Asks for other values, and goes on with them."""
        folder = self._shown()
        run = self._desk.run(folder) if folder is not None else None
        if folder is None or run is None or run.recipe is None:
            return
        done = self._desk.changes.steps_done(folder)
        dialog = ChangeDialog(run.recipe, done, is_under_way=folder == self._desk.active, parent=self._window)
        dialog.chosen.connect(lambda change: self._change(folder, change))
        dialog.open()

    @Slot()
    def begin_new(self) -> None:
        """Puts together a new training from the LoRA of this one."""
        folder = self._shown()
        if folder is None:
            return
        try:
            self._desk.changes.begin_from(folder)
        except StudioError as error:
            self.refused.emit(str(error))
            return
        self.begun.emit()

    @Slot()
    def ask_to_save(self) -> None:
        """Asks which checkpoint is to become a file."""
        folder = self._shown()
        run = self._desk.run(folder) if folder is not None else None
        if folder is None or run is None or run.recipe is None or not run.checkpoints:
            return
        dialog = SaveLoraDialog(tuple(run.checkpoints), run.recipe.lora.names, self.use_refusal, self._window)
        dialog.save_wanted.connect(lambda step, names: self._save(folder, step, cast(LoraNames, names)))
        dialog.use_wanted.connect(lambda step: self.use_wanted.emit(folder, step))
        dialog.open()

    @Slot()
    def save_log(self) -> None:
        """Asks where, and writes the log there."""
        folder = self._shown()
        run = self._desk.run(folder) if folder is not None else None
        if run is None:
            return
        name = f"{plain_name(run.name, otherwise='Training')}.csv"
        path, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the log as a table"), name, self.tr("Tables (*.csv)")
        )
        if path:
            self._desk.files.save_csv(run, Path(path).with_suffix(".csv"), self.told.emit, self.refused.emit)

    def _change(self, folder: Path, change: RunChange) -> None:
        try:
            self._desk.changes.change(folder, change)
        except StudioError as error:
            self.refused.emit(str(error))

    def _save(self, folder: Path, step: int, names: LoraNames) -> None:
        run = self._desk.run(folder)
        if run is None:
            return
        name = f"{plain_name(run.name, otherwise='LoRA')}-{step:08d}.safetensors"
        path, _ = QFileDialog.getSaveFileName(
            self._window, self.tr("Save the LoRA"), name, self.tr("LoRAs (*.safetensors)")
        )
        if path:
            file = Path(path)
            target = file if file.suffix.lower() == ".safetensors" else file.with_name(f"{file.name}.safetensors")
            self._desk.files.save_lora(run, step, (target, names), self.told.emit, self.refused.emit)
