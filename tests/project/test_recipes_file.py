"""The file with a user's own recipes: kept whole, read as a stranger's, never lost."""

import json
from pathlib import Path

import pytest

from svi_studio.domain.errors import BadInput, NewerVersion, StudioError
from svi_studio.domain.film.own_recipes import MOST_RECIPES, ChosenLora, OwnRecipes, find_recipe
from svi_studio.domain.film.speed_recipe import BUILT_IN, RecipeLora, SpeedRecipe
from svi_studio.project.film.recipes_file import read_recipes, write_recipes

MINE = SpeedRecipe(
    name="Night",
    architectures=("wan2.2-i2v-a14b",),
    num_inference_steps=6,
    guidance_scale=1.5,
    loras=(RecipeLora(expert="high", weight=0.4),),
)


def test_what_is_kept_is_read_again(tmp_path: Path) -> None:
    own = OwnRecipes().keep(MINE).remember(ChosenLora(file="/loras/a.safetensors", expert="high"))
    write_recipes(tmp_path / "new" / "recipes.json", own)
    assert read_recipes(tmp_path / "new" / "recipes.json") == own


def test_without_a_file_there_are_none(tmp_path: Path) -> None:
    assert read_recipes(tmp_path / "recipes.json") == OwnRecipes()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff\xfe\x00",
        b'{"recipes": [{"name": "x", "num_inference_steps": 0}]}',
        b'{"recipes": [{"name": "x", "guidance_scale": NaN}]}',
        b'{"recipes": [{"name": "x", "run": "rm"}]}',
        b'{"recipes": [], "recipes": []}',
        b'{"format": "something else"}',
        b"[" * 200 + b"]" * 200,
    ],
)
def test_a_damaged_file_is_one_sentence_and_stays(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "recipes.json"
    file.write_bytes(content)
    with pytest.raises(BadInput, match=r"cannot be read .*repair the file, or remove it"):
        read_recipes(file)
    assert file.read_bytes() == content


def test_one_of_a_newer_program_is_left_alone(tmp_path: Path) -> None:
    file = tmp_path / "recipes.json"
    file.write_text(json.dumps({"schema_version": 2, "colour": "red"}))
    with pytest.raises(NewerVersion, match="update this one"):
        read_recipes(file)


def test_a_file_of_megabytes_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "recipes.json"
    file.write_bytes(b" " * (2 << 20))
    with pytest.raises(StudioError):
        read_recipes(file)


def test_they_are_renamed_and_removed() -> None:
    own = OwnRecipes().keep(MINE).rename("Night", "  Deep   night ")
    assert [each.name for each in own.recipes] == ["Deep night"]
    assert own.recipes[0].model_copy(update={"name": "Night"}) == MINE
    assert own.remove("Deep night") == OwnRecipes()


@pytest.mark.parametrize("name", ["", "   ", "night", "Full", "FAST: 4 steps", "x" * 81, "a\u202eb", "a\x07"])
def test_a_name_that_is_taken_or_none_is_refused(name: str) -> None:
    own = OwnRecipes().keep(MINE)
    with pytest.raises(BadInput):
        own.keep(MINE.model_copy(update={"name": name}))


def test_it_can_keep_its_name_in_other_letters() -> None:
    assert OwnRecipes().keep(MINE).rename("Night", "NIGHT").recipes[0].name == "NIGHT"


def test_there_can_be_many_but_not_any_number() -> None:
    own = OwnRecipes()
    for number in range(MOST_RECIPES):
        own = own.keep(SpeedRecipe(name=f"r{number}"))
    with pytest.raises(BadInput, match="remove one first"):
        own.keep(MINE)


def test_what_is_not_there_cannot_be_renamed() -> None:
    with pytest.raises(BadInput, match="no recipe of your own"):
        OwnRecipes().rename("Night", "Day")


def test_the_file_chosen_last_comes_first_and_once() -> None:
    first, second = ChosenLora(file="/a"), ChosenLora(file="/b")
    own = OwnRecipes().remember(first).remember(second).remember(first)
    assert own.loras == (first, second)


def test_names_and_titles_find_recipes_however_they_are_written() -> None:
    assert find_recipe(" fast:  4 STEPS ", BUILT_IN) == find_recipe("fast4", BUILT_IN)
    assert find_recipe("slow", BUILT_IN) is None
