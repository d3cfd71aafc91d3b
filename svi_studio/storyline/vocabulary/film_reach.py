"""What of a film its model cannot draw or read: pictures that are not of its world, words that it does not know."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from svi_studio.domain.errors import StudioError
from svi_studio.domain.film.effective_text import around
from svi_studio.domain.film.model_card import ModelCard
from svi_studio.domain.film.storyboard import Storyboard
from svi_studio.storyline.known_words import KnownWords, known_words_of, unknown_words_sentence
from svi_studio.weights.model_folder import read_card
from svi_studio.weights.own_world import picture_warning


@dataclass(frozen=True)
class FilmReach:
    """``known``: the words of a model that knows only some, None = any. ``strange``: a warning for each picture."""

    known: KnownWords | None = None
    strange: Mapping[str, str] = field(default_factory=dict)

    def unknown_words(self, texts: Iterable[str]) -> tuple[str, ...]:
        """The words of ``texts`` that the model does not know, each once."""
        return () if self.known is None else self.known.unknown_words(texts)


def film_reach(board: Storyboard, model: Path, file: Callable[[str], Path]) -> FilmReach:
    """The reach of the model in the folder ``model`` for ``board``, whose pictures ``file`` finds.

    A film with LoRAs of its own may draw another world, so its pictures are not judged. Reads files: for a thread.
    Raises BadWeights.
    """
    card = read_card(model)
    images = () if board.loras or card.world is None else board.images()
    warned = {image: _warning(image, model, card, file) for image in images}
    return FilmReach(known_words_of(model), {image: words for image, words in warned.items() if words})


def film_warnings(board: Storyboard, reach: FilmReach) -> tuple[str, ...]:
    """A sentence for the film's pictures and one for its words; none when the model can make them all."""
    texts = (around(board, clip.prompt) for clip in board.clips)
    words = unknown_words_sentence(reach.unknown_words(texts))
    return tuple(dict.fromkeys((*reach.strange.values(), *([words] if words else []))))


def _warning(image: str, model: Path, card: ModelCard, file: Callable[[str], Path]) -> str:
    try:
        return picture_warning(file(image), model, card)
    except StudioError:
        return ""  # a picture outside of the film is told elsewhere
