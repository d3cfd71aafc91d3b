"""Family and model of the film: what can be chosen, in plain words, and why something cannot."""

from PySide6.QtCore import QCoreApplication, Signal, Slot
from PySide6.QtWidgets import QWidget

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.document.inspector.values import FilmValue
from svi_studio.domain.film.architecture import Architecture
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filming import cannot_film, nearest_family
from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.track import InputKind
from svi_studio.ui.controls.choice_box import Choice, ChoiceBox
from svi_studio.ui.controls.field import Field
from svi_studio.ui.controls.layouts import column_of
from svi_studio.ui.inspector.unfit_part import UnfitPart

_MORE = object()
"""The line of the list that leads to more models."""


class FilmLook(QWidget):
    """Two lists: the family and the model. ``models_wanted``: none of these models will do."""

    models_wanted = Signal()

    def __init__(self, film: InspectedFilm, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shelf, self._film = film.shelf, film
        self._family_state = FilmValue(film, "family", self.tr("Change the family"), self)
        self._model_state = FilmValue(film, "model", self.tr("Change the model"), self)
        self.family = ChoiceBox(self)
        self.family_field = Field(self.tr("Family"), self.family)
        self.model = ChoiceBox(self)
        self.model_field = Field(self.tr("Model"), self.model)
        self.unfit = UnfitPart(film, self)
        column_of(self.family_field, self.model_field, self.unfit, within=self, spacing=14)
        self.family.chosen.connect(self._family_state.set)
        self.model.chosen.connect(self._model_chosen)
        self._family_state.changed.connect(self.show_state)
        film.changed.connect(self.show_state)
        self.show_state()

    def show_state(self) -> None:
        """Shows what the film has."""
        self._show_family(self._family_state.get())
        self._show_model(self._model_state.get())

    def _show_family(self, name: str) -> None:
        card, loras = self._film.card, bool(self._film.document.storyboard.loras)
        architecture = self._film.architecture
        choices = [Choice(each, family_words(each), _refusal(each, card, loras, architecture)) for each in FAMILIES]
        if name not in FAMILIES:
            choices.append(Choice(name, name, self.tr("This version does not know this family.")))
        self.family.show_choices(choices)
        self.family.show_value(name)
        self.family.setEnabled(self._family_state.is_open)
        self.family_field.set_help(family_sentence(name))

    def _show_model(self, name: str) -> None:
        choices = [self._model_choice(model) for model in self._shelf.models]
        found = self._shelf.find(name)
        if found is None:
            words = self.tr("{model} (not on this computer)") if self._shelf.has_looked else "{model}"
            choices.append(Choice(name, words.format(model=name)))
        choices.append(Choice(_MORE, self.tr("Get or find more models…")))
        self.model.show_choices(choices)
        self.model.show_value(found.name if found else name)
        self.model.setEnabled(self._model_state.is_open)
        self.model_field.set_help(self._model_help(found))

    def _model_choice(self, model: FoundModel) -> Choice:
        """A model that cannot film the film's family brings another one with it, and says so."""
        title = model.card.title if model.card and model.card.title else model.name
        family = self._family_for(model)
        if family is None or self._model_state.get() in (model.name, model.folder.name):
            return Choice(model.name, title, model.problem or "")
        words = self.tr("{model} · as {family}").format(model=title, family=family_words(family))
        return Choice(model.name, words, model.problem or "")

    def _family_for(self, model: FoundModel) -> str | None:
        """The family that the film has to become with that model; None when it stays, or nothing fits."""
        name = self._family_state.get()
        if model.card is None or cannot_film(name, model.card, model.architecture) is None:
            return None
        return nearest_family(name, model.card, model.architecture)

    @Slot(object)
    def _model_chosen(self, name: object) -> None:
        if name is _MORE:
            self.show_state()
            self.models_wanted.emit()
            return
        found = self._shelf.find(str(name))
        family = self._family_for(found) if found is not None else None
        if family is None:
            self._model_state.set(name)
        else:
            self._film.commands.film.change(self.tr("Change the model and the family"), model=name, family=family)

    def _model_help(self, found: FoundModel | None) -> str:
        if found is None:
            words = self.tr("This model is not on this computer. Choose another one, or add it.")
            return words if self._shelf.has_looked else ""
        if found.problem:
            return found.problem
        return self.tr("Comes with the program.") if found.origin == "bundled" else str(found.folder)


def family_words(name: str) -> str:
    """The family's name in the list."""
    title = FAMILIES[name].title
    return title.partition(":")[0] or name


def family_sentence(name: str) -> str:
    """One plain sentence that says what the family is for; empty for one of another version."""
    sentences = {
        "shot": QCoreApplication.translate("Inspector", "One scene that goes on and on, guided by its picture."),
        "film": QCoreApplication.translate("Inspector", "A story through many scenes; each clip has its own prompt."),
        "talk": QCoreApplication.translate("Inspector", "A face that speaks to the sound under the film."),
        "dance": QCoreApplication.translate("Inspector", "A body that dances as the skeleton under the film does."),
        "shot2": QCoreApplication.translate("Inspector", "One scene that goes on and on, joined over five frames."),
        "pro": QCoreApplication.translate(
            "Inspector", "A long story for Wan 2.2; nothing is decoded and encoded between its clips."
        ),
        "pro5b": QCoreApplication.translate(
            "Inspector", "A long story for the small Wan 2.2, which needs less memory."
        ),
    }
    known = FAMILIES.get(name)
    return sentences.get(name, known.title if known else "")


def family_refusal(name: str, card: ModelCard | None = None, with_loras: bool = False) -> str:
    """Why the family cannot be chosen in a film with the model of ``card``; empty when it can, or nobody knows yet.

    A LoRA of the film may bring what a model lacks to follow skeletons.
    """
    reasons = {
        InputKind.SOUND: QCoreApplication.translate(
            "Inspector", "The film's model follows no sound: choose another model first."
        ),
        InputKind.SKELETON: QCoreApplication.translate(
            "Inspector", "The film's model follows no skeleton: choose another model first."
        ),
    }
    if FAMILIES[name].unread_needs:
        return QCoreApplication.translate("Inspector", "Not in this version.")
    lacks = FAMILIES[name].needs.difference(card.inputs) if card is not None else frozenset()
    return next((reasons[kind] for kind in sorted(lacks) if kind is not InputKind.SKELETON or not with_loras), "")


def _refusal(name: str, card: ModelCard | None, with_loras: bool, architecture: Architecture | None) -> str:
    """Why the film cannot become of that family, as its model is."""
    unfit = cannot_film(name, card, architecture) if card is not None else None
    return unfit or family_refusal(name, card, with_loras)
