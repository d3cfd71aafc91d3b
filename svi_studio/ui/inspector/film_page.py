"""The page of the film: its title, picture, character and style, its family, model and size, and the rest below."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from svi_studio.document.film_commands import FilmCommands
from svi_studio.document.film_document import FilmDocument
from svi_studio.domain.errors import StudioError
from svi_studio.storyline.known_words import unknown_words_sentence
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.line_box import LineBox
from svi_studio.ui.controls.marked_words import MarkedWords
from svi_studio.ui.controls.text_box import TextBox
from svi_studio.ui.framing.ask_frame import ask_frame
from svi_studio.ui.inspector.film_credits import FilmCredits
from svi_studio.ui.inspector.film_look import FilmLook
from svi_studio.ui.inspector.film_more import FilmMore
from svi_studio.ui.inspector.film_size import FilmSize
from svi_studio.ui.inspector.film_stability import FilmStability
from svi_studio.ui.inspector.limited_text import LimitedText
from svi_studio.ui.inspector.lora_list import LoraList
from svi_studio.ui.inspector.media_import import MediaImport
from svi_studio.ui.inspector.model_shelf import ModelShelf
from svi_studio.ui.inspector.picture_field import PictureField
from svi_studio.ui.inspector.sight import Sight
from svi_studio.ui.inspector.state import FilmValue


class FilmPage(QWidget):
    """What all clips of the film share."""

    def __init__(
        self,
        commands: FilmCommands,
        media: MediaImport,
        shelf: ModelShelf,
        sight: Sight,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        document = commands.document
        self._document, self._commands, self._media, self._sight = document, commands, media, sight
        self.title = self._title(document)
        self.picture = PictureField(self.tr("Start picture"), media, self)
        self.character = self._words("character", self.tr("Change the character"), self._character_words())
        self.style_words = self._words("style", self.tr("Change the style"), self._style_words())
        self.look = FilmLook(document, shelf, self)
        self.size_part = FilmSize(document, sight, self)
        self.stability = FilmStability(document, sight, self)
        self.loras = LoraList(document, media, self)
        self.credits = FilmCredits(document, self)
        self.more = FilmMore(document, sight, self)
        self._lay_out()
        self.picture.chosen.connect(commands.set_reference)
        self.picture.removed.connect(commands.remove_reference)
        self.picture.frame_wanted.connect(self._frame_wanted)
        document.changed.connect(self.show_state)
        sight.changed.connect(self.show_state)
        self.show_state()

    def show_state(self, _change: object = None) -> None:
        """Show the film's picture."""
        is_open = not self._document.read_only
        relative = self._document.storyboard.reference_image
        if relative is None:
            self.picture.show_empty(self.tr("Drop the start picture here, or click to choose one"), is_open)
            return
        try:
            path = self._document.file(relative)
        except StudioError as error:
            self.picture.show_empty(str(error), is_open)
            return
        look = self._document.storyboard.picture_look(relative, self._sight.size)
        self.picture.show_picture(path, look, is_open)
        self.picture.show_warning(self._sight.reach.picture_warning(relative))

    def _title(self, document: FilmDocument) -> LineBox:
        box = LineBox(500, self)
        box.setPlaceholderText(self.tr("Untitled"))
        state = FilmValue(document, "title", self.tr("Change the title"), self)

        def show() -> None:
            box.show_text(state.get())
            box.setReadOnly(not state.is_open)

        box.edited.connect(state.set)
        box.left.connect(state.end)
        state.changed.connect(show)
        show()
        return box

    def _words(self, name: str, edit: str, placeholder: str) -> LimitedText:
        state = FilmValue(self._document, name, edit, self)
        words = LimitedText(state, TextBox(2, 8), lambda: placeholder if state.is_open else self.tr("none"))
        reach = self._sight.reach
        marks = MarkedWords(words.box, reach.unknown_places, lambda word: unknown_words_sentence([word]))
        reach.changed.connect(marks.refresh)
        return words

    def _character_words(self) -> str:
        return self.tr("Who is in every clip, for example: a red puppet with a straw hat")

    def _style_words(self) -> str:
        return self.tr("How every clip looks, for example: soft light, paper theatre")

    def _frame_wanted(self) -> None:
        size, relative = self._sight.size, self._document.storyboard.reference_image
        if size is not None and relative is not None:
            ask_frame(self._document, self._media, relative, size, self)

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addWidget(Field(self.tr("Title"), self.title))
        layout.addWidget(Field(self.tr("Start picture"), self.picture))
        layout.addWidget(Field(self.tr("Character"), self.character))
        layout.addWidget(Field(self.tr("Style"), self.style_words))
        for part in (self.look, self.size_part, self.stability, self.loras, self.credits, self.more):
            layout.addWidget(part)
        layout.addStretch(1)
