"""One way to film: the model it needs, of which there may be several to choose from, what else, and what is missing."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from svi_studio.document.models.fetch_desk import FetchDesk
from svi_studio.document.models.file_words import architecture_title
from svi_studio.document.models.kit_states import KitState
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.layouts import row_of
from svi_studio.ui.models.card import Card
from svi_studio.ui.models.offer_box import OfferBox

_CHOICE = 460


class KitCard(Card):
    """``chosen`` brings which of the models the user wants, by its place; ``use_wanted``: a film shall be made so,
    ``hearing_wanted``: its model shall follow sounds.

    ``has_film``: there is one that can be.
    """

    chosen = Signal(int)
    use_wanted = Signal()
    hearing_wanted = Signal()

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
        else:
            self._add_choices(choice)
        for part in state.parts:
            icon, tone = ("check", "ok") if part.here else ("minus", "text-dim")
            optional = self.tr("optional") if part.optional else ""
            self.add_sign(icon, tone, part.title, " · ".join(filter(None, (part.does, optional))))
        if state.is_ready:
            self.add_line(self.tr("All of it is here."), "ok")
            if has_film:
                use = self.add_button(self.tr("Use in the film"), name=self.tr("Film with {kit}").format(kit=kit.title))
                use.clicked.connect(self.use_wanted)
        elif state.deaf and state.model is not None and state.model.where == "linked" and not state.lacking[0]:
            hear = self.add_button(
                self.tr("Let it hear"), name=self.tr("Let {model} hear").format(model=state.model.title)
            )
            hear.clicked.connect(self.hearing_wanted)
        elif state.deaf and state.model is not None and state.model.where == "yours":
            self.add_line(
                self.tr(
                    "A model hears once the sound network and the network that hears lie beside its makers' original "
                    "files while these are converted: see “Models” in the read-me."
                )
            )
        self._show_offer(choice)

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
            self._offer = OfferBox(self._fetches, names, self)
            self.body.addWidget(self._offer)
