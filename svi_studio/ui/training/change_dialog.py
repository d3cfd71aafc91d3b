"""Asks with which steps, learning rate, test films and folder of footage a training is to go on."""

from PySide6.QtCore import QCoreApplication, Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.training.change import RunChange
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.dialogs.plain_dialog import PlainDialog
from svi_studio.ui.training.moved_folder import MovedFolder

_WIDTH = 440


class ChangeDialog(PlainDialog):
    """``chosen`` brings the ``RunChange``; the dialog closes by itself then. ``done``: steps of the training so far."""

    chosen = Signal(object)

    def __init__(
        self, recipe: TrainingRecipe, done: int, *, is_under_way: bool = False, parent: QWidget | None = None
    ) -> None:
        translate = QCoreApplication.translate
        sentence = translate(
            "ChangeDialog",
            "Rank, model, family and frames stay as they are: they decide what the LoRA is. For others, begin a new "
            "training with this LoRA.",
        )
        if not done:
            sentence = translate(
                "ChangeDialog",
                "Rank, model, family and frames stay as they are: they decide what the LoRA is. For others, begin a "
                "new training.",
            )
        if is_under_way:
            sentence += " " + translate("ChangeDialog", "The training saves a checkpoint first, and then goes on.")
        super().__init__(translate("ChangeDialog", "Change the training"), sentence, parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setMinimumWidth(_WIDTH)
        self._recipe, self._done = recipe, done
        self.steps = NumberBox(NumberRange(max(1, done), 10_000_000, 100), optional=False, parent=self)
        self.rate = NumberBox(NumberRange(1e-7, 1.0, 1e-5, decimals=7), optional=False, parent=self)
        self.every = NumberBox(NumberRange(0, 10_000_000, recipe.save_every, on_grid=True), optional=False, parent=self)
        self.footage = None if is_under_way else MovedFolder(recipe.footage, self)
        self.note = note_label(parent=self)
        self.cancel = self.add_button(self.tr("Cancel"))
        self.go_on = self.add_button(self.tr("Change it and go on"), primary=True)
        self._lay_out()
        self._show()

    @property
    def change(self) -> RunChange:
        """What is to change; what is as before stays out of it."""
        recipe = self._recipe
        steps, rate, every = self.steps.value, self.rate.value, self.every.value
        return RunChange(
            steps=int(steps) if steps is not None and steps != recipe.steps else None,
            learning_rate=float(rate) if rate is not None and rate != recipe.optimizer.learning_rate else None,
            test_films_every=int(every) if every is not None and every != recipe.evaluation.every else None,
            footage=self.footage.value if self.footage is not None and self.footage.value != recipe.footage else None,
        )

    def _lay_out(self) -> None:
        recipe = self._recipe
        of_two = self.tr("For each of the two experts; done so far: {done}")
        steps_help = (of_two if recipe.parts else self.tr("In all; done so far: {done}")).format(done=f"{self._done:,}")
        films_help = self.tr("A multiple of {every}, because they need a checkpoint; 0 = none")
        self.steps.show_value(recipe.steps)
        self.rate.show_value(recipe.optimizer.learning_rate)
        self.every.show_value(recipe.evaluation.every)
        for field in (
            Field(self.tr("Steps"), self.steps, steps_help, self),
            Field(self.tr("Learning rate"), self.rate, "", self),
            Field(self.tr("A test film every … steps"), self.every, films_help.format(every=recipe.save_every), self),
        ):
            self.body.addWidget(field)
        if self.footage is not None:
            moved = self.tr("If its videos were moved: the folder with the same files, under the same names")
            self.body.addWidget(Field(self.tr("Footage"), self.footage, moved, self))
        self.body.addWidget(self.note)
        self.body.addStretch(1)
        for box in (self.steps, self.rate, self.every):
            box.edited.connect(self._show)
        self.cancel.clicked.connect(self.reject)
        self.go_on.clicked.connect(self._choose)

    @Slot()
    def _show(self) -> None:
        is_over = self._done >= self._recipe.steps
        missing = is_over and self.change.steps is None
        falls = self._recipe.optimizer.schedule != "constant" and self.change.steps is not None
        said = ""
        if missing:
            said = self.tr("All its steps are done: give it more to go on.")
        elif falls:
            said = self.tr(
                "The learning rate falls to zero over all steps. From here on it is what it would be in a training of "
                "{steps} steps, so it may rise now."
            ).format(steps=f"{self.change.steps:,}")
        self.note.setText(said)
        self.note.setVisible(bool(said))
        self.go_on.setEnabled(not missing)

    @Slot()
    def _choose(self) -> None:
        self.chosen.emit(self.change)
        self.accept()
