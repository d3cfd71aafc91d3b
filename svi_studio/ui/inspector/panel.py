"""The inspector's panel: one page for the selected clips, one for the film."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QStackedWidget, QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.recipe_shelf import RecipeShelf
from svi_studio.document.inspector.values import InspectedClips
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.document.render.motion_trial import MotionTrial
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.controls.either_box import EitherBox
from svi_studio.ui.controls.layouts import column_of, row_of
from svi_studio.ui.inspector.clip_page import ClipPage
from svi_studio.ui.inspector.film_page import FilmPage
from svi_studio.ui.inspector.skeleton_page import SkeletonPage
from svi_studio.ui.inspector.sound_page import SoundPage

CLIP, FILM = 0, 1


class InspectorPanel(QWidget):
    """Shows the clips or the piece of a track that is selected, else the film. Its threads end with the film.

    ``ready_made_wanted`` asks for a ready-made picture and carries what gets its path; ``models_wanted`` for a look at
    the models, ``loras_wanted`` at the LoRAs.
    """

    ready_made_wanted = Signal(object)
    models_wanted = Signal()
    loras_wanted = Signal()

    def __init__(self, film: OpenFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.clips = InspectedClips(film, self)
        self.film = inspected = InspectedFilm(film, self)
        self._shelf = inspected.shelf
        self.clip_page = ClipPage(self.clips, inspected)
        self.recipes = RecipeShelf(inspected, parent=self)
        film.closing.connect(self.recipes.close)
        self.film_page = FilmPage(inspected, self.recipes)
        self.switch = EitherBox(self.tr("Clip"), self.tr("Film"), self)
        self.pages = QStackedWidget(self)
        self.pages.addWidget(_scrolled(self.clip_page))
        self.pages.addWidget(_scrolled(self.film_page))
        self.skeleton_page = SkeletonPage(film)
        self.piece_pages: dict[InputKind, QWidget] = {
            InputKind.SOUND: SoundPage(film),
            InputKind.SKELETON: self.skeleton_page,
        }
        for page in self.piece_pages.values():
            self.pages.addWidget(_scrolled(page))
        self._lay_out()
        self.switch.chosen.connect(lambda film_wanted: self.show_page(FILM if film_wanted else CLIP))
        self.clips.others_chosen.connect(self.show_state)
        self._chosen = film.pieces
        film.pieces.changed.connect(self.show_state)
        for picture, take in (
            (self.clip_page.start.picture, self.clip_page.start.use_picture),
            (self.clip_page.end.picture, self.clip_page.end.use_picture),
            (self.film_page.picture, film.commands.pictures.set_reference),
        ):
            picture.ready_made_wanted.connect(partial(self.ready_made_wanted.emit, take))
            picture.model_wanted.connect(self.choose_model)
        self.film_page.look.models_wanted.connect(self.models_wanted)
        self.film_page.loras.library_wanted.connect(self.loras_wanted)
        self._shelf.look()
        self.show_state()

    def models_changed(self) -> None:
        """Looks again which models there are."""
        self._shelf.look()
        if self.film.states.problem:
            self.film.states.read_facts()

    def choose_model(self) -> None:
        """Opens the film's list of models; asks for the way to get one when none in it draws anything."""
        if any(model.card is not None and model.card.world is None for model in self._shelf.models):
            self.show_page(FILM)
            self.film_page.look.model.setFocus()
            self.film_page.look.model.showPopup()
        else:
            self.models_wanted.emit()

    def use_trial(self, trial: MotionTrial) -> None:
        """Lets ``trial`` make the drafts by which motion amplitudes are compared."""
        for part in (self.film_page.more.motion, self.clip_page.more.motion):
            part.use_trial(trial)

    def show_state(self) -> None:
        """Turns to the page of what is selected."""
        selected = bool(self.clips.clips)
        chosen = self._chosen.chosen
        self.switch.no.setEnabled(selected)
        self.switch.no.setToolTip("" if selected else self.tr("Select a clip to see it here"))
        if chosen is not None and chosen.kind in self.piece_pages:
            self._show_piece_page(self.piece_pages[chosen.kind])
        else:
            self.show_page(CLIP if selected else FILM)

    def edit_piece(self) -> None:
        """Puts the cursor into the first field of the chosen piece."""
        chosen = self._chosen.chosen
        if chosen is not None and chosen.kind in self.piece_pages:
            page = self.piece_pages[chosen.kind]
            self._show_piece_page(page)
            page.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_piece_page(self, page: QWidget) -> None:
        self.pages.setCurrentIndex(list(self.piece_pages.values()).index(page) + FILM + 1)
        self.switch.show_value(None)

    def edit_prompt(self) -> None:
        """Puts the cursor into the prompt of the selected clips."""
        if self.clips.clips:
            self.show_page(CLIP)
            self.clip_page.prompt.prompt.box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_page(self, page: int) -> None:
        """Turns to the page CLIP or FILM."""
        if page == FILM and self._shelf.has_looked:
            self._shelf.look()  # models may have come meanwhile
        self.pages.setCurrentIndex(page)
        self.switch.show_value(page == FILM)

    def _lay_out(self) -> None:
        column_of(row_of(self.switch, margins=(10, 10, 10, 2)), (self.pages, 1), within=self, spacing=0)


def _scrolled(page: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    page.setProperty("transparent", True)
    area.setWidget(page)
    return area
