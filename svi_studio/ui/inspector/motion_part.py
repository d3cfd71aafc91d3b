"""How much motion is widened: a slider, and a button that shows on a draft what it does before anything is rendered."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import VARIOUS, ClipValue, FilmValue
from svi_studio.document.render.motion_trial import AS_IT_IS, MotionTrial
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.weight_slider import WeightSlider
from svi_studio.ui.dialogs.plain_dialog import plain_label

MOST_USUAL = 1.3
BOUNDS = (1.0, 2.0)
_SOON_TOO_MUCH = 1.15
_TO_TRY = 1.15


class MotionPart(QWidget):
    """The motion amplitude of the film, or of the selected clips; shown where the family can widen motion.

    ``clip`` says which clip a comparison is made with, None = none.
    """

    def __init__(
        self,
        film: InspectedFilm,
        state: FilmValue | ClipValue,
        clip: Callable[[], str | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._film, self._state, self._clip = film, state, clip
        self._trial: MotionTrial | None = None
        self._was_running = False
        self.weight = WeightSlider(self, usual=MOST_USUAL, bounds=BOUNDS, least=AS_IT_IS)
        self.weight.name(self.tr("Motion amplitude"))
        self.field = Field(self.tr("Motion amplitude"), self.weight)
        self.field.offer_reset(self.tr("Use the film's value again"))
        self.compare = QPushButton(self.tr("Compare on a draft"), self)
        self.note = plain_label("", self)
        self.note.hide()
        column_of(self.field, self.compare, self.note, within=self, spacing=6)
        self.weight.edited.connect(self._edited)
        self.weight.left.connect(state.end)
        self.field.reset.connect(lambda: state.set(None))
        self.compare.clicked.connect(self._compare)
        state.changed.connect(self.show_state)
        film.document.changed.connect(self.show_state)
        self.show_state()

    def use_trial(self, trial: MotionTrial) -> None:
        """Lets ``trial`` make the drafts that are compared."""
        self._trial = trial
        trial.changed.connect(self.show_state)
        trial.refused.connect(self._refused)
        self.show_state()

    @property
    def amplitude(self) -> float:
        """What the slider shows."""
        value = self._state.get()
        if isinstance(value, int | float):
            return float(value)
        return float(self._film.document.storyboard.motion_amplitude or AS_IT_IS)

    @Slot()
    def show_state(self, _change: object = None) -> None:
        """Shows what the film or the clips have, or nothing where it would have no effect."""
        self.setVisible(self._film.document.storyboard.profile_to_show.widens_motion)
        value = self._state.get()
        self.weight.show_value(self.amplitude)
        self.weight.setEnabled(self._state.is_open)
        self.field.show_reset(value is not None and self._state.is_open)
        self.field.set_help(_words(self.amplitude, various=value is VARIOUS))
        self._show_compare()

    def _show_compare(self) -> None:
        running = self._trial is not None and self._trial.is_running
        here = self._trial is not None and self._clip() is not None and not self._film.document.read_only
        self.compare.setVisible(self._trial is not None)
        self.compare.setEnabled(here or running)
        self.compare.setText(self.tr("Stop comparing") if running else self.tr("Compare on a draft"))
        tried = self.amplitude if self.amplitude > AS_IT_IS else _TO_TRY
        tip = self.tr("Renders the selected clip twice as a draft, at 1 and at {value}, and plays both side by side.")
        missing = self.tr("Select a clip first: it is rendered twice as a draft, and both are played side by side.")
        self.compare.setToolTip(tip.format(value=f"{tried:g}") if here or running else missing)
        if running:
            self._say(self.tr("Two drafts are being made; they play side by side when they are there."))
        elif self._was_running:
            self._say("")
        self._was_running = running

    @Slot(object)
    def _edited(self, value: object) -> None:
        if isinstance(value, int | float):
            self._say("")
            self._state.set(round(float(value), 2))

    @Slot()
    def _compare(self) -> None:
        trial, clip = self._trial, self._clip()
        if trial is None:
            return
        self._say("")
        if trial.is_running:
            trial.stop()
        elif clip is not None:
            trial.start(clip, self.amplitude if self.amplitude > AS_IT_IS else _TO_TRY)

    @Slot(str)
    def _refused(self, sentence: str) -> None:
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))


def _words(amplitude: float, *, various: bool) -> str:
    if various:
        return QCoreApplication.translate("Inspector", "The selected clips differ.")
    if amplitude <= AS_IT_IS:
        return QCoreApplication.translate("Inspector", "Above 1: more motion, where a film moves too slowly. 1 is off.")
    if amplitude <= _SOON_TOO_MUCH:
        return QCoreApplication.translate("Inspector", "More motion than the model makes by itself.")
    return QCoreApplication.translate("Inspector", "Much more motion; above 1.15 pictures may tear. Compare first.")
