"""Blocks in ordinary memory make a training fit on a smaller card: the fewest that do, or what is in the way."""

from dataclasses import replace

import pytest

from svi_studio.domain.training.advice import Caution, Machine, training_cautions
from svi_studio.domain.training.block_swap import BlockSwap, best_swap
from svi_studio.domain.training.cost import training_cost
from svi_studio.domain.training.phases import PhaseName, largest
from svi_studio.domain.training.recipe import MemoryRecipe, TrainingRecipe
from svi_studio.domain.value import with_fields
from tests.domain.test_training_advice import BIG, FULL, LARGE

NARROW = with_fields(FULL, {"memory": MemoryRecipe(base_precision="float8", offload_checkpoints=True)})
ROOM = 26e9
AMPLE = replace(LARGE, card=28_000_000_000)


def swap(recipe: TrainingRecipe = NARROW, room: float = ROOM, memory: int | None = None) -> BlockSwap:
    found = best_swap(recipe, BIG, room=room, memory=memory)
    assert found is not None
    return found


def on_card(recipe: TrainingRecipe, blocks: int) -> int:
    memory = with_fields(recipe.memory, {"swapped_blocks": blocks})
    return largest(training_cost(with_fields(recipe, {"memory": memory}), BIG, clips=300).card_phases).bytes


def told(machine: Machine, found: BlockSwap | None, recipe: TrainingRecipe = NARROW) -> Caution:
    cost = training_cost(recipe, BIG, clips=300)
    return next(each for each in training_cautions(recipe, cost, machine, 300, found) if each.is_obstacle)


def test_the_fewest_blocks_are_found_with_which_it_fits() -> None:
    found = swap()
    assert found.fits
    assert (found.of, found.card.bytes) == (40, on_card(NARROW, found.blocks))
    assert found.card.bytes <= ROOM < on_card(NARROW, found.blocks - 1)


def test_nothing_is_found_for_what_fits_and_where_all_blocks_are_away_already() -> None:
    assert best_swap(NARROW, BIG, room=1e12, memory=None) is None
    away = with_fields(NARROW, {"memory": with_fields(NARROW.memory, {"swapped_blocks": 40})})
    assert best_swap(away, BIG, room=1e9, memory=None) is None


def test_blocks_that_leave_are_computed_twice() -> None:
    once = with_fields(NARROW, {"memory": with_fields(NARROW.memory, {"gradient_checkpointing": False})})
    assert swap(once).fits


def test_the_number_and_what_it_needs_are_told_first() -> None:
    found = swap()
    caution = told(AMPLE, found)
    assert f"With {found.blocks} of 40 blocks kept in ordinary memory it needs about 2" in caution.text
    assert "of memory (slower); or choose fewer or smaller frames, or a smaller rank." in caution.text
    assert caution.swapped == found.blocks


def test_a_smaller_preset_is_named_after_them() -> None:
    recipe = with_fields(NARROW, {"smaller_preset": "shot-24gb"})
    assert told(AMPLE, swap(), recipe).text.endswith("of memory (slower); or choose a smaller preset.")


def test_memory_that_does_not_hold_the_blocks_is_told() -> None:
    found = swap(memory=16_000_000_000)
    assert (found.on_card, found.in_memory) == (True, False)
    caution = told(replace(AMPLE, memory=16_000_000_000), found)
    assert "kept in ordinary memory it would fit, but needs about" in caution.text
    assert "of that, of 16.0 GB: choose fewer" in caution.text
    assert caution.swapped == 0


@pytest.mark.parametrize(
    ("memory", "end"),
    [(16_000_000_000, ": this model needs more memory, or a larger card."), (None, "of memory (slower).")],
)
def test_no_shorter_clip_is_named_where_the_model_alone_is_too_large(memory: int | None, end: str) -> None:
    small = with_fields(NARROW, {"num_frames": 9})
    found, there = swap(small, room=15e9, memory=memory), replace(AMPLE, card=16_000_000_000, memory=memory)
    assert found.on_card
    assert told(there, found, small).text.endswith(end)
    smaller = with_fields(small, {"smaller_preset": "shot-24gb"})
    assert told(there, found, smaller).text.endswith("choose a smaller preset.")


def test_blocks_that_do_not_suffice_alone_are_told_with_what_else_there_is() -> None:
    found = swap(FULL, room=18e9)
    assert (found.on_card, found.card.name) == (False, PhaseName.TRAINING)
    recipe = with_fields(FULL, {"smaller_preset": "shot-24gb"})
    caution = told(replace(LARGE, card=19_000_000_000), found, recipe)
    assert "Even with 40 of 40 blocks kept in ordinary memory it needs about" in caution.text
    assert caution.text.endswith("there while it trains: choose a smaller preset, too.")
    assert caution.swapped == 0


def test_the_text_encoder_stands_in_the_way_of_no_card() -> None:
    small = with_fields(NARROW, {"num_frames": 9, "lora": with_fields(NARROW.lora, {"rank": 4})})
    found = swap(small, room=11e9)
    assert found.fits
