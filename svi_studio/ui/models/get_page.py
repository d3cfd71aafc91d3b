"""The page of all ways to film: what each needs, what of it is here, and one button for the rest."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from svi_studio.document import words
from svi_studio.document.models.kit_states import KitState
from svi_studio.document.models.models_desk import ModelsDesk
from svi_studio.domain.fetching.known_model import KnownModel
from svi_studio.ui.controls.key_menu import KeyMenu
from svi_studio.ui.controls.section import Section
from svi_studio.ui.dialogs.choose_file import choose_file
from svi_studio.ui.models.card import Card
from svi_studio.ui.models.entry_menu import add_entry_actions
from svi_studio.ui.models.kit_card import KitCard
from svi_studio.ui.models.offer_box import OfferBox
from svi_studio.ui.models.page import ModelsPage
from svi_studio.ui.models.token_dialog import TokenDialog


class GetPage(ModelsPage):
    """``use_wanted`` brings the ``KitState`` that the film shall be made with."""

    use_wanted = Signal(object)

    def __init__(self, desk: ModelsDesk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._chosen: dict[str, int] = {}
        self._others_open = self._has_film = False
        self.set_heading(
            self.tr("Get models"),
            self.tr(
                "What each way to film needs. Nothing is asked of the internet before you press a button. "
                "Files that ComfyUI or another program has already can be used where they are: find them first."
            ),
        )
        desk.changed.connect(self.show_state)
        desk.fetches.changed.connect(self.show_state)
        self.show_state()

    def show_film(self, model: str | None) -> None:
        """Which model the film has; None = no film is open, or it cannot be changed."""
        self._has_film = model is not None
        self.show_state()

    def show_state(self) -> None:
        """Shows what is there."""
        desk, fetches = self._desk, self._desk.fetches
        state = (desk.kits, tuple(fetches.models), fetches.sizes, frozenset(fetches.checking), self._has_film)
        self.fill(state, self._build)

    def _build(self) -> None:
        for state in self._desk.kits:
            self.add(self._card(state))
        if self._desk.kits:
            self.add(self._others())

    def _card(self, state: KitState) -> KitCard:
        choice = self._chosen.get(state.kit.name, 0)
        card = KitCard(self._desk.fetches, state, choice, has_film=self._has_film, parent=self)
        card.hearing_wanted.connect(self._desk.let_hear)
        card.link_wanted.connect(lambda: self._link(state))
        card.use_wanted.connect(lambda: self.use_wanted.emit(state))
        card.chosen.connect(lambda choice: self._chosen.update({state.kit.name: choice}))
        return card

    def _link(self, state: KitState) -> None:
        if state.filmable is not None:
            self._desk.search.link(state.filmable)

    def _others(self) -> Section:
        """Everything else that the catalogue has, made when it is first wanted: there is much of it."""
        section = Section(self.tr("More from the catalogue"), parent=self)
        section.heading.toggled.connect(lambda is_open: self._open_others(section, is_open=is_open))
        section.set_open(self._others_open)
        return section

    def _open_others(self, section: Section, *, is_open: bool) -> None:
        self._others_open = is_open
        if is_open and not section.body.count():
            section.body.addWidget(self._own())
            for model in self._desk.fetches.models.values():
                section.body.addWidget(self._entry(model))

    def _own(self) -> Card:
        """How the catalogue gets longer, and the way to what is not for everybody."""
        card = Card("folder", self.tr("Others that you know of"), self.tr("A JSON file names where they lie."), self)
        card.add_button(self.tr("Access token…")).clicked.connect(
            lambda: TokenDialog(self._desk.fetches.token, self).open()
        )
        card.add_button(self.tr("Add to the catalogue…")).clicked.connect(self._choose_entries)
        return card

    def _choose_entries(self) -> None:
        title, kinds = self.tr("Add to the catalogue"), self.tr("Entries of models (*.json)")
        choose_file(self, title, kinds, lambda file: self._desk.add_entries(Path(file)))

    def _entry(self, model: KnownModel) -> Card:
        facts = " · ".join(filter(None, (model.repository, model.licence)))
        card = Card("layers" if model.purpose == "lora" else "model", model.title, facts, self)
        if model.note:
            card.add_line(model.note)
        fetches = self._desk.fetches
        if model.name in fetches.sizes:
            card.add_sign("check", "ok", self.tr("Here, {size}").format(size=words.size(fetches.sizes[model.name])))
            more = card.add_button(self.tr("More"), name=self.tr("More about {title}").format(title=model.title))
            menu = KeyMenu(more)
            add_entry_actions(menu, fetches, model.name, self)
            more.setMenu(menu)
        else:
            card.body.addWidget(OfferBox(fetches, [model.name], card))
        return card
