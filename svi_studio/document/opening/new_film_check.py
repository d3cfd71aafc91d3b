"""A look at a picture or a few words before a film is made of them: can the model of a new film draw that?"""

from dataclasses import dataclass, field
from pathlib import Path

from svi_studio.domain.film.found_model import FoundModel
from svi_studio.domain.film.new_film_model import NEW_FILM_MODEL
from svi_studio.domain.story.starting_picture import StartingPicture
from svi_studio.storyline.known_words import known_words_of
from svi_studio.storyline.vocabulary.starting_pictures import starting_pictures
from svi_studio.storyline.vocabulary.subject_check import SubjectCheck, check_subject
from svi_studio.weights.catalogue import find_model, find_models
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.own_world import picture_warning


@dataclass(frozen=True, slots=True)
class NewFilmCheck:
    """``warning`` is empty when all is well; ``other`` is a model on this computer that draws anything, if any."""

    warning: str = ""
    other: FoundModel | None = None
    subject: SubjectCheck = field(default_factory=SubjectCheck)


def check_new_picture(picture: Path) -> NewFilmCheck:
    """Whether the model of a new film can draw ``picture``. For a thread; raises BadWeights."""
    folder = find_model(NEW_FILM_MODEL)
    warning = picture_warning(picture, folder, read_card(folder))
    return NewFilmCheck(warning, free_model()) if warning else NewFilmCheck()


def check_new_subject(subject: str, seed: int = 0) -> NewFilmCheck:
    """Whether the model of a new film knows the words ``subject``. For a thread; raises BadWeights."""
    check = check_subject(subject, known_words_of(find_model(NEW_FILM_MODEL)), seed)
    return NewFilmCheck(check.sentence, free_model(), check) if check.sentence else NewFilmCheck()


def ready_made_pictures() -> tuple[StartingPicture, ...]:
    """The pictures that come with the program for the model of a new film. For a thread."""
    return starting_pictures(known_words_of(find_model(NEW_FILM_MODEL)))


def free_model() -> FoundModel | None:
    """A sound model on this computer that draws any world; None when there is none."""
    sound = (model for model in find_models() if model.problem is None)
    return next((model for model in sound if model.card is not None and model.card.world is None), None)
