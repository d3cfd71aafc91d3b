"""A model goes into a film: one step of undo, with another family where the film's own cannot be filmed with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from svi_studio.document.models.installed import InstalledModel
from svi_studio.document.opening.open_film import OpenFilm
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filming import cannot_film, nearest_family


@dataclass(frozen=True, slots=True)
class Said:
    """What was done, or why nothing was: a sentence."""

    is_done: bool
    sentence: str


def use_model(film: OpenFilm, name: str, installed: Iterable[InstalledModel]) -> Said:
    """Gives ``film`` the model called ``name``."""
    model = next((each for each in installed if each.name == name), None)
    if model is None or film.read_only:
        return Said(False, film.document.read_only_reason or _text("This model is not there any more."))
    family = _family(film.document.storyboard.family, model)
    if family is None:
        film.commands.film.change(_text("Change the model"), model=name)
        return Said(True, _text("The film is drawn by {model} now.").format(model=model.title))
    film.commands.film.change(_text("Change the model and the family"), model=name, family=family)
    titles = {each: FAMILIES[each].title.partition(":")[0] for each in FAMILIES}
    sentence = _text("The film is drawn by {model} now, as {family}, which this model can film.")
    return Said(True, sentence.format(model=model.title, family=titles[family]))


def _family(now: str, model: InstalledModel) -> str | None:
    """The family that the film has to become with that model; None when it stays, or nothing fits."""
    card, architecture = model.found.card, model.found.architecture
    if card is None or cannot_film(now, card, architecture) is None:
        return None
    return nearest_family(now, card, architecture)


def _text(text: str) -> str:
    return QCoreApplication.translate("UseModel", text)
