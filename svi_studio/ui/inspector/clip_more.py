"""What only some clips need: other negative words, steps or guidance than the film, and a note."""

from collections.abc import Callable

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector import inherited
from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import ClipValue, InspectedClips
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.domain.film.track import InputKind
from svi_studio.domain.number_range import NumberRange
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.controls.section import Section
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.inspector.bind import bind_number, number_hint
from svi_studio.ui.inspector.limited_text import LimitedText
from svi_studio.ui.inspector.motion_part import MotionPart

STEPS = NumberRange(1, 1000)
GUIDANCE = NumberRange(0.0, 100.0, 0.5, decimals=2)
Source = Callable[[Storyboard, ModelCard | None, bool], inherited.Inherited]


class ClipMore(Section):
    """The advanced settings of the selected clips."""

    def __init__(self, clips: InspectedClips, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._clips, self._film = clips, film
        self.set_title(self.tr("More"))
        self.negative = self._words("negative_prompt", self.tr("Change the negative prompt"), self._negative_words)
        self.note = self._words(
            "note", self.tr("Change the note"), lambda: self.tr("For you only; the model never sees it")
        )
        self.steps = NumberBox(STEPS)
        self.guidance = NumberBox(GUIDANCE)
        self.body.addWidget(Field(self.tr("Note"), self.note))
        self.body.addWidget(Field(self.tr("Negative prompt"), self.negative, self.tr("What should not appear")))
        self._number(self.tr("Steps"), self.steps, "num_inference_steps", self.tr("Change the steps"), inherited.steps)
        self._guidance_field = self._number(
            self.tr("Guidance"), self.guidance, "guidance_scale", self.tr("Change the guidance"), inherited.guidance
        )
        self.hearing = NumberBox(GUIDANCE)
        self._hearing_field = self._number(
            self.tr("Guidance by sound"),
            self.hearing,
            "audio_guidance_scale",
            self.tr("Change the guidance by sound"),
            inherited.audio_guidance,
        )
        motion = ClipValue(clips, "motion_amplitude", self.tr("Change the motion amplitude"), self)
        self.motion = MotionPart(film, motion, lambda: film.selection.current, self)
        self.body.addWidget(self.motion)
        film.document.changed.connect(self._show_reach)
        film.changed.connect(self._show_reach)
        self._show_reach()

    @Slot()
    def _show_reach(self) -> None:
        """Shows the numbers that count, and says where one counts for a part of the steps only."""
        board = self._clips.document.storyboard
        self._hearing_field.setVisible(InputKind.SOUND in board.profile_to_show.needs)
        low = board.guidance_scale_low if self._film.has_two_experts else None
        words = self.tr("For the first expert only: the film sets {value} for the second.")
        self._guidance_field.set_help("" if low is None else words.format(value=self.guidance.words(low)))

    def _words(self, name: str, edit: str, placeholder: Callable[[], str]) -> LimitedText:
        state = ClipValue(self._clips, name, edit, self)
        self._film.changed.connect(state.changed)
        box = TextBox(2, 8)
        return LimitedText(state, box, placeholder, lambda: self._clips.ids, empty_is_none=name == "negative_prompt")

    def _number(self, name: str, box: NumberBox, field_name: str, edit: str, source: Source) -> Field:
        field = Field(name, box)
        field.offer_reset(self.tr("Use the film's value again"))
        state = ClipValue(self._clips, field_name, edit, self)
        self._film.changed.connect(state.changed)
        board = self._clips.document
        bind_number(field, box, state, lambda: number_hint(box, source(board.storyboard, self._film.card, True)))
        self.body.addWidget(field)
        return field

    def _negative_words(self) -> str:
        found = inherited.negative_prompt(self._clips.document.storyboard, self._film.card, True)
        return str(found.value) or self.tr("none, like the film and its model")
