"""The right side of the welcome: films opened lately, and the examples."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QPoint, Qt, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from svi_studio.ui.controls.elided_label import plain_tool_tip
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.render import words
from svi_studio.ui.welcome.card_grid import CardGrid
from svi_studio.ui.welcome.film_card import FilmCard

if TYPE_CHECKING:
    from svi_studio.jobs.recent_films import RecentFilm


class FilmLists(QWidget):
    """Cards in two groups. Pictures come later through ``set_picture``."""

    film_chosen = Signal(object)  # Path
    example_chosen = Signal(object)  # Path
    forget_film = Signal(object)  # Path

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._recent = CardGrid(self)
        self._examples = CardGrid(self)
        self._nothing = QLabel(self.tr("Films you have opened will be here. Start with a picture, or try an example."))
        self._nothing.setProperty("tone", "dim")
        self._nothing.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 24, 32, 28)
        column.setSpacing(12)
        column.addWidget(_heading(self.tr("Recent films"), self))
        column.addWidget(self._nothing)
        column.addWidget(self._recent)
        column.addSpacing(18)
        column.addWidget(_heading(self.tr("Examples"), self))
        column.addWidget(self._examples)
        column.addStretch(1)
        self._recent.hide()

    @property
    def recent(self) -> Sequence[FilmCard]:
        """The cards of the recent films."""
        return self._recent.cards

    @property
    def examples(self) -> Sequence[FilmCard]:
        """The cards of the examples."""
        return self._examples.cards

    def show_recent(self, films: Sequence["RecentFilm"]) -> None:
        """Show these films, the newest first."""
        cards = []
        for film in films:
            card = FilmCard(film.title, _line(self, film), film.folder, self)
            card.clicked.connect(lambda _checked=False, path=film.folder: self.film_chosen.emit(path))
            card.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
            card.customContextMenuRequested.connect(lambda at, card=card: self._menu(card, at))
            cards.append(card)
        self._recent.set_cards(cards)
        self._recent.setVisible(bool(cards))
        self._nothing.setVisible(not cards)

    def show_examples(self, examples: Mapping[Path, tuple[str, str]]) -> None:
        """Show the examples: a storyboard file -> its title and a line about it."""
        cards = []
        for path, (title, line) in examples.items():
            card = FilmCard(title, line, path, self)
            card.setToolTip(plain_tool_tip(title))
            card.clicked.connect(lambda _checked=False, path=path: self.example_chosen.emit(path))
            cards.append(card)
        self._examples.set_cards(cards)

    def set_picture(self, path: Path, picture: QPixmap) -> None:
        """The picture of the film or example at ``path`` has been read."""
        for card in (*self.recent, *self.examples):
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
