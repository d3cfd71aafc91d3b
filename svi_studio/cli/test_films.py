"""``svi-studio train``: the test films that its options name."""

from argparse import Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.wording import plural
from svi_studio.domain.training.footage import FOOTAGE_FILE, FootageClip
from svi_studio.domain.training.held_out import ENOUGH_CLIPS, choose_held_out
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.verdict import FEWEST_STARTS
from svi_studio.domain.value import first_problem, with_fields
from svi_studio.media.footage_file import read_footage


def with_test_films(recipe: TrainingRecipe, options: Namespace) -> TrainingRecipe:
    """``recipe`` with the test films of the ``options``, where they say any. Raises BadInput."""
    pictures: list[Path] = options.test_picture or []
    for picture in pictures:
        if not picture.is_file():
            raise BadInput(f"There is no picture {picture} for a test film: check the name.")
    placed = tuple(str(picture.absolute()) for picture in pictures)
    given = {
        "prompts": tuple(options.test_prompt or ()),
        "pictures": placed,
        "control": options.control,
        "naive": options.naive,
    }
    try:
        evaluation = with_fields(recipe.evaluation, {name: value for name, value in given.items() if value})
    except ValidationError as error:
        raise BadInput(f"These test films are not possible, {first_problem(error)}.") from error
    return with_fields(recipe, {"evaluation": evaluation})


def print_test_films(recipe: TrainingRecipe, folder: Path) -> None:
    """Says, of footage that was looked through into ``folder``, what its test films will not be able to tell."""
    if (folder / FOOTAGE_FILE).is_file():
        for line in film_warnings(recipe, [clip for clip in read_footage(folder).clips if clip.is_used]):
            print(line, flush=True)


def film_warnings(recipe: TrainingRecipe, clips: Sequence[FootageClip]) -> Iterator[str]:
    """What the test films of a training on ``clips``, the used ones, cannot tell; none: they are not known yet."""
    evaluation = recipe.evaluation
    if not evaluation.every:
        return
    held_out = len(choose_held_out(clips, recipe.data.held_out).held_out)
    films, starts = evaluation.planned(held_out or len(clips))
    if starts < FEWEST_STARTS:
        yield (
            f"{plural(films, 'test film')} from {plural(starts, 'start')}: at least {FEWEST_STARTS} are needed to tell "
            "whether it helped. Add pictures with --test-picture FILE."
        )
    if clips and not held_out and evaluation.from_footage:
        why = f", as there are fewer than {ENOUGH_CLIPS}" if recipe.data.held_out else ""
        yield f"No clip is held out{why}: test films start from clips that are trained on."
