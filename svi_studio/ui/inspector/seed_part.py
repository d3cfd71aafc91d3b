"""The seed of the selected clips: inherited or their own, rolled anew, copied."""

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.inherited import seed
from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import ClipValue, InspectedClips
from svi_studio.domain.film.seeds import effective_seed, seed_step
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.value import MAX_SEED
from svi_studio.ui.controls.field import Field, small_button
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.inspector.bind import Hint, bind_number

SEEDS = NumberRange(0, MAX_SEED)


class SeedPart(QWidget):
    """The clip's seed: the same seed and prompt give the same clip again."""

    def __init__(self, clips: InspectedClips, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._clips = clips
        self._state = ClipValue(clips, "seed", self.tr("Change the seed"), self)
        self.box = NumberBox(SEEDS)
        self.field = Field(self.tr("Seed"), self.box)
        self.field.offer_reset(self.tr("Use the film's seed again"))
        self.roll = small_button("dice", self.tr("Re-roll: another try with the same prompt"), self)
        self.between = small_button("link", self._between_words(), self)
        self.copy = small_button("duplicate", self.tr("Copy the seed"), self)
        self.field.row.addWidget(self.roll)
        self.field.row.addWidget(self.between)
        self.field.row.addWidget(self.copy)
        column_of(self.field, within=self)
        bind_number(self.field, self.box, self._state, self._hint)
        self.roll.clicked.connect(clips.commands.clips.reroll)
        self.between.clicked.connect(self._render_between)
        self.copy.clicked.connect(self._copy)
        film.states.changed.connect(self._show_between)
        film.states.settled.connect(self._show_between)
        clips.changed.connect(self._show_buttons)
        self._show_buttons()

    def _hint(self) -> Hint:
        board = self._clips.document.storyboard
        if seed_step(board) is None:
            return None, self.tr("random each time")
        if len(self._clips.indexes) != 1:
            return None, self.tr("a different one each, from the film")
        number = seed(board, self._clips.indexes[0])
        return number, self.tr("{seed}, from the film").format(seed=number)

    def _seed(self) -> int | None:
        indexes = self._clips.indexes
        return effective_seed(self._clips.document.storyboard, indexes[0]) if len(indexes) == 1 else None

    def _show_buttons(self) -> None:
        clips = self._clips
        self.roll.setEnabled(clips.is_open and len(clips.open_clips) == len(clips.clips))
        self.copy.setEnabled(self._seed() is not None)
        self._show_between()

    def _render_between(self) -> None:
        self._clips.commands.ends.render_between(self._clips.ids[0])

    def _show_between(self) -> None:
        """The button that keeps the neighbours says what it would do, or why it cannot."""
        single = len(self._clips.ids) == 1
        problem = self._clips.commands.ends.neighbours_problem(self._clips.ids[0]) if single else ""
        self.between.setEnabled(single and not problem and self._clips.is_open)
        self.between.setToolTip(f"{self._between_words()} {problem}".strip())

    def _between_words(self) -> str:
        return self.tr(
            "Render again, keep the neighbours: another try that starts where the clip before ends and ends where the "
            "next one begins, and both of those stay as they are."
        )

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(str(self._seed()))
