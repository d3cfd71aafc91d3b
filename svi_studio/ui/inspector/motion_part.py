"""How much motion is widened: a slider, and a button that shows on a draft what it does before anything is rendered."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, Slot
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document import words
from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import VARIOUS, ClipValue, FilmValue
from svi_studio.document.render.motion_trial import AS_IT_IS, MotionTrial
from svi_studio.document.takes.continuity_words import movement_number
from svi_studio.document.takes.take_look import usual_movement
from svi_studio.domain.render.cost import RenderCost
from svi_studio.ui.controls.field import Field, note_label
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.weight_slider import WeightSlider
from svi_studio.ui.dialogs.plain_dialog import plain_label

MOST_USUAL = 1.3
BOUNDS = (1.0, 2.0)
_SOON_TOO_MUCH = 1.15
_TO_TRY = 1.15
_COMPARED = 2  # drafts


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
        self._offered: tuple[str, float] | None = None
        self.weight = WeightSlider(self, usual=MOST_USUAL, bounds=BOUNDS, least=AS_IT_IS)
        self.weight.name(self.tr("Motion amplitude"))
        self.field = Field(self.tr("Motion amplitude"), self.weight)
        self.field.offer_reset(self.tr("Use the film's value again"))
        self.compare = QPushButton(self.tr("Compare on a draft"), self)
        self.note = plain_label("", self)
        self.note.hide()
        self.moves = note_label("", self)
        column_of(self.field, self.moves, self.compare, self.note, within=self, spacing=6)
        self.weight.edited.connect(self._edited)
        self.weight.left.connect(state.end)
        self.field.reset.connect(lambda: state.set(None))
        self.compare.clicked.connect(self._compare)
        state.changed.connect(self.show_state)
        film.document.changed.connect(self._changed)
        film.selection.changed.connect(self._changed)
        film.states.changed.connect(self._show_moves)
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
        self._show_moves()
        self._show_compare()

    @Slot()
    def _changed(self) -> None:
        """What was offered is not what would be made any more."""
        if self._offered is not None:
            self._offered = None
            self._say("")
        self.show_state()

    @property
    def _tried(self) -> float:
        return self.amplitude if self.amplitude > AS_IT_IS else _TO_TRY

    def _show_compare(self) -> None:
        trial = self._trial
        running = trial is not None and trial.is_running
        here = trial is not None and self._clip() is not None and not self._film.document.read_only
        self.compare.setVisible(trial is not None)
        self.compare.setEnabled(here or running)
        offer = self.tr("Compare on a draft") if self._offered is None else self.tr("Make these drafts")
        self.compare.setText(self.tr("Stop comparing") if running else offer)
        tip = self.tr(
            "Renders the selected clip twice as a draft, at 1 and at {value}, and plays both side by side. Clips "
            "before it that have no draft are drafted first; you are told how many."
        )
        missing = self.tr("Select a clip first: it is rendered twice as a draft, and both are played side by side.")
        self.compare.setToolTip(tip.format(value=f"{self._tried:g}") if here or running else missing)
        if running and trial is not None:
            text = self.tr("Drafts to make: {count}. Two of them play side by side when they are there.")
            self._say(text.format(count=_count(trial.asked)))
        elif self._was_running:
            self._say("")
        self._was_running = running

    @Slot()
    def _show_moves(self) -> None:
        """How much the clip moves, by the take that it shows: what a slower or a livelier film is judged by."""
        film, clip = self._film, self._clip()
        take = None if clip is None else film.takes.get(film.states.state(clip).take_hash or "")
        number = None if clip is None else film.document.index(clip)
        if clip is None or take is None or number is None or "movement" not in take.continuity:
            self.moves.hide()
            return
        usual = usual_movement(film.document.storyboard, film.states, film.takes, clip)
        text = self.tr("Clip {number} moves {figure}.")
        if usual is not None:
            text = self.tr("Clip {number} moves {figure}, and the film's first clips {usual}.")
        figure = movement_number(take.continuity["movement"])
        self.moves.setText(text.format(number=number + 1, figure=figure, usual=movement_number(usual or 0)))
        self.moves.show()

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
        elif clip is not None and self._is_told(trial, clip):
            self._offered = None
            trial.start(clip, self._tried)

    def _is_told(self, trial: MotionTrial, clip: str) -> bool:
        """Whether the cost is known; where clips before are drafted too it is told first, and a second press begins."""
        cost, number = trial.cost(clip, self._tried), self._film.document.index(clip)
        if cost is None or number is None or cost.clips <= _COMPARED or self._offered == (clip, self._tried):
            return True
        self._offered = (clip, self._tried)
        text = self.tr("Clip {number} goes on from clips without drafts. Drafts to make: {count}. Press once more.")
        self._say(text.format(number=number + 1, count=_count(cost)))
        self._show_compare()
        return False

    @Slot(str)
    def _refused(self, sentence: str) -> None:
        self._say(sentence)

    def _say(self, sentence: str) -> None:
        self.note.setText(sentence)
        self.note.setVisible(bool(sentence))


def _count(cost: RenderCost | None) -> str:
    """``2``, ``30 (about 12 min)``."""
    count = f"{_COMPARED if cost is None else cost.clips}"
    return count if cost is None or cost.seconds is None else f"{count} ({words.about(cost.seconds)})"


def _words(amplitude: float, *, various: bool) -> str:
    if various:
        return QCoreApplication.translate("Inspector", "The selected clips differ.")
    if amplitude <= AS_IT_IS:
        return QCoreApplication.translate("Inspector", "Above 1: more motion, where a film moves too slowly. 1 is off.")
    if amplitude <= _SOON_TOO_MUCH:
        return QCoreApplication.translate("Inspector", "More motion than the model makes by itself.")
    return QCoreApplication.translate("Inspector", "Much more motion; above 1.15 pictures may tear. Compare first.")
