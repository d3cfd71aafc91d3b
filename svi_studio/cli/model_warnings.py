"""The lines that a command prints about pictures and words that the film's model cannot make anything of."""

from svi_studio.document.render.film_remarks import reach_remarks, strength_remarks
from svi_studio.domain.text.command_name import command_name
from svi_studio.project.film.film_source import FilmSource


def warnings_of(film: FilmSource, model: str | None = None) -> tuple[str, ...]:
    """One sentence each, and at the end what to do instead; of the model's reach none when it is not on this computer.

    ``model``: another one than the film's.
    """
    told = reach_remarks(film, model)
    reach = (*told[:-1], f"{told[-1]} {_ways_on()}") if told else ()
    return (*reach, *strength_remarks(film))


def _ways_on() -> str:
    return (
        f'Let "{command_name()} storyline" choose picture and words that it knows, or name a larger model with --model.'
    )
