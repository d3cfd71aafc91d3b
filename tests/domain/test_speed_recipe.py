"""Speed recipes: what is offered, which files they find, what they write into a film and how they are told again."""

import pytest

from svi_studio.domain.editing.edits import change_clip, change_film
from svi_studio.domain.editing.recipe_edits import apply_recipe
from svi_studio.domain.film.architecture import ARCHITECTURES, WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B
from svi_studio.domain.film.family import family
from svi_studio.domain.film.model_card import ModelCard, OwnWorld
from svi_studio.domain.film.sampling import Sampling
from svi_studio.domain.film.speed_recipe import (
    BUILT_IN,
    FULL,
    KnownLora,
    RecipeLora,
    SpeedRecipe,
    find_loras,
    lora_source,
    offered,
    present_recipe,
    recipe_of,
)
from svi_studio.domain.film.storyboard import LoraUse, Storyboard
from tests.builders.storyboards import film as plain_film

A14B, WAN21, SMALL = (ARCHITECTURES[name] for name in (WAN_2_2_I2V_A14B, WAN_2_1_I2V, WAN_2_2_TI2V_5B))
CARD = ModelCard(name="wan")
HIGH = KnownLora("h.safetensors", True, "high", WAN_2_2_I2V_A14B)
LOW = KnownLora("l.safetensors", True, "low", WAN_2_2_I2V_A14B)
STYLE = LoraUse(file="style.safetensors", weight=0.7)
DISTILLED = {"h.safetensors", "l.safetensors"}


def film(clips: int, **settings: object) -> Storyboard:
    return change_film(plain_film(clips), **settings)


def recipe(name: str, architecture: str = WAN_2_2_I2V_A14B) -> SpeedRecipe:
    return next(
        each for each in BUILT_IN if each.name == name and architecture in (each.architectures or (architecture,))
    )


def uses(chosen: SpeedRecipe) -> list[LoraUse]:
    found = find_loras(chosen, [HIGH, LOW], A14B)
    return [LoraUse(file=each.file, weight=lora.weight, expert=lora.expert) for lora, each in found if each]


def with_recipe(board: Storyboard, name: str) -> Storyboard:
    chosen = recipe(name)
    return apply_recipe(board, chosen, uses(chosen), distilled=DISTILLED)


def calls(board: Storyboard, architecture: str = WAN_2_2_I2V_A14B) -> int:
    return Sampling.of_film(board, CARD, family(board.family), ARCHITECTURES[architecture]).calls


def names(architecture: str, card: ModelCard = CARD) -> list[str]:
    return [each.name for each in offered(BUILT_IN, ARCHITECTURES[architecture], card)]


def test_each_architecture_has_its_own() -> None:
    assert names(WAN_2_1_I2V) == ["full", "fewer", "fast4", "fast8"]
    assert names(WAN_2_2_I2V_A14B) == ["full", "fewer", "fast4", "fast8", "motion"]
    assert names(WAN_2_2_TI2V_5B) == ["full", "fewer"]


def test_a_model_of_its_own_world_has_none_with_distilled_loras() -> None:
    world = OwnWorld(warning="Only paper.", places="world.png")
    mini = ModelCard(name="mini", width=80, height=48, world=world)
    assert names(WAN_2_1_I2V, mini) == ["full", "fewer"]


@pytest.mark.parametrize("architecture", [WAN_2_1_I2V, WAN_2_2_I2V_A14B, WAN_2_2_TI2V_5B])
def test_a_model_that_is_made_for_few_steps_gets_no_distilled_loras_on_top(architecture: str) -> None:
    found = offered(BUILT_IN, ARCHITECTURES[architecture], CARD, distilled=True)
    assert [each.name for each in found] == ["full", "fewer", "fast4", "fast8"]
    fast = found[2]
    board = apply_recipe(film(2, loras=(STYLE,)), fast)
    assert (board.num_inference_steps, board.guidance_scale, board.loras) == (4, 1.0, (STYLE,))
    assert present_recipe(board, found, (), 50) == fast


def test_recipes_of_ones_own_go_without_their_distilled_loras_there() -> None:
    mine = [
        SpeedRecipe(name=name, loras=tuple(RecipeLora(expert=each) for each in experts))
        for name, experts in {"pair": ("high", "low"), "half": ("low",), "none": ()}.items()
    ]
    found = offered([*BUILT_IN, *mine], A14B, CARD, distilled=True)
    assert [(each.name, each.loras) for each in found[4:]] == [("pair", ()), ("none", ())]


