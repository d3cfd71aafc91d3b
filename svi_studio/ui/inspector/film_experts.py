"""What only a model of two experts has: where the second one takes over, and its own guidance."""

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector import inherited
from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import FilmValue
from svi_studio.domain.film.noise_schedule import noisy_steps
from svi_studio.domain.film.sampling import Sampling
from svi_studio.domain.number_range import NumberRange
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.number_box import NumberBox
from svi_studio.ui.inspector.bind import Hint, bind_number, number_hint
from svi_studio.ui.inspector.clip_more import GUIDANCE

LEVEL = NumberRange(0.01, 0.99, 0.005, decimals=3)
AUTHORS = 0.875
_OTHER = "other"


class FilmExperts(QWidget):
    """Shown only for models of two experts."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.guidance = NumberBox(GUIDANCE)
        words = self.tr("Of the expert that works out the details; as the first one's while it is empty")
        self.guidance_field = Field(self.tr("Guidance of the second expert"), self.guidance, words)
        self.guidance_field.offer_reset(self.tr("As the first expert's again"))
        guidance = FilmValue(film, "guidance_scale_low", self.tr("Change the second expert's guidance"), self)
        bind_number(self.guidance_field, self.guidance, guidance, self._guidance_hint)
        film.changed.connect(guidance.changed)
        self._boundary = FilmValue(film, "boundary", self.tr("Change where the second expert takes over"), self)
        self._other = False
        self.choice = ChoiceBox(self)
        self.level = NumberBox(LEVEL, optional=False)
        self.level.setAccessibleName(self.tr("Noise level, 0 to 1"))
        self.boundary_field = Field(self.tr("The second expert takes over"), self.choice)
        column_of(self.guidance_field, self.boundary_field, self.level, within=self, spacing=10)
        self.choice.chosen.connect(self._chosen)
        self.level.edited.connect(self._boundary.set)
        self.level.left.connect(self._boundary.end)
        film.document.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    @Slot()
    def show_state(self, _change: object = None) -> None:
        """Shows what the film has."""
        architecture = self._film.architecture
        two = architecture is not None and architecture.two_experts
        self.setVisible(two)
        if architecture is None or not two:
            return
        usual = architecture.boundary or 0.9
        named = self.tr("Below noise {level}, as SVI's authors do")
        choices = [Choice(None, self.tr("Below noise {level}, as the model says").format(level=f"{usual:g}"))]
        if usual != AUTHORS:
            choices.append(Choice(AUTHORS, named.format(level=f"{AUTHORS:g}")))
        self.choice.show_choices([*choices, Choice(_OTHER, self.tr("Another noise level…"))])
        value, is_open = self._boundary.get(), self._boundary.is_open
        self._other = (self._other and value is not None) or value not in (None, *(each.value for each in choices))
        self.choice.show_value(_OTHER if self._other else value)
        self.choice.setEnabled(is_open)
        self.level.setVisible(self._other)
        self.level.show_value(value)
        self.level.setReadOnly(not is_open)
        self.boundary_field.set_help(self._split())

    def _split(self) -> str:
        """How many steps each expert takes."""
        board = self._film.document.storyboard
        sampling = Sampling.of_film(board, self._film.card, board.profile_to_show, self._film.architecture)
        steps, boundary = sampling.num_inference_steps, sampling.boundary or 0.9
        first = noisy_steps(steps, sampling.shift, boundary)
        return self.tr("Steps: {first} for the first, {second} for the second.").format(
            first=first, second=steps - first
        )

    @Slot(object)
    def _chosen(self, value: object) -> None:
        self._other = value == _OTHER
        if not self._other:
            self._boundary.set(value)
        elif self._boundary.get() is None:
            self._boundary.set(0.9)
        self._boundary.end()
        self.show_state()

    def _guidance_hint(self) -> Hint:
        board, card = self._film.document.storyboard, self._film.card
        return number_hint(self.guidance, inherited.guidance_low(board, card))
