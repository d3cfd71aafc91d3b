"""The film's size: as the picture and the model want it, one of the usual ones, or any."""

from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.domain.number_range import Number, NumberRange
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.controls.number_box import NumberBox

Size = tuple[int, int]
USUAL: tuple[Size, ...] = ((832, 480), (480, 832), (624, 624), (1280, 720))
LEARNED = 832 * 480  # pixels of a frame in the clips that Wan 2.1 and SVI were taught with
SIDE = NumberRange(16, 8192, 16, on_grid=True)
_OTHER = "other"


class FilmSize(QWidget):
    """A list of sizes; for any other size two boxes."""

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film, self._document = film, film.document
        self._other = False
        self.choice = ChoiceBox(self)
        self.field = Field(self.tr("Size"), self.choice)
        self.width_box = NumberBox(SIDE, optional=False)
        self.height_box = NumberBox(SIDE, optional=False)
        self.own = self._own_size()
        column_of(self.field, self.own, within=self, spacing=6)
        self.choice.chosen.connect(self._chosen)
        self.width_box.edited.connect(lambda width: self._sides(width, self.height_box.value))
        self.height_box.edited.connect(lambda height: self._sides(self.width_box.value, height))
        for box in (self.width_box, self.height_box):
            box.left.connect(film.document.end_merge)
        film.document.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    def show_state(self, _change: object = None) -> None:
        """Shows the size that the film has."""
        size = self._document.storyboard.size
        card = self._film.card
        fixed = card.size if card is not None else None
        self.choice.show_choices(self._fixed_choices(fixed, size) if fixed else self._choices())
        usual = size is None or size in USUAL or fixed is not None
        self._other = self._other and fixed is None and size is not None
        shown = _OTHER if self._other or not usual else size
        self.choice.show_value(shown)
        open_now = not self._document.read_only
        self.choice.setEnabled(open_now and (fixed is None or size is not None))
        self.own.setVisible(shown == _OTHER)
        for box, side in zip((self.width_box, self.height_box), size or (None, None), strict=True):
            box.show_value(side)
            box.setReadOnly(not open_now)
        self.field.set_help(self._help(fixed, size))

    def _fixed_choices(self, fixed: Size, size: Size | None) -> list[Choice]:
        choices = [Choice(None, _words(fixed))]
        if size is not None:
            words = _words(size) if size == fixed else self.tr("{size}: not with this model").format(size=_words(size))
            choices.append(Choice(size, words))
        return choices

    def _choices(self) -> list[Choice]:
        found = self._film.size if self._document.storyboard.size is None else None
        auto = self.tr("Like the picture")
        if found:
            auto = self.tr("Like the picture: {size}").format(size=_words(found))
        shapes = (self.tr("{size}, wide"), self.tr("{size}, tall"), self.tr("{size}, square"), self.tr("{size}, large"))
        usual = [Choice(size, words.format(size=_words(size))) for size, words in zip(USUAL, shapes, strict=True)]
        return [Choice(None, auto), *usual, Choice(_OTHER, self.tr("Other…"))]

    def _help(self, fixed: Size | None, size: Size | None) -> str:
        if fixed is not None:
            if size is None or size == fixed:
                return self.tr("This model has only this size.")
            return self.tr("This model makes only {size}. Choose that, or another model.").format(size=_words(fixed))
        pixels = size[0] * size[1] if size else 0
        if pixels > 1.15 * LEARNED:
            words = self.tr("{times} times the pixels the model was trained on: slow, and colours may drift.")
            return words.format(times=f"{pixels / LEARNED:.1f}")
        return ""

    def _chosen(self, value: object) -> None:
        self._other = value == _OTHER
        size: Size | None
        if value == _OTHER:
            size = self._document.storyboard.size or self._film.size or USUAL[0]
        else:
            size = value if isinstance(value, tuple) else None
        self._set(size, merge=None)
        self.show_state()

    def _sides(self, width: Number | None, height: Number | None) -> None:
        if width is not None and height is not None:
            self._set((int(width), int(height)), merge="film size")

    def _set(self, size: Size | None, merge: str | None) -> None:
        width, height = size or (None, None)
        self._film.commands.film.change(self.tr("Change the size"), merge, width=width, height=height)

    def _own_size(self) -> QWidget:
        own = QWidget(self)
        self.width_box.setAccessibleName(self.tr("Width in pixels"))
        self.height_box.setAccessibleName(self.tr("Height in pixels"))
        row_of((self.width_box, 1), QLabel("×", own), (self.height_box, 1), within=own)
        return own


def _words(size: Size) -> str:
    return f"{size[0]} × {size[1]}"