def test_every_lora_that_is_wanted_has_a_place_where_it_is_found() -> None:
    for each in BUILT_IN:
        for name in each.architectures:
            assert all(lora_source(lora, ARCHITECTURES[name]) for lora in each.loras), each.name


def test_high_and_low_files_go_to_their_expert_as_strong_as_the_authors_say() -> None:
    board = with_recipe(film(2), "fast4")
    assert [(use.file, use.expert, use.weight) for use in board.loras] == [
        ("h.safetensors", "high", 0.5),
        ("l.safetensors", "low", 1.0),
    ]
    assert (board.num_inference_steps, board.guidance_scale, board.shift) == (4, 1.0, 5.0)


def test_better_motion_leaves_the_noisy_expert_alone() -> None:
    board = with_recipe(film(2), "motion")
    assert [use.expert for use in board.loras] == ["low"]
    assert (board.num_inference_steps, board.guidance_scale, board.guidance_scale_low) == (10, 3.5, 1.0)


def test_other_loras_and_what_clips_set_themselves_stay() -> None:
    board = change_clip(film(2, loras=(STYLE,)), "c1", num_inference_steps=33, guidance_scale=2.0)
    fast = with_recipe(board, "fast8")
    assert fast.loras[0] == STYLE
    assert fast.clips == board.clips


def test_full_takes_the_distilled_loras_out_and_gives_all_back_to_the_model() -> None:
    board = film(2, loras=(STYLE,))
    assert with_recipe(with_recipe(board, "fast4"), "full") == board


@pytest.mark.parametrize("name", ["full", "fewer", "fast4", "fast8", "motion"])
def test_what_a_film_has_is_told_by_its_values(name: str) -> None:
    board = with_recipe(film(2, loras=(STYLE,)), name)
    found = present_recipe(board, offered(BUILT_IN, A14B, CARD), DISTILLED, 50)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize(
    "changes", [{"num_inference_steps": 5}, {"guidance_scale": 1.5}, {"shift": 8.0}, {"boundary": 0.875}, {"loras": ()}]
)
def test_another_value_is_the_films_own(changes: dict[str, object]) -> None:
    board = with_recipe(film(2), "fast4").model_copy(update=changes)
    assert present_recipe(board, BUILT_IN, DISTILLED, 50) is None


def test_kept_settings_are_a_recipe_that_gives_them_again() -> None:
    board = with_recipe(film(2), "motion").model_copy(update={"shift": 8.0})
    mine = recipe_of(board, "Mine", DISTILLED, A14B)
    assert SpeedRecipe.model_validate_json(mine.model_dump_json()) == mine
    again = apply_recipe(film(2), mine, uses(mine), distilled=DISTILLED)
    assert again == board
    assert present_recipe(again, [*BUILT_IN, mine], DISTILLED, 50) == mine


@pytest.mark.parametrize(
    "wrong",
    [
        KnownLora("x", False, "high", WAN_2_2_I2V_A14B),
        KnownLora("x", True, "low", WAN_2_2_I2V_A14B),
        KnownLora("x", True, "high", WAN_2_1_I2V),
        KnownLora("x", True, "high", WAN_2_2_I2V_A14B, from_words=True),
    ],
)
def test_a_file_of_another_kind_expert_or_model_is_none_that_is_wanted(wrong: KnownLora) -> None:
    found = dict(find_loras(recipe("fast4"), [wrong], A14B))
    assert found[recipe("fast4").loras[0]] is None


@pytest.mark.parametrize(
    ("name", "expected"), [("full", 100), ("fewer", 40), ("fast4", 4), ("fast8", 8), ("motion", 14)]
)
def test_a_recipe_costs_its_calls_of_the_transformer(name: str, expected: int) -> None:
    """Better motion: of 10 steps at shift 5, 4 lie at 0.9 or above, with guidance, and 6 without."""
    assert calls(with_recipe(film(2), name)) == expected


def test_a_model_of_one_transformer_has_one_guidance() -> None:
    board = film(1, num_inference_steps=10, guidance_scale=3.5, guidance_scale_low=1.0)
    assert calls(board, WAN_2_1_I2V) == 20


def test_fewer_steps_follow_what_the_model_takes() -> None:
    board = apply_recipe(film(1), recipe("fewer"), usual_steps=20)
    assert board.num_inference_steps == 8
    found = present_recipe(board, BUILT_IN, (), 20)
    assert found == recipe("fewer")


def test_full_is_what_a_new_film_has() -> None:
    assert present_recipe(Storyboard(), BUILT_IN, (), 50) == FULL
