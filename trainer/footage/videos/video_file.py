"""Where the video of a clip lies, and what to do where its whole folder is gone."""

from pathlib import Path

from svi_studio.domain.errors import BadInput
from svi_studio.domain.text.command_name import command_name
from svi_studio.domain.training.recipe import TrainingRecipe


def video_file(recipe: TrainingRecipe, source: str) -> Path:
    """The file ``source`` below the recipe's footage. Raises BadInput when the folder of the footage is not there."""
    folder = Path(recipe.footage)
    if not folder.is_dir():
        raise BadInput(
            f"There is no folder {folder} with footage any more: if it was moved, say where it is now, with "
            f'"{command_name()} train --run RUN --footage FOLDER" or in the window with "Change it and go on…".'
        )
    return folder / source
