"""The right side of the welcome: films opened lately, and the examples."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from svi_studio.document import words
from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.welcome.card_grid import CardGrid
from svi_studio.ui.welcome.film_card import FilmCard

if TYPE_CHECKING:
    from svi_studio.document.welcome.recent_films import RecentFilm


class FilmLists(QWidget):
    """Cards in three groups; one without cards is not shown. Pictures come later through ``set_picture``."""

    film_chosen = Signal(object)  # Path
    example_chosen = Signal(object)  # Path
    forget_film = Signal(object)  # Path
    picture_chosen = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent = CardGrid(self)
        self._examples = CardGrid(self)
        self._ready_made = CardGrid(self)
        self._groups = (
            (_heading(self.tr("Recent films"), self), self._recent),
            (_heading(self.tr("Examples"), self), self._examples),
            (_heading(self.tr("Start from a ready-made picture"), self), self._ready_made),
        )
        column = column_of(within=self, spacing=12, margins=(32, 24, 32, 28))
        for heading, grid in self._groups:
            heading.setContentsMargins(0, 8, 0, 0)
            column.addWidget(heading)
            column.addWidget(grid)
        column.addStretch(1)
        self._show_groups()

    @property
    def recent(self) -> Sequence[FilmCard]:
        """The cards of the recent films."""
        return self._recent.cards

    @property
    def examples(self) -> Sequence[FilmCard]:
        """The cards of the examples."""
        return self._examples.cards

    @property
    def ready_made(self) -> Sequence[FilmCard]:
        """The cards of the ready-made pictures."""
        return self._ready_made.cards

    def show_recent(self, films: Sequence["RecentFilm"]) -> None:
        """Shows these films, the newest first."""
        cards = []
        for film in films:
            card = FilmCard(film.title, _line(self, film), film.folder, self)
            card.clicked.connect(lambda _checked=False, path=film.folder: self.film_chosen.emit(path))
            card.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            card.customContextMenuRequested.connect(lambda at, card=card: self._menu(card, at))
            cards.append(card)
        self._recent.set_cards(cards)
        self._show_groups()

    def show_examples(self, examples: Mapping[Path, tuple[str, str]]) -> None:
        """Shows the examples: a storyboard file -> its title and a line about it."""
        cards = []
        for path, (title, line) in examples.items():
            card = FilmCard(title, line, path, self)
            card.setToolTip(plain_tool_tip(title))
            card.clicked.connect(lambda _checked=False, path=path: self.example_chosen.emit(path))
            cards.append(card)
        self._examples.set_cards(cards)
        self._show_groups()

    def show_ready_made(self, pictures: Mapping[Path, tuple[str, str]]) -> None:
        """Shows pictures that a film can start from: a file -> what it shows and where."""
        cards = []
        for path, (title, line) in pictures.items():
            card = FilmCard(title, line, path, self)
            card.setToolTip(plain_tool_tip(title))
            card.clicked.connect(lambda _checked=False, path=path: self.picture_chosen.emit(path))
            cards.append(card)
        self._ready_made.set_cards(cards)
        self._show_groups()

    def _show_groups(self) -> None:
        for heading, grid in self._groups:
            heading.setVisible(bool(grid.cards))
            grid.setVisible(bool(grid.cards))

    def set_picture(self, path: Path, picture: QPixmap) -> None:
        """The picture of the film or example at ``path`` has been read."""
        for card in (*self.recent, *self.examples, *self.ready_made):
            if card.path == path:
                card.set_picture(picture)

    def _menu(self, card: FilmCard, at: QPoint) -> None:
        menu = KeyMenu(card)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Open")).triggered.connect(card.click)
        forget = menu.addAction(self.tr("Remove from this list"))
        forget.triggered.connect(lambda: self.forget_film.emit(card.path))
        menu.popup(card.mapToGlobal(at))


def _heading(text: str, parent: QWidget) -> QLabel:
    label = QLabel(text, parent)
    label.setProperty("role", "heading")
    return label


def _line(widget: QWidget, film: "RecentFilm") -> str:
    day = _day(widget, film.changed)
    return f"{words.clips(film.clips)} · {day}" if film.clips else day


def _day(widget: QWidget, seconds: float) -> str:
    day = datetime.fromtimestamp(seconds).date()
    ago = (date.today() - day).days
    if ago in {0, 1}:
        return widget.tr("today") if ago == 0 else widget.tr("yesterday")
    return str(QLocale().toString(day, QLocale.FormatType.ShortFormat))  # type: ignore[call-overload]
