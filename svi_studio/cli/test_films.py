"""``svi-studio train``: the test films that its options name."""

from argparse import Namespace
from pathlib import Path

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.value import first_problem, with_fields


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
