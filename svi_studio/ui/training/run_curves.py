"""How the training goes, in curves: loss, learning rate and step time, and the error bank."""

from PySide6.QtWidgets import QGridLayout, QWidget

from svi_studio.document.training.plot_scale import smooth
from svi_studio.document.training.training_history import Curve, TrainingHistory
from svi_studio.domain.training.recipe import ErrorRecycling, TrainingRecipe
from svi_studio.ui.controls.field import note_label
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.training.bank_map import BankMap
from svi_studio.ui.training.plot import Line, Picture, Plot


class RunCurves(QWidget):
    """``show_history`` draws everything anew; cheap enough to do a few times a second."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.loss = Plot(self.tr("Loss"), self)
        self.rate = Plot(self.tr("Learning rate"), self)
        self.pace = Plot(self.tr("Seconds a step"), self)
        self.bank = BankMap(self)
        self.bank.setFixedHeight(118)
        self.loss.setMinimumHeight(190)
        self.loss.setMaximumHeight(320)
        for small in (self.rate, self.pace):
            small.setFixedHeight(132)
        self.note = note_label(
            self.tr("The loss says nothing about drift. Whether a film stays stable, only its test films show."), self
        )
        small_ones = QGridLayout()
        small_ones.setSpacing(12)
        small_ones.addWidget(self.rate, 0, 0)
        small_ones.addWidget(self.pace, 0, 1)
        column_of((self.loss, 1), self.note, self.bank, small_ones, 0, within=self, spacing=12)

    def show_history(self, history: TrainingHistory, recipe: TrainingRecipe) -> None:
        """Shows the curves so far of a training by ``recipe``."""
        waiting = self.tr("Comes with the first steps.")
        marks = tuple(float(step) for step in history.checkpoints)
        loss = history.loss
        xs, values = [float(step) for step in loss.steps], tuple(loss.values)  # a copy: the curve goes on growing
        lines = (
            Line("", "accent", xs, values, is_faint=True),
            *self._means(xs, values, recipe),
            *self._validation(history.validation),
        )
        self.loss.show_picture(Picture(lines, marks, self.tr("step"), nothing=waiting))
        self.rate.show_picture(_one(history.rate, "info", self.tr("step"), waiting, floor=0.0))
        self.pace.show_picture(_one(history.seconds, "ok", self.tr("step"), waiting, floor=0.0))
        self._show_bank(history, recipe.errors)

    def _means(self, xs: list[float], values: tuple[float, ...], recipe: TrainingRecipe) -> tuple[Line, ...]:
        """The loss without its noise; experts learn at other noise levels, so that each has a line of its own."""
        if not recipe.parts:
            return (Line(self.tr("mean"), "accent", xs, smooth(values)),)
        names = {"high": (self.tr("mean, high noise"), "accent"), "low": (self.tr("mean, low noise"), "info")}
        lines = []
        for number, expert in enumerate(recipe.parts):
            steps = range(number * recipe.steps + 1, (number + 1) * recipe.steps + 1)
            own = [(x, value) for x, value in zip(xs, values, strict=True) if int(x) in steps]
            if own:
                lines.append(Line(*names[expert], [x for x, _ in own], smooth([value for _, value in own])))
        return tuple(lines)

    def _validation(self, curve: Curve) -> tuple[Line, ...]:
        """The loss on clips that are held out: while it falls, what is learned is of use for other footage."""
        if not curve.steps:
            return ()
        xs = [float(step) for step in curve.steps]
        return (Line(self.tr("held-out clips"), "warn", xs, tuple(curve.values), is_dashed=True),)

    def _show_bank(self, history: TrainingHistory, errors: ErrorRecycling) -> None:
        self.bank.nothing = (
            self.tr("The errors that the model makes are collected here, by the moment at which it made them.")
            if errors.has_bank
            else self.tr("Errors are made by hand in this training: there is no bank.")
            if errors.degrades
            else self.tr("This is a plain LoRA: it recycles no errors.")
        )
        bank = history.bank
        self.bank.show_fill(bank.fill if bank else (), bank.capacity if bank else 1)


def _one(curve: Curve, colour: str, x_name: str, waiting: str, floor: float) -> Picture:
    xs = [float(step) for step in curve.steps]
    return Picture((Line("", colour, xs, tuple(curve.values)),), (), x_name, floor=floor, nothing=waiting)
