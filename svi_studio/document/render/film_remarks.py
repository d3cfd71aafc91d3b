"""What a film's model cannot make anything of, and what is assumed of its LoRAs: sentences, read from files."""

from contextlib import suppress

from svi_studio.domain.editing.film_files import named_loras
from svi_studio.domain.errors import StudioError
from svi_studio.project.film.film_source import FilmSource
from svi_studio.storyline.vocabulary.film_reach import film_reach, film_warnings
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.lora_strength import strength_note
from svi_studio.weights.safetensors_header import read_header


def reach_remarks(film: FilmSource, model: str | None = None) -> tuple[str, ...]:
    """Pictures and words that the model cannot draw or read, one sentence each; none while it is not on this computer.

    ``model``: another one than the film's.
    """
    try:
        folder = find_model(model or film.storyboard.model, beside=film.folder)
        return film_warnings(film.storyboard, film_reach(film.storyboard, folder, film.file))
    except StudioError:
        return ()  # whoever renders is told what is wrong with the model


def strength_remarks(film: FilmSource) -> tuple[str, ...]:
    """What is assumed of LoRAs that do not say how strong they are meant."""
    notes = []
    for file in named_loras(film.storyboard):
        with suppress(StudioError):
            notes.append(strength_note(film.file(file), read_header(film.file(file))))
    return tuple(filter(None, notes))
