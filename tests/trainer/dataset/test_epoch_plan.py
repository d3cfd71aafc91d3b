"""An epoch shows each clip as often as it counts, in batches of one size, and goes on anywhere."""

import random
from collections import Counter

import pytest

from svi_studio.domain.film.family import family
from svi_studio.domain.training.data_recipe import DataRecipe
from tests.trainer.dataset.small_data import recipe
from trainer.dataset.condition import TrainingCondition
from trainer.dataset.draws import Draws
from trainer.dataset.epoch_plan import EpochPlan

CONDITION = TrainingCondition.of(family("film"), recipe(data=DataRecipe()))


def test_usual_clips_come_in_the_order_of_earlier_versions() -> None:
    """The shuffle of the clips alone: a training of before goes on with the same samples."""
    draws = Draws(5, 3, CONDITION, variants=2)

    for epoch in range(3):
        before = list(range(5))
        random.Random(f"3 epoch {epoch}").shuffle(before)
        assert [draws.sample(5 * epoch + place).clip for place in range(5)] == before
        assert {draws.sample(5 * epoch + place).variant for place in range(5)} == {epoch % 2}


def test_a_clip_that_counts_thrice_comes_thrice_in_other_variants() -> None:
    draws = Draws(3, 0, CONDITION, variants=4, times=(1, 3, 1))
    epochs = [[draws.sample(5 * epoch + place) for place in range(5)] for epoch in range(4)]

    assert all(Counter(each.clip for each in epoch) == {0: 1, 1: 3, 2: 1} for epoch in epochs)
    shown = Counter(each.variant for epoch in epochs for each in epoch if each.clip == 1)
    assert shown == {0: 3, 1: 3, 2: 3, 3: 3}


@pytest.mark.parametrize("together", [1, 2, 3, 4])
def test_a_batch_has_one_size_and_no_clip_is_lost(together: int) -> None:
    groups = ("wide", "high", "wide", "wide", "high", "square", "wide")
    plan = EpochPlan(7, (), groups, together)

    for epoch in range(5):
        order = [clip for clip, _ in plan.order(1, epoch)]
        assert len(order) == plan.length
        assert set(order) == set(range(7))
        batches = [order[start : start + together] for start in range(0, len(order), together)]
        assert all(len({groups[clip] for clip in batch}) == 1 for batch in batches)
    assert plan.order(1, 0) != plan.order(1, 1)


def test_nothing_is_said_as_often_as_the_recipe_wants() -> None:
    draws = Draws(4, 0, CONDITION, wordless_probability=0.25)

    silent = sum(draws.sample(number).wordless for number in range(2000))
    assert 400 < silent < 600
    assert not any(Draws(4, 0, CONDITION).sample(number).wordless for number in range(100))
