"""A film whose family its model cannot film: the sentence, and the edits that mend it."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from svi_studio.document.inspector.inspected_film import InspectedFilm
from svi_studio.domain.film.family import FAMILIES
from svi_studio.domain.film.filming import cannot_film, fitting_model, nearest_family

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Mend:
    """An edit that makes family and model fit; ``words`` say what it does."""

    words: str
    do: Callable[[], object]


def why_unfit(film: InspectedFilm) -> str:
    """Why the film's model cannot film its family; empty when it can, or nobody knows yet."""
    card = film.card
    return (cannot_film(film.document.storyboard.family, card, film.architecture) or "") if card is not None else ""


def mends(film: InspectedFilm) -> tuple[Mend, ...]:
    """Another family for this model, and another model for this family, as far as there are any."""
    board, card = film.document.storyboard, film.card
    if card is None or film.document.read_only or not why_unfit(film):
        return ()
    found = []
    other = nearest_family(board.family, card, film.architecture)
    if other is not None:
        words = translate("Inspector", "Make it {family}").format(family=FAMILIES[other].title.partition(":")[0])
        text = translate("Inspector", "Change the family")
        found.append(Mend(words, lambda: film.commands.film.change(text, family=other)))
    model = fitting_model(board.family, film.shelf.models)
    if model is not None:
        title = model.card.title if model.card and model.card.title else model.name
        words = translate("Inspector", "Use {model}").format(model=title)
        text_of_model = translate("Inspector", "Change the model")
        found.append(Mend(words, lambda: film.commands.film.change(text_of_model, model=model.name)))
    return tuple(found)
