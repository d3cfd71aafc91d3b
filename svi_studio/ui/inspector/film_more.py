"""What only some films need: another seed, length of clips, steps, guidance or negative prompt than the model's."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector import inherited
from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import FilmValue
from svi_studio.domain.number_range import NumberRange
from svi_studio.domain.value import MAX_SEED
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.controls.section import Section
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.inspector.bind import Hint, bind_number, number_hint
from svi_studio.ui.inspector.clip_more import GUIDANCE, STEPS
from svi_studio.ui.inspector.film_experts import FilmExperts
from svi_studio.ui.inspector.film_following import FilmFollowing
from svi_studio.ui.inspector.limited_text import LimitedText
from svi_studio.ui.inspector.motion_part import MotionPart

FRAMES = NumberRange(5, 1025, 4, on_grid=True)
SHIFT = NumberRange(0.1, 100.0, 0.5, decimals=2)
SEED = NumberRange(0, MAX_SEED)


class FilmMore(Section):
    """The advanced settings of the film."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__("", parent=parent)
        self._film, self._document = film, film.document
        self.set_title(self.tr("More"))
        self.seed = NumberBox(SEED, optional=False)
        self.frames = NumberBox(FRAMES)
        self.steps = NumberBox(STEPS)
        self.guidance = NumberBox(GUIDANCE)
        self.shift = NumberBox(SHIFT)
        self.negative = self._negative()
        self._number(self.tr("Seed"), self.seed, "seed", self.tr("Change the film's seed"), lambda: (None, ""))
        self._number(self.tr("Frames of a clip"), self.frames, "num_frames", self.tr("Change the frames"), self._frames)
        self._number(
            self.tr("Steps"), self.steps, "num_inference_steps", self.tr("Change the film's steps"), self._steps
        )
        self._number(
            self.tr("Guidance"),
            self.guidance,
            "guidance_scale",
            self.tr("Change the film's guidance"),
            self._guidance,
        )
        self._number(self.tr("Shift"), self.shift, "shift", self.tr("Change the film's shift"), self._shift)
        motion = FilmValue(film, "motion_amplitude", self.tr("Change the film's motion amplitude"), self)
        self.motion = MotionPart(film, motion, lambda: film.selection.current)
        self.body.addWidget(self.motion)
        self.experts = FilmExperts(film)
        self.body.addWidget(self.experts)
        self.body.addWidget(Field(self.tr("Negative prompt"), self.negative, self.tr("What should not appear")))
        self.following = FilmFollowing(film)
        self.body.addWidget(self.following)

    def _number(self, name: str, box: NumberBox, field_name: str, edit: str, hint: Callable[[], Hint]) -> None:
        field = Field(name, box, _help(field_name))
        if field_name != "seed":
            field.offer_reset(self.tr("Use the model's value again"))
        state = FilmValue(self._film, field_name, edit, self)
        self._film.changed.connect(state.changed)
        bind_number(field, box, state, hint)
        self.body.addWidget(field)

    def _negative(self) -> LimitedText:
        state = FilmValue(self._film, "negative_prompt", self.tr("Change the film's negative prompt"), self)
        self._film.changed.connect(state.changed)
        return LimitedText(state, TextBox(2, 8), self._negative_words, empty_is_none=True)

    def _frames(self) -> Hint:
        return number_hint(self.frames, inherited.frames(self._film.card))

    def _steps(self) -> Hint:
        return number_hint(self.steps, inherited.steps(self._document.storyboard, self._film.card, False))

    def _guidance(self) -> Hint:
        return number_hint(self.guidance, inherited.guidance(self._document.storyboard, self._film.card, False))

    def _shift(self) -> Hint:
        return number_hint(self.shift, inherited.shift(self._document.storyboard))

    def _negative_words(self) -> str:
        found = inherited.negative_prompt(self._document.storyboard, self._film.card, False)
        return str(found.value) or self.tr("none, like the model")


def _help(name: str) -> str:
    words = {
        "seed": QCoreApplication.translate("Inspector", "Clips without a seed of their own take theirs from this one"),
        "num_frames": QCoreApplication.translate("Inspector", "More frames: longer clips that need more memory"),
        "num_inference_steps": QCoreApplication.translate("Inspector", "More steps: finer and slower"),
        "shift": QCoreApplication.translate("Inspector", "Higher: more of the steps for what moves, fewer for details"),
        "guidance_scale": QCoreApplication.translate("Inspector", "Higher: closer to the prompt; too high looks harsh"),
    }
    return words[name]
