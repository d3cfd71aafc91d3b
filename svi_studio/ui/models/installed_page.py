"""The page of the models that films can choose, each with what it films, how large it is, and where it lies."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QWidget

from svi_studio.document import words
from svi_studio.document.models.file_words import short_path
from svi_studio.document.models.installed import InstalledModel, shared_folders
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.domain.film.family import FAMILIES
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.desktop.open_with_system import open_with_system
from svi_studio.ui.models.card import Card
from svi_studio.ui.models.entry_menu import add_entry_actions
from svi_studio.ui.models.page import ModelsPage


class InstalledPage(ModelsPage):
    """``use_wanted`` brings the name of the model for the film; ``find_wanted`` and ``get_wanted``: another page."""

    use_wanted = Signal(str)
    find_wanted = Signal()
    get_wanted = Signal()

    def __init__(self, desk: ModelsDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._film_model = ""
        self._has_film = False
        self.set_heading(self.tr("Your models"), self.tr("Every film is drawn by one of these."))
        desk.changed.connect(self.show_state)
        desk.fetches.changed.connect(self.show_state)
        self.show_state()

    def show_film(self, model: str | None) -> None:
        """Which model the film has; None = no film is open, or it cannot be changed."""
        self._film_model, self._has_film = model or "", model is not None
        self.show_state()

    def show_state(self) -> None:
        """Shows what is there."""
        desk = self._desk
        state = (desk.installed, desk.problem, desk.has_looked, self._film_model, self._has_film)
        self.fill((*state, frozenset(desk.fetches.checking)), self._build)

    def _build(self) -> None:
        desk = self._desk
        if not desk.has_looked:
            self.sentence.setText(self.tr("Looking at your models…"))
            return
        self.sentence.setText(self.tr("Every film is drawn by one of these."))
        if not desk.has_own_model:
            self.add(self._invitation())
        if desk.problem:
            self.add(Card("warning", self.tr("The catalogue cannot be read"), desk.problem, self))
        for model in desk.installed:
            self.add(self._card(model))

    def _invitation(self) -> Card:
        card = Card("picture", self.tr("A model for your own pictures"), "", self)
        card.add_line(
            self.tr(
                "The model that comes with the program is small: it draws nothing but its paper theatre. "
                "A photograph would come out as mush. Use a Wan model that you have, or get one."
            )
        )
        find = card.add_button(self.tr("Find models here"), primary=True)
        find.clicked.connect(self.find_wanted)
        card.add_button(self.tr("Get a model")).clicked.connect(self.get_wanted)
        return card

    def _card(self, model: InstalledModel) -> Card:
        told = (model.name, model.kind, model.precision, words.size(model.bytes) if model.bytes else "")
        facts = " · ".join(fact for fact in told if fact and fact not in model.title)
        card = Card("warning" if model.problem else "model", model.title, facts, self)
        if model.problem:
            card.add_line(model.problem, "warn")
        elif model.world:
            card.add_line(self.tr("Comes with the program. It draws its paper theatre, on any computer."))
        if model.families:
            titles = ", ".join(FAMILIES[name].title.partition(":")[0] for name in model.families)
            card.add_sign("film", "text-dim", self.tr("Films {families}").format(families=titles))
        if model.fit.sentence:
            card.add_sign("gpu", "ok" if model.fit.fits else "warn", model.fit.sentence)
        if model.where != "bundled":
            card.add_sign("link" if model.where == "linked" else "folder", "text-dim", self._place(model))
        self._add_buttons(card, model)
        return card

    def _place(self, model: InstalledModel) -> str:
        if model.where != "linked":
            return short_path(model.folder)
        return self.tr("Uses the files in {places}").format(places=", ".join(map(short_path, shared_folders(model))))

    def _add_buttons(self, card: Card, model: InstalledModel) -> None:
        if model.name == self._film_model:
            used = card.add_button(self.tr("In the film"))
            used.setEnabled(False)
        elif self._has_film and not model.problem:
            use = card.add_button(self.tr("Use in the film"), name=self.tr("Use {model}").format(model=model.title))
            use.clicked.connect(lambda: self.use_wanted.emit(model.name))
        if model.where == "linked" and model.problem:
            card.add_button(self.tr("Find its files")).clicked.connect(self.find_wanted)
        if model.entry and model.problem:
            mend = card.add_button(self.tr("Repair"))
            mend.clicked.connect(lambda: self._desk.fetches.fetch([model.entry], mend=True))
        if model.where != "bundled":
            more = card.add_button(self.tr("More"), name=self.tr("More about {model}").format(model=model.title))
            more.setMenu(self._menu(more, model))

    def _menu(self, button: QPushButton, model: InstalledModel) -> KeyMenu:
        menu, fetches = KeyMenu(button), self._desk.fetches
        menu.addAction(self.tr("Show its folder")).triggered.connect(partial(open_with_system, model.folder))
        if model.where == "linked":
            menu.addAction(self.tr("Take it off this list")).triggered.connect(partial(self._desk.unlink, model))
        if model.entry in fetches.models:
            add_entry_actions(menu, fetches, model.entry, self)
        return menu
