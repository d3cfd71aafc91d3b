"""``svi-studio train``: what its options make of the footage: what is fed, how often, and what is said of it."""

import os
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from pydantic import ValidationError

from svi_studio.domain.errors import BadInput
from svi_studio.domain.training.data_recipe import DataRecipe, FolderRepeat, WordChange, named_repeats
from svi_studio.domain.training.footage import FOOTAGE_FILE
from svi_studio.domain.training.recipe import TrainingRecipe
from svi_studio.domain.training.said_words import said_words
from svi_studio.domain.value import first_problem
from svi_studio.media.footage_file import read_footage

_NAMES = "names"


def with_data_options(recipe: TrainingRecipe, options: Namespace) -> TrainingRecipe:
    """``recipe``, whose footage is known, with what the ``options`` say of its data. Raises BadInput."""
    names = ("trigger", "caption_prefix", "caption_dropout", "shapes", "stills", "held_out")
    given: dict[str, object] = {name: getattr(options, name, None) for name in names}
    if (replace := getattr(options, "replace", None)) is not None:
        given["replacements"] = tuple(map(_change, replace))
    if (repeats := getattr(options, "repeats", None)) is not None:
        given["repeats"] = _repeats(repeats, Path(recipe.footage))
    changes = {name: value for name, value in given.items() if value is not None}
    if not changes:
        return recipe
    try:
        data = DataRecipe.model_validate({**dict(recipe.data), **changes})
        return TrainingRecipe.model_validate({**dict(recipe), "data": data})
    except ValidationError as error:
        raise BadInput(f"This cannot be trained so, {first_problem(error)}.") from error


def print_data(recipe: TrainingRecipe, folder: Path) -> None:
    """Says, of footage that was looked through into ``folder``, what the recipe makes of captions and folders."""
    if not (folder / FOOTAGE_FILE).is_file():
        return
    used = [clip for clip in read_footage(folder).clips if clip.is_used]
    sample = next((clip for clip in used if clip.caption), used[0] if used else None)
    if sample is not None and (said := said_words(sample.caption, recipe.data)) != sample.caption:
        print(f'Said of {sample.source}: "{said[:300]}"', flush=True)
    named = [each for each in named_repeats(clip.source for clip in used) if each not in recipe.data.repeats]
    if named and not recipe.data.repeats:
        words = ", ".join(f'"{each.folder}" {each.times} times' for each in named[:3])
        print(f'Folders are named for repeats: {words}. Add "--repeats names" to have that.', flush=True)


def _change(words: str) -> WordChange:
    find, mark, instead = words.partition("=")
    if not mark or not 0 < len(find) <= 200 or len(instead) > 1000:
        raise BadInput(f'"{words[:80]}" says nothing to replace: write --replace "old words=new words".')
    return WordChange(find=find, instead=instead)


def _repeats(words: Sequence[str], footage: Path) -> tuple[FolderRepeat, ...]:
    """As typed, or as the names of the folders say; a number that was typed counts more than a name."""
    found = {each.folder: each for each in (_named(footage) if _NAMES in words else ())}
    typed = [_repeat(word, footage) for word in words if word != _NAMES]
    if len({each.folder for each in typed}) != len(typed):
        raise BadInput("--repeats names a folder twice: say once how often it counts.")
    return tuple((found | {each.folder: each for each in typed}).values())


def _repeat(word: str, footage: Path) -> FolderRepeat:
    folder, mark, number = word.rpartition("=")
    folder = folder.replace("\\", "/").strip("/") or "."
    is_number = number.isascii() and number.isdigit() and 1 <= int(number[:6]) <= 1000
    if not mark or not is_number:
        raise BadInput(f'"{word[:80]}" is not how often a folder counts: write DIR=TIMES, with 1 to 1,000 times.')
    if ".." in folder.split("/") or not (footage / folder).is_dir():
        raise BadInput(f'There is no folder "{folder[:80]}" in {footage}: check --repeats.')
    return FolderRepeat(folder="/".join(part for part in folder.split("/") if part != ".") or ".", times=int(number))


def _named(footage: Path) -> tuple[FolderRepeat, ...]:
    """The folders whose names say how often they count. Raises BadInput when there is none."""
    places = (Path(place).relative_to(footage) for place, _, _ in os.walk(footage))
    found = named_repeats((place / "x").as_posix() for place in places)
    if not found:
        raise BadInput(f'No folder in {footage} is named like "10_cat": write --repeats DIR=TIMES.')
    return found
