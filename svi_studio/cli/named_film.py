"""The film that the command line names, with the options that change it."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

from svi_studio.cli.film_recipe import with_recipe
from svi_studio.domain.editing.edits import change_film
from svi_studio.domain.errors import BadInput, StudioError
from svi_studio.domain.film.family import FamilyProfile, family_to_show
from svi_studio.project.film.film_source import FilmSource, open_film
from svi_studio.project.film.project_file import SUFFIX
from svi_studio.weights.architecture import read_architecture
from svi_studio.weights.catalogue import find_model
from svi_studio.weights.model_folder import read_card

_OWN = ("shift", "boundary", "motion_amplitude", "advance")


def named_film(options: Namespace) -> FilmSource:
    """The film at ``options.source``; the takes of a bare storyboard lie in ``--project``, or beside the film.

    Raises BadInput, BadProject or NewerVersion.
    """
    film = open_film(options.source, options.project)
    if film.is_bare and options.project is None and options.output is not None:
        film = replace(film, project=_beside(options.output))
    seed = {} if options.seed is None else {"seed": options.seed}
    model = {"model": options.model} if _is_plain_name(options.model) else {}
    stability = {} if options.stability is None else {"stability": options.stability}
    film = replace(film, storyboard=change_film(film.storyboard, **seed, **model, **stability))
    if options.recipe is not None:
        film = replace(film, storyboard=with_recipe(film, options.recipe, options.model))
    own = {name: value for name in _OWN if (value := getattr(options, name)) is not None}
    _refuse_idle(film, options)
    return replace(film, storyboard=change_film(film.storyboard, **own)) if own else film


def _refuse_idle(film: FilmSource, options: Namespace) -> None:
    """Raises BadInput for an option that changes nothing in such a film: who writes it expects that it does."""
    profile = film.storyboard.profile_to_show
    if (options.motion_amplitude or 1) > 1 and not profile.widens_motion:
        raise BadInput(
            f"The family {_short(profile)} has no motion to widen in what it hands on: leave out --motion-amplitude."
        )
    own = family_to_show(film.storyboard.family)
    if options.advance == "authors" and not own.needs and own.advancing("authors") == own:
        raise BadInput(f"The authors' script joins {_short(own)} as this program does: leave out --advance.")
    if options.boundary is not None and _experts(film, options.model) == 1:
        raise BadInput("The film's model has only one transformer, and no boundary between two: leave out --boundary.")


def _short(profile: FamilyProfile) -> str:
    return profile.title.partition(":")[0]


def _experts(film: FilmSource, model: str | None) -> int | None:
    """How many transformers the film's model has; None while it is not on this computer, which the render says."""
    try:
        folder = find_model(model or film.storyboard.model, beside=film.folder)
        return 2 if read_architecture(folder, read_card(folder)).two_experts else 1
    except StudioError:
        return None


def _beside(output: Path) -> Path:
    if not output.name:
        raise BadInput(f'"{output}" is no name for a film: choose one like film.mp4.')
    return output.with_suffix(SUFFIX)


def _is_plain_name(model: str | None) -> bool:
    """Whether a storyboard can name the model so; a folder anywhere else holds for one command only."""
    return model is not None and Path(model).name == model
