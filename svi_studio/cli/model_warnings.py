"""The lines that a command prints about pictures and words that the film's model cannot make anything of."""

from contextlib import suppress

from svi_studio.domain.editing.film_files import named_loras
from svi_studio.domain.errors import StudioError
from svi_studio.domain.text.command_name import command_name
from svi_studio.project.film.film_source import FilmSource
from svi_studio.storyline.vocabulary.film_reach import film_reach, film_warnings
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.lora_strength import strength_note
from svi_studio.weights.safetensors_header import read_header


def warnings_of(film: FilmSource, model: str | None = None) -> tuple[str, ...]:
    """One sentence each, and at the end what to do instead; of the model's reach none when it is not on this computer.

    ``model``: another one than the film's.
    """
    try:
        folder = find_model(model or film.storyboard.model, beside=film.folder)
        told = film_warnings(film.storyboard, film_reach(film.storyboard, folder, film.file))
    except StudioError:
        told = ()  # whoever renders is told what is wrong with the model
    reach = (*told[:-1], f"{told[-1]} {_ways_on()}") if told else ()
    return (*reach, *_strength_notes(film))


def _strength_notes(film: FilmSource) -> tuple[str, ...]:
    """What is assumed of LoRAs that do not say how strong they are meant."""
    notes = []
    for file in named_loras(film.storyboard):
        with suppress(StudioError):
            notes.append(strength_note(film.file(file), read_header(film.file(file))))
    return tuple(filter(None, notes))


def _ways_on() -> str:
    return (
        f'Let "{command_name()} storyline" choose picture and words that it knows, or name a larger model with --model.'
    )
