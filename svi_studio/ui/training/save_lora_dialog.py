"""Asks which checkpoint of a training is to become a LoRA file, and what for."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.training.run_files import names_words
from svi_studio.domain.film.lora_names import LoraNames
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.dialogs.plain_dialog import PlainDialog

_WIDTH = 460


class SaveLoraDialog(PlainDialog):
    """``save_wanted`` brings the step and whose names, ``use_wanted`` the step of what is to go into the film."""

    save_wanted = Signal(int, str)
    use_wanted = Signal(int)

    def __init__(
        self, steps: Sequence[int], names: LoraNames, use_refusal: str = "", parent: QWidget | None = None
    ) -> None:
        translate = QCoreApplication.translate
        super().__init__(
            translate("SaveLoraDialog", "Save a checkpoint as a LoRA"),
            translate(
                "SaveLoraDialog",
                "An earlier checkpoint is sometimes the better LoRA: the test films tell. Only the checkpoints that "
                "are still kept can be saved.",
            ),
            parent,
        )
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self.steps = ChoiceBox(self)
        self.names = ChoiceBox(self)
        self.use = self.add_button(self.tr("Use in this film"), left=True)
        self.cancel = self.add_button(self.tr("Cancel"))
        self.save = self.add_button(self.tr("Save as…"), primary=True)
        words = self.tr("After {step} steps")
        newest_first = sorted(steps, reverse=True)
        self.steps.show_choices([Choice(step, words.format(step=f"{step:,}")) for step in newest_first])
        self.steps.show_value(newest_first[0] if newest_first else None)
        self.names.show_choices([Choice(name, said) for name, said in names_words()])
        self.names.show_value(names)
        self.use.setEnabled(not use_refusal)
        self.use.setToolTip(use_refusal)
        self._lay_out()

    def _lay_out(self) -> None:
        self.body.addWidget(Field(self.tr("Checkpoint"), self.steps, "", self))
        self.body.addWidget(
            Field(
                self.tr("Names inside the file"),
                self.names,
                self.tr("This program reads all of them, and the film is the same."),
                self,
            )
        )
        self.body.addStretch(1)
        self.cancel.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)
        self.use.clicked.connect(self._use)

    @Slot()
    def _save(self) -> None:
        step, names = self.steps.shown(), self.names.shown()
        self.accept()
        if isinstance(step, int) and isinstance(names, str):
            self.save_wanted.emit(step, names)

    @Slot()
    def _use(self) -> None:
        step = self.steps.shown()
        self.accept()
        if isinstance(step, int):
            self.use_wanted.emit(step)
