"""One way to film: the model it needs, of which there may be several to choose from, what else, and what is missing."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from svi_studio.document.models.fetch_desk import FetchDesk
from svi_studio.document.models.file_words import architecture_title
from svi_studio.document.models.installed import InstalledModel
from svi_studio.document.models.kit_states import KitState
from svi_studio.domain.film.filmable import WORDS_FOR_PART
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.models.card import Card
from svi_studio.ui.models.offer_box import OfferBox

_CHOICE = 460


class KitCard(Card):
    """``chosen`` brings which of the models the user wants, by its place; ``use_wanted``: a film shall be made so,
    ``hearing_wanted``: its model shall follow sounds, ``link_wanted``: the files here shall become its model.

    ``has_film``: there is one that can be.
    """

    chosen = Signal(int)
    use_wanted = Signal()
    hearing_wanted = Signal()
    link_wanted = Signal()

    def __init__(
        self, fetches: FetchDesk, state: KitState, choice: int, *, has_film: bool, parent: QWidget | None = None
    ) -> None:
        kit = state.kit
        super().__init__("check" if state.is_ready else "film", kit.title, kit.does, parent)
        self._fetches, self._state = fetches, state
        self._offer: OfferBox | None = None
        self.models = ChoiceBox(self)
        self.models.hide()
        self.title.setToolTip(architecture_title(kit.architecture))
        if state.model is not None:
            self.add_sign("check", "ok", state.model.title, self.tr("draws it"))
        elif state.filmable is not None:
            self.add_sign("check", "ok", state.filmable.title, self.tr("draws it"))
            for missing in state.filmable.missing:
                known = fetches.models.get(missing.fetch or "")
                title = known.title if known is not None else WORDS_FOR_PART[missing.part]
                self.add_sign("minus", "text-dim", title, self.tr("the model needs it"))
        else:
            self._add_choices(choice)
        for part in state.parts:
            icon, tone = ("check", "ok") if part.here else ("minus", "text-dim")
            optional = self.tr("optional") if part.optional else ""
            self.add_sign(icon, tone, part.title, " · ".join(filter(None, (part.does, optional))))
        self._add_ways(has_film=has_film)
        self._show_offer(choice)

    def _add_ways(self, *, has_film: bool) -> None:
        state = self._state
        if state.is_ready:
            self.add_line(self.tr("All that it needs is here."), "ok")
            if has_film:
                words = self.tr("Film with {kit}").format(kit=state.kit.title)
                self.add_button(self.tr("Use in the film"), name=words).clicked.connect(self.use_wanted)
        elif state.can_be_linked:
            self._add_link()
        elif state.model is None and not state.lacking[0]:
            self.add_line(self.tr("Its files are here, but do not fit together: see “On this computer”."), "warn")
        elif state.deaf and state.model is not None:
            self._add_hearing(state.model)

    def _add_link(self) -> None:
        """Files that only have to be made a model."""
        if self._state.model is not None:
            self.add_line(self.tr("The model that you have follows no sound; one linked to the files here does."))
        else:
            self.add_line(self.tr("The files of its model are here."), "ok")
        title = self._state.filmable.title if self._state.filmable is not None else ""
        link = self.add_button(
            self.tr("Use these files"), primary=True, name=self.tr("Use the files of {title}").format(title=title)
        )
        link.clicked.connect(self.link_wanted)

    def _add_hearing(self, model: InstalledModel) -> None:
        if model.where == "linked":
            if not self._state.lacking[0]:
                words = self.tr("Let {model} hear").format(model=model.title)
                self.add_button(self.tr("Let it hear"), name=words).clicked.connect(self.hearing_wanted)
            return
        self.add_line(
            self.tr(
                "The model that you have follows no sound. One that is linked to files of Wan 2.1 does, as soon as the "
                "sound network and the network that hears are here."
            )
        )

    def _add_choices(self, choice: int) -> None:
        self.models.setAccessibleName(self.tr("Model for {title}").format(title=self._state.kit.title))
        self.models.setMaximumWidth(_CHOICE)
        words = self.tr("{title}: {does}")
        choices = self._state.kit.choices
        self.models.show_choices(
            [Choice(place, words.format(title=each.title, does=each.does)) for place, each in enumerate(choices)]
        )
        self.models.show_value(choice)
        self.models.chosen.connect(self._choose)
        self.models.show()
        self.body.addLayout(row_of((self.models, 1), 0))

    def _choose(self, place: object) -> None:
        if isinstance(place, int):
            self.chosen.emit(place)
            self._show_offer(place)

    def _show_offer(self, choice: int) -> None:
        """The button for what is missing; for what is optional where nothing is."""
        if self._offer is not None:
            self.body.removeWidget(self._offer)
            self._offer.hide()
            self._offer.deleteLater()
            self._offer = None
        state = self._state
        names = state.lacking[choice] or tuple(part.fetch for part in state.parts if part.optional and not part.here)
        if names:
            self._offer = OfferBox(self._fetches, names, self, optional=not state.lacking[choice])
            self.body.addWidget(self._offer)
