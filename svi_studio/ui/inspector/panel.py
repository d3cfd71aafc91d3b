"""The inspector's panel: one page for the selected clips, one for the film."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QTabWidget, QVBoxLayout, QWidget

from svi_studio.document.open_film import OpenFilm
from svi_studio.ui.actions import Actions
from svi_studio.ui.inspector.clip_page import ClipPage
from svi_studio.ui.inspector.film_page import FilmPage
from svi_studio.ui.inspector.media_import import MediaImport
from svi_studio.ui.inspector.model_shelf import ModelShelf
from svi_studio.ui.inspector.sight import Sight
from svi_studio.ui.inspector.state import InspectedClips

CLIP, FILM = 0, 1


class InspectorPanel(QWidget):
    """Shows the clips when some are selected, else the film. Its threads end with the film."""

    def __init__(self, film: OpenFilm, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clips = InspectedClips(film.document, film.selection, self)
        self._media = MediaImport(film.document.folder, self)
        self._shelf = ModelShelf(self)
        sight = Sight(film.document, film.states, self._shelf, self)
        self.clip_page = ClipPage(self.clips, film.commands, self._media, sight)
        self.film_page = FilmPage(film.commands, self._media, self._shelf, sight)
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.addTab(_scrolled(self.clip_page), self.tr("Clip"))
        self.tabs.addTab(_scrolled(self.film_page), self.tr("Film"))
        self.tabs.setAccessibleName(self.tr("Inspector"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.tabs)
        self.clips.others_chosen.connect(self.show_state)
        film.closing.connect(self.close_film)
        actions.connect_action("clip.edit_prompt", self.edit_prompt)
        self._shelf.look()
        self.show_state()

    def show_state(self) -> None:
        """Turn to the page of what is selected."""
        selected = bool(self.clips.clips)
        self.tabs.setTabEnabled(CLIP, selected)
        self.tabs.setTabToolTip(CLIP, "" if selected else self.tr("Select a clip to see it here"))
        self.tabs.setCurrentIndex(CLIP if selected else FILM)

    def edit_prompt(self) -> None:
        """Put the cursor into the prompt of the selected clips."""
        if self.clips.clips:
            self.tabs.setCurrentIndex(CLIP)
            self.clip_page.prompt.prompt.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_film(self) -> bool:
        """End the panel's threads; returns whether they have ended."""
        ended = self._media.close()
        return self._shelf.close() and ended


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    page.setProperty("transparent", True)
    area.setWidget(page)
    return area
