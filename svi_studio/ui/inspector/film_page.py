"""The page of the film: its title, picture, character and style, its family, model and size, and the rest below."""

from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.recipe_shelf import RecipeShelf
from svi_studio.document.inspector.values import FilmValue
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.controls.marked_words import MarkedWords
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.inspector.film_credits import FilmCredits
from svi_studio.ui.inspector.film_look import FilmLook
from svi_studio.ui.inspector.film_memory import FilmMemory
from svi_studio.ui.inspector.film_more import FilmMore
from svi_studio.ui.inspector.film_size import FilmSize
from svi_studio.ui.inspector.film_speed import FilmSpeed
from svi_studio.ui.inspector.film_stability import FilmStability
from svi_studio.ui.inspector.limited_text import LimitedText
from svi_studio.ui.inspector.lora_list import LoraList
from svi_studio.ui.inspector.picture_field import PictureField


class FilmPage(QWidget):
    """The settings that all clips of the film share."""

    def __init__(self, film: InspectedFilm, recipes: RecipeShelf, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film = film
        self.title = self._title()
        self.picture = PictureField(self.tr("Start picture"), film, self)
        self.character = self._words("character", self.tr("Change the character"), self._character_words())
        self.style_words = self._words("style", self.tr("Change the style"), self._style_words())
        self.look = FilmLook(film, self)
        self.size_part = FilmSize(film, self)
        self.speed = FilmSpeed(film, recipes, self)
        self.memory = FilmMemory(film, self)
        self.stability = FilmStability(film, self)
        self.loras = LoraList(film, self)
        self.credits = FilmCredits(film.document, self)
        self.more = FilmMore(film, self)
        self._lay_out()
        self.picture.chosen.connect(film.commands.pictures.set_reference)
        self.picture.removed.connect(film.commands.pictures.remove_reference)
        film.document.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    def show_state(self, _change: object = None) -> None:
        """Shows the film's picture."""
        is_open = not self._film.document.read_only
        relative = self._film.document.storyboard.reference_image
        if relative is None:
            self.picture.show_empty(self.tr("Drop the start picture here, or click to choose one"), is_open)
        else:
            self.picture.show_picture(relative, is_open)

    def _title(self) -> LineBox:
        box = LineBox(500, self)
        box.setPlaceholderText(self.tr("Untitled"))
        state = FilmValue(self._film, "title", self.tr("Change the title"), self)

        def show() -> None:
            box.show_text(state.get())
            box.setReadOnly(not state.is_open)

        box.edited.connect(state.set)
        box.left.connect(state.end)
        state.changed.connect(show)
        show()
        return box

    def _words(self, name: str, edit: str, placeholder: str) -> LimitedText:
        state = FilmValue(self._film, name, edit, self)
        words = LimitedText(state, TextBox(2, 8), lambda: placeholder if state.is_open else self.tr("none"))
        reach = self._film.reach
        marks = MarkedWords(words.box, reach.unknown_places, lambda word: reach.unknown_sentence([word]))
        reach.changed.connect(marks.refresh)
        return words

    def _character_words(self) -> str:
        return self.tr("Who is in every clip, for example: a red puppet with a straw hat")

    def _style_words(self) -> str:
        return self.tr("How every clip looks, for example: soft light, paper theatre")

    def _lay_out(self) -> None:
        column_of(
            Field(self.tr("Title"), self.title),
            Field(self.tr("Start picture"), self.picture),
            Field(self.tr("Character"), self.character),
            Field(self.tr("Style"), self.style_words),
            *(self.look, self.size_part, self.speed, self.memory, self.stability, self.loras, self.credits, self.more),
            1,
            within=self,
            spacing=14,
            margins=None,
        )
