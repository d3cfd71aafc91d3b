"""How strongly the model's own LoRA holds the film together; shown where the model brings one for the family."""

from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import FilmValue
from svi_studio.domain.film.storyboard import MAX_STABILITY
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.weight_slider import WeightSlider

USUAL = 1.0  # as it was trained
BOUNDS = (0.0, MAX_STABILITY)


class FilmStability(QWidget):
    """A slider from off to full."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film, self._document = film, film.document
        self._state = FilmValue(film, "stability", self.tr("Change the stability"), self)
        self.weight = WeightSlider(self, usual=USUAL, bounds=BOUNDS)
        self.weight.name(self.tr("Stability"))
        self.field = Field(self.tr("Stability"), self.weight)
        column_of(self.field, within=self)
        self.weight.edited.connect(lambda value: self._state.set(float(value)))
        self.weight.left.connect(self._state.end)
        self._state.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Shows what the film has, or nothing where it would have no effect."""
        value, card = self._state.get(), self._film.card
        self.setVisible(card is not None and bool(card.family_lora_keys(self._document.storyboard.family)))
        self.weight.show_value(value)
        self.weight.setEnabled(self._state.is_open)
        self.field.set_help(self._words(value))

    def _words(self, value: float) -> str:
        if value == 0:
            return self.tr("Off: colours and shapes may drift over many clips.")
        return self.tr("Keeps colours and shapes from drifting over many clips. 1 is full, 0 is off.")
